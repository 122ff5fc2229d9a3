// All SQL of members.
#pragma once

#include "commerce/member/member.hpp"

namespace hangu::member {

struct MemberRow {
    static constexpr std::string_view kTable = "member";
    MemberId id;
    std::string code;
    Sealed<Phone> phone;
    Blind<Phone> phone_blind;
    Sealed<PersonName> name;
    Sealed<Email> email;
    Sealed<Birthday> birthday;
    Gender gender = Gender::unknown;
    std::string level;
    std::optional<StoreId> home_store_id;
    std::int64_t orders_count = 0;
    Money spent_fen;
    Time joined_at;
    std::optional<std::string> external_ref;
    std::int64_t version = 1;
};
HANGU_STRUCT(MemberRow, id, code, phone, phone_blind, name, email, birthday, gender, level,
             home_store_id, orders_count, spent_fen, joined_at, external_ref, version)

struct MemberNameRow {
    static constexpr std::string_view kTable = "member";
    MemberId id;
    Sealed<PersonName> name;
};
HANGU_STRUCT(MemberNameRow, id, name)

// What an edit writes; the counters are not its business.
struct MemberChange {
    static constexpr std::string_view kTable = "member";
    MemberId id;
    Sealed<PersonName> name;
    Sealed<Birthday> birthday;
    Gender gender = Gender::unknown;
    std::int64_t version = 1;
};
HANGU_STRUCT(MemberChange, id, name, birthday, gender, version)

struct MemberCounterRow {
    static constexpr std::string_view kTable = "member_counter";
    std::string kind;
    std::int64_t last = 0;
};
HANGU_STRUCT(MemberCounterRow, kind, last)

class MemberStore {
 public:
    explicit MemberStore(storage::Tx& tx) : tx_(tx) {}

    std::optional<MemberRecord> find(MemberId id);
    std::optional<MemberBrief> find_brief(MemberId id);
    std::optional<MemberRecord> find_by_phone(const Phone& phone);
    std::optional<MemberRecord> find_by_code(std::string_view code);
    std::optional<MemberRecord> find_by_external_ref(std::string_view external_ref);
    std::vector<MemberRecord> list(std::int64_t before_id, std::int64_t limit);
    std::int64_t count();
    std::vector<MemberRecord> list_by_code(std::string_view prefix, std::int64_t before_id,
                                           std::int64_t limit);
    std::int64_t count_by_code(std::string_view prefix);
    // Visits the newest members' names, newest first.
    template <class Visit>
    void each_name(Visit&& visit);

    std::int64_t next_code_number();
    bool insert(const MemberRow& row) { return tx_.try_insert(row); }
    bool save(const MemberChange& change, std::int64_t version_before);
    bool add_purchase(MemberId id, std::int64_t orders, Money spent);

 private:
    storage::Tx& tx_;
};

inline constexpr storage::Statement<MemberNameRow(std::int64_t)> kNewestNames{
    "member.names",
    "select id, name from member where +tenant_id = ?1 and id > 0 order by id desc limit ?2"};

template <class Visit>
void MemberStore::each_name(Visit&& visit) {
    tx_.each(kNewestNames, std::forward<Visit>(visit), kNameScanRowsMax);
}

std::vector<storage::StatementInfo> member_statements();

}  // namespace hangu::member

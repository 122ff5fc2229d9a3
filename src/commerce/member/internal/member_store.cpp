#include "commerce/member/internal/member_store.hpp"

namespace hangu::member {

namespace {

using storage::BlindProbe;
using storage::Statement;

#define HANGU_MEMBER_COLUMNS                                                              \
    "select id, code, phone, name, gender, birthday, level, home_store_id, orders_count," \
    " spent_fen, joined_at, external_ref, version from member"

constexpr Statement<MemberRecord(MemberId)> kFind{
    "member.find", HANGU_MEMBER_COLUMNS " where tenant_id = ?1 and id = ?2"};

constexpr Statement<MemberBrief(MemberId)> kFindBrief{
    "member.find_brief", "select id, phone, name from member where tenant_id = ?1 and id = ?2"};

constexpr Statement<MemberRecord(BlindProbe)> kFindByPhone{
    "member.find_by_phone", HANGU_MEMBER_COLUMNS " where tenant_id = ?1 and phone_blind = ?2"};

constexpr Statement<MemberRecord(std::string_view)> kFindByCode{
    "member.find_by_code", HANGU_MEMBER_COLUMNS " where tenant_id = ?1 and code = ?2"};

constexpr Statement<MemberRecord(std::string_view)> kFindByExternalRef{
    "member.find_by_external_ref",
    HANGU_MEMBER_COLUMNS " where tenant_id = ?1 and external_ref = ?2"};

constexpr Statement<MemberRecord(std::int64_t, std::int64_t)> kList{
    "member.list",
    HANGU_MEMBER_COLUMNS " where +tenant_id = ?1 and id < ?2 order by id desc limit ?3"};

// Counted exactly up to 100,000: more than that is "many" on a page.
constexpr Statement<std::int64_t()> kCount{
    "member.count",
    "select count(*) from (select 1 from member where tenant_id = ?1 limit 100000)"};

constexpr Statement<MemberRecord(std::string_view, std::string_view, std::int64_t, std::int64_t)>
    kListByCode{"member.list_by_code", HANGU_MEMBER_COLUMNS
                " where tenant_id = ?1 and code >= ?2 and code < ?3 and id < ?4"
                " order by id desc limit ?5"};

constexpr Statement<std::int64_t(std::string_view, std::string_view)> kCountByCode{
    "member.count_by_code",
    "select count(*) from (select 1 from member where tenant_id = ?1 and code >= ?2"
    " and code < ?3 limit 100000)"};

#undef HANGU_MEMBER_COLUMNS

constexpr Statement<void()> kTakeCode{
    "member.take_code",
    "update member_counter set last = last + 1 where tenant_id = ?1 and kind = 'code'"};

constexpr Statement<std::int64_t()> kCodeTaken{
    "member.code_taken", "select last from member_counter where tenant_id = ?1 and kind = 'code'"};

constexpr Statement<void(MemberChange, std::int64_t)> kSave{
    "member.save",
    "update member set name = ?3, birthday = ?4, gender = ?5, version = ?6"
    " where tenant_id = ?1 and id = ?2 and version = ?7"};

constexpr Statement<void(MemberId, std::int64_t, Money)> kAddPurchase{
    "member.add_purchase",
    "update member set orders_count = orders_count + ?3, spent_fen = spent_fen + ?4"
    " where tenant_id = ?1 and id = ?2"};

constexpr std::int64_t kFirstCodeNumber = 100'001;

}  // namespace

std::optional<MemberRecord> MemberStore::find(MemberId id) {
    return tx_.find(kFind, id);
}

std::optional<MemberBrief> MemberStore::find_brief(MemberId id) {
    return tx_.find(kFindBrief, id);
}

std::optional<MemberRecord> MemberStore::find_by_phone(const Phone& phone) {
    return tx_.find(kFindByPhone, storage::probe("member.phone_blind", phone));
}

std::optional<MemberRecord> MemberStore::find_by_code(std::string_view code) {
    return tx_.find(kFindByCode, code);
}

std::optional<MemberRecord> MemberStore::find_by_external_ref(std::string_view external_ref) {
    return tx_.find(kFindByExternalRef, external_ref);
}

std::vector<MemberRecord> MemberStore::list(std::int64_t before_id, std::int64_t limit) {
    return tx_.list(kList, before_id, limit);
}

std::int64_t MemberStore::count() {
    return tx_.find(kCount).value();
}

std::vector<MemberRecord> MemberStore::list_by_code(std::string_view prefix, std::int64_t before_id,
                                                    std::int64_t limit) {
    return tx_.list(kListByCode, prefix, std::string(prefix) + "~", before_id, limit);
}

std::int64_t MemberStore::count_by_code(std::string_view prefix) {
    return tx_.find(kCountByCode, prefix, std::string(prefix) + "~").value();
}

std::int64_t MemberStore::next_code_number() {
    if (tx_.run(kTakeCode) == 0) {
        tx_.insert(MemberCounterRow{"code", kFirstCodeNumber});
    }
    return tx_.find(kCodeTaken).value();
}

bool MemberStore::save(const MemberChange& change, std::int64_t version_before) {
    return tx_.run(kSave, change, version_before) == 1;
}

bool MemberStore::add_purchase(MemberId id, std::int64_t orders, Money spent) {
    return tx_.run(kAddPurchase, id, orders, spent) == 1;
}

std::vector<storage::StatementInfo> member_statements() {
    using storage::info;
    return {info(kFind),
            info(kFindBrief),
            info(kFindByPhone),
            info(kFindByCode),
            info(kFindByExternalRef),
            info(kList),
            info(kCount),
            info(kListByCode),
            info(kCountByCode),
            info(kTakeCode),
            info(kCodeTaken),
            info(kSave),
            info(kAddPurchase),
            info(kNewestNames),
            storage::insert_info<MemberRow>(),
            storage::insert_info<MemberCounterRow>()};
}

}  // namespace hangu::member

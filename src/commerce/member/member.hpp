// The merchant's members. They belong to the whole tenant, not to a place. Phone, name, e-mail and
// birthday are sealed; a phone is found exactly by its blind index and shown in full only with a
// reason.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/money.hpp"
#include "base/result.hpp"
#include "base/sealed.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "commerce/organisation/organisation.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::member {

using organisation::StoreId;

struct MemberTag;
using MemberId = Id<MemberTag>;

enum class Gender { unknown, female, male };
HANGU_ENUM(Gender, unknown, female, male)

// Names are found by looking through this many of the newest members; older ones by code or phone.
inline constexpr std::int64_t kNameScanRowsMax = 20'000;

// A member as this and other modules handle her.
struct MemberRecord {
    static constexpr std::string_view kTable = "member";
    MemberId id;
    std::string code;
    Sealed<Phone> phone;
    Sealed<PersonName> name;
    Gender gender = Gender::unknown;
    Sealed<Birthday> birthday;
    std::string level;
    std::optional<StoreId> home_store_id;
    std::int64_t orders_count = 0;
    Money spent_fen;
    Time joined_at;
    std::optional<std::string> external_ref;
    std::int64_t version = 1;
};
HANGU_STRUCT(MemberRecord, id, code, phone, name, gender, birthday, level, home_store_id,
             orders_count, spent_fen, joined_at, external_ref, version)

// Who ordered, for the order's page.
struct MemberBrief {
    static constexpr std::string_view kTable = "member";
    MemberId id;
    Sealed<Phone> phone;
    Sealed<PersonName> name;
};
HANGU_STRUCT(MemberBrief, id, phone, name)

struct NewMember {
    std::optional<Phone> phone;
    std::string name;  // at most 40 characters
    std::optional<Email> email;
    std::optional<Day> birthday;
    Gender gender = Gender::unknown;
    std::string level = "standard";
    std::optional<StoreId> home_store_id;
    std::optional<Time> joined_at;  // none: now
    std::optional<std::string> external_ref;
};

class Members {
 public:
    Result<MemberRecord> find(storage::Tx& tx, MemberId id) const;  // "member.not_found"
    std::optional<MemberBrief> find_brief(storage::Tx& tx, MemberId id) const;
    std::optional<MemberRecord> find_by_phone(storage::Tx& tx, const Phone& phone) const;
    std::optional<MemberRecord> find_by_code(storage::Tx& tx, std::string_view code) const;
    std::optional<MemberRecord> find_by_external_ref(storage::Tx& tx,
                                                     std::string_view external_ref) const;

    // Audits; does not ask for permission. "member.phone_taken", "member.external_ref_taken"
    Result<MemberRecord> create(http::Scope& scope, const NewMember& member) const;

    // What an order adds to (or a refund takes from) her counters. "member.not_found"
    Result<void> add_purchase(storage::Tx& tx, MemberId id, std::int64_t orders, Money spent) const;
};

}  // namespace hangu::member

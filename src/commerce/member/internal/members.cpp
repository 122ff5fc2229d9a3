#include "commerce/member/member.hpp"

#include "commerce/member/internal/member_store.hpp"

#include <fmt/format.h>

namespace hangu::member {

Result<MemberRecord> Members::find(storage::Tx& tx, MemberId id) const {
    std::optional<MemberRecord> record = MemberStore(tx).find(id);
    if (!record) {
        return Problem::not_found("member.not_found");
    }
    return *std::move(record);
}

std::optional<MemberBrief> Members::find_brief(storage::Tx& tx, MemberId id) const {
    return MemberStore(tx).find_brief(id);
}

std::optional<MemberRecord> Members::find_by_phone(storage::Tx& tx, const Phone& phone) const {
    return MemberStore(tx).find_by_phone(phone);
}

std::optional<MemberRecord> Members::find_by_code(storage::Tx& tx, std::string_view code) const {
    return MemberStore(tx).find_by_code(code);
}

std::optional<MemberRecord> Members::find_by_external_ref(storage::Tx& tx,
                                                          std::string_view external_ref) const {
    return MemberStore(tx).find_by_external_ref(external_ref);
}

Result<MemberRecord> Members::create(http::Scope& scope, const NewMember& member) const {
    MemberStore members(scope.tx());
    if (member.phone && members.find_by_phone(*member.phone)) {
        return Problem::conflict("member.phone_taken");
    }
    if (member.external_ref && members.find_by_external_ref(*member.external_ref)) {
        return Problem::conflict("member.external_ref_taken");
    }
    MemberRow row;
    row.id = scope.new_id<MemberId>();
    row.code = fmt::format("M{}", members.next_code_number());
    if (member.phone) {
        row.phone = Sealed(*member.phone);
        row.phone_blind = Blind<Phone>(*member.phone);
    }
    row.name = Sealed(PersonName(member.name));
    row.email = Sealed(member.email.value_or(Email()));
    row.birthday = Sealed(Birthday(member.birthday ? member.birthday->text() : ""));
    row.gender = member.gender;
    row.level = member.level;
    row.home_store_id = member.home_store_id;
    row.joined_at = member.joined_at.value_or(scope.now());
    row.external_ref = member.external_ref;
    if (!members.insert(row)) {
        return Problem::conflict("member.phone_taken");
    }
    scope.audit({"member.created",
                 "member",
                 row.id.text(),
                 row.code,
                 {{"phone", "", row.phone.empty() ? "" : row.phone.masked().text()},
                  {"name", "", row.name.empty() ? "" : row.name.masked().text()}},
                 ""});
    return MemberRecord{row.id,           row.code,      row.phone,     row.name,
                        row.gender,       row.birthday,  row.level,     row.home_store_id,
                        row.orders_count, row.spent_fen, row.joined_at, row.external_ref,
                        row.version};
}

Result<void> Members::add_purchase(storage::Tx& tx, MemberId id, std::int64_t orders,
                                   Money spent) const {
    if (!MemberStore(tx).add_purchase(id, orders, spent)) {
        return Problem::not_found("member.not_found");
    }
    return {};
}

}  // namespace hangu::member

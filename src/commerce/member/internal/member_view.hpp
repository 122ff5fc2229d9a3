// A member as the API shows her: the phone masked, the name and birthday to whoever may see
// members.
#pragma once

#include "commerce/member/member.hpp"

#include <vector>

namespace hangu::member {

struct Member {
    MemberId id;
    std::string code;
    std::optional<Masked<Phone>> phone_masked;
    Revealed<PersonName> name;
    Gender gender = Gender::unknown;
    std::optional<Revealed<Birthday>> birthday;
    std::string level;
    std::optional<StoreId> store_id;
    std::int64_t orders_count = 0;
    Money spent_fen;
    Time joined_at;
    std::int64_t version = 0;
};
HANGU_STRUCT(Member, id, code, phone_masked, name, gender, birthday, level, store_id, orders_count,
             spent_fen, joined_at, version)

struct MemberList {
    std::vector<Member> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(MemberList, items, next_cursor, total)

inline Member view_of(const MemberRecord& record) {
    Member view;
    view.id = record.id;
    view.code = record.code;
    if (!record.phone.empty()) {
        view.phone_masked = record.phone.masked();
    }
    view.name = record.name.shown();
    view.gender = record.gender;
    if (!record.birthday.empty()) {
        view.birthday = record.birthday.shown();
    }
    view.level = record.level;
    view.store_id = record.home_store_id;
    view.orders_count = record.orders_count;
    view.spent_fen = record.spent_fen;
    view.joined_at = record.joined_at;
    view.version = record.version;
    return view;
}

}  // namespace hangu::member

#include "commerce/member/internal/member_routes.hpp"

#include "commerce/member/internal/member_store.hpp"
#include "commerce/member/internal/member_view.hpp"
#include "commerce/member/module.hpp"

namespace hangu::member {

struct MemberViewInput {
    MemberId member_id;
};
HANGU_STRUCT(MemberViewInput, member_id)

struct MemberCreateInput {
    Phone phone;
    std::optional<Text<0, 40>> name;
    std::optional<Day> birthday;
    std::optional<Gender> gender;
    std::optional<StoreId> store_id;
};
HANGU_STRUCT(MemberCreateInput, phone, name, birthday, gender, store_id)

struct MemberEditInput {
    MemberId member_id;
    std::optional<Text<0, 40>> name;
    std::optional<Day> birthday;
    std::optional<Gender> gender;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(MemberEditInput, member_id, name, birthday, gender, version)

struct MemberRevealInput {
    MemberId member_id;
    Text<2, 200> reason;
};
HANGU_STRUCT(MemberRevealInput, member_id, reason)

struct RevealedPhone {
    std::optional<Revealed<Phone>> phone;
};
HANGU_STRUCT(RevealedPhone, phone)

namespace {

Result<Member> view_member(const Members& members, http::Scope& scope,
                           const MemberViewInput& input) {
    HANGU_TRY(const MemberRecord record, members.find(scope.tx(), input.member_id));
    return view_of(record);
}

Result<http::Created<Member>> create_member(const Members& members,
                                            const organisation::Organisation& organisation,
                                            http::Scope& scope, const MemberCreateInput& input) {
    if (input.store_id) {
        HANGU_CHECK(organisation.store(scope.tx(), *input.store_id));
    }
    NewMember member;
    member.phone = input.phone;
    member.name = input.name ? input.name->str() : "";
    member.birthday = input.birthday;
    member.gender = input.gender.value_or(Gender::unknown);
    member.home_store_id = input.store_id;
    HANGU_TRY(const MemberRecord record, members.create(scope, member));
    return http::Created<Member>{view_of(record)};
}

Result<Member> edit_member(const Members& members, http::Scope& scope,
                           const MemberEditInput& input) {
    HANGU_TRY(MemberRecord record, members.find(scope.tx(), input.member_id));
    std::vector<http::AuditField> fields;
    if (input.name && !record.name.same_as(PersonName(input.name->str()))) {
        const Sealed<PersonName> name{PersonName(input.name->str())};
        fields.push_back({"name", record.name.empty() ? "" : record.name.masked().text(),
                          name.empty() ? "" : name.masked().text()});
        record.name = name;
    }
    if (input.birthday && !record.birthday.same_as(Birthday(input.birthday->text()))) {
        const Sealed<Birthday> birthday{Birthday(input.birthday->text())};
        fields.push_back({"birthday", record.birthday.masked().text(), birthday.masked().text()});
        record.birthday = birthday;
    }
    if (input.gender && *input.gender != record.gender) {
        fields.push_back({"gender", std::string(enum_text(record.gender)),
                          std::string(enum_text(*input.gender))});
        record.gender = *input.gender;
    }
    const MemberChange change{record.id, record.name, record.birthday, record.gender,
                              input.version + 1};
    if (!MemberStore(scope.tx()).save(change, input.version)) {
        return Problem::conflict("member.stale");
    }
    record.version = change.version;
    scope.audit({"member.edited", "member", record.id.text(), record.code, std::move(fields), ""});
    return view_of(record);
}

// Members belong to the whole tenant: the question is asked at the caller's own place, which is
// where the record then says it happened.
Result<RevealedPhone> reveal_phone(const Members& members, http::Scope& scope,
                                   const MemberRevealInput& input) {
    HANGU_TRY(const MemberRecord record, members.find(scope.tx(), input.member_id));
    HANGU_TRY(const storage::DataScope within, scope.within(kMayRevealPhone));
    const std::string place = within.ranges().front().from;
    HANGU_TRY(
        const RevealGrant grant,
        scope.reveal(kMayRevealPhone, place,
                     {"member.phone_revealed",
                      "member",
                      record.id.text(),
                      record.code,
                      {{"reason", "", input.reason.str()},
                       {"phone", "", record.phone.empty() ? "" : record.phone.masked().text()}},
                      place}));
    RevealedPhone answer;
    if (!record.phone.empty()) {
        answer.phone = record.phone.reveal(grant);
    }
    return answer;
}

}  // namespace

void add_member_routes(http::Routes& routes, const Members& members,
                       const organisation::Organisation& organisation) {
    using http::Guard;
    routes.add_with<http::Created<Member>, MemberCreateInput>(
        {.name = "member.create",
         .method = "POST",
         .path = "/api/v1/members",
         .permission = kMayEdit,
         .guard = Guard::tenant,
         .summary = "Register a member",
         .tag = "members"},
        [&members, &organisation](http::Scope& scope, const MemberCreateInput& input) {
            return create_member(members, organisation, scope, input);
        });
    routes.add_with<Member, MemberViewInput>(
        {.name = "member.view",
         .method = "GET",
         .path = "/api/v1/members/{member_id}",
         .permission = kMayView,
         .guard = Guard::tenant,
         .work = http::Work::read,
         .summary = "One member",
         .tag = "members"},
        [&members](http::Scope& scope, const MemberViewInput& input) {
            return view_member(members, scope, input);
        });
    routes.add_with<Member, MemberEditInput>(
        {.name = "member.edit",
         .method = "PATCH",
         .path = "/api/v1/members/{member_id}",
         .permission = kMayEdit,
         .guard = Guard::tenant,
         .summary = "Change a member",
         .tag = "members"},
        [&members](http::Scope& scope, const MemberEditInput& input) {
            return edit_member(members, scope, input);
        });
    routes.add_with<RevealedPhone, MemberRevealInput>(
        {.name = "member.reveal_phone",
         .method = "POST",
         .path = "/api/v1/members/{member_id}/phone",
         .permission = kMayRevealPhone,
         .per_minute_max = 30,
         .summary = "The whole phone number, with a reason; recorded",
         .tag = "members"},
        [&members](http::Scope& scope, const MemberRevealInput& input) {
            return reveal_phone(members, scope, input);
        });
}

}  // namespace hangu::member

// The grants of one person: seen, set, explained; and all grants, to be kept or taken away.
#include "commerce/organisation/paging.hpp"
#include "commerce/staff/internal/grant_views.hpp"
#include "commerce/staff/internal/staff_routes.hpp"
#include "commerce/staff/internal/staff_store.hpp"
#include "commerce/staff/module.hpp"

#include <fmt/format.h>

namespace hangu::staff {

namespace api {

struct GrantList {
    std::vector<Grant> items;
    std::int64_t version = 1;  // of the person: send it back with a change
};
HANGU_STRUCT(GrantList, items, version)

struct GrantsViewInput {
    StaffId staff_id;
};
HANGU_STRUCT(GrantsViewInput, staff_id)

struct GrantInput {
    authorization::RoleId role_id;
    std::optional<NodeId> node_id;  // or
    std::optional<authorization::GroupId> group_id;
    std::optional<List<NodeId, 0, 7>> except_node_ids;
    std::optional<Time> valid_from;
    std::optional<Time> valid_until;
};
HANGU_STRUCT(GrantInput, role_id, node_id, group_id, except_node_ids, valid_from, valid_until)

struct GrantsSetInput {
    StaffId staff_id;
    List<GrantInput, 0, 100> grants;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(GrantsSetInput, staff_id, grants, version)

struct ExplainInput {
    StaffId staff_id;
    Text<1, 64> permission;
    NodeId node_id;
};
HANGU_STRUCT(ExplainInput, staff_id, permission, node_id)

struct ExplainReason {
    authorization::Verdict verdict = authorization::Verdict::lacks;
    Grant grant;
};
HANGU_STRUCT(ExplainReason, verdict, grant)

// What is missing, the nearest thing first.
enum class Missing { nothing, account, time, place, permission };
HANGU_ENUM(Missing, nothing, account, time, place, permission)

struct Explanation {
    bool allowed = false;
    Missing missing = Missing::nothing;
    std::vector<ExplainReason> reasons;
};
HANGU_STRUCT(Explanation, allowed, missing, reasons)

struct ReviewInput {
    std::optional<bool> due;  // only what is to be looked at now
    organisation::PageLimit limit;
    organisation::PageCursor cursor;
};
HANGU_STRUCT(ReviewInput, due, limit, cursor)

struct ReviewRow {
    authorization::GrantId id;
    PersonName staff;
    std::string login_name;
    std::optional<Time> last_sign_in_at;  // when its holder last came
    Grant grant;
};
HANGU_STRUCT(ReviewRow, id, staff, login_name, last_sign_in_at, grant)

struct ReviewList {
    std::vector<ReviewRow> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(ReviewList, items, next_cursor, total)

struct GrantInputId {
    authorization::GrantId grant_id;
};
HANGU_STRUCT(GrantInputId, grant_id)

}  // namespace api

namespace {

using authorization::GrantWish;
using authorization::ReviewPoint;
using authorization::Verdict;

constexpr std::size_t kReviewRowsMax = 20'000;  // more grants than this are counted as this many

// May the caller, with that permission, and what are they now?
Result<api::GrantList> list_grants(const Staff& service, http::Scope& scope,
                                   http::Permission permission, const api::GrantsViewInput& input) {
    HANGU_TRY(const StaffListRow row, ask_for(scope, permission, input.staff_id));
    api::GrantList list;
    list.version = row.version;
    for (const authorization::Grant& grant :
         service.authorization().grants(scope.tx(), actor_of(input.staff_id))) {
        list.items.push_back(api::view_of(service, scope, grant));
    }
    return list;
}

Result<GrantWish> wish_of(const Staff& service, http::Scope& scope, const api::GrantInput& input) {
    GrantWish wish;
    wish.role_id = input.role_id;
    wish.from = input.valid_from;
    wish.until = input.valid_until;
    wish.place.group_id = input.group_id;
    if (input.group_id.has_value() == input.node_id.has_value()) {
        return Problem::invalid_field("node_id", "grant.one_place",
                                      "a place or a group, one of the two");
    }
    if (input.node_id) {
        HANGU_TRY(const organisation::NodePlace node,
                  service.organisation().node(scope.tx(), *input.node_id));
        wish.place.node_path = node.path;
    }
    if (input.except_node_ids) {
        for (const NodeId id : *input.except_node_ids) {
            HANGU_TRY(const organisation::NodePlace node,
                      service.organisation().node(scope.tx(), id));
            wish.place.except.push_back(node.path);
        }
    }
    return wish;
}

Result<api::GrantList> set_grants(const Staff& service, http::Scope& scope,
                                  const api::GrantsSetInput& input) {
    HANGU_CHECK(ask_for(scope, kMayEdit, input.staff_id));
    HANGU_CHECK(service.check_ceiling(scope, input.staff_id));
    std::vector<GrantWish> wishes;
    for (const api::GrantInput& grant : input.grants) {
        HANGU_TRY(GrantWish wish, wish_of(service, scope, grant));
        wishes.push_back(std::move(wish));
    }
    HANGU_CHECK(service.set_grants(scope, input.staff_id, input.version, wishes));
    return list_grants(service, scope, kMayEdit, {input.staff_id});
}

Result<api::Explanation> explain(const Staff& service, http::Scope& scope,
                                 const api::ExplainInput& input) {
    HANGU_CHECK(ask_for(scope, kMayView, input.staff_id));
    authorization::Authorization& authorization = service.authorization();
    if (!authorization.catalogue().bit(input.permission.str())) {
        return Problem::invalid_field("permission", "permission.unknown");
    }
    HANGU_TRY(const organisation::NodePlace node,
              service.organisation().node(scope.tx(), input.node_id));
    HANGU_TRY(const identity::Account account, service.identity().find(scope.tx(), input.staff_id));
    api::Explanation answer;
    Verdict best = Verdict::lacks;
    for (const authorization::Reason& reason :
         authorization.explain(scope, actor_of(input.staff_id),
                               http::Permission{input.permission.str()}, node.path)) {
        best = std::min(best, reason.verdict);
        answer.reasons.push_back({reason.verdict, api::view_of(service, scope, reason.grant)});
    }
    if (account.state != identity::AccountState::active) {
        answer.missing = api::Missing::account;
    } else if (best == Verdict::not_yet || best == Verdict::over) {
        answer.missing = api::Missing::time;
    } else if (best == Verdict::elsewhere) {
        answer.missing = api::Missing::place;
    } else if (best == Verdict::lacks) {
        answer.missing = api::Missing::permission;
    }
    answer.allowed = answer.missing == api::Missing::nothing;
    return answer;
}

Result<std::optional<ReviewPoint>> point_of(const organisation::PageCursor& cursor) {
    HANGU_TRY(const std::string key, organisation::key_of(cursor));
    if (key.empty()) {
        return std::optional<ReviewPoint>();
    }
    const std::vector<std::string_view> parts = split(key, ' ');
    const std::optional<std::int64_t> at = parts.size() == 2 ? parse_id(parts[0]) : std::nullopt;
    const std::optional<std::int64_t> id = parts.size() == 2 ? parse_id(parts[1]) : std::nullopt;
    if (!at || !id) {
        return Problem::invalid_field("cursor", "field.not_a_cursor");
    }
    return std::optional(ReviewPoint{Time(*at), authorization::GrantId(*id)});
}

api::ReviewRow row_of(const Staff& service, http::Scope& scope, const authorization::Grant& grant) {
    api::ReviewRow row;
    row.id = grant.id;
    row.staff.id = StaffId(grant.actor.id);
    const auto account = service.identity().find(scope.tx(), StaffId(grant.actor.id));
    if (account.ok()) {
        row.staff.name = account->name.shown();
        row.login_name = account->login_name;
        row.last_sign_in_at = account->last_sign_in_at;
    }
    row.grant = api::view_of(service, scope, grant);
    return row;
}

Result<api::ReviewList> list_reviews(const Staff& service, http::Scope& scope,
                                     const api::ReviewInput& input) {
    HANGU_CHECK(scope.authorize(kMayReview));
    HANGU_TRY(const std::optional<ReviewPoint> after, point_of(input.cursor));
    const std::int64_t days = scope.settings().get(kReviewDays);
    const auto shown = [&](const authorization::Grant& grant) {
        const bool due = scope.now() >= grant.checked_at.plus_ms(days * kDayMs);
        return (due || !input.due.value_or(false)) &&
               service.authorization().is_within(scope, kMayReview, grant);
    };
    authorization::Authorization& authorization = service.authorization();
    const auto limit = static_cast<std::size_t>(organisation::rows_of(input.limit));
    std::vector<authorization::Grant> page =
        authorization.to_review(scope.tx(), after, limit + 1, shown);
    api::ReviewList list;
    if (page.size() > limit) {
        page.pop_back();
        const authorization::Grant& last = page.back();
        list.next_cursor = organisation::cursor_of(fmt::format(
            "{} {}", Id<struct AtTag>(last.checked_at.unix_ms()).text(), last.id.text()));
    }
    for (const authorization::Grant& grant : page) {
        list.items.push_back(row_of(service, scope, grant));
    }
    list.total = static_cast<std::int64_t>(
        authorization.to_review(scope.tx(), {}, kReviewRowsMax, shown).size());
    return list;
}

// The grant, when all of its places lie where the caller reviews.
Result<authorization::Grant> grant_for_review(const Staff& service, http::Scope& scope,
                                              authorization::GrantId id) {
    HANGU_CHECK(scope.authorize(kMayReview));
    HANGU_TRY(authorization::Grant grant, service.authorization().find_grant(scope.tx(), id));
    if (!service.authorization().is_within(scope, kMayReview, grant)) {
        return Problem::forbidden("permission.outside_scope");
    }
    return grant;
}

void record(http::Scope& scope, std::string_view action, const authorization::Grant& grant,
            std::string label, std::vector<http::AuditField> fields) {
    scope.audit({action, "staff", StaffId(grant.actor.id).text(), std::move(label),
                 std::move(fields), grant.what.place.node_path});
}

std::string login_of(const Staff& service, http::Scope& scope, const authorization::Grant& grant) {
    const auto account = service.identity().find(scope.tx(), StaffId(grant.actor.id));
    return account.ok() ? account->login_name : "";
}

Result<api::ReviewRow> keep_grant(const Staff& service, http::Scope& scope,
                                  const api::GrantInputId& input) {
    HANGU_TRY(const authorization::Grant before, grant_for_review(service, scope, input.grant_id));
    HANGU_TRY(const authorization::Grant kept, service.authorization().keep(scope, input.grant_id));
    record(scope, "grant.kept", kept, login_of(service, scope, kept),
           {{"role", kept.role_name, kept.role_name},
            {"checked_at", time_text(before.checked_at), time_text(kept.checked_at)}});
    return row_of(service, scope, kept);
}

Result<http::NoContent> take_grant(const Staff& service, http::Scope& scope,
                                   const api::GrantInputId& input) {
    HANGU_CHECK(grant_for_review(service, scope, input.grant_id));
    HANGU_TRY(const authorization::Grant taken,
              service.authorization().take_away(scope, input.grant_id, kMayReview));
    record(scope, "grant.taken_away", taken, login_of(service, scope, taken),
           {{"role", taken.role_name, ""}});
    return http::NoContent{};
}

}  // namespace

void add_grant_routes(http::Routes& routes, const Staff& service) {
    routes.add_with<api::GrantList, api::GrantsViewInput>(
        {.name = "staff.grants",
         .method = "GET",
         .path = "/api/v1/staff/{staff_id}/grants",
         .permission = kMayView,
         .work = http::Work::read,
         .summary = "The grants of a person: which role, where, from when until when, by whom",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::GrantsViewInput& input) {
            return list_grants(service, scope, kMayView, input);
        });
    routes.add_with<api::GrantList, api::GrantsSetInput>(
        {.name = "staff.set_grants",
         .method = "PUT",
         .path = "/api/v1/staff/{staff_id}/grants",
         .permission = kMayEdit,
         .summary = "Replace the grants of a person; those that stay keep their history",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::GrantsSetInput& input) {
            return set_grants(service, scope, input);
        });
    routes.add_with<api::Explanation, api::ExplainInput>(
        {.name = "staff.explain",
         .method = "GET",
         .path = "/api/v1/staff/{staff_id}/explain",
         .permission = kMayView,
         .work = http::Work::read,
         .summary = "Why a person may, or may not, do something at a place",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::ExplainInput& input) {
            return explain(service, scope, input);
        });
}

void add_review_routes(http::Routes& routes, const Staff& service) {
    routes.add_with<api::ReviewList, api::ReviewInput>(
        {.name = "grant.list",
         .method = "GET",
         .path = "/api/v1/grants",
         .permission = kMayReview,
         .work = http::Work::report,
         .summary = "Grants of staff, longest unchecked first",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::ReviewInput& input) {
            return list_reviews(service, scope, input);
        });
    routes.add_with<api::ReviewRow, api::GrantInputId>(
        {.name = "grant.keep",
         .method = "POST",
         .path = "/api/v1/grants/{grant_id}/keep",
         .permission = kMayReview,
         .summary = "The grant was looked at and stays",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::GrantInputId& input) {
            return keep_grant(service, scope, input);
        });
    routes.add_with<http::NoContent, api::GrantInputId>(
        {.name = "grant.take_away",
         .method = "DELETE",
         .path = "/api/v1/grants/{grant_id}",
         .permission = kMayReview,
         .summary = "The grant was looked at and ends",
         .tag = "organisation"},
        [&service](http::Scope& scope, const api::GrantInputId& input) {
            return take_grant(service, scope, input);
        });
}

}  // namespace hangu::staff

// Pairs of permissions that nobody may hold at the same place.
#include "security/authorization/internal/role_routes.hpp"
#include "security/authorization/module.hpp"

#include "base/text.hpp"

#include <utility>

namespace hangu::authorization {

namespace {

using http::Scope;

constexpr http::Permission kMayEditDuties{"role.duties"};

struct DutyPairQuery {
    std::optional<Text<0, 64>> permission;  // only pairs with this one
};
HANGU_STRUCT(DutyPairQuery, permission)

struct DutyPairView {
    DutyPairId id;
    std::string one;
    std::string other;
    Time created_at;
    std::vector<PersonView> in_conflict;  // who holds both since before the pair was made
};
HANGU_STRUCT(DutyPairView, id, one, other, created_at, in_conflict)

struct DutyPairList {
    std::vector<DutyPairView> items;
};
HANGU_STRUCT(DutyPairList, items)

struct AddDutyPair {
    Text<1, 64> one;
    Text<1, 64> other;
};
HANGU_STRUCT(AddDutyPair, one, other)

struct RemoveDutyPair {
    DutyPairId pair_id;
};
HANGU_STRUCT(RemoveDutyPair, pair_id)

DutyPairView view_of(Authorization& authorization, Scope& scope, DutyPair pair) {
    DutyPairView view{pair.id, std::move(pair.one), std::move(pair.other), pair.created_at, {}};
    for (const std::int64_t staff : pair.staff_in_conflict) {
        view.in_conflict.push_back(person_view(authorization, scope.tx(), staff));
    }
    return view;
}

void record(Scope& scope, std::string_view action, const DutyPairView& pair) {
    scope.audit({action, "duty_pair", pair.id.text(), pair.one + " + " + pair.other, {}, ""});
}

Result<DutyPairList> list_pairs(Authorization& authorization, Scope& scope,
                                const DutyPairQuery& query) {
    HANGU_CHECK(scope.authorize(kMayView));
    const std::string wanted = query.permission ? query.permission->str() : "";
    DutyPairList list;
    for (DutyPair& pair : authorization.duty_pairs(scope)) {
        if (wanted.empty() || pair.one == wanted || pair.other == wanted) {
            list.items.push_back(view_of(authorization, scope, std::move(pair)));
        }
    }
    return list;
}

Result<http::Created<DutyPairView>> add_pair(Authorization& authorization, Scope& scope,
                                             const AddDutyPair& input) {
    HANGU_CHECK(scope.authorize(kMayEditDuties));
    HANGU_TRY(DutyPair pair,
              authorization.add_duty_pair(scope, input.one.str(), input.other.str()));
    DutyPairView view = view_of(authorization, scope, std::move(pair));
    record(scope, "duty_pair.added", view);
    return http::Created<DutyPairView>{std::move(view)};
}

Result<http::NoContent> remove_pair(Authorization& authorization, Scope& scope,
                                    const RemoveDutyPair& input) {
    HANGU_CHECK(scope.authorize(kMayEditDuties));
    HANGU_TRY(DutyPair pair, authorization.remove_duty_pair(scope, input.pair_id));
    const DutyPairView view = view_of(authorization, scope, std::move(pair));
    record(scope, "duty_pair.removed", view);
    return http::NoContent{};
}

}  // namespace

void add_duty_routes(http::Routes& routes, Authorization& authorization) {
    Authorization* self = &authorization;
    routes.add_with<DutyPairList, DutyPairQuery>(
        role_route("duty_pair.list", "GET", "/api/v1/duty-pairs", kMayView,
                   "Permissions that nobody may hold together, and who still does"),
        [self](Scope& scope, const DutyPairQuery& query) {
            return list_pairs(*self, scope, query);
        });
    routes.add_with<http::Created<DutyPairView>, AddDutyPair>(
        role_route("duty_pair.add", "POST", "/api/v1/duty-pairs", kMayEditDuties,
                   "Keep two permissions apart from now on"),
        [self](Scope& scope, const AddDutyPair& input) { return add_pair(*self, scope, input); });
    routes.add_with<http::NoContent, RemoveDutyPair>(
        role_route("duty_pair.remove", "DELETE", "/api/v1/duty-pairs/{pair_id}", kMayEditDuties,
                   "Two permissions may be held together again"),
        [self](Scope& scope, const RemoveDutyPair& input) {
            return remove_pair(*self, scope, input);
        });
}

}  // namespace hangu::authorization

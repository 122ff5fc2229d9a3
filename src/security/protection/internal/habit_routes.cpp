// GET    /api/v1/session/habits              one's own usual networks, places and hours
// DELETE /api/v1/session/habits/{habit_id}   forget one of them
// DELETE /api/v1/session/habits              forget all
#include "security/protection/internal/habit_store.hpp"
#include "security/protection/internal/ledger_routes.hpp"
#include "security/protection/internal/protection_state.hpp"

namespace hangu::protection {

namespace {

using http::NoContent;
using http::Scope;

struct OwnHabit {
    HabitId id;
    Trait trait = Trait::network;
    Revealed<HabitValue> value;
    bool usual = false;
    std::int64_t days_count = 0;
    Time last_at;
};
HANGU_STRUCT(OwnHabit, id, trait, value, usual, days_count, last_at)

struct OwnHabits {
    std::vector<OwnHabit> items;
};
HANGU_STRUCT(OwnHabits, items)

struct HabitInput {
    HabitId habit_id;
};
HANGU_STRUCT(HabitInput, habit_id)

identity::StaffId own(Scope& scope) {
    return identity::StaffId(scope.caller().actor_id);
}

void record(Scope& scope, std::string_view action, std::int64_t count) {
    scope.audit({.action = action,
                 .subject_kind = "staff",
                 .subject_id = own(scope).text(),
                 .fields = {{"count", "", std::to_string(count)}}});
}

Result<OwnHabits> list_habits(Scope& scope) {
    OwnHabits habits;
    for (const HabitRow& row : HabitStore(scope.tx()).habits(own(scope))) {
        habits.items.push_back({row.id, row.trait, row.value.shown(),
                                is_usual(habit_of(row), scope.now()), row.days_count, row.last_at});
    }
    return habits;
}

// What is forgotten no longer speaks against a stranger: only she herself may do it, just proved.
Result<NoContent> forget_habit(Protection& protection, Scope& scope, const HabitInput& input) {
    HANGU_CHECK(protection.state().identity.require_fresh(scope));
    if (!HabitStore(scope.tx()).forget(own(scope), input.habit_id)) {
        return Problem::not_found("habit.not_found");
    }
    record(scope, "habit.forgotten", 1);
    return NoContent();
}

Result<NoContent> forget_habits(Protection& protection, Scope& scope) {
    HANGU_CHECK(protection.state().identity.require_fresh(scope));
    record(scope, "habit.all_forgotten", HabitStore(scope.tx()).forget_all(own(scope)));
    return NoContent();
}

http::Route own_route(std::string_view name, std::string_view method, std::string_view path,
                      std::string_view summary) {
    http::Route route;
    route.name = name;
    route.method = method;
    route.path = path;
    route.guard = http::Guard::signed_in;
    route.per_minute_max = 60;
    route.body_bytes_max = 4096;
    route.summary = summary;
    route.tag = "safety";
    return route;
}

}  // namespace

void add_habit_routes(http::Routes& routes, Protection& protection) {
    http::Route list = own_route("session.habits", "GET", "/api/v1/session/habits",
                                 "One's own usual networks, places and hours");
    list.work = http::Work::read;
    routes.add<OwnHabits>(list, list_habits);
    routes.add_with<NoContent, HabitInput>(
        own_route("session.forget_habit", "DELETE", "/api/v1/session/habits/{habit_id}",
                  "Forget one of them"),
        [&protection](Scope& scope, const HabitInput& input) {
            return forget_habit(protection, scope, input);
        });
    add_plain<NoContent>(
        routes,
        own_route("session.forget_habits", "DELETE", "/api/v1/session/habits", "Forget all"),
        [&protection](Scope& scope) { return forget_habits(protection, scope); });
}

}  // namespace hangu::protection

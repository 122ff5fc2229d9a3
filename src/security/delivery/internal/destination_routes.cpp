// Destinations of the merchant: which events go to a queue of the broker. Whoever reads it sees
// what happens in that place, so every change wants a fresh proof of who makes it.
#include "security/delivery/internal/delivery_routes.hpp"
#include "security/delivery/internal/delivery_rules.hpp"
#include "security/delivery/internal/delivery_state.hpp"

#include "base/text.hpp"

namespace hangu::delivery {

namespace {

using http::Created;
using http::NoContent;
using http::Scope;

using Version = Number<1, 1'000'000'000>;
using Patterns = List<hangu::Text<1, 64>, 1, 20>;
constexpr std::int64_t kBehindCountMax = 10'000;

enum class DestinationState { active, paused, failing };
HANGU_ENUM(DestinationState, active, paused, failing)

struct DestinationView {
    DestinationId id;
    std::string name;
    std::vector<std::string> events;  // patterns
    std::optional<NodeId> node_id;
    std::string queue;
    DestinationState state = DestinationState::active;
    std::int64_t behind = 0;  // events not looked at yet, of any name; counted up to 10,000
    std::int64_t waiting = 0;
    std::int64_t held = 0;
    std::int64_t dead = 0;
    std::optional<events::EventId> delivered_id;
    std::optional<Time> delivered_at;
    std::optional<Time> failed_at;
    std::optional<Time> next_at;  // while it cannot be reached
    std::string words;
    Time created_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(DestinationView, id, name, events, node_id, queue, state, behind, waiting, held, dead,
             delivered_id, delivered_at, failed_at, next_at, words, created_at, version)

struct DestinationList {
    std::vector<DestinationView> items;
    std::vector<std::string> events;  // that can be chosen
    bool broker = false;              // there is one
    std::string exchange;
};
HANGU_STRUCT(DestinationList, items, events, broker, exchange)

struct CreateDestination {
    hangu::Text<1, 40> name;
    Patterns events;
    std::optional<NodeId> node_id;
};
HANGU_STRUCT(CreateDestination, name, events, node_id)

struct EditDestination {
    DestinationId destination_id;
    std::optional<hangu::Text<1, 40>> name;
    std::optional<Patterns> events;
    std::optional<bool> active;
    Version version;
};
HANGU_STRUCT(EditDestination, destination_id, name, events, active, version)

struct RemoveDestination {
    DestinationId destination_id;
    Version version;
};
HANGU_STRUCT(RemoveDestination, destination_id, version)

struct ReplayDestination {
    DestinationId destination_id;
    std::optional<events::EventId> from_event;  // this one and all after it
    std::optional<Time> from_at;                // or everything since then
    Version version;
};
HANGU_STRUCT(ReplayDestination, destination_id, from_event, from_at, version)

struct DestinationQuery {
    std::optional<DestinationState> state;
};
HANGU_STRUCT(DestinationQuery, state)

std::vector<std::string> patterns_of(std::string_view text) {
    std::vector<std::string> patterns;
    for (const std::string_view one : split(text, ' ')) {
        patterns.emplace_back(one);
    }
    return patterns;
}

DestinationState state_of(const DestinationRow& row, std::int64_t dead) {
    if (!row.active) {
        return DestinationState::paused;
    }
    return row.attempts > 0 || dead > 0 ? DestinationState::failing : DestinationState::active;
}

DestinationView view_of(storage::Tx& tx, const DestinationRow& row) {
    DestinationStore store(tx);
    DestinationView view;
    view.id = row.id;
    view.name = row.name;
    view.events = patterns_of(row.patterns);
    if (row.node_id.is_set()) {
        view.node_id = row.node_id;
    }
    view.queue = queue_of(tx.tenant(), row.id);
    view.behind = events::count_after(tx, row.position, kBehindCountMax);
    view.waiting = store.count(row.id, ParcelState::waiting);
    view.held = store.count(row.id, ParcelState::held);
    view.dead = store.count(row.id, ParcelState::dead);
    view.state = state_of(row, view.dead);
    if (row.delivered_id.is_set()) {
        view.delivered_id = row.delivered_id;
    }
    view.delivered_at = row.delivered_at;
    view.failed_at = row.failed_at;
    if (row.active && row.attempts > 0) {
        view.next_at = row.next_at;
    }
    view.words = row.words;
    view.created_at = row.created_at;
    view.version = row.version;
    return view;
}

Result<std::string> joined(Deliveries::State& state, const Patterns& patterns) {
    std::string text;
    for (const auto& one : patterns) {
        if (!state.may_name(one.str())) {
            return Problem::invalid_field("events", "field.unknown", one.str());
        }
        text += (text.empty() ? "" : " ") + one.str();
    }
    return text;
}

Result<DestinationList> list_destinations(Deliveries::State& state, Scope& scope,
                                          const DestinationQuery& query) {
    HANGU_TRY(const storage::DataScope places, scope.within(kMayView));
    DestinationList list;
    for (const DestinationRow& row : DestinationStore(scope.tx()).all()) {
        if (!places.covers(row.org_path)) {
            continue;
        }
        DestinationView view = view_of(scope.tx(), row);
        if (!query.state || *query.state == view.state) {
            list.items.push_back(std::move(view));
        }
    }
    for (const std::string_view name : state.event_names) {
        list.events.emplace_back(name);
    }
    list.broker = state.carrier != nullptr;
    list.exchange = scope.settings().get(kBrokerExchange);
    return list;
}

Result<Created<DestinationView>> create_destination(Deliveries::State& state, Scope& scope,
                                                    const CreateDestination& input) {
    DestinationRow row;
    if (input.node_id) {
        HANGU_ASSERT(state.places != nullptr);
        row.node_id = *input.node_id;
        HANGU_TRY(row.org_path, state.places->path_of_node(scope.tx(), input.node_id->value()));
    }
    HANGU_CHECK(scope.authorize(kMayEdit, row.org_path));
    HANGU_CHECK(require_fresh(state, scope));
    if (state.carrier == nullptr) {
        return Problem::conflict("destination.no_broker");
    }
    DestinationStore store(scope.tx());
    if (store.all().size() >= DestinationStore::kDestinationsCountMax) {
        return Problem::conflict("destination.too_many");
    }
    row.id = scope.new_id<DestinationId>();
    row.name = input.name.str();
    HANGU_TRY(row.patterns, joined(state, input.events));
    row.position = events::newest(scope.tx());  // what happens from now on
    row.created_at = scope.now();
    store.add(row);
    record(scope, "destination.created", row,
           {{"events", "", row.patterns}, {"queue", "", queue_of(scope.tenant(), row.id)}});
    scope.after_commit([&state, tenant = scope.tenant()] { state.wake(tenant); });
    return Created<DestinationView>{view_of(scope.tx(), row)};
}

Result<DestinationView> edit_destination(Deliveries::State& state, Scope& scope,
                                         const EditDestination& input) {
    HANGU_TRY(const DestinationRow before, destination_for(scope, kMayEdit, input.destination_id));
    HANGU_CHECK(require_fresh(state, scope));
    DestinationRow row = before;
    row.version = input.version;
    row.name = input.name ? input.name->str() : row.name;
    row.active = input.active.value_or(row.active);
    if (input.events) {
        HANGU_TRY(row.patterns, joined(state, *input.events));
    }
    if (!DestinationStore(scope.tx()).edit(row)) {
        return Problem::conflict("destination.stale");
    }
    record(scope, "destination.edited", row,
           {{"name", before.name, row.name},
            {"events", before.patterns, row.patterns},
            {"active", before.active ? "true" : "false", row.active ? "true" : "false"}});
    ++row.version;
    scope.after_commit([&state, tenant = scope.tenant()] { state.wake(tenant); });
    return view_of(scope.tx(), row);
}

Result<NoContent> remove_destination(Deliveries::State& state, Scope& scope,
                                     const RemoveDestination& input) {
    HANGU_TRY(const DestinationRow row, destination_for(scope, kMayEdit, input.destination_id));
    HANGU_CHECK(require_fresh(state, scope));
    if (row.version != input.version) {
        return Problem::conflict("destination.stale");
    }
    DestinationStore(scope.tx()).remove(row.id);
    const std::string queue = queue_of(scope.tenant(), row.id);
    record(scope, "destination.removed", row, {{"queue", queue, ""}});
    scope.after_commit([&state, queue] { state.remove_queue(queue); });
    return NoContent();
}

// Only backwards: going forward would lose what lies between.
Result<DestinationView> replay_destination(Deliveries::State& state, Scope& scope,
                                           const ReplayDestination& input) {
    HANGU_TRY(DestinationRow row, destination_for(scope, kMayEdit, input.destination_id));
    if (input.from_event.has_value() == input.from_at.has_value()) {
        return Problem::invalid_field("from_event", "field.required",
                                      "either from_event or from_at");
    }
    const std::int64_t from =
        input.from_event ? input.from_event->value() : IdSource::floor_at(input.from_at->unix_ms());
    if (from > row.position.value()) {
        return Problem::conflict("destination.replay_ahead");
    }
    DestinationStore store(scope.tx());
    row.position = events::EventId(from - 1);
    if (!store.set_position(row.id, row.position, "", input.version)) {
        return Problem::conflict("destination.stale");
    }
    store.forget_after(row.id, row.position);
    record(scope, "destination.replayed", row, {{"from", "", events::EventId(from).text()}});
    scope.after_commit([&state, tenant = scope.tenant()] { state.wake(tenant); });
    const std::optional<DestinationRow> after = store.find(row.id);
    HANGU_ASSERT(after.has_value());
    return view_of(scope.tx(), *after);
}

}  // namespace

Result<void> require_fresh(Deliveries::State& state, Scope& scope) {
    if (state.freshness == nullptr) {
        return Problem::forbidden("session.step_up_required");
    }
    return state.freshness->require_fresh(scope);
}

Result<DestinationRow> destination_for(Scope& scope, http::Permission permission,
                                       DestinationId id) {
    std::optional<DestinationRow> row = DestinationStore(scope.tx()).find(id);
    if (!row) {
        return Problem::not_found("destination.not_found");
    }
    HANGU_CHECK(scope.authorize(permission, row->org_path));
    return *std::move(row);
}

void record(Scope& scope, std::string_view action, const DestinationRow& row,
            std::vector<http::AuditField> fields) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = "destination";
    fact.subject_id = row.id.text();
    fact.subject_label = row.name;
    fact.fields = std::move(fields);
    fact.org_path = row.org_path;
    scope.audit(std::move(fact));
}

http::Route delivery_route(std::string_view name, std::string_view method, std::string_view path,
                           http::Permission permission, std::string_view summary) {
    http::Route route;
    route.name = name;
    route.method = method;
    route.path = path;
    route.permission = permission;
    route.guard = http::Guard::organisation;
    route.work = method == "GET" ? http::Work::read : http::Work::write;
    route.per_minute_max = method == "GET" ? 300 : 60;
    route.body_bytes_max = 8'192;
    route.summary = summary;
    route.tag = "event delivery";
    return route;
}

void add_destination_routes(http::Routes& routes, Deliveries::State& state) {
    Deliveries::State* self = &state;
    routes.add_with<DestinationList, DestinationQuery>(
        delivery_route("destination.list", "GET", "/api/v1/destinations", kMayView,
                       "Queues of the broker that events go to, and how they fare"),
        [self](Scope& scope, const DestinationQuery& query) {
            return list_destinations(*self, scope, query);
        });
    routes.add_with<Created<DestinationView>, CreateDestination>(
        delivery_route("destination.create", "POST", "/api/v1/destinations", kMayEdit,
                       "Let events go to a new queue from now on"),
        [self](Scope& scope, const CreateDestination& input) {
            return create_destination(*self, scope, input);
        });
    routes.add_with<DestinationView, EditDestination>(
        delivery_route("destination.edit", "PATCH", "/api/v1/destinations/{destination_id}",
                       kMayEdit, "Change what goes there, pause it or let it go on"),
        [self](Scope& scope, const EditDestination& input) {
            return edit_destination(*self, scope, input);
        });
    routes.add_with<NoContent, RemoveDestination>(
        delivery_route("destination.remove", "DELETE", "/api/v1/destinations/{destination_id}",
                       kMayEdit, "Remove it with its queue and what nobody has read there"),
        [self](Scope& scope, const RemoveDestination& input) {
            return remove_destination(*self, scope, input);
        });
    routes.add_with<DestinationView, ReplayDestination>(
        delivery_route("destination.replay", "POST", "/api/v1/destinations/{destination_id}/replay",
                       kMayEdit, "Deliver again what happened since an event or a time"),
        [self](Scope& scope, const ReplayDestination& input) {
            return replay_destination(*self, scope, input);
        });
}

}  // namespace hangu::delivery

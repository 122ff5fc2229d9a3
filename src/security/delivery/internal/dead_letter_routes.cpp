// What did not arrive: looked at, sent again, or given up with a reason.
#include "security/delivery/internal/delivery_routes.hpp"
#include "security/delivery/internal/delivery_state.hpp"

namespace hangu::delivery {

namespace {

using http::NoContent;
using http::Scope;

struct DeadLetterRow {
    ParcelId id;
    events::EventId event_id;
    std::string event;
    std::string subject;
    Time at;
    ParcelState state = ParcelState::dead;
    std::int64_t attempts = 0;
    std::optional<Time> next_at;  // while it waits
    Time parked_at;
    std::string words;
};
HANGU_STRUCT(DeadLetterRow, id, event_id, event, subject, at, state, attempts, next_at, parked_at,
             words)

struct DeadLetterList {
    std::vector<DeadLetterRow> items;  // the oldest 200
};
HANGU_STRUCT(DeadLetterList, items)

struct DeadLetterView {
    DeadLetterRow letter;
    bool may_read = false;  // what it says is for who may see the thing itself
    std::string payload;
};
HANGU_STRUCT(DeadLetterView, letter, may_read, payload)

struct OfDestination {
    DestinationId destination_id;
};
HANGU_STRUCT(OfDestination, destination_id)

struct OfLetter {
    ParcelId letter_id;
};
HANGU_STRUCT(OfLetter, letter_id)

struct DiscardLetter {
    ParcelId letter_id;
    hangu::Text<2, 200> reason;
};
HANGU_STRUCT(DiscardLetter, letter_id, reason)

struct ReplayedLetters {
    std::int64_t count = 0;
};
HANGU_STRUCT(ReplayedLetters, count)

DeadLetterRow row_of(const ParcelRow& parcel) {
    DeadLetterRow row;
    row.id = parcel.id;
    row.event_id = parcel.event_id;
    row.event = parcel.name;
    row.subject = parcel.subject;
    row.at = parcel.at;
    row.state = parcel.state;
    row.attempts = parcel.attempts;
    if (parcel.state == ParcelState::waiting) {
        row.next_at = parcel.next_at;
    }
    row.parked_at = parcel.parked_at;
    row.words = parcel.words;
    return row;
}

struct Letter {
    DestinationRow destination;
    ParcelRow parcel;
};

Result<Letter> letter_for(Scope& scope, http::Permission permission, ParcelId id) {
    std::optional<ParcelRow> parcel = DestinationStore(scope.tx()).find(id);
    if (!parcel) {
        return Problem::not_found("dead_letter.not_found");
    }
    HANGU_TRY(DestinationRow row, destination_for(scope, permission, parcel->destination_id));
    return Letter{std::move(row), *std::move(parcel)};
}

void record_letter(Scope& scope, std::string_view action, const Letter& letter,
                   std::vector<http::AuditField> fields) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = "dead_letter";
    fact.subject_id = letter.parcel.event_id.text();
    fact.subject_label = letter.parcel.name;
    fact.fields = std::move(fields);
    fact.org_path = letter.destination.org_path;
    scope.audit(std::move(fact));
}

Result<DeadLetterList> list_letters(Scope& scope, const OfDestination& input) {
    HANGU_TRY(const DestinationRow row, destination_for(scope, kMayView, input.destination_id));
    DeadLetterList list;
    for (const ParcelRow& parcel : DestinationStore(scope.tx()).parcels(row.id)) {
        list.items.push_back(row_of(parcel));
    }
    return list;
}

Result<DeadLetterView> view_letter(Scope& scope, const OfLetter& input) {
    HANGU_TRY(const Letter letter, letter_for(scope, kMayView, input.letter_id));
    const http::Permission permission{letter.parcel.permission};
    DeadLetterView view;
    view.letter = row_of(letter.parcel);
    view.may_read = scope.knows(permission) && scope.holds(permission, letter.parcel.org_path);
    view.payload = view.may_read ? letter.parcel.payload : "";
    return view;
}

Result<NoContent> replay_letter(Deliveries::State& state, Scope& scope, const OfLetter& input) {
    HANGU_TRY(const Letter letter, letter_for(scope, kMayEdit, input.letter_id));
    if (!DestinationStore(scope.tx()).revive(letter.parcel.id)) {
        return Problem::conflict("dead_letter.not_dead");
    }
    record_letter(scope, "dead_letter.replayed", letter, {});
    scope.after_commit([&state, tenant = scope.tenant()] { state.wake(tenant); });
    return NoContent();
}

Result<ReplayedLetters> replay_letters(Deliveries::State& state, Scope& scope,
                                       const OfDestination& input) {
    HANGU_TRY(const DestinationRow row, destination_for(scope, kMayEdit, input.destination_id));
    DestinationStore store(scope.tx());
    ReplayedLetters replayed;
    for (const ParcelRow& parcel : store.dead(row.id)) {
        replayed.count += store.revive(parcel.id) ? 1 : 0;
    }
    record(scope, "dead_letter.all_replayed", row, {{"count", "", std::to_string(replayed.count)}});
    scope.after_commit([&state, tenant = scope.tenant()] { state.wake(tenant); });
    return replayed;
}

// Given up for ever; those of its subject behind it go on.
Result<NoContent> discard_letter(Deliveries::State& state, Scope& scope,
                                 const DiscardLetter& input) {
    HANGU_TRY(const Letter letter, letter_for(scope, kMayEdit, input.letter_id));
    HANGU_CHECK(require_fresh(state, scope));
    if (letter.parcel.state != ParcelState::dead) {
        return Problem::conflict("dead_letter.not_dead");
    }
    DestinationStore(scope.tx()).remove(letter.parcel);
    record_letter(
        scope, "dead_letter.discarded", letter,
        {{"reason", "", input.reason.str()}, {"destination", "", letter.destination.name}});
    scope.after_commit([&state, tenant = scope.tenant()] { state.wake(tenant); });
    return NoContent();
}

}  // namespace

void add_dead_letter_routes(http::Routes& routes, Deliveries::State& state) {
    Deliveries::State* self = &state;
    routes.add_with<DeadLetterList, OfDestination>(
        delivery_route("dead_letter.list", "GET",
                       "/api/v1/destinations/{destination_id}/dead-letters", kMayView,
                       "Events that did not arrive: dead ones, and those that are tried again"),
        [](Scope& scope, const OfDestination& input) { return list_letters(scope, input); });
    routes.add_with<DeadLetterView, OfLetter>(
        delivery_route("dead_letter.view", "GET", "/api/v1/dead-letters/{letter_id}", kMayView,
                       "One of them with what it says"),
        [](Scope& scope, const OfLetter& input) { return view_letter(scope, input); });
    routes.add_with<NoContent, OfLetter>(
        delivery_route("dead_letter.replay", "POST", "/api/v1/dead-letters/{letter_id}/replay",
                       kMayEdit, "Try a dead one again"),
        [self](Scope& scope, const OfLetter& input) { return replay_letter(*self, scope, input); });
    routes.add_with<ReplayedLetters, OfDestination>(
        delivery_route("dead_letter.replay_all", "POST",
                       "/api/v1/destinations/{destination_id}/dead-letters/replay", kMayEdit,
                       "Try all dead ones of a destination again"),
        [self](Scope& scope, const OfDestination& input) {
            return replay_letters(*self, scope, input);
        });
    routes.add_with<NoContent, DiscardLetter>(
        delivery_route("dead_letter.discard", "POST", "/api/v1/dead-letters/{letter_id}/discard",
                       kMayEdit, "Give a dead one up, with a reason"),
        [self](Scope& scope, const DiscardLetter& input) {
            return discard_letter(*self, scope, input);
        });
}

}  // namespace hangu::delivery

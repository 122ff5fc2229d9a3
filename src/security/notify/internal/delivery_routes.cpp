// What is on its way over a channel, with the far side's words: a test message, dead ones revived.
#include "security/notify/internal/notify_routes.hpp"
#include "security/notify/internal/notify_state.hpp"

namespace hangu::notify {

namespace {

using http::Created;
using http::NoContent;
using http::Scope;

struct DeliveryView {
    DeliveryId id;
    std::string kind;
    std::string title_zh;
    std::string title_en;
    SendState state = SendState::waiting;
    std::int64_t attempts = 0;
    std::optional<Time> next_at;  // while it waits
    Time created_at;
    std::optional<Time> done_at;
    std::string words;
};
HANGU_STRUCT(DeliveryView, id, kind, title_zh, title_en, state, attempts, next_at, created_at,
             done_at, words)

struct DeliveryList {
    std::vector<DeliveryView> items;
};
HANGU_STRUCT(DeliveryList, items)

struct OfChannel {
    ChannelId channel_id;
};
HANGU_STRUCT(OfChannel, channel_id)

struct RetryDelivery {
    DeliveryId delivery_id;
};
HANGU_STRUCT(RetryDelivery, delivery_id)

DeliveryView view_of(storage::Tx& tx, const DeliveryRow& row) {
    DeliveryView view;
    view.id = row.id;
    if (const std::optional<NoticeRow> notice = NoticeStore(tx).find(row.notice_id)) {
        const NoticeKind* kind = find_notice_kind(notice->kind);
        HANGU_ASSERT(kind != nullptr);
        view.kind = kind->code;
        view.title_zh = kind->title_zh;
        view.title_en = kind->title_en;
    }
    view.state = row.state;
    view.attempts = row.attempts;
    if (row.state == SendState::waiting) {
        view.next_at = row.next_at;
    }
    view.created_at = row.created_at;
    view.done_at = row.done_at;
    view.words = row.words;
    return view;
}

void record(Scope& scope, std::string_view action, std::string_view kind, std::string id,
            std::string label) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = kind;
    fact.subject_id = std::move(id);
    fact.subject_label = std::move(label);
    scope.audit(std::move(fact));
}

Result<DeliveryList> list_deliveries(Scope& scope, const OfChannel& input) {
    HANGU_CHECK(scope.authorize(kMayViewChannels));
    ChannelStore store(scope.tx());
    if (!store.find(input.channel_id)) {
        return Problem::not_found("channel.not_found");
    }
    DeliveryList list;
    for (const DeliveryRow& row : store.newest(input.channel_id)) {
        list.items.push_back(view_of(scope.tx(), row));
    }
    return list;
}

// A notice that nobody's bell shows, on its way over this one channel.
Result<Created<DeliveryView>> test_channel(Notify::State& state, Scope& scope,
                                           const OfChannel& input) {
    HANGU_CHECK(scope.authorize(kMayEditChannels));
    ChannelStore store(scope.tx());
    const std::optional<ChannelRow> channel = store.find(input.channel_id);
    if (!channel) {
        return Problem::not_found("channel.not_found");
    }
    if (state.freshness == nullptr) {
        return Problem::forbidden("session.step_up_required");
    }
    HANGU_CHECK(state.freshness->require_fresh(scope));
    NoticeRow notice;
    notice.id = scope.new_id<NoticeId>();
    notice.kind = kChannelTest;
    notice.parameters = Sealed<PersonalText>(
        PersonalText(json::to_text(std::vector<Parameter>{{"name", scope.caller().actor_name}})));
    notice.created_at = scope.now();
    notice.last_at = scope.now();
    NoticeStore(scope.tx()).add(notice);
    DeliveryRow delivery;
    delivery.id = scope.new_id<DeliveryId>();
    delivery.channel_id = channel->id;
    delivery.notice_id = notice.id;
    delivery.next_at = scope.now();
    delivery.created_at = scope.now();
    store.add(delivery);
    record(scope, "channel.tested", "channel", channel->id.text(), channel->name);
    scope.after_commit([&state, tenant = scope.tenant()] { state.wake(tenant); });
    return Created<DeliveryView>{view_of(scope.tx(), delivery)};
}

Result<NoContent> retry_delivery(Notify::State& state, Scope& scope, const RetryDelivery& input) {
    HANGU_CHECK(scope.authorize(kMayEditChannels));
    ChannelStore store(scope.tx());
    const std::optional<DeliveryRow> row = store.find(input.delivery_id);
    if (!row) {
        return Problem::not_found("delivery.not_found");
    }
    if (!store.revive(row->id)) {
        return Problem::conflict("delivery.not_dead");
    }
    record(scope, "delivery.retried", "delivery", row->id.text(), "");
    scope.after_commit([&state, tenant = scope.tenant()] { state.wake(tenant); });
    return NoContent();
}

http::Route delivery_route(std::string_view name, std::string_view method, std::string_view path,
                           http::Permission permission, std::string_view summary) {
    http::Route route;
    route.name = name;
    route.method = method;
    route.path = path;
    route.permission = permission;
    route.guard = http::Guard::tenant;
    route.per_minute_max = 60;
    route.body_bytes_max = 1024;
    route.summary = summary;
    route.tag = "channels";
    return route;
}

}  // namespace

void add_delivery_routes(http::Routes& routes, Notify::State& state) {
    http::Route list =
        delivery_route("delivery.list", "GET", "/api/v1/channels/{channel_id}/deliveries",
                       kMayViewChannels, "What went over a channel, and what the far side said");
    list.work = http::Work::read;
    list.per_minute_max = 300;
    routes.add(list, list_deliveries);
    routes.add_with<Created<DeliveryView>, OfChannel>(
        delivery_route("channel.test", "POST", "/api/v1/channels/{channel_id}/test",
                       kMayEditChannels, "Send a test message over a channel"),
        [&state](Scope& scope, const OfChannel& input) {
            return test_channel(state, scope, input);
        });
    routes.add_with<NoContent, RetryDelivery>(
        delivery_route("delivery.retry", "POST", "/api/v1/deliveries/{delivery_id}/retry",
                       kMayEditChannels, "Try a dead one again"),
        [&state](Scope& scope, const RetryDelivery& input) {
            return retry_delivery(state, scope, input);
        });
}

}  // namespace hangu::notify

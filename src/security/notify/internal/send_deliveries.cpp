// Notices leave over the merchant's channels: taken in one transaction, sent by egress, finished in
// a second one. At least once: who gets one twice sees the same number.
#include "security/notify/internal/notify_state.hpp"
#include "security/notify/internal/retry_rules.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

namespace hangu::notify {

namespace {

constexpr std::int64_t kParcelBatch = 16;

struct Parcel {
    DeliveryRow delivery;
    ChannelRow channel;
    Message message;
};

Message message_of(const NoticeRow& notice, Locale locale, const std::string& merchant,
                   const std::string& number) {
    const NoticeKind* kind = find_notice_kind(notice.kind);
    HANGU_ASSERT(kind != nullptr);
    const NoticeText text = text_of(*kind, parameters_of(notice), locale);
    return {text.title, text.text, fmt::format("{} · {}", merchant, number)};
}

struct TakenParcels {
    std::vector<Parcel> parcels;
    bool more = false;
    std::optional<Time> next_at;
};

TakenParcels take(Notify::State& state, TenantId tenant, const std::string& merchant) {
    TakenParcels taken;
    const Result<void> done =
        state.engine.run(tenant, storage::Work::write, [&](storage::Tx& tx) -> Result<void> {
            taken = TakenParcels();
            ChannelStore store(tx);
            const std::vector<DeliveryRow> due = store.due(tx.now(), kParcelBatch);
            for (const DeliveryRow& row : due) {
                const std::optional<ChannelRow> channel = store.find(row.channel_id);
                const std::optional<NoticeRow> notice = NoticeStore(tx).find(row.notice_id);
                if (!channel || !notice) {
                    store.finish(row.id, SendState::expired, "");
                    continue;
                }
                store.lease(row.id, tx.now().plus_ms(kLeaseMs));
                taken.parcels.push_back(
                    {row, *channel,
                     message_of(*notice, channel->locale, merchant, notice->id.text())});
            }
            taken.more = static_cast<std::int64_t>(due.size()) == kParcelBatch;
            taken.next_at = store.next_at();
            return {};
        });
    HANGU_ASSERT(done.ok());
    return taken;
}

void finish(Notify::State& state, TenantId tenant, const Parcel& parcel, const Reply& reply) {
    AfterCommit after;
    const Result<void> done =
        state.engine.run(tenant, storage::Work::write, [&](storage::Tx& tx) -> Result<void> {
            after = nullptr;
            ChannelStore store(tx);
            const std::int64_t attempts = parcel.delivery.attempts + 1;
            const bool last = attempts >= state.settings()->get(kDeliveryAttemptsMax);
            if (reply.verdict == Verdict::sent) {
                store.finish(parcel.delivery.id, SendState::sent, reply.words);
                store.arrived(parcel.channel.id);
            } else if (reply.verdict == Verdict::never || last) {
                store.finish(parcel.delivery.id, SendState::dead, reply.words);
                Notice notice;
                notice.kind = kChannelFailing;
                notice.parameters = {{"channel", parcel.channel.name}, {"reason", reply.words}};
                notice.key = parcel.channel.id.text();
                after = state.notify.tell(tx, notice);
            } else {
                const Time again = next_try(kDeliveryRetrySeconds, attempts, tx.now());
                store.postpone(parcel.delivery.id, again, reply.words);
                state.due_at(tenant, again);
            }
            return {};
        });
    HANGU_ASSERT(done.ok());
    if (after) {
        after();
    }
    state.world.log->info("notify.delivery", {{"channel", enum_text(parcel.channel.kind)},
                                              {"result", enum_text(reply.verdict)}});
}

egress::Egress::Done deal_with(Notify::State& state, TenantId tenant, const Parcel& parcel) {
    return [&state, tenant, parcel](const egress::Answer& answer) {
        const Reply reply = parcel.channel.kind == ChannelKind::mail
                                ? mail_reply(answer)
                                : robot_reply(parcel.channel.kind, answer);
        state.push([&state, tenant, parcel, reply] { finish(state, tenant, parcel, reply); });
        state.ended();
    };
}

void send(Notify::State& state, TenantId tenant, const Parcel& parcel) {
    const Time now = state.world.clock->now();
    const std::string address = parcel.channel.address.shown().text();
    if (parcel.channel.kind != ChannelKind::mail) {
        const Secret secret(parcel.channel.secret.shown().text());
        state.begun();
        state.egress.send(robot_request(parcel.channel.kind, address, secret, parcel.message, now),
                          deal_with(state, tenant, parcel));
        return;
    }
    std::optional<egress::Mail> mail = mail_server(*state.settings());
    const auto to = mail_addresses(address, kMailAddressesMax);
    if (!mail || !to) {
        finish(state, tenant, parcel, {Verdict::never, "channel.no_mail_server", {}});
        return;
    }
    mail->to = *to;
    mail->message = mail_message(mail->from, *to, parcel.message, parcel.delivery.id.text(), now);
    state.begun();
    state.egress.send(*std::move(mail), deal_with(state, tenant, parcel));
}

}  // namespace

std::vector<Parameter> read_parameters(const std::string& text) {
    std::vector<Parameter> parameters;
    boost::json::error_code error;
    const boost::json::value parsed = boost::json::parse(text, error);
    if (error || !parsed.is_array()) {
        return parameters;
    }
    for (const boost::json::value& one : parsed.as_array()) {
        parameters.push_back(
            {std::string(one.at("name").as_string()), std::string(one.at("value").as_string())});
    }
    return parameters;
}

std::vector<Parameter> parameters_of(const NoticeRow& notice) {
    return read_parameters(notice.parameters.shown().text());
}

bool send_due_deliveries(Notify::State& state, TenantId tenant) {
    const TakenParcels taken = take(state, tenant, state.tenant_name(tenant));
    if (taken.next_at) {
        state.due_at(tenant, *taken.next_at);
    }
    for (const Parcel& parcel : taken.parcels) {
        send(state, tenant, parcel);
    }
    return taken.more;
}

}  // namespace hangu::notify

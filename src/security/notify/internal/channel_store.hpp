// SQL of channels and of what is on its way over them.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/notify/internal/far_side.hpp"
#include "security/notify/internal/held.hpp"
#include "security/notify/internal/notice_store.hpp"
#include "security/notify/internal/text_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::notify {

struct ChannelTag;
using ChannelId = Id<ChannelTag>;
struct DeliveryTag;
using DeliveryId = Id<DeliveryTag>;

struct ChannelRow {
    static constexpr std::string_view kTable = "notify_channel";
    ChannelId id;
    ChannelKind kind = ChannelKind::mail;
    std::string name;
    Sealed<SecretText> address;  // webhook, or mail addresses
    Sealed<SecretText> secret;   // of its signature; empty: none
    std::string shown;
    Locale locale = Locale::zh;
    Severity severity_min = Severity::warning;
    std::string kinds;  // codes separated by blanks; "" : all
    bool active = true;
    Time created_at;
    std::optional<Time> sent_at;  // the last that arrived
    std::int64_t version = 1;
};
HANGU_STRUCT(ChannelRow, id, kind, name, address, secret, shown, locale, severity_min, kinds,
             active, created_at, sent_at, version)

struct DeliveryRow {
    static constexpr std::string_view kTable = "delivery";
    DeliveryId id;
    ChannelId channel_id;
    NoticeId notice_id;
    SendState state = SendState::waiting;
    std::int64_t attempts = 0;
    Time next_at;
    Time created_at;
    std::optional<Time> done_at;
    std::string words;  // of the far side, the last time
};
HANGU_STRUCT(DeliveryRow, id, channel_id, notice_id, state, attempts, next_at, created_at, done_at,
             words)

class ChannelStore {
 public:
    static constexpr std::size_t kChannelsCountMax = 20;
    static constexpr std::int64_t kDeliveriesShownMax = 50;

    explicit ChannelStore(storage::Tx& tx) : tx_(tx) {}

    void add(const ChannelRow& row) { tx_.insert(row); }
    std::vector<ChannelRow> all();
    std::optional<ChannelRow> find(ChannelId id);
    bool save(const ChannelRow& row);  // false: it was changed meanwhile
    void remove(ChannelId id);         // with its deliveries
    void arrived(ChannelId id);

    void add(const DeliveryRow& row) { tx_.insert(row); }
    std::vector<DeliveryRow> due(Time now, std::int64_t count_max);
    void lease(DeliveryId id, Time until);  // counts the attempt
    void finish(DeliveryId id, SendState state, const std::string& words);
    void postpone(DeliveryId id, Time until, const std::string& words);
    bool revive(DeliveryId id);  // false: it is not dead
    std::optional<DeliveryRow> find(DeliveryId id);
    std::vector<DeliveryRow> newest(ChannelId channel);
    std::optional<Time> next_at();
    std::int64_t forget_before(Time before, std::int64_t count_max);

 private:
    storage::Tx& tx_;
};

void add_channel_tables(storage::Part& part);

}  // namespace hangu::notify

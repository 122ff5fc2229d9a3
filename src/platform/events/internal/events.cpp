#include "platform/events/events.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace hangu::events {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Statement;

#define HANGU_EVENT_COLUMNS "id, name, org_path, permission, payload, at, subject"

// Nothing is inserted when there is one with this id or a larger one.
constexpr Statement<void(Event)> kAppend{
    "event.append", "insert into outbox (tenant_id, " HANGU_EVENT_COLUMNS
                    ")"
                    " select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8"
                    " where not exists (select id from outbox where tenant_id = ?1 and id >= ?2)"};

constexpr Statement<EventId()> kNewest{
    "event.newest",
    "select id from outbox where tenant_id = ?1 order by id desc limit 1",
    {"stops at the newest row by the primary key"}};

constexpr Statement<Event(EventId, std::int64_t)> kSince{
    "event.since", "select " HANGU_EVENT_COLUMNS
                   " from outbox where tenant_id = ?1 and id > ?2 order by id limit ?3"};

constexpr Statement<Event(EventId)> kFind{
    "event.find", "select " HANGU_EVENT_COLUMNS " from outbox where tenant_id = ?1 and id = ?2"};

constexpr Statement<std::int64_t(EventId, std::int64_t)> kCountAfter{
    "event.count_after",
    "select count(*) from (select id from outbox where tenant_id = ?1 and id > ?2 limit ?3)"};

constexpr Statement<void(Time, EventId, std::int64_t)> kForget{
    "event.forget",
    "delete from outbox where tenant_id = ?1 and id in"
    " (select id from outbox where tenant_id = ?1 and at < ?2 and id <= ?3 order by id limit ?4)",
    {"the oldest rows stand first and the search ends at its limit"}};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kOutboxColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"name", ColumnType::text, DataClass::technical, Level::internal},
    {"org_path", ColumnType::text, DataClass::business, Level::internal},
    {"permission", ColumnType::text, DataClass::technical, Level::internal},
    {"payload", ColumnType::text, DataClass::business, Level::internal},
    {"at", ColumnType::integer, DataClass::technical, Level::internal},
    {"subject", ColumnType::text, DataClass::business, Level::internal},
};

}  // namespace

void append(storage::Tx& tx, Event& event) {
    if (tx.run(kAppend, event) == 1) {
        return;
    }
    event.id = EventId(newest(tx).value() + 1);
    HANGU_ASSERT(tx.run(kAppend, event) == 1);  // a tenant's writers come one after another
}

std::vector<Event> since(storage::Tx& tx, EventId last, std::size_t count_max) {
    return tx.list(kSince, last, static_cast<std::int64_t>(count_max));
}

std::optional<Event> find(storage::Tx& tx, EventId id) {
    return tx.find(kFind, id);
}

EventId newest(storage::Tx& tx) {
    return tx.find(kNewest).value_or(EventId());
}

std::int64_t count_after(storage::Tx& tx, EventId last, std::int64_t count_max) {
    return tx.find(kCountAfter, last, count_max).value_or(0);
}

std::int64_t forget_before(storage::Tx& tx, Time before, EventId last, std::size_t count_max) {
    return tx.run(kForget, before, last, static_cast<std::int64_t>(count_max));
}

std::uint64_t Hub::listen(TenantId tenant, Listener listener) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t ticket = next_ticket_++;
    listeners_[tenant].emplace_back(ticket, std::make_shared<Listener>(std::move(listener)));
    return ticket;
}

void Hub::leave(TenantId tenant, std::uint64_t ticket) {
    const std::lock_guard lock(mutex_);
    const auto found = listeners_.find(tenant);
    if (found == listeners_.end()) {
        return;
    }
    std::erase_if(found->second, [ticket](const auto& entry) { return entry.first == ticket; });
    if (found->second.empty()) {
        listeners_.erase(found);
    }
}

void Hub::follow(Follower follower) {
    followers_.push_back(std::move(follower));
}

void Hub::publish(TenantId tenant, const std::vector<Event>& events) {
    hear(tenant, events);
    for (const Follower& follower : followers_) {
        follower(tenant, events);
    }
}

void Hub::hear(TenantId tenant, const std::vector<Event>& events) {
    std::vector<std::shared_ptr<Listener>> hearing;
    {
        const std::lock_guard lock(mutex_);
        const auto found = listeners_.find(tenant);
        if (found == listeners_.end()) {
            return;
        }
        for (const auto& entry : found->second) {
            hearing.push_back(entry.second);
        }
    }
    for (const Event& event : events) {
        for (const std::shared_ptr<Listener>& listener : hearing) {
            (*listener)(event);
        }
    }
}

bool Hub::is_heard(TenantId tenant) const {
    const std::lock_guard lock(mutex_);
    return listeners_.contains(tenant);
}

std::size_t Hub::listeners_count() const {
    const std::lock_guard lock(mutex_);
    std::size_t count = 0;
    for (const auto& [tenant, list] : listeners_) {
        count += list.size();
    }
    return count;
}

storage::Part part() {
    return {"events",
            sql_files(),
            {{"outbox", kOutboxColumns}},
            {storage::info(kAppend), storage::info(kNewest), storage::info(kSince),
             storage::info(kFind), storage::info(kCountAfter), storage::info(kForget)}};
}

}  // namespace hangu::events

#include "platform/events/events.hpp"

#include <algorithm>

namespace hangu::events {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Statement;

constexpr Statement<Event(EventId, std::int64_t)> kSince{
    "event.since",
    "select id, name, org_path, permission, payload, at from outbox"
    " where tenant_id = ?1 and id > ?2 order by id limit ?3"};

constexpr Statement<void(Time, std::int64_t)> kForget{
    "event.forget",
    "delete from outbox where tenant_id = ?1 and id in"
    " (select id from outbox where tenant_id = ?1 and at < ?2 order by id limit ?3)",
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
};

}  // namespace

void append(storage::Tx& tx, const Event& event) {
    tx.insert(event);
}

std::vector<Event> since(storage::Tx& tx, EventId last, std::size_t count_max) {
    return tx.list(kSince, last, static_cast<std::int64_t>(count_max));
}

std::int64_t forget_before(storage::Tx& tx, Time before, std::size_t count_max) {
    return tx.run(kForget, before, static_cast<std::int64_t>(count_max));
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

void Hub::publish(TenantId tenant, const std::vector<Event>& events) {
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
            {storage::insert_info<Event>(), storage::info(kSince), storage::info(kForget)}};
}

}  // namespace hangu::events

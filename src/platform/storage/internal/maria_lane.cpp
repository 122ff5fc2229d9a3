#include "platform/storage/internal/maria_lane.hpp"

#include "platform/storage/internal/again.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::storage {

namespace {

const char kNumberKey = 0;  // the addresses are the statements' keys
const char kRegisterKey = 0;
const char kKnownKey = 0;
const char kRowKey = 0;
const char kEpochKey = 0;
const char kRaiseKey = 0;

[[noreturn]] void refuse(MariaConnection& connection, TenantId tenant, std::int64_t epoch) {
    if (!tenant_row(connection, tenant)) {
        throw NoSuchTenant("the shard has no tenant " + tenant.text());
    }
    throw StaleEpoch(
        fmt::format("epoch {} of tenant {} is over on this shard", epoch, tenant.text()));
}

// The number of the commit that is coming, and the lock on the tenant until then.
std::int64_t take_number(MariaConnection& connection, TenantId tenant, std::int64_t epoch) {
    {
        Cursor& cursor = connection.prepare(
            &kNumberKey, "storage.number_commit",
            "update storage_tenant set commit_number = last_insert_id(commit_number + 1)"
            " where tenant_id = ?1 and epoch = ?2");
        const detail::Using use(cursor);
        cursor.bind_integer(1, tenant.value());
        cursor.bind_integer(2, epoch);
        cursor.step();
        if (cursor.changed() > 0) {
            return connection.last_number();
        }
    }
    refuse(connection, tenant, epoch);
}

void check_tenant(MariaConnection& connection, TenantId tenant, std::int64_t epoch) {
    {
        Cursor& cursor = connection.prepare(&kKnownKey, "storage.tenant",
                                            "select commit_number from storage_tenant"
                                            " where tenant_id = ?1 and epoch = ?2");
        const detail::Using use(cursor);
        cursor.bind_integer(1, tenant.value());
        cursor.bind_integer(2, epoch);
        if (cursor.step()) {
            return;
        }
    }
    refuse(connection, tenant, epoch);
}

}  // namespace

std::optional<TenantRow> tenant_row(MariaConnection& connection, TenantId tenant) {
    Cursor& cursor =
        connection.prepare(&kRowKey, "storage.tenant_row",
                           "select commit_number, epoch from storage_tenant where tenant_id = ?1");
    const detail::Using use(cursor);
    cursor.bind_integer(1, tenant.value());
    if (!cursor.step()) {
        return std::nullopt;
    }
    return TenantRow{cursor.integer(0), cursor.integer(1)};
}

bool register_tenant(MariaConnection& connection, TenantId tenant, const TenantRow& row) {
    try {
        Cursor& cursor = connection.prepare(&kRegisterKey, "storage.register_tenant",
                                            "insert into storage_tenant"
                                            " (tenant_id, commit_number, epoch)"
                                            " values (?1, ?2, ?3)");
        const detail::Using use(cursor);
        cursor.bind_integer(1, tenant.value());
        cursor.bind_integer(2, row.commit_number);
        cursor.bind_integer(3, row.epoch);
        cursor.step();
    } catch (const UniqueViolation&) {
        connection.roll_back();
        return false;
    }
    connection.commit();
    return true;
}

bool change_epoch(MariaConnection& connection, TenantId tenant, std::int64_t from, std::int64_t to,
                  std::int64_t commits_more) {
    std::int64_t changed = 0;
    {
        Cursor& cursor = connection.prepare(&kEpochKey, "storage.change_epoch",
                                            "update storage_tenant set epoch = ?3,"
                                            " commit_number = commit_number + ?4"
                                            " where tenant_id = ?1 and epoch = ?2");
        const detail::Using use(cursor);
        cursor.bind_integer(1, tenant.value());
        cursor.bind_integer(2, from);
        cursor.bind_integer(3, to);
        cursor.bind_integer(4, commits_more);
        cursor.step();
        changed = cursor.changed();
    }
    connection.commit();
    return changed > 0;
}

bool raise_epoch(MariaConnection& connection, TenantId tenant, std::int64_t to) {
    std::int64_t changed = 0;
    {
        Cursor& cursor =
            connection.prepare(&kRaiseKey, "storage.raise_epoch",
                               "update storage_tenant set epoch = ?2"
                               " where tenant_id = ?1 and epoch <> 0 and abs(epoch) < ?2");
        const detail::Using use(cursor);
        cursor.bind_integer(1, tenant.value());
        cursor.bind_integer(2, to);
        cursor.step();
        changed = cursor.changed();
    }
    connection.commit();
    if (changed > 0) {
        return true;
    }
    const std::optional<TenantRow> row = tenant_row(connection, tenant);
    connection.roll_back();
    return row && row->epoch == to;
}

struct ShardLane::Unit {
    Unit(TenantId of, std::vector<Pending*> all)
        : tenant(of), jobs(std::move(all)), outcomes(jobs.size()) {}

    void fail(const std::exception_ptr& fault) {
        for (Outcome& outcome : outcomes) {
            outcome = Outcome{};
            outcome.fault = fault;
        }
    }
    void answer() {
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            jobs[i]->job->done(outcomes[i]);
        }
    }

    TenantId tenant;
    std::vector<Pending*> jobs;
    std::vector<Outcome> outcomes;
    std::uint64_t kept = 0;
    TableSet written;
};

MariaConnection& ShardLane::opened(std::unique_ptr<MariaConnection>& connection,
                                   const MariaConnection::Options& options, bool snapshot) {
    if (connection && (connection->broken() ||
                       (world_.hosts != nullptr && !world_.hosts->current(*connection)))) {
        connection.reset();
    }
    if (connection) {
        return *connection;
    }
    const std::int64_t failed_at_us = world_.failed_at_us;
    const std::int64_t now_us = world_.clock->monotonic_us();
    if (failed_at_us != 0 && now_us - failed_at_us < kRestUs) {
        throw ConnectionLost("the shard could not be reached a moment ago");
    }
    try {
        if (world_.make_ready) {
            world_.make_ready();
        }
        MariaConnection::Options own = options;
        own.snapshot = snapshot;
        connection = world_.hosts != nullptr ? world_.hosts->open(own)
                                             : std::make_unique<MariaConnection>(own);
    } catch (const ConnectionLost& fault) {
        world_.failed_at_us = now_us;
        world_.log->error("shard.unreachable", {{"what", fault.what()}});
        throw;
    }
    world_.failed_at_us = 0;
    return *connection;
}

void ShardLane::close_all() {
    writes_.reset();
    reads_.reset();
    reports_.reset();
}

Decision ShardLane::run_body(MariaConnection& connection, TenantId tenant, Pending& pending) {
    const std::shared_ptr<crypto::TenantKeys> keys = world_.keys->open(tenant);
    Tx tx(connection, {tenant, keys.get()}, world_.clock->now());
    return pending.job->body(tx);
}

void ShardLane::drain(std::vector<Pending>& batch) {
    // Work of one tenant shares a commit; its writes keep the order of arrival, and its reads see
    // them.
    for (const auto& [tenant, jobs] : by_tenant(batch)) {
        run_tenant(tenant, jobs);
    }
    for (Pending& pending : batch) {
        if (pending.closes_file) {
            pending.job->done(Outcome{});  // whoever waits for what was before it
        }
    }
}

// The place has refused its epoch, and nothing of it was done.
void ShardLane::give_back(Pending& pending, const std::exception_ptr& why) {
    if (world_.stale && world_.stale(pending)) {
        return;
    }
    Outcome outcome;
    outcome.fault = why;
    pending.job->done(outcome);
}

void ShardLane::run_tenant(TenantId tenant, const std::vector<Pending*>& jobs) {
    std::vector<Pending*> writing;
    for (Pending* pending : jobs) {
        if (pending->work == Work::write) {
            writing.push_back(pending);
        }
    }
    if (!writing.empty()) {
        write(tenant, writing);
    }
    for (Pending* pending : jobs) {
        if (pending->work != Work::write) {
            read(tenant, *pending);
        }
    }
}

void ShardLane::write(TenantId tenant, const std::vector<Pending*>& jobs) {
    Unit unit(tenant, jobs);
    std::exception_ptr fault;
    bool given_up = false;
    for (int attempt = 1; attempt <= kUnitAttemptsMax; ++attempt) {
        try {
            write_once(unit);
            unit.answer();
            return;
        } catch (const CommitUnknown&) {
            // It may stand: running it again could do it twice. Whoever asked has the key that
            // tells.
            note_unknown(unit);
            unit.fail(std::current_exception());
            unit.answer();
            return;
        } catch (const TransactionLost&) {
            fault = std::current_exception();
        } catch (const ConnectionLost&) {
            fault = std::current_exception();
            given_up = !writes_;  // there is no server to try it again with
        } catch (const StaleEpoch&) {
            writes_->roll_back();
            for (Pending* pending : jobs) {
                give_back(*pending, std::current_exception());
            }
            return;
        } catch (...) {
            fault = std::current_exception();
            given_up = true;
        }
        if (writes_) {
            writes_->roll_back();
        }
        if (given_up) {
            break;
        }
        before_again(writes_.get(), attempt + 1);
    }
    if (!given_up && jobs.size() > 1) {
        // One of them may be the reason: the others need not fail with it.
        for (Pending* pending : jobs) {
            write(tenant, {pending});
        }
        return;
    }
    unit.fail(fault);
    unit.answer();
}

void ShardLane::before_again(MariaConnection* connection, int attempt) {
    ++world_.repeats;
    const std::optional<std::string> table =
        connection != nullptr ? connection->take_half_read() : std::nullopt;
    if (table && !table->empty() && world_.read_triggers_anew) {
        world_.read_triggers_anew(*table);
    }
    pause_before(attempt);
}

// The unit has its outcomes, or it throws and nothing of it stands.
void ShardLane::write_once(Unit& unit) {
    MariaConnection& connection = opened(writes_, world_.writes, false);
    const std::int64_t number = take_number(connection, unit.tenant, unit.jobs.front()->epoch);
    if (unresolved_.contains(unit.tenant)) {
        note_unknown(unit);  // what was read while its commit was on its way
        unresolved_.erase(unit.tenant);
    }
    unit.outcomes.assign(unit.jobs.size(), Outcome{});
    unit.kept = 0;
    unit.written.reset();
    if (!run_bodies(unit, connection)) {
        throw TransactionLost("the server gave the transaction up: " + connection.why_lost());
    }
    if (unit.kept == 0) {
        connection.roll_back();
        return;
    }
    connection.commit();
    note_changes(unit);
    for (Outcome& outcome : unit.outcomes) {
        outcome.commit_number = outcome.committed ? number : 0;
    }
    ++world_.commits;
    world_.requests += unit.kept;
}

void ShardLane::note_changes(const Unit& unit) const {
    for (const Pending* pending : unit.jobs) {
        if (pending->versions) {
            pending->versions->changed(unit.written);
        }
    }
}

void ShardLane::note_unknown(const Unit& unit) {
    unresolved_.insert(unit.tenant);
    for (const Pending* pending : unit.jobs) {
        if (pending->versions) {
            pending->versions->all_changed();
        }
    }
}

// False: the server gave the transaction up, even if the work that met it took that for an answer.
bool ShardLane::run_bodies(Unit& unit, MariaConnection& connection) {
    const bool several = unit.jobs.size() > 1;
    for (std::size_t i = 0; i < unit.jobs.size(); ++i) {
        Outcome& outcome = unit.outcomes[i];
        if (several) {
            connection.savepoint();
        }
        connection.forget_used_tables();
        try {
            outcome.committed =
                run_body(connection, unit.tenant, *unit.jobs[i]) == Decision::commit;
        } catch (...) {
            outcome.fault = std::current_exception();
        }
        if (connection.lost()) {
            return false;
        }
        if (outcome.committed) {
            ++unit.kept;
            unit.written |= connection.written_tables();
        }
        if (several && outcome.committed) {
            connection.release();
        } else if (several) {
            connection.roll_back_to_savepoint();
        }
    }
    return true;
}

// What it writes is rolled back. Its answer may be kept for as long as nobody else works for the
// tenant: all that writes for it comes one after another on this lane.
void ShardLane::read(TenantId tenant, Pending& pending) {
    const bool report = pending.work == Work::report;
    std::unique_ptr<MariaConnection>& kept = report ? reports_ : reads_;
    Outcome outcome;
    for (int attempt = 1; attempt <= kUnitAttemptsMax; ++attempt) {
        outcome = Outcome{};
        try {
            MariaConnection& connection =
                opened(kept, report ? world_.reports : world_.writes, true);
            check_tenant(connection, tenant, pending.epoch);
            connection.forget_used_tables();
            run_body(connection, tenant, pending);
            outcome.committed = true;
            if (!report && pending.versions && !unresolved_.contains(tenant)) {
                const TableSet& tables = connection.read_tables();
                outcome.seen = {pending.versions, tables, pending.versions->stamp(tables)};
            }
        } catch (const StaleEpoch&) {
            kept->roll_back();
            give_back(pending, std::current_exception());
            return;
        } catch (...) {
            outcome.fault = std::current_exception();
        }
        const bool again = kept && kept->lost();
        const std::string why = again ? kept->why_lost() : "";
        if (kept) {
            kept->roll_back();
        }
        if (!again) {
            break;
        }
        outcome.committed = false;
        if (!outcome.fault) {
            outcome.fault = std::make_exception_ptr(
                TransactionLost("the server gave the transaction up: " + why));
        }
        before_again(kept.get(), attempt + 1);
    }
    pending.job->done(outcome);
}

}  // namespace hangu::storage

#include "platform/storage/internal/tenant_lane.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace hangu::storage {

namespace {

constexpr int kCheckpointFrames = 2000;  // passive, after a commit: about 2 MB of log
constexpr int kRestFramesMin = 64;       // a resting tenant with less keeps its log
constexpr std::int64_t kRestMs = 60'000;

const char kNumberStatement = 0;  // the address is the statement's key

}  // namespace

std::string tenant_path(const std::string& tenants_folder, TenantId tenant) {
    const std::string text = tenant.text();
    return tenants_folder + "/" + text.substr(text.size() - 2) + "/" + text + ".db";
}

std::vector<std::pair<TenantId, std::vector<Pending*>>> by_tenant(std::vector<Pending>& batch) {
    std::vector<std::pair<TenantId, std::vector<Pending*>>> groups;
    for (Pending& pending : batch) {
        if (pending.closes_file) {
            continue;
        }
        const auto found =
            std::find_if(groups.begin(), groups.end(),
                         [&pending](const auto& group) { return group.first == pending.tenant; });
        if (found == groups.end()) {
            groups.push_back({pending.tenant, {&pending}});
        } else {
            found->second.push_back(&pending);
        }
    }
    return groups;
}

OpenTenants::OpenTenants(LaneWorld& world, std::size_t count_max, bool reports)
    : world_(world), count_max_(count_max), reports_(reports) {}

OpenTenant& OpenTenants::open(TenantId tenant) {
    const auto found = index_.find(tenant);
    if (found != index_.end()) {
        by_use_.splice(by_use_.begin(), by_use_, found->second);
        (*found->second)->last_used_ms = world_.clock->monotonic_us() / 1000;
        return **found->second;
    }
    while (by_use_.size() >= count_max_) {
        close_last();
    }
    std::unique_ptr<OpenTenant> opened = open_file(tenant);
    opened->last_used_ms = world_.clock->monotonic_us() / 1000;
    by_use_.push_front(std::move(opened));
    index_[tenant] = by_use_.begin();
    ++world_.opens;
    ++world_.open_tenants;
    return *by_use_.front();
}

std::unique_ptr<OpenTenant> OpenTenants::open_file(TenantId tenant) {
    const std::string path = tenant_path(world_.tenants_folder, tenant);
    if (!std::filesystem::exists(path)) {
        throw NoSuchTenant("no database file of tenant " + tenant.text());
    }
    auto opened = std::make_unique<OpenTenant>();
    opened->tenant = tenant;
    opened->keys = world_.keys->open(tenant);
    Connection::Options options;
    options.path = path;
    options.reports = reports_;
    options.cache_kib = reports_ ? 2048 : 256;
    options.tap = !reports_;
    options.tables = reports_ ? nullptr : &world_.tables;
    opened->connection = std::make_unique<Connection>(options);
    Connection& connection = *opened->connection;
    if (reports_) {
        if (!is_up_to(connection, world_.steps)) {
            throw SchemaBehind("the tenant's schema is behind");
        }
        return opened;
    }
    const Result<bool> migrated = migrate(connection, world_.steps, world_.clock->now());
    if (!migrated.ok()) {
        // Half-migrated or foreign files are never served.
        throw StorageFault(
            fmt::format("{}: {}", migrated.problem().code, migrated.problem().detail));
    }
    if (migrated.value()) {
        world_.log->info("tenant.migrated", {{"tenant", tenant}});
    }
    FileWrites writes = take_wal_writes(connection.handle());
    if (!writes.empty()) {
        world_.redo->append(tenant, std::move(writes), {}, opened->waiting);
    }
    connection.watch(world_.watched.of(tenant));
    opened->commit_number =
        connection.query_integer("select commit_number from storage_meta where id = 1");
    return opened;
}

// A database file must not get ahead of what the redo log could put back.
void OpenTenants::checkpoint(OpenTenant& tenant, bool truncate) {
    world_.redo->wait();
    tenant.connection->checkpoint(truncate);
}

void OpenTenants::close_last() {
    if (!reports_ && *by_use_.back()->waiting > 0) {
        world_.redo->wait();  // opened again, it would not know that it has to wait
    }
    by_use_.back()->versions->close();
    by_use_.back()->connection.reset();
    index_.erase(by_use_.back()->tenant);
    by_use_.pop_back();
    --world_.open_tenants;
}

void OpenTenants::close(TenantId tenant) {
    const auto found = index_.find(tenant);
    if (found != index_.end()) {
        (*found->second)->versions->close();
        by_use_.erase(found->second);
        index_.erase(found);
        --world_.open_tenants;
    }
}

void OpenTenants::close_all() {
    while (!by_use_.empty()) {
        if (!reports_ && by_use_.back()->connection->wal_frames() > 0) {
            checkpoint(*by_use_.back(), true);
        }
        close_last();
    }
}

void OpenTenants::tidy_one(std::int64_t now_ms) {
    if (by_use_.empty()) {
        return;
    }
    OpenTenant& oldest = *by_use_.back();
    const bool rests = now_ms - oldest.last_used_ms > kRestMs;
    if (rests && oldest.connection->wal_frames() > kRestFramesMin) {
        checkpoint(oldest, true);
        oldest.last_used_ms = now_ms;
    }
}

// Nothing of the tenant comes behind it: its work is held. Everything of it is in the database file
// and durable afterwards.
void TenantLane::close_file(TenantId tenant, Pending& pending) {
    Outcome outcome;
    try {
        OpenTenant& opened = open_.open(tenant);
        open_.checkpoint(opened, true);
        outcome.commit_number = opened.commit_number;
        open_.close(tenant);
        outcome.committed = true;
    } catch (...) {
        outcome.fault = std::current_exception();
    }
    world_.redo->arrived(1);
    pending.job->done(outcome);
}

void TenantLane::drain(std::vector<Pending>& batch) {
    // Work of one tenant shares a commit; order within a tenant is the order of arrival.
    std::vector<Pending*> closing;
    for (Pending& pending : batch) {
        if (pending.closes_file) {
            closing.push_back(&pending);
        }
    }
    for (const auto& [tenant, jobs] : by_tenant(batch)) {
        run_tenant(tenant, jobs);
    }
    for (Pending* pending : closing) {
        close_file(pending->tenant, *pending);
    }
    open_.tidy_one(world_.clock->monotonic_us() / 1000);
}

void TenantLane::run_tenant(TenantId tenant, const std::vector<Pending*>& jobs) {
    OpenTenant* opened = nullptr;
    try {
        opened = &open_.open(tenant);
    } catch (...) {
        Outcome outcome;
        outcome.fault = std::current_exception();
        world_.redo->arrived(jobs.size());
        for (Pending* pending : jobs) {
            pending->job->done(outcome);
        }
        return;
    }
    if (jobs.size() == 1) {
        run_alone(*opened, *jobs.front());
    } else {
        run_group(*opened, jobs);
    }
    if (opened->connection->wal_frames() >= kCheckpointFrames) {
        try {
            open_.checkpoint(*opened, false);
        } catch (const std::exception& fault) {
            world_.log->error("checkpoint.failed", {{"tenant", tenant}, {"what", fault.what()}});
        }
    }
}

Decision TenantLane::run_body(OpenTenant& tenant, Pending& pending) {
    Tx tx(*tenant.connection, {tenant.tenant, tenant.keys.get()}, world_.clock->now());
    return pending.job->body(tx);
}

// What it read, as of now: the lane alone changes it.
Seen TenantLane::seen_by(const OpenTenant& tenant) {
    const TableSet& tables = tenant.connection->read_tables();
    return {tenant.versions, tables, tenant.versions->stamp(tables)};
}

void TenantLane::number_commit(OpenTenant& tenant) {
    Cursor& cursor =
        tenant.connection->prepare(&kNumberStatement, "storage.number_commit",
                                   "update storage_meta set commit_number = ?1 where id = 1");
    cursor.bind_integer(1, tenant.commit_number + 1);
    cursor.step();
    cursor.finish();
}

// Now, if everything that they saw is durable; else when it is.
void TenantLane::answer(OpenTenant& tenant, std::vector<Answer> answers) {
    world_.redo->arrived(answers.size());
    FileWrites writes = take_wal_writes(tenant.connection->handle());
    if (writes.empty() && *tenant.waiting == 0) {
        for (Answer& one : answers) {
            one.job->done(one.outcome);
        }
        return;
    }
    world_.redo->append(tenant.tenant, std::move(writes), std::move(answers), tenant.waiting);
}

void TenantLane::run_alone(OpenTenant& tenant, Pending& pending) {
    Connection& connection = *tenant.connection;
    Outcome outcome;
    connection.forget_used_tables();
    try {
        if (pending.work == Work::write) {
            connection.begin_write();
        } else {
            connection.begin_read();
        }
        if (run_body(tenant, pending) == Decision::commit && pending.work == Work::write) {
            number_commit(tenant);
            connection.commit();
            tenant.versions->changed(connection.written_tables());
            outcome.committed = true;
            outcome.commit_number = ++tenant.commit_number;
            ++world_.commits;
            ++world_.requests;
        } else {
            outcome.committed = pending.work == Work::read;
            outcome.seen = seen_by(tenant);
            connection.roll_back();
        }
    } catch (...) {
        connection.roll_back();
        outcome.committed = false;
        outcome.fault = std::current_exception();
    }
    std::vector<Answer> answers;
    answers.push_back({std::move(pending.job), outcome});
    answer(tenant, std::move(answers));
}

// Each request has its savepoint; one commit for all. When the database had to give up the whole
// transaction (disk full, I/O), nothing was answered yet, and each request runs again alone.
void TenantLane::run_group(OpenTenant& tenant, const std::vector<Pending*>& jobs) {
    Connection& connection = *tenant.connection;
    std::vector<Outcome> outcomes(jobs.size());
    const bool writes = std::any_of(jobs.begin(), jobs.end(), [](const Pending* pending) {
        return pending->work == Work::write;
    });
    std::uint64_t kept = 0;
    TableSet written;
    try {
        if (writes) {
            connection.begin_write();
        } else {
            connection.begin_read();
        }
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            connection.savepoint();
            connection.forget_used_tables();
            bool keep = false;
            try {
                keep = run_body(tenant, *jobs[i]) == Decision::commit;
            } catch (...) {
                outcomes[i].fault = std::current_exception();
            }
            if (!connection.in_transaction()) {
                throw StorageFault("the database rolled the whole group back");
            }
            outcomes[i].committed = keep;
            if (keep && jobs[i]->work == Work::write) {
                connection.release();
                written |= connection.written_tables();
                ++kept;
            } else {
                outcomes[i].seen = seen_by(tenant);
                connection.roll_back_to_savepoint();
            }
        }
        if (kept > 0) {
            number_commit(tenant);
            connection.commit();
            tenant.versions->changed(written);
            ++tenant.commit_number;
            ++world_.commits;
            world_.requests += kept;
        } else {
            connection.roll_back();
        }
    } catch (...) {
        connection.roll_back();
        for (Pending* pending : jobs) {
            run_alone(tenant, *pending);
        }
        return;
    }
    std::vector<Answer> answers;
    answers.reserve(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (outcomes[i].committed && jobs[i]->work == Work::write) {
            outcomes[i].commit_number = tenant.commit_number;
        }
        answers.push_back({std::move(jobs[i]->job), std::move(outcomes[i])});
    }
    answer(tenant, std::move(answers));
}

OpenTenant& ReportLane::open(TenantId tenant) {
    try {
        return open_.open(tenant);
    } catch (const SchemaBehind&) {
        open_on_owner_(tenant);
        return open_.open(tenant);
    }
}

void ReportLane::drain(std::vector<Pending>& batch) {
    for (Pending& pending : batch) {
        Outcome outcome;
        try {
            if (pending.closes_file) {
                open_.close(pending.tenant);
                outcome.committed = true;
                pending.job->done(outcome);
                continue;
            }
            OpenTenant& tenant = open(pending.tenant);
            Connection& connection = *tenant.connection;
            try {
                connection.limit_time(world_.clock, world_.report_ms_max);
                connection.begin_read();
                Tx tx(connection, {tenant.tenant, tenant.keys.get()}, world_.clock->now());
                pending.job->body(tx);
                outcome.committed = true;
                connection.roll_back();
            } catch (...) {
                connection.roll_back();
                throw;
            }
        } catch (...) {
            outcome.committed = false;
            outcome.fault = std::current_exception();
        }
        world_.redo->wait();  // what it saw may be newer than what is durable
        pending.job->done(outcome);
    }
}

}  // namespace hangu::storage

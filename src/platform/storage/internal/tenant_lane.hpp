// One lane: the thread that owns some of the tenants. It keeps their connections, runs their work
// in group commits and decides when to checkpoint.
#pragma once

#include "platform/runtime/runtime.hpp"
#include "platform/storage/engine.hpp"
#include "platform/storage/internal/migration.hpp"
#include "platform/storage/internal/redo_log.hpp"
#include "platform/storage/internal/sqlite.hpp"

#include <atomic>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace hangu::storage {

struct Pending {
    TenantId tenant;
    Work work = Work::read;
    std::unique_ptr<Job> job;
    std::int64_t epoch = 1;                   // of the tenant's place, on a shard
    std::shared_ptr<TableVersions> versions;  // of that epoch; null: in files, the file has its own
    // The job only hears that everything before it was done; in files, the tenant's is let go of.
    bool closes_file = false;
    int bounces = 0;  // times that the place refused its epoch
};

// The work of each tenant in its order of arrival; without what closes a file.
std::vector<std::pair<TenantId, std::vector<Pending*>>> by_tenant(std::vector<Pending>& batch);

// Who hears of every row that changes in a tenant's file, also when it was closed meanwhile.
class WatchedFiles {
 public:
    void add(TenantId tenant, std::shared_ptr<RowWatch> watch) {
        const std::lock_guard lock(mutex_);
        watches_[tenant] = std::move(watch);
    }
    void remove(TenantId tenant) {
        const std::lock_guard lock(mutex_);
        watches_.erase(tenant);
    }
    std::shared_ptr<RowWatch> of(TenantId tenant) const {
        const std::lock_guard lock(mutex_);
        const auto found = watches_.find(tenant);
        return found == watches_.end() ? nullptr : found->second;
    }

 private:
    mutable std::mutex mutex_;
    std::unordered_map<TenantId, std::shared_ptr<RowWatch>> watches_;
};

// What all lanes share.
struct LaneWorld {
    std::string tenants_folder;
    Steps steps;
    TableNumbers tables;
    const Clock* clock = nullptr;
    observe::Log* log = nullptr;
    crypto::KeyRing* keys = nullptr;
    RedoLog* redo = nullptr;
    WatchedFiles watched;
    std::int64_t report_ms_max = 5000;
    std::atomic<std::uint64_t> commits{0};
    std::atomic<std::uint64_t> requests{0};
    std::atomic<std::uint64_t> opens{0};
    std::atomic<std::int64_t> open_tenants{0};
};

std::string tenant_path(const std::string& tenants_folder, TenantId tenant);

struct OpenTenant {
    TenantId tenant;
    std::unique_ptr<Connection> connection;
    std::shared_ptr<crypto::TenantKeys> keys;
    std::int64_t commit_number = 0;
    std::int64_t last_used_ms = 0;
    std::shared_ptr<TableVersions> versions = std::make_shared<TableVersions>();
    // Commits that the redo log has not made durable yet; who reads meanwhile is answered after
    // them.
    std::shared_ptr<std::atomic<std::int64_t>> waiting =
        std::make_shared<std::atomic<std::int64_t>>(0);
};

// Opened tenants by last use, closed from the other end when there are too many.
class SchemaBehind : public StorageFault {
 public:
    using StorageFault::StorageFault;
};

class OpenTenants {
 public:
    OpenTenants(LaneWorld& world, std::size_t count_max, bool reports);

    OpenTenant& open(TenantId tenant);  // throws NoSuchTenant, StorageFault
    void close(TenantId tenant);
    void close_all();
    // Truncates the log of one tenant that rested; called between batches.
    void tidy_one(std::int64_t now_ms);
    void checkpoint(OpenTenant& tenant, bool truncate);

 private:
    std::unique_ptr<OpenTenant> open_file(TenantId tenant);
    void close_last();

    LaneWorld& world_;
    std::size_t count_max_;
    bool reports_;
    std::list<std::unique_ptr<OpenTenant>> by_use_;
    std::unordered_map<TenantId, std::list<std::unique_ptr<OpenTenant>>::iterator> index_;
};

class TenantLane {
 public:
    TenantLane(LaneWorld& world, std::size_t open_count_max)
        : open_(world, open_count_max, false), world_(world) {}
    void drain(std::vector<Pending>& batch);
    void close_all() { open_.close_all(); }

 private:
    void run_tenant(TenantId tenant, const std::vector<Pending*>& jobs);
    void close_file(TenantId tenant, Pending& pending);
    void run_group(OpenTenant& tenant, const std::vector<Pending*>& jobs);
    void run_alone(OpenTenant& tenant, Pending& pending);
    Decision run_body(OpenTenant& tenant, Pending& pending);
    static Seen seen_by(const OpenTenant& tenant);
    void number_commit(OpenTenant& tenant);
    void answer(OpenTenant& tenant, std::vector<Answer> answers);

    OpenTenants open_;
    LaneWorld& world_;
};

class ReportLane {
 public:
    ReportLane(LaneWorld& world, std::size_t open_count_max,
               std::function<void(TenantId)> open_on_owner)
        : open_(world, open_count_max, true),
          world_(world),
          open_on_owner_(std::move(open_on_owner)) {}
    void drain(std::vector<Pending>& batch);
    void close_all() { open_.close_all(); }

 private:
    OpenTenant& open(TenantId tenant);

    OpenTenants open_;
    LaneWorld& world_;
    std::function<void(TenantId)> open_on_owner_;
};

}  // namespace hangu::storage

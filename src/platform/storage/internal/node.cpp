#include "platform/storage/internal/node.hpp"

#include "platform/runtime/runtime.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::storage {

Node::Node(NodeOptions options, std::string instance, Services services)
    : options_(std::move(options)), services_(std::move(services)) {
    row_.name = options_.name;
    row_.address = options_.address;
    row_.version = options_.version;
    row_.instance = std::move(instance);
}

Node::~Node() {
    stop();
}

Result<void> Node::register_node() {
    Result<void> registered;
    services_.control.run([&](ControlTx& tx) {
        registered = {};
        Directory directory(tx);
        std::set<std::int64_t> numbers;
        row_.id = 0;
        for (const NodeRow& node : directory.nodes()) {
            numbers.insert(node.id);
            if (node.name != row_.name) {
                continue;
            }
            if (node.instance != row_.instance && node.lease_until > tx.now()) {
                registered = Problem::conflict(
                    "cluster.node_taken",
                    fmt::format("another process is the node {} ({})", node.name, node.address));
                return;
            }
            row_.id = node.id;
        }
        for (std::int64_t number = 1; row_.id == 0 && number <= kNumberMax; ++number) {
            row_.id = numbers.contains(number) ? 0 : number;
        }
        HANGU_ASSERT(row_.id != 0);
        row_.beat_at = tx.now();
        row_.lease_until = tx.now().plus_ms(options_.lease_ms);
        directory.put_node(row_);
    });
    return registered;
}

Result<void> Node::start() {
    // Whoever was this node may have died a moment ago.
    const std::int64_t until_us =
        services_.clock.monotonic_us() + (options_.lease_ms + options_.beat_ms) * 1000;
    Result<void> registered = register_node();
    while (!registered.ok() && services_.clock.monotonic_us() < until_us) {
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, std::chrono::milliseconds(kWaitingBeatMs));
        lock.unlock();
        registered = register_node();
    }
    HANGU_CHECK(std::move(registered));
    beat();
    joined_ = true;
    thread_ = std::thread([this] { run(); });
    services_.log.info("cluster.joined", {{"node", row_.name}, {"number", row_.id}});
    return {};
}

void Node::run() {
    runtime::name_this_thread("node");
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        const bool waiting = !wanted_.empty() || !asked_.empty() || soon_;
        const std::int64_t pause_ms = waiting ? kWaitingBeatMs : options_.beat_ms;
        if (!soon_) {
            wake_.wait_for(lock, std::chrono::milliseconds(pause_ms),
                           [this] { return soon_ || stopping_; });
        }
        soon_ = false;
        if (stopping_) {
            break;
        }
        lock.unlock();
        beat();
        round_ended_.notify_all();
        lock.lock();
    }
}

bool Node::wait_until_here(TenantId tenant, std::int64_t ms_max) {
    std::unique_lock lock(mutex_);
    return round_ended_.wait_for(lock, std::chrono::milliseconds(ms_max),
                                 [&] { return services_.places.is_here(tenant); });
}

bool Node::wait_until_left(std::int64_t ms_max) {
    std::unique_lock lock(mutex_);
    return round_ended_.wait_for(lock, std::chrono::milliseconds(ms_max),
                                 [&] { return services_.places.here().empty(); });
}

void Node::end_rounds() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

void Node::stop() {
    end_rounds();
    if (!std::exchange(joined_, false)) {
        return;
    }
    try {
        // Nobody need wait for the lease.
        services_.control.run([&](ControlTx& tx) {
            Directory directory(tx);
            for (auto& [tenant, row] : directory_) {
                if (row.owner != row_.id) {
                    continue;
                }
                if (std::optional<PlaceRow> now = directory.place(tenant);
                    now && now->owner == row_.id) {
                    now->owner = now->wanted_by;
                    now->wanted_by = 0;
                    directory.change_place(*now, now->epoch);
                }
            }
            row_.lease_until = tx.now();
            row_.beat_at = tx.now();
            directory.beat(row_);
        });
        services_.log.info("cluster.left", {{"node", row_.name}});
    } catch (const StorageFault& fault) {
        services_.log.error("cluster.not_left", {{"what", fault.what()}});
    }
}

void Node::leave() {
    {
        const std::lock_guard lock(mutex_);
        leaving_ = true;
        soon_ = true;
    }
    wake_.notify_all();
}

void Node::beat_soon() {
    {
        const std::lock_guard lock(mutex_);
        soon_ = true;
    }
    wake_.notify_all();
}

void Node::want(TenantId tenant) {
    {
        const std::lock_guard lock(mutex_);
        wanted_.insert(tenant);
        soon_ = true;
    }
    wake_.notify_all();
}

void Node::lost(TenantId tenant) {
    services_.log.warning("cluster.tenant_lost", {{"tenant", tenant}});
    tell(tenant, Ownership::lost);
    beat_soon();
}

void Node::ask_for(TenantId tenant, std::int64_t ms_max) {
    {
        const std::lock_guard lock(mutex_);
        asked_[tenant] = services_.clock.monotonic_us() + ms_max * 1000;
        soon_ = true;
    }
    wake_.notify_all();
}

void Node::misrouted(TenantId tenant) {
    const std::int64_t now_us = services_.clock.monotonic_us();
    const std::lock_guard lock(mutex_);
    Misrouted& counted = misrouted_[tenant];
    if (now_us - counted.since_us > kMisroutedWindowMs * 1000) {
        counted = {0, now_us};
    }
    ++counted.count;
}

void Node::keep(TenantId tenant) {
    const std::lock_guard lock(mutex_);
    kept_.insert(tenant);
}

void Node::keep_no_longer(TenantId tenant) {
    const std::lock_guard lock(mutex_);
    kept_.erase(tenant);
}

void Node::set_watch(OwnershipWatch watch, std::function<void()> tenants_changed) {
    {
        const std::lock_guard lock(mutex_);
        watch_ = std::move(watch);
        tenants_changed_ = std::move(tenants_changed);
    }
    for (const TenantId tenant : services_.places.here()) {
        tell(tenant, Ownership::gained);
    }
}

void Node::tell(TenantId tenant, Ownership what) {
    OwnershipWatch watch;
    {
        const std::lock_guard lock(mutex_);
        watch = watch_;
    }
    if (watch) {
        watch(tenant, what);
    }
}

// --- what is shown

ClusterState Node::state() const {
    const std::lock_guard lock(mutex_);
    ClusterState state;
    state.clustered = true;
    state.control_reached = control_detail_.empty();
    state.control_detail = control_detail_;
    state.seen_at = server_now_;
    state.control_ahead_ms = ahead_ms_;
    state.waiting = static_cast<std::int64_t>(services_.places.waiting_count());
    const std::int64_t since_ms = (services_.clock.monotonic_us() - round_at_us_) / 1000;
    const Time now = server_now_.plus_ms(since_ms);
    for (const NodeRow& node : nodes_) {
        const auto tenants = tenants_of_.find(node.id);
        const std::int64_t left_ms = node.lease_until.unix_ms() - now.unix_ms();
        state.nodes.push_back({node.id, node.name, node.address, node.version, node.id == row_.id,
                               left_ms > 0, node.leaving, node.beat_at,
                               std::max<std::int64_t>(0, left_ms),
                               tenants == tenants_of_.end() ? 0 : tenants->second});
    }
    return state;
}

Result<void> Node::forget(std::string_view name) {
    Result<void> done;
    services_.control.run([&](ControlTx& tx) {
        Directory directory(tx);
        done = Problem::not_found("node.unknown", fmt::format("there is no node {}", name));
        for (const NodeRow& node : directory.nodes()) {
            if (node.name != name) {
                continue;
            }
            if (node.lease_until > tx.now()) {
                done = Problem::conflict("node.alive", "it is running; stop it first");
                return;
            }
            directory.forget_node(node.id);
            done = {};
        }
    });
    return done;
}

}  // namespace hangu::storage

// The house as one of several: whose merchants are whose, and what nodes share.
#include "app/house.hpp"

#include "app/events_between_nodes.hpp"
#include "app/internal/upgrades.hpp"
#include "app/platform_realm.hpp"
#include "app/program.hpp"
#include "app/redis_settings.hpp"

#include <algorithm>

namespace hangu::app {

namespace {

constexpr std::string_view kDirectoryBell = "cluster.directory";

// Keys that all nodes have alike, because they have the root key.
Secret key_for(const Secret& root, std::string_view purpose) {
    return Secret(std::string(crypto::hmac_sha256(root.expose(), purpose).view()));
}

}  // namespace

void House::ring_directory_bell() {
    // The node's thread is there before the bells are.
    if (shared_state::Bells* bells = bells_) {
        bells->ring(kDirectoryBell, "");
    }
}

void House::join_nodes() {
    upgrades->live_versions = [this] {
        std::vector<std::string> versions{std::string(program_version())};
        for (const storage::NodeState& node : engine->cluster_state().nodes) {
            if (node.alive) {
                versions.push_back(node.version);
            }
        }
        return versions;
    };
    engine->watch_ownership(
        [this](TenantId tenant, storage::Ownership what) { ownership_changed(tenant, what); },
        [this] { tenants->refresh(); });
    if (engine->clustered() && shared->health().shared) {
        events_between_nodes_ = std::make_unique<EventsBetweenNodes>(EventsBetweenNodes::Services{
            hub, shared->streams(), [this](TenantId tenant) { return engine->works_for(tenant); },
            log, settings.snapshot()->get(kClusterNode)});
    }
    if (engine->clustered()) {
        directory_bell_ = shared->bells().listen(
            kDirectoryBell, [this](const shared_state::Ring&) { engine->look_soon(); });
    }
}

// What nodes share and may lose: in Redis, or, without one, in memory.
Result<void> House::open_shared(const Secret& root) {
    const auto snapshot = settings.snapshot();
    shared_state::SharedState::Options made;
    HANGU_TRY(made.server, read_redis(*snapshot));
    made.deadline_ms = redis_deadline_ms(*snapshot);
    made.name_key = key_for(root, "shared_state.names.1");
    challenge_key_ = key_for(root, "passkey.challenges.1");
    shared = std::make_unique<shared_state::SharedState>(
        std::move(made), shared_state::SharedState::Services{clock, randomness, log, metrics});
    shared->set_live_nodes([this] {
        const storage::ClusterState state = engine->cluster_state();
        const auto alive = std::count_if(state.nodes.begin(), state.nodes.end(),
                                         [](const storage::NodeState& node) { return node.alive; });
        return std::max<std::int64_t>(1, alive);
    });
    bells_ = &shared->bells();
    return {};
}

void House::share_with(identity::Identity& of_realm) {
    if (shared->health().shared) {
        of_realm.set_shared_state(*shared, challenge_key_);
    }
}

http::SharedRates House::shared_rates(std::string_view listener) {
    const bool is_shared = shared->health().shared;
    return {is_shared ? &shared->rates() : nullptr, listener};
}

// What is remembered of a tenant is right on the node that works for it, and nowhere else.
void House::ownership_changed(TenantId tenant, storage::Ownership what) {
    if (what == storage::Ownership::leaving) {
        audit->flush_visits_and_wait();
        return;
    }
    identity->forget(tenant);
    platform->identity.forget(tenant);
    open_api->forget(tenant);
    audit->forget(tenant);
    record_counts->begin_anew(tenant, clock.now());
    if (what == storage::Ownership::gained) {
        audit_log->look_at(tenant);
        notify->look_at(tenant);
        deliveries->look_at(tenant);
    }
}

void House::leave() {
    engine->leave();
}

std::vector<std::shared_ptr<const tenant::Tenant>> House::own_tenants() const {
    std::vector<std::shared_ptr<const tenant::Tenant>> all = tenants->list();
    std::erase_if(all, [this](const auto& one) { return !engine->works_for(one->id); });
    return all;
}

void House::ring_for_the_platform() {
    if (!engine->works_for(tenant::kPlatformTenant)) {
        return;
    }
    try {
        notify->ring_platform_notices();
    } catch (const std::exception& fault) {
        log.warning("notice.not_rung", {{"what", fault.what()}});  // the next round tries again
    }
}

}  // namespace hangu::app

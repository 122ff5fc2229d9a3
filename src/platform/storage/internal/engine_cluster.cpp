// The engine as one of several: the control database, this process as a node, and whose the tenants
// are.
#include "platform/storage/internal/directory.hpp"
#include "platform/storage/internal/engine_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace hangu::storage {

namespace {

bool is_node_name(std::string_view name) {
    constexpr std::size_t kNameBytesMax = 16;
    return !name.empty() && name.size() <= kNameBytesMax &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
           });
}

bool has_tenant_files(const std::string& tenants_folder) {
    namespace fs = std::filesystem;
    if (!fs::exists(tenants_folder)) {
        return false;
    }
    const auto files = fs::recursive_directory_iterator(tenants_folder);
    return std::any_of(begin(files), end(files), [](const fs::directory_entry& entry) {
        return entry.path().extension() == ".db";
    });
}

Problem tenants_in_files() {
    return Problem::conflict("cluster.tenants_in_files",
                             "tenants are in files of this machine: move them to shards first "
                             "(hangu tenant move NAME --to SHARD)");
}

}  // namespace

Result<void> Engine::start_control() {
    State& state = *state_;
    if (!state.options.control) {
        HANGU_TRY(state.control, control_in_file(state.options.folder + "/control.db", state.parts,
                                                 state.facts, state.clock));
        return {};
    }
    if (!is_node_name(state.options.node.name)) {
        return Problem::invalid("cluster.node_name",
                                "cluster.node: 1 to 16 small letters, digits and _");
    }
    if (has_tenant_files(state.world.tenants_folder)) {
        return tenants_in_files();
    }
    HANGU_TRY(state.control, control_on_server(*state.options.control, state.parts, state.facts,
                                               state.clock, state.log));
    return {};
}

Result<void> Engine::start_node(const Deliver& deliver) {
    State& state = *state_;
    const std::string& fresh = state.options.new_tenants_on;
    if (fresh.empty() || fresh == kFiles) {
        return Problem::invalid("cluster.no_files",
                                "several nodes have no files: storage.new_tenants names a shard");
    }
    const auto tenure = std::make_shared<Tenure>(state.clock);
    state.places = std::make_unique<Places>(
        deliver, [&state](TenantId tenant) { state.node->want(tenant); }, tenure);
    Node::Services services{*state.control,
                            *state.places,
                            tenure,
                            [&state](std::string_view name) { return state.shard(name); },
                            [this](const MoveRow& row) { recover_move(row); },
                            state.log,
                            state.clock};
    state.node = std::make_unique<Node>(state.options.node, instance_of(state.options.folder),
                                        std::move(services));
    for (const auto& [name, shard] : state.shards) {
        shard->on_stale([&state](Pending& pending) {
            if (++pending.bounces > Places::kBouncesMax) {
                return false;
            }
            if (state.places->lost(pending.tenant, pending.epoch)) {
                state.node->lost(pending.tenant);
            }
            state.places->submit_or_answer(std::move(pending));
            return true;
        });
    }
    return state.node->start();
}

bool is_elsewhere(const std::exception_ptr& fault) {
    if (!fault) {
        return false;
    }
    try {
        std::rethrow_exception(fault);
    } catch (const OwnedElsewhere&) {
        return true;
    } catch (...) {
        return false;
    }
}

bool Engine::clustered() const {
    return state_->node != nullptr;
}

std::int64_t Engine::node_number() const {
    return state_->node ? state_->node->number() : 0;
}

std::optional<std::string> Engine::elsewhere(TenantId tenant) {
    if (!state_->node) {
        return std::nullopt;
    }
    std::optional<std::string> node = state_->places->elsewhere(tenant);
    if (node) {
        state_->node->misrouted(tenant);
    }
    return node;
}

void Engine::doubt(TenantId tenant) {
    if (state_->node) {
        state_->places->doubt(tenant);
    }
}

bool Engine::works_for(TenantId tenant) const {
    return !state_->node || state_->places->is_here(tenant);
}

bool Engine::bring(TenantId tenant, std::int64_t ms_max) {
    if (works_for(tenant)) {
        return true;
    }
    state_->node->ask_for(tenant, ms_max);
    return state_->node->wait_until_here(tenant, ms_max);
}

void Engine::watch_ownership(OwnershipWatch watch, std::function<void()> tenants_changed) {
    if (state_->node) {
        state_->node->set_watch(std::move(watch), std::move(tenants_changed));
    }
}

void Engine::look_soon() {
    if (state_->node) {
        state_->node->beat_soon();
    }
}

void Engine::leave() {
    constexpr std::int64_t kLeaveMsMax = 20'000;
    if (state_->node) {
        state_->node->leave();
        state_->node->wait_until_left(kLeaveMsMax);
    }
}

ClusterState Engine::cluster_state() const {
    return state_->node ? state_->node->state() : ClusterState{};
}

Result<void> Engine::forget_node(std::string_view name) {
    return state_->node ? state_->node->forget(name) : Problem::not_found("node.unknown");
}

Result<std::int64_t> Engine::move_control(const Options& options, std::vector<Part> parts,
                                          bool to_server, observe::Log& log, const Clock& clock) {
    HANGU_ASSERT(options.control.has_value());
    add_own(parts);
    ProgramFacts facts;
    facts.release = Release::parse(options.release).value_or(Release{});
    HANGU_TRY(const std::unique_ptr<FolderLock> lock, FolderLock::take(options.folder));
    if (to_server && has_tenant_files(options.folder + "/tenants")) {
        return tenants_in_files();
    }
    HANGU_TRY(const std::unique_ptr<ControlBase> file,
              control_in_file(options.folder + "/control.db", parts, facts, clock));
    HANGU_TRY(const std::unique_ptr<ControlBase> server,
              control_on_server(*options.control, parts, facts, clock, log));
    bool alive = false;
    server->run([&](ControlTx& tx) {
        alive = false;
        for (const NodeRow& node : Directory(tx).nodes()) {
            alive = alive || node.lease_until > tx.now();
        }
    });
    if (alive) {
        return Problem::conflict("cluster.nodes_alive", "stop all nodes first");
    }
    return to_server ? copy_control(*file, *server, parts) : copy_control(*server, *file, parts);
}

void note_tenants_changed(ControlTx& tx) {
    Directory(tx).note_change(Change::tenants);
}

}  // namespace hangu::storage

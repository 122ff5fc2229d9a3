// Several nodes: who is there, and how the control database comes to where they share it.
#include "app/commands.hpp"
#include "app/internal/going_on.hpp"
#include "app/internal/shards.hpp"
#include "app/program.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

namespace hangu::app {

namespace {

struct MoveOfCluster {
    std::string tenant;
    std::string to;
    std::string stage;
};
HANGU_STRUCT(MoveOfCluster, tenant, to, stage)

struct ClusterStatus {
    ClusterView cluster;
    std::vector<ShardView> shards;
    std::vector<MoveOfCluster> moves;
};
HANGU_STRUCT(ClusterStatus, cluster, shards, moves)

std::string answered(std::int64_t answer_us) {
    return answer_us == 0
               ? ""
               : fmt::format("answers in {:.1f} ms  ", static_cast<double>(answer_us) / 1000);
}

// Leases are in the control database: without it, nobody can say who else lives.
std::string words_of(const NodeView& node, bool control_reached) {
    const std::string_view state = !control_reached ? (node.here ? "alive" : "unknown")
                                   : !node.alive    ? "gone"
                                   : node.leaving   ? "leaving"
                                                    : "alive";
    return fmt::format("{:<16} {:<8} {:>9} tenants  version {:<8} lease {:>6} ms  {}{}", node.name,
                       state, node.tenants_count, node.version, node.lease_left_ms, node.address,
                       node.here ? "  (this one)" : "");
}

std::string words_of(const ShardView& shard) {
    return fmt::format("shard {:<16} {:<8} {:>9} tenants  {} waiting  {}{}", shard.name,
                       shard.reached ? "reached" : "away", shard.tenants_count, shard.waiting_count,
                       answered(shard.answer_us), shard.detail);
}

std::string words_of(const ShardHostView& host) {
    const std::string_view state = !host.reached ? "away"
                                   : !host.fit   ? "unfit"
                                   : host.behind ? "behind"
                                                 : "fit";
    return fmt::format("    {} {:<28} {:<8} {}{}{}", host.chosen ? "*" : " ", host.name, state,
                       host.reached ? fmt::format("lag {}  ", host.lag_count) : "",
                       answered(host.answer_us), host.detail);
}

// Every process is stopped: nobody else writes meanwhile.
Result<void> move_control(const Arguments& arguments, Output& output, bool to_server) {
    settings::Settings settings(all_settings());
    const HouseOptions options = house_options(arguments);
    HANGU_CHECK(settings.load(options.config, options.environment));
    const auto snapshot = settings.snapshot();
    if (snapshot->get(kClusterControl).empty()) {
        return Problem::invalid("cluster.no_control",
                                "cluster.control names the shard that is the control database");
    }
    storage::Engine::Options storage_options;
    storage_options.folder = options.data;
    storage_options.release = program_version();
    HANGU_CHECK(add_shards(storage_options, *snapshot, options.data));
    const runtime::SystemClock clock;
    observe::Log log({options.log_level, options.log_file}, clock);
    HANGU_TRY(const std::int64_t rows,
              storage::Engine::move_control(storage_options, all_parts(), to_server, log, clock));
    if (arguments.json()) {
        output.line(fmt::format("{{\"rows\":{}}}", rows));
    } else if (to_server) {
        output.line(fmt::format(
            "The control database is on the shard {} now ({} rows). Start this node, then the "
            "others: each with the same root key and the same [shards]. {}/control.db is not used "
            "any more.",
            snapshot->get(kClusterControl), rows, options.data));
    } else {
        output.line(
            fmt::format("The control database is in {}/control.db ({} rows). Remove "
                        "cluster.control from the settings and start this process alone.",
                        options.data, rows));
    }
    return {};
}

int told_of_node(const Result<void>& done, const Arguments& arguments, Output& output) {
    if (!done.ok()) {
        explain(done.problem(), arguments.json(), output);
    }
    return done.ok() ? 0 : 1;
}

}  // namespace

int cluster_join(const Arguments& arguments, Output& output) {
    return told_of_node(move_control(arguments, output, true), arguments, output);
}

int cluster_dissolve(const Arguments& arguments, Output& output) {
    return told_of_node(move_control(arguments, output, false), arguments, output);
}

Result<void> cluster_status(House& house, const Arguments& arguments, Output& output) {
    ClusterStatus status{cluster_now(*house.engine, *house.shared), shards_now(*house.engine), {}};
    try {
        for (const storage::UnfinishedMove& move : house.engine->unfinished_moves()) {
            const auto found = house.tenants->find(move.tenant);
            status.moves.push_back({found ? found->code : move.tenant.text(), move.target,
                                    std::string(enum_text(move.stage))});
        }
    } catch (const storage::StorageFault&) {
        // The control database is away, as is said above.
    }
    if (arguments.json()) {
        output.line(json::to_text(status));
        return {};
    }
    if (!status.cluster.clustered) {
        output.line("This process is alone; its control database is in its data folder.");
    } else {
        output.line(fmt::format(
            "control database  {}",
            status.cluster.control_reached ? "reached" : "away: " + status.cluster.control_detail));
    }
    if (status.cluster.shared_named) {
        output.line(fmt::format("redis             {}  {}",
                                status.cluster.shared_reached ? "reached" : "away",
                                status.cluster.shared_detail));
    }
    for (const NodeView& node : status.cluster.nodes) {
        output.line(words_of(node, status.cluster.control_reached));
    }
    for (const ShardView& shard : status.shards) {
        output.line(words_of(shard));
        for (const ShardHostView& host : shard.hosts) {
            output.line(words_of(host));
        }
    }
    for (const MoveOfCluster& move : status.moves) {
        output.line(fmt::format("move {} to {}: {}", move.tenant, move.to, move.stage));
    }
    return {};
}

Result<void> cluster_forget(House& house, const Arguments& arguments, Output& output) {
    const std::string& name = arguments.operands()[0];
    HANGU_CHECK(house.engine->forget_node(name));
    output.line(fmt::format("The node {} is forgotten.", name));
    return {};
}

}  // namespace hangu::app

#include "platform/storage/shard_init.hpp"

#include "app/commands.hpp"
#include "app/internal/shards.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <vector>

namespace hangu::app {

namespace {

struct HostLine {
    std::string name;
    bool reached = false;
    bool fit = false;
    std::string detail;
};
HANGU_STRUCT(HostLine, name, reached, fit, detail)

struct ShardLine {
    std::string name;
    bool reached = false;
    std::string detail;
    std::vector<HostLine> hosts;  // of a cluster
};
HANGU_STRUCT(ShardLine, name, reached, detail, hosts)

ShardLine line_of(const storage::ShardOptions& shard) {
    const std::vector<storage::ShardHostState> hosts = storage::check_hosts(shard);
    ShardLine line{shard.name, false, hosts.front().detail, {}};
    for (const storage::ShardHostState& one : hosts) {
        if (one.fit && !line.reached) {
            line.reached = true;
            line.detail = one.detail;
        }
        if (hosts.size() > 1) {
            line.hosts.push_back({one.name, one.reached, one.fit, one.detail});
        }
    }
    return line;
}

void print(const ShardLine& line, Output& output) {
    output.line(
        fmt::format("{:<20} {:<8} {}", line.name, line.reached ? "reached" : "down", line.detail));
    for (const HostLine& host : line.hosts) {
        const std::string_view word = host.fit ? "fit" : host.reached ? "unfit" : "down";
        output.line(fmt::format("  {:<18} {:<8} {}", host.name, word, host.detail));
    }
}

Result<std::string> first_line(const std::string& path) {
    std::ifstream in(path);
    std::string line;
    if (!std::getline(in, line)) {
        return Problem::invalid("usage", "cannot read " + path);
    }
    return line;
}

Result<void> init(const Arguments& arguments, Output& output) {
    settings::Settings settings(all_settings());
    const HouseOptions options = house_options(arguments);
    HANGU_CHECK(settings.load(options.config, options.environment));
    storage::ShardAccount admin{arguments.value("admin-user", "root"), {}};
    if (arguments.has("admin-password-file")) {
        HANGU_TRY(std::string password, first_line(arguments.value("admin-password-file")));
        admin.password = Secret(std::move(password));
    }
    crypto::SystemRandomness randomness;
    HANGU_TRY(const ShardAccounts accounts, make_accounts(*settings.snapshot(), options.data,
                                                          arguments.operands()[0], randomness));
    const std::vector<storage::ShardHost>& hosts = accounts.shard.hosts;
    const bool local = hosts.empty() ? !accounts.shard.socket.empty()
                                     : std::all_of(hosts.begin(), hosts.end(), [](const auto& one) {
                                           return !one.socket.empty();
                                       });
    const std::string fallback = local ? "localhost" : "%";
    HANGU_CHECK(storage::init_shard(accounts.shard, admin, accounts.backup,
                                    arguments.value("clients", fallback)));
    HANGU_TRY(const std::string version, storage::check_shard(accounts.shard));
    output.line(
        arguments.json()
            ? fmt::format("{{\"shard\":\"{}\",\"version\":\"{}\"}}", accounts.shard.name, version)
            : fmt::format("Shard {} is ready ({}). The passwords of its accounts are in {}.",
                          accounts.shard.name, version, accounts.folder));
    return {};
}

Result<void> check(const Arguments& arguments, Output& output) {
    settings::Settings settings(all_settings());
    const HouseOptions options = house_options(arguments);
    HANGU_CHECK(settings.load(options.config, options.environment));
    HANGU_TRY(const std::vector<storage::ShardOptions> shards,
              read_shards(*settings.snapshot(), options.data));
    std::vector<ShardLine> lines;
    bool all = true;
    for (const storage::ShardOptions& shard : shards) {
        lines.push_back(line_of(shard));
        all = all && lines.back().reached;
    }
    if (arguments.json()) {
        output.line(json::to_text(lines));
    } else {
        for (const ShardLine& line : lines) {
            print(line, output);
        }
    }
    return all ? Result<void>() : Problem::unavailable("shard.unreachable");
}

int told_of_shard(const Result<void>& done, const Arguments& arguments, Output& output) {
    if (done.ok()) {
        return 0;
    }
    explain(done.problem(), arguments.json(), output);
    return done.problem().code == "usage" ? 2 : 1;
}

}  // namespace

int shard_init(const Arguments& arguments, Output& output) {
    return told_of_shard(init(arguments, output), arguments, output);
}

int shard_check(const Arguments& arguments, Output& output) {
    return told_of_shard(check(arguments, output), arguments, output);
}

}  // namespace hangu::app

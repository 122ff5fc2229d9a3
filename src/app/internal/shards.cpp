#include "app/internal/shards.hpp"

#include "app/settings.hpp"
#include "base/text.hpp"
#include "platform/storage/engine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>

namespace hangu::app {

namespace {

using settings::Key;
using settings::Snapshot;

constexpr Key<std::string> kShardSocket{"shards.*.socket"};
constexpr Key<std::string> kShardHost{"shards.*.host"};
constexpr Key<std::int64_t> kShardPort{"shards.*.port"};
constexpr Key<std::string> kHosts{"shards.*.hosts"};
constexpr Key<std::string> kDatabase{"shards.*.database"};
constexpr Key<std::string> kShardAuthority{"shards.*.tls_ca"};
constexpr Key<std::string> kAccounts{"shards.*.accounts"};
constexpr Key<std::int64_t> kLanes{"shards.*.lanes"};
constexpr Key<std::int64_t> kLockSecondsMax{"shards.*.lock_seconds_max"};

constexpr std::size_t kHostsMax = 9;

Problem invalid(const std::string& name, std::string_view key, std::string_view detail) {
    Problem problem = Problem::invalid("settings.invalid");
    problem.fields.push_back(
        {fmt::format("shards.{}.{}", name, key), "setting.invalid", std::string(detail)});
    return problem;
}

bool is_identifier(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_loopback(std::string_view address) {
    return address.starts_with("127.") || address == "::1";
}

// "10.0.0.21:3306", "10.0.0.21", "[fd00::21]:3306" or the path of a socket.
std::optional<storage::ShardHost> read_host(std::string_view text, unsigned port) {
    storage::ShardHost host;
    if (text.starts_with('/')) {
        host.socket = text;
        return host;
    }
    const bool bracketed = text.starts_with('[');
    const std::size_t end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && end == std::string_view::npos) {
        return std::nullopt;
    }
    host.host = text.substr(bracketed ? 1 : 0, end - (bracketed ? 1 : 0));
    host.port = port;
    const std::string_view rest =
        end == std::string_view::npos ? "" : text.substr(end + (bracketed ? 1 : 0));
    if (!rest.empty()) {
        const char* last = rest.data() + rest.size();
        const auto [at, error] = std::from_chars(rest.data() + 1, last, host.port);
        if (rest.front() != ':' || error != std::errc() || at != last || host.port == 0 ||
            host.port > 65535) {
            return std::nullopt;
        }
    }
    return host.host.empty() ? std::nullopt : std::optional(host);
}

Result<void> read_hosts(const Snapshot& settings, storage::ShardOptions& shard) {
    const std::string& given = settings.get(kHosts, shard.name);
    for (const std::string_view word : split(given, ' ')) {
        if (word.empty()) {
            continue;
        }
        const std::optional<storage::ShardHost> host = read_host(word, shard.port);
        if (!host || shard.hosts.size() == kHostsMax) {
            return invalid(
                shard.name, "hosts",
                "addresses with ports or sockets of the cluster's nodes, spaces between");
        }
        shard.hosts.push_back(*host);
    }
    const int ways = static_cast<int>(!shard.socket.empty()) +
                     static_cast<int>(!shard.host.empty()) + static_cast<int>(!shard.hosts.empty());
    if (ways != 1) {
        return invalid(shard.name, "host", "one of a socket, a host and hosts");
    }
    return {};
}

bool is_here(const storage::ShardOptions& shard) {
    const auto here = [](const std::string& address) {
        return address.empty() || is_loopback(address);
    };
    return here(shard.host) &&
           std::all_of(shard.hosts.begin(), shard.hosts.end(),
                       [&](const storage::ShardHost& one) { return here(one.host); });
}

Result<storage::ShardOptions> read_shard(const Snapshot& settings, const std::string& name) {
    storage::ShardOptions shard;
    shard.name = name;
    shard.socket = settings.get(kShardSocket, name);
    shard.host = settings.get(kShardHost, name);
    shard.port = static_cast<unsigned>(settings.get(kShardPort, name));
    shard.database = settings.get(kDatabase, name);
    shard.tls_ca = settings.get(kShardAuthority, name);
    shard.lanes = static_cast<std::size_t>(settings.get(kLanes, name));
    shard.lock_seconds_max = static_cast<unsigned>(settings.get(kLockSecondsMax, name));
    if (name == storage::kFiles) {
        return invalid(name, "database", "no shard is called files: that is the data folder");
    }
    HANGU_CHECK(read_hosts(settings, shard));
    if (shard.database.empty() || !is_identifier(shard.database)) {
        return invalid(name, "database", "small letters, digits and _");
    }
    if (!is_here(shard) && shard.tls_ca.empty()) {
        return invalid(name, "tls_ca",
                       "over a network the connection is encrypted: the file of the authority that "
                       "signed the database server's certificate");
    }
    shard.rw.user = shard.database + "_rw";
    shard.ro.user = shard.database + "_ro";
    shard.migrate.user = shard.database + "_migrate";
    return shard;
}

std::string folder_of(const Snapshot& settings, const std::string& data, const std::string& name) {
    const std::string& given = settings.get(kAccounts, name);
    return given.empty() ? fmt::format("{}.shards/{}", data, name) : given;
}

Result<Secret> read_password(const std::string& folder, std::string_view role) {
    const std::string path = fmt::format("{}/{}", folder, role);
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        return Problem::unavailable("shard.no_accounts",
                                    path + " is missing; hangu shard init makes it");
    }
    if ((info.st_mode & 0077) != 0) {
        return Problem::conflict("shard.accounts_open",
                                 fmt::format("others may read {}: chmod 0400 {}", path, path));
    }
    std::ifstream in(path);
    std::string password;
    std::getline(in, password);
    return Secret(std::move(password));
}

Result<void> write_password(const std::string& folder, std::string_view role,
                            Randomness& randomness) {
    const std::string path = fmt::format("{}/{}", folder, role);
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);
    if (descriptor < 0 && errno == EEXIST) {
        return {};
    }
    const std::string text = to_base64url(randomness.bytes(32)) + "\n";
    const bool written = descriptor >= 0 && ::write(descriptor, text.data(), text.size()) ==
                                                static_cast<ssize_t>(text.size());
    if (descriptor >= 0) {
        ::fsync(descriptor);
        ::close(descriptor);
    }
    return written ? Result<void>()
                   : Problem::unavailable("shard.accounts_unwritable", "cannot write " + path);
}

}  // namespace

std::vector<settings::Setting> shard_settings() {
    using std::int64_t;
    using std::string;
    return {
        {kShardSocket.key, string(), 0, 100, "", "Socket of the shard's database server; or host."},
        {kShardHost.key, string(), 0, 64, "", "Address of the shard's database server."},
        {kShardPort.key, int64_t{3306}, 1, 65535, "", "Its port."},
        {kHosts.key, string(), 0, 400, "",
         "Instead: the nodes of a Galera cluster, the preferred one first: ADDRESS:PORT or "
         "sockets, "
         "spaces between."},
        {kDatabase.key, string(), 0, 48, "", "Its database, made by hangu shard init."},
        {kShardAuthority.key, string(), 0, 4096, "",
         "File of the authority that signed the server's certificate; with it the connection is "
         "encrypted. Needed for every address but loopback."},
        {kAccounts.key, string(), 0, 4096, "",
         "Folder of the accounts' passwords (rw, ro, migrate, backup); empty: "
         "<data>.shards/<name> beside the data folder, outside its backups."},
        {kLanes.key, int64_t{4}, 1, 64, "threads",
         "Lanes for this shard; each holds a connection that writes and one that reads."},
        {kLockSecondsMax.key, int64_t{5}, 1, 60, "seconds",
         "How long a request waits for rows that another one holds."},
    };
}

Result<std::vector<storage::ShardOptions>> read_shards(const Snapshot& settings,
                                                       const std::string& data) {
    std::vector<storage::ShardOptions> shards;
    for (const std::string& name : settings.names("shards")) {
        HANGU_TRY(storage::ShardOptions shard, read_shard(settings, name));
        const std::string folder = folder_of(settings, data, name);
        HANGU_TRY(shard.rw.password, read_password(folder, "rw"));
        HANGU_TRY(shard.ro.password, read_password(folder, "ro"));
        HANGU_TRY(shard.migrate.password, read_password(folder, "migrate"));
        shards.push_back(std::move(shard));
    }
    return shards;
}

Result<void> add_shards(storage::Engine::Options& made, const Snapshot& settings,
                        const std::string& data) {
    HANGU_TRY(std::vector<storage::ShardOptions> shards, read_shards(settings, data));
    const std::string& control = settings.get(kClusterControl);
    for (storage::ShardOptions& shard : shards) {
        if (!control.empty() && shard.name == control) {
            made.control = std::move(shard);
        } else {
            made.shards.push_back(std::move(shard));
        }
    }
    if (!control.empty() && !made.control) {
        return Problem::invalid("shard.unknown", "cluster.control names no shard: " + control);
    }
    return {};
}

Result<ShardAccounts> make_accounts(const Snapshot& settings, const std::string& data,
                                    const std::string& name, Randomness& randomness) {
    const std::vector<std::string> names = settings.names("shards");
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        return Problem::not_found("shard.unknown",
                                  fmt::format("hangu.toml has no [shards.{}]", name));
    }
    ShardAccounts made;
    HANGU_TRY(made.shard, read_shard(settings, name));
    made.folder = folder_of(settings, data, name);
    std::error_code error;
    std::filesystem::create_directories(made.folder, error);
    ::chmod(made.folder.c_str(), 0700);
    for (const std::string_view role : {"rw", "ro", "migrate", "backup"}) {
        HANGU_CHECK(write_password(made.folder, role, randomness));
    }
    made.backup.user = made.shard.database + "_backup";
    HANGU_TRY(made.shard.rw.password, read_password(made.folder, "rw"));
    HANGU_TRY(made.shard.ro.password, read_password(made.folder, "ro"));
    HANGU_TRY(made.shard.migrate.password, read_password(made.folder, "migrate"));
    HANGU_TRY(made.backup.password, read_password(made.folder, "backup"));
    return made;
}

}  // namespace hangu::app

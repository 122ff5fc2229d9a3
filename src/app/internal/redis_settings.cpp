#include "app/redis_settings.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>

namespace hangu::app {

namespace {

using settings::Key;

constexpr Key<std::string> kRedisSocket{"redis.socket"};
constexpr Key<std::string> kRedisHost{"redis.host"};
constexpr Key<std::int64_t> kRedisPort{"redis.port"};
constexpr Key<std::string> kUser{"redis.user"};
constexpr Key<std::string> kPasswordFile{"redis.password_file"};
constexpr Key<std::string> kRedisAuthority{"redis.tls_ca"};
constexpr Key<std::int64_t> kDeadlineMs{"redis.deadline_ms"};

Problem invalid(Key<std::string> key, std::string_view detail) {
    Problem problem = Problem::invalid("settings.invalid");
    problem.fields.push_back({std::string(key.key), "setting.invalid", std::string(detail)});
    return problem;
}

Result<Secret> read_password(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        return Problem::unavailable("redis.no_password", path + " is missing");
    }
    if ((info.st_mode & 0077) != 0) {
        return Problem::conflict("redis.password_open",
                                 fmt::format("others may read {}: chmod 0400 {}", path, path));
    }
    std::ifstream in(path);
    std::string password;
    std::getline(in, password);
    return password.empty() ? Result<Secret>(invalid(kPasswordFile, "the file is empty"))
                            : Result<Secret>(Secret(std::move(password)));
}

}  // namespace

std::vector<settings::Setting> redis_settings() {
    using std::int64_t;
    using std::string;
    return {
        {kRedisSocket.key, string(), 0, 100, "",
         "Socket of the Redis that several nodes share; or redis.host. Neither: this node is "
         "alone."},
        {kRedisHost.key, string(), 0, 255, "", "Address of the Redis that several nodes share."},
        {kRedisPort.key, int64_t{6379}, 1, 65535, "", "Its port."},
        {kUser.key, string("hangu"), 1, 64, "", "Account of this node in Redis."},
        {kPasswordFile.key, string(), 0, 4096, "",
         "File with the account's password, mode 0400; needed for every Redis."},
        {kRedisAuthority.key, string(), 0, 4096, "",
         "File of the authority that signed Redis's certificate; with it the connection is "
         "encrypted. Needed for every address but loopback."},
        {kDeadlineMs.key, int64_t{50}, 5, 5000, "ms",
         "How long a command to Redis may take; then the node decides alone, and stricter."},
    };
}

Result<std::optional<shared_state::Server>> read_redis(const settings::Snapshot& settings) {
    shared_state::Server server;
    server.socket = settings.get(kRedisSocket);
    server.host = settings.get(kRedisHost);
    if (server.socket.empty() && server.host.empty()) {
        return std::optional<shared_state::Server>();
    }
    if (!server.socket.empty() && !server.host.empty()) {
        return invalid(kRedisHost, "either a socket or a host");
    }
    server.port = static_cast<std::uint16_t>(settings.get(kRedisPort));
    server.user = settings.get(kUser);
    server.tls_ca = settings.get(kRedisAuthority);
    const bool here = server.host.empty() || server.host == "127.0.0.1" || server.host == "::1";
    if (!here && server.tls_ca.empty()) {
        return invalid(kRedisAuthority,
                       "over a network the connection is encrypted: the file of the authority that "
                       "signed Redis's certificate");
    }
    if (!server.socket.empty() && !server.tls_ca.empty()) {
        return invalid(kRedisAuthority, "a socket is not encrypted");
    }
    const std::string& file = settings.get(kPasswordFile);
    if (file.empty()) {
        return invalid(kPasswordFile, "the file with the password of redis.user");
    }
    HANGU_TRY(server.password, read_password(file));
    return std::optional<shared_state::Server>(std::move(server));
}

std::int64_t redis_deadline_ms(const settings::Snapshot& settings) {
    return settings.get(kDeadlineMs);
}

}  // namespace hangu::app

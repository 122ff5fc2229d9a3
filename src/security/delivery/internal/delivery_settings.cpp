#include "security/delivery/internal/delivery_settings.hpp"

#include "security/delivery/module.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>

namespace hangu::delivery {

namespace {

Result<Secret> read_password(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        return Problem::unavailable("broker.password_missing",
                                    fmt::format("broker.password_file {} is missing", path));
    }
    if ((info.st_mode & 0077) != 0) {
        return Problem::conflict("broker.password_open",
                                 fmt::format("others may read {}: chmod 0400 {}", path, path));
    }
    std::ifstream in(path);
    std::string password;
    std::getline(in, password);
    return Secret(std::move(password));
}

}  // namespace

std::vector<settings::Setting> settings() {
    using std::int64_t;
    using std::string;
    return {
        {kBrokerHost.key, string(), 0, 253, "",
         "RabbitMQ server that events for merchants' own programs go to; empty: none."},
        {kBrokerPort.key, int64_t{5672}, 1, 65535, "",
         "Its port: 5672, or 5671 for encrypted connections."},
        {kBrokerVhost.key, string("/"), 1, 100, "", "Its virtual host."},
        {kBrokerExchange.key, string("hangu.events"), 1, 100, "",
         "Its durable topic exchange, made if it is not there."},
        {kBrokerUser.key, string(), 0, 100, "",
         "Account there that may configure, write and read hangu.*."},
        {kBrokerPasswordFile.key, string(), 0, 4096, "",
         "File with that account's password, readable by its owner alone."},
        {kBrokerAuthority.key, string(), 0, 4096, "",
         "File of the authority that signed the broker's certificate; with it the connection is "
         "encrypted. Needed for every address but loopback."},
        {kBrokerWaitMsMax.key, int64_t{10'000}, 100, 60'000, "ms",
         "How long an answer of the broker is waited for."},
        {kAttemptsMax.key, int64_t{10}, 1, 50, "",
         "Attempts to deliver an event that the broker refuses; then it is dead until somebody "
         "looks at it. A broker that is away costs no attempts."},
        {kEventsKeptDaysMax.key, int64_t{30}, 1, 365, "days",
         "How long undelivered events are kept for a destination that is paused or cannot be "
         "reached."},
    };
}

Result<std::optional<events::RabbitOptions>> broker_of(const settings::Snapshot& settings) {
    if (settings.get(kBrokerHost).empty()) {
        return std::optional<events::RabbitOptions>();
    }
    events::RabbitOptions options;
    options.host = settings.get(kBrokerHost);
    options.port = static_cast<int>(settings.get(kBrokerPort));
    options.vhost = settings.get(kBrokerVhost);
    options.exchange = settings.get(kBrokerExchange);
    options.user = settings.get(kBrokerUser);
    options.tls_ca = settings.get(kBrokerAuthority);
    options.wait_ms_max = settings.get(kBrokerWaitMsMax);
    Problem problem = Problem::invalid("settings.invalid");
    const auto complain = [&problem](std::string_view key, std::string_view detail) {
        problem.fields.push_back({std::string(key), "setting.invalid", std::string(detail)});
    };
    const bool here = options.host == "127.0.0.1" || options.host == "::1";
    if (!here && options.tls_ca.empty()) {
        complain(kBrokerAuthority.key,
                 "over a network the connection is encrypted: the file of the authority that "
                 "signed the broker's certificate");
    }
    if (options.user.empty()) {
        complain(kBrokerUser.key, "is needed when broker.host is set");
    }
    if (settings.get(kBrokerPasswordFile).empty()) {
        complain(kBrokerPasswordFile.key, "is needed when broker.host is set");
    }
    if (!problem.fields.empty()) {
        return problem;
    }
    HANGU_TRY(options.password, read_password(settings.get(kBrokerPasswordFile)));
    return std::optional<events::RabbitOptions>(std::move(options));
}

}  // namespace hangu::delivery

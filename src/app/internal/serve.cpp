#include "app/admin_plane.hpp"
#include "app/commands.hpp"
#include "app/internal/owner_nodes.hpp"
#include "app/internal/service_manager.hpp"
#include "app/platform_realm.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "platform/http/pipeline.hpp"
#include "platform/http/server.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/runtime/signals.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace hangu::app {

namespace {

struct Addresses {
    std::string console;
    std::string api;
    std::string platform;
    std::string metrics;
    std::int64_t pid = 0;
};
HANGU_STRUCT(Addresses, console, api, platform, metrics, pid)

// Every tenant takes two descriptors and every connection one: take what the machine allows.
void raise_file_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

Result<std::vector<http::CertificateFiles>> certificates(House& house) {
    const std::string& folder = house.settings.snapshot()->get(kCertificates);
    if (folder.empty()) {
        return http::ensure_self_made_certificates(house.options.data + "/certificates",
                                                   house.clock);
    }
    return std::vector<http::CertificateFiles>{{folder + "/rsa.crt", folder + "/rsa.key"},
                                               {folder + "/ecdsa.crt", folder + "/ecdsa.key"}};
}

std::vector<std::string> networks_in(const std::string& text) {
    std::vector<std::string> networks;
    for (const std::string_view network : split(text, ' ')) {
        if (!network.empty()) {
            networks.emplace_back(network);
        }
    }
    return networks;
}

Result<http::Server::Options> edge_options(House& house) {
    const auto settings = house.settings.snapshot();
    http::Server::Options options;
    options.address = settings->get(kServerAddress);
    options.port = static_cast<std::uint16_t>(settings->get(kServerPort));
    HANGU_TRY(options.certificates, certificates(house));
    options.trusted_proxies = networks_in(settings->get(kTrustedProxies));
    http::Limits& limits = options.limits;
    limits.body_bytes_max = static_cast<std::size_t>(settings->get(kBodyBytesMax));
    limits.connections_count_max = static_cast<std::size_t>(settings->get(kConnectionsMax));
    limits.connections_per_address_max =
        static_cast<std::size_t>(settings->get(kConnectionsPerAddressMax));
    limits.head_ms_max = settings->get(kHeadMsMax);
    limits.idle_ms_max = settings->get(kIdleMsMax);
    return options;
}

// The same door as the merchants', on a listener of its own. A list without a network refuses to
// start: the server would take it for everybody.
Result<http::Server::Options> platform_options(House& house, http::Server::Options edge) {
    const auto settings = house.settings.snapshot();
    edge.address = settings->get(kPlatformAddress);
    edge.port = static_cast<std::uint16_t>(settings->get(kPlatformPort));
    edge.allowed_networks = networks_in(settings->get(kPlatformNetworks));
    if (edge.allowed_networks.empty()) {
        return Problem::invalid_field(std::string(kPlatformNetworks.key), "field.required",
                                      "at least one network");
    }
    return edge;
}

struct PlatformDoor {
    PlatformDoor(House& house, runtime::Runtime& runtime, http::FileSet files,
                 http::Server::Options options)
        : pipeline(house.platform->world, *house.engine, house.platform->gates,
                   house.platform_routes(runtime), std::move(files), house.metrics,
                   house.settings.snapshot()->get(kRatePercent), house.shared_rates("platform")),
          server(runtime, std::move(options), pipeline, house.log, house.metrics, house.clock,
                 house.randomness) {}

    http::Pipeline pipeline;
    http::Server server;
};

Result<void> apply_flags(House& house, const Arguments& arguments) {
    HANGU_TRY(const std::int64_t port, arguments.number("port", -1, 0, 65535));
    HANGU_TRY(const std::int64_t platform, arguments.number("platform-port", -1, 0, 65535));
    HANGU_TRY(const std::int64_t metrics, arguments.number("metrics-port", -1, 0, 65535));
    if (port >= 0) {
        // Several instances live side by side: the platform's listener goes along.
        house.settings.set(kServerPort.key, port);
        house.settings.set(kPlatformPort.key, port == 0 || port == 65535 ? 0 : port + 1);
    }
    if (platform >= 0) {
        house.settings.set(kPlatformPort.key, platform);
    }
    if (metrics >= 0) {
        house.settings.set(kMetricsPort.key, metrics);
    }
    if (arguments.has("address")) {
        house.settings.set(kServerAddress.key, arguments.value("address"));
    }
    if (arguments.has("console")) {
        house.settings.set(kConsoleFolder.key, arguments.value("console"));
    }
    return {};
}

Result<http::FileSet> console_files(House& house) {
    const std::string& folder = house.settings.snapshot()->get(kConsoleFolder);
    if (folder.empty()) {
        return http::FileSet();
    }
    return http::FileSet::load(folder);
}

// The wish to stop. Who wishes it twice does not want gateways to be waited for.
class Stop {
 public:
    void ask() {
        const std::lock_guard lock(mutex_);
        ++asked_;
        changed_.notify_all();
    }
    bool asked() const { return asked_ > 0; }
    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return asked_ > 0; });
    }
    void wait_again_ms(std::int64_t ms_max) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, std::chrono::milliseconds(ms_max), [this] { return asked_ > 1; });
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<int> asked_{0};
};

// Gateways look elsewhere first: the others need not be told. Meanwhile this node's tenants go to
// other nodes, and what still arrives for them is sent on.
void leave_gateways(House& house, http::Server& server, http::Server& platform, Stop& stop,
                    std::int64_t announce_ms) {
    if (announce_ms == 0) {
        house.leave();
        return;
    }
    server.announce_stop();
    platform.announce_stop();
    house.leave();
    stop.wait_again_ms(announce_ms);
    server.close_door();
    platform.close_door();
}

void reload(House& house, http::Server& server, http::Server& platform) {
    const Result<void> certificate = server.reload_certificates();
    const Result<void> of_platform = platform.reload_certificates();
    const Result<void> reloaded = house.settings.reload();
    house.log.info("server.reloaded", {{"certificates", certificate.ok() && of_platform.ok()},
                                       {"settings", reloaded.ok()}});
}

// Serves until a signal asks to stop; then in order: gateways look elsewhere, no new connections,
// running requests finish, jobs end, what waits is written, databases close.
Result<void> serve_house(House& house, const Arguments& arguments, Output& output) {
    HANGU_CHECK(apply_flags(house, arguments));
    const auto settings = house.settings.snapshot();
    HANGU_CHECK(check_mode(*settings));
    const auto wanted = static_cast<std::size_t>(settings->get(kServerLoops));
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    runtime::Runtime runtime(wanted == 0 ? cores : wanted);
    HANGU_TRY(http::FileSet files, console_files(house));
    http::FileSet platform_files = files;
    http::Pipeline pipeline(house.world, *house.engine, *house.gates, house.routes(runtime),
                            std::move(files), house.metrics, settings->get(kRatePercent),
                            house.shared_rates("console"));
    HANGU_TRY(http::Server::Options edge, edge_options(house));
    http::Server server(runtime, edge, pipeline, house.log, house.metrics, house.clock,
                        house.randomness);
    HANGU_TRY(http::Server::Options platform_edge, platform_options(house, edge));
    PlatformDoor door(house, runtime, std::move(platform_files), std::move(platform_edge));
    http::Server& platform = door.server;
    OwnerNodes owners(*house.engine);
    pipeline.use_ownership(owners);
    door.pipeline.use_ownership(owners);
    MetricsPlane metrics_handler(house);
    http::Server::Options metrics_options;
    metrics_options.port = static_cast<std::uint16_t>(settings->get(kMetricsPort));
    http::Server metrics(runtime, metrics_options, metrics_handler, house.log, house.metrics,
                         house.clock, house.randomness);
    AdminPlane admin(house, runtime);

    Stop stop;
    pipeline.use_readiness([&stop] { return !stop.asked(); });
    door.pipeline.use_readiness([&stop] { return !stop.asked(); });
    runtime::Signals signals([&stop] { stop.ask(); }, [&] { reload(house, server, platform); });
    runtime.start();
    HANGU_CHECK(server.start());
    HANGU_CHECK(platform.start());
    HANGU_CHECK(metrics.start());
    HANGU_CHECK(admin.start());
    house.start_jobs(runtime);
    const Addresses addresses{
        fmt::format("https://{}:{}/", edge.address, server.port()),
        fmt::format("https://{}:{}/api", edge.address, server.port()),
        fmt::format("https://{}:{}/", settings->get(kPlatformAddress), platform.port()),
        fmt::format("http://127.0.0.1:{}/metrics", metrics.port()), ::getpid()};
    house.log.info("server.started",
                   {{"console", addresses.console}, {"tenants", house.tenants->count()}});
    output.line(json::to_text(addresses));
    tell_service_manager("READY=1");
    stop.wait();

    house.log.info("server.stopping");
    tell_service_manager("STOPPING=1");
    leave_gateways(house, server, platform, stop, settings->get(kDrainAnnounceMs));
    server.stop_accepting();
    platform.stop_accepting();
    metrics.stop_accepting();
    server.drain(settings->get(kDrainMsMax));
    platform.drain(1000);
    metrics.drain(1000);
    admin.stop();
    runtime.stop();
    house.finish_jobs();
    house.log.info("server.stopped");
    house.log.flush();
    return {};
}

}  // namespace

int serve(const Arguments& arguments, Output& output) {
    raise_file_limit();
    HouseOptions options = house_options(arguments);
    options.log_level = observe::Level::info;
    options.log_file = arguments.value("log");
    try {
        Result<std::unique_ptr<House>> house = House::open(options);
        if (!house.ok()) {
            explain(house.problem(), arguments.json(), output);
            return 1;
        }
        const Result<void> served = serve_house(**house, arguments, output);
        if (!served.ok()) {
            explain(served.problem(), arguments.json(), output);
            return served.problem().code == "usage" ? 2 : 1;
        }
    } catch (const std::exception& fault) {
        output.note(fmt::format("hangu: {}", fault.what()));
        return 1;
    }
    return 0;
}

}  // namespace hangu::app

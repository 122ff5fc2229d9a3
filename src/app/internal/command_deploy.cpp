// Files for those who run Hangu: made from its settings, so that they agree with it.
#include "app/commands.hpp"
#include "app/internal/nginx_text.hpp"
#include "app/internal/systemd_text.hpp"
#include "base/text.hpp"
#include "platform/runtime/runtime.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace hangu::app {

namespace {

constexpr std::int64_t kLowPortMax = 1023;

// Of all routes, and of the listener. Routes hold services, so they are made by a house, in a
// folder that is thrown away.
Result<std::int64_t> largest_body(std::int64_t of_listener) {
    HouseOptions options;
    std::string folder = (std::filesystem::temp_directory_path() / "hangu-deploy-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        return Problem::unavailable("deploy.no_folder", "cannot make a temporary folder");
    }
    options.data = folder + "/data";
    options.log_level = observe::Level::error;
    auto largest = static_cast<std::size_t>(of_listener);
    Result<void> opened;
    {
        Result<std::unique_ptr<House>> house = House::open(options);
        if (house.ok()) {
            runtime::Runtime runtime(1);
            for (const auto& routes :
                 {(*house)->routes(runtime), (*house)->platform_routes(runtime)}) {
                for (const http::RouteEntry& entry : routes) {
                    largest = std::max(largest, entry.route.body_bytes_max);
                }
            }
        } else {
            opened = house.problem();
        }
    }
    std::filesystem::remove_all(folder);
    HANGU_CHECK(opened);
    return static_cast<std::int64_t>(largest);
}

// A node that listens everywhere is reached at this machine's own address.
std::string reachable(const std::string& address) {
    return address == "0.0.0.0" || address == "::" ? "127.0.0.1" : address;
}

Result<NginxPlan> plan_of(const settings::Snapshot& settings, const Arguments& arguments) {
    NginxPlan plan;
    const std::int64_t platform_port = settings.get(kPlatformPort);
    for (const std::string& text : arguments.all("node")) {
        HANGU_TRY(GatewayNode node, read_node(text, platform_port));
        plan.nodes.push_back(std::move(node));
    }
    if (plan.nodes.empty()) {
        const std::string address = reachable(settings.get(kServerAddress));
        HANGU_TRY(
            GatewayNode node,
            read_node(fmt::format("one={}:{}", address, settings.get(kServerPort)), platform_port));
        plan.nodes.push_back(std::move(node));
    }
    plan.server_names = arguments.all("name");
    plan.listen = arguments.value("listen", plan.listen);
    plan.listen_platform = arguments.value("listen-platform", plan.listen_platform);
    plan.listen_plain = arguments.value("listen-plain", plan.listen_plain);
    plan.certificates = arguments.value("certificates", plan.certificates);
    plan.nodes_ca = arguments.value("nodes-ca", plan.nodes_ca);
    plan.nodes_name = arguments.value("nodes-name", plan.nodes_name);
    plan.folder = arguments.value("folder");
    for (const std::string_view network : split(settings.get(kPlatformNetworks), ' ')) {
        if (!network.empty()) {
            plan.platform_networks.emplace_back(network);
        }
    }
    plan.head_ms_max = settings.get(kHeadMsMax);
    plan.idle_ms_max = settings.get(kIdleMsMax);
    plan.connections_max = settings.get(kConnectionsMax);
    plan.connections_per_address_max = settings.get(kConnectionsPerAddressMax);
    plan.rate_percent = settings.get(kRatePercent);
    HANGU_CHECK(check_plan(plan));
    HANGU_TRY(plan.body_bytes_max, largest_body(settings.get(kBodyBytesMax)));
    return plan;
}

Result<void> write_to(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    return out ? Result<void>()
               : Result<void>(Problem::unavailable("deploy.unwritable", "cannot write " + path));
}

// What the text alone cannot put right.
void advise(const settings::Snapshot& settings, Output& output) {
    if (settings.get(kTrustedProxies).empty()) {
        output.note(
            "server.trusted_proxies is empty: the nodes would take nginx for the client of all "
            "requests. Name the gateway's network there.");
    }
    const std::int64_t rest_ms = gateway_rest_ms(settings.get(kIdleMsMax));
    if (settings.get(kDrainAnnounceMs) <= rest_ms) {
        output.note(fmt::format(
            "server.drain_announce_ms should be more than {}: so long nginx keeps a connection to "
            "a node that has nothing to do, and a request may be sent into its end.",
            rest_ms));
    }
}

Result<void> make_nginx(const settings::Snapshot& settings, const Arguments& arguments,
                        Output& output) {
    HANGU_TRY(const NginxPlan plan, plan_of(settings, arguments));
    const std::string text = nginx_text(plan);
    if (arguments.has("out")) {
        HANGU_CHECK(write_to(arguments.value("out"), text));
    } else {
        output.line(text.substr(0, text.size() - 1));
    }
    advise(settings, output);
    return {};
}

Result<void> make_unit(const settings::Snapshot& settings, const Arguments& arguments,
                       Output& output) {
    UnitPlan plan;
    plan.program = arguments.value("program", plan.program);
    plan.config = arguments.value("unit-config", plan.config);
    plan.console = arguments.value("console", plan.console);
    plan.stop_ms_max = settings.get(kDrainAnnounceMs) + settings.get(kDrainMsMax);
    for (const Key<std::int64_t> port : {kServerPort, kPlatformPort, kMetricsPort}) {
        plan.low_port =
            plan.low_port || (settings.get(port) > 0 && settings.get(port) <= kLowPortMax);
    }
    const std::string text = unit_text(plan);
    if (arguments.has("out")) {
        const std::string folder = arguments.value("out");
        std::error_code ignored;
        std::filesystem::create_directories(folder, ignored);
        HANGU_CHECK(write_to(folder + "/hangu.service", text));
    } else {
        output.line(text.substr(0, text.size() - 1));
    }
    return {};
}

using Make = Result<void> (*)(const settings::Snapshot&, const Arguments&, Output&);

int made(Make make, const Arguments& arguments, Output& output) {
    settings::Settings settings(all_settings());
    const HouseOptions options = house_options(arguments);
    Result<void> done = settings.load(options.config, options.environment);
    if (done.ok()) {
        done = make(*settings.snapshot(), arguments, output);
    }
    if (done.ok()) {
        return 0;
    }
    explain(done.problem(), arguments.json(), output);
    return done.problem().code == "usage" ? 2 : 1;
}

}  // namespace

int deploy_nginx(const Arguments& arguments, Output& output) {
    return made(&make_nginx, arguments, output);
}

int deploy_systemd(const Arguments& arguments, Output& output) {
    return made(&make_unit, arguments, output);
}

}  // namespace hangu::app

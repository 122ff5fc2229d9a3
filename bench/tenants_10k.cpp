// Ten thousand tenants: what creating, holding and starting with them costs, then orders over many.
//
//     tenants_10k [--tenants 10000] [--selling 2000] [--orders 5000]
#include "support/bench_house.hpp"
#include "support/measure.hpp"

#include <fmt/format.h>

int main(int count, char** words) {
    using namespace hangu;
    const auto tenants = static_cast<std::size_t>(bench::flag(count, words, "tenants", 10'000));
    const auto selling = static_cast<std::size_t>(bench::flag(count, words, "selling", 500));
    const auto orders = static_cast<std::size_t>(bench::flag(count, words, "orders", 5'000));
    constexpr std::string_view kName = "tenants.10k";
    bench::BenchHouse house(0, 0);

    std::int64_t cpu = bench::process_cpu_us();
    std::int64_t wall = bench::wall_us();
    for (std::size_t i = 0; i < tenants; ++i) {
        house.tenants().push_back(house.add_tenant(fmt::format("t-{}", i), 0));
    }
    bench::report(kName, "create_cpu_us",
                  static_cast<double>(bench::process_cpu_us() - cpu) / static_cast<double>(tenants),
                  "us");
    bench::report(kName, "create_wall_us",
                  static_cast<double>(bench::wall_us() - wall) / static_cast<double>(tenants),
                  "us");
    bench::report(kName, "disk_empty", static_cast<double>(bench::folder_bytes(house.folder())),
                  "bytes");

    // Every tenant is touched once, so that the list of open ones is full.
    for (const bench::BenchTenant& tenant : house.tenants()) {
        app::DirectClient client(house.house(), house.routes(), *tenant.caller);
        client.call_text("GET", "/api/v1/org-nodes");
    }
    bench::report(kName, "resident", static_cast<double>(bench::resident_bytes()), "bytes");

    // Orders over many tenants in turn: most of them are not open when their order comes.
    std::vector<bench::BenchTenant> sellers;
    for (std::size_t i = 0; i < selling; ++i) {
        sellers.push_back(house.add_tenant(fmt::format("s-{}", i), 5));
    }
    cpu = bench::process_cpu_us();
    wall = bench::wall_us();
    for (std::size_t i = 0; i < orders; ++i) {
        const bench::BenchTenant& tenant = sellers[i * 7919 % sellers.size()];
        app::DirectClient client(house.house(), house.routes(), *tenant.caller);
        client.call_text("POST", "/api/v1/orders", house.order_body(tenant, i));
    }
    bench::report(kName, "order_cpu_us",
                  static_cast<double>(bench::process_cpu_us() - cpu) / static_cast<double>(orders),
                  "us");
    bench::report(kName, "order_rate_one_client",
                  static_cast<double>(orders) * 1e6 / static_cast<double>(bench::wall_us() - wall),
                  "1/s");
    bench::report(kName, "resident_after", static_cast<double>(bench::resident_bytes()), "bytes");

    // Start again with all of them.
    app::HouseOptions options;
    options.data = house.folder() + "/data";
    options.log_level = observe::Level::error;
    house.close();
    cpu = bench::process_cpu_us();
    wall = bench::wall_us();
    const auto opened = app::House::open(options);
    bench::report(kName, "start_wall", static_cast<double>(bench::wall_us() - wall) / 1000, "ms");
    bench::report(kName, "start_cpu", static_cast<double>(bench::process_cpu_us() - cpu) / 1000,
                  "ms");
    return opened.ok() ? 0 : 1;
}

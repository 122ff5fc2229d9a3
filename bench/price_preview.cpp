// Price of an order as one taps: 30 lines with a topping each, through the use case, no HTTP.
//
//     price_preview [--rounds 5000]
#include "support/bench_house.hpp"
#include "support/measure.hpp"

#include <fmt/format.h>

#include <algorithm>

int main(int count, char** words) {
    using namespace hangu;
    const auto rounds = static_cast<std::size_t>(bench::flag(count, words, "rounds", 5000));
    bench::BenchHouse house(1, 30);
    const bench::BenchTenant& tenant = house.tenants().front();
    std::string lines;
    for (std::size_t i = 0; i < 30; ++i) {
        lines += fmt::format(R"({}{{"spec_id":"{}","quantity":2,"option_ids":["{}"]}})",
                             i == 0 ? "" : ",", tenant.spec_ids[i], tenant.option_ids[i]);
    }
    const std::string body =
        fmt::format(R"({{"store_id":"{}","mode":"pick_up","lines":[{}]}})", tenant.store_id, lines);
    app::DirectClient client(house.house(), house.routes(), *tenant.caller);
    for (std::size_t i = 0; i < rounds / 10; ++i) {
        client.call_text("POST", "/api/v1/orders/preview", body);
    }
    std::vector<std::int64_t> walls;
    const std::int64_t cpu = bench::process_cpu_us();
    for (std::size_t i = 0; i < rounds; ++i) {
        const std::int64_t from = bench::wall_us();
        client.call_text("POST", "/api/v1/orders/preview", body);
        walls.push_back(bench::wall_us() - from);
    }
    const double spent = static_cast<double>(bench::process_cpu_us() - cpu);
    std::sort(walls.begin(), walls.end());
    bench::report("price.preview", "cpu_us_per_op", spent / static_cast<double>(rounds), "us");
    bench::report("price.preview", "p50", static_cast<double>(walls[rounds / 2]), "us");
    bench::report("price.preview", "p99", static_cast<double>(walls[rounds * 99 / 100]), "us");
    return 0;
}

// A counter order over TLS on the real program: three lines, paid at once, member attached,
// durable, audited. 64 connections over 100 tenants, with application keys.
//
//     order_place [--orders 20000] [--tenants 100] [--connections 64]
#include "support/bench_house.hpp"
#include "support/measure.hpp"
#include "support/server_load.hpp"

#include <fmt/format.h>

int main(int count, char** words) {
    using namespace hangu;
    const std::int64_t orders = bench::flag(count, words, "orders", 20'000);
    const auto tenants = static_cast<std::size_t>(bench::flag(count, words, "tenants", 100));
    const auto connections = static_cast<std::size_t>(bench::flag(count, words, "connections", 64));
    bench::BenchHouse house(tenants, 20);
    std::vector<std::string> cookies;
    std::vector<std::string> tokens;
    for (const bench::BenchTenant& tenant : house.tenants()) {
        tokens.push_back(house.owner_link(tenant));
    }
    const std::string data = house.folder() + "/data";
    house.close();
    bench::ServerProcess server(bench::program_beside(words[0]), data);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    for (const std::string& token : tokens) {
        cookies.push_back(bench::redeem(server.port(), context, token));
    }
    const auto make = [&](std::int64_t turn) {
        const auto at = static_cast<std::size_t>(turn * 7919) % cookies.size();
        return bench::request_text(
            "POST", "/api/v1/orders",
            {cookies[at], "Origin: https://127.0.0.1",
             fmt::format("Idempotency-Key: bench-{:012}", turn)},
            house.order_body(house.tenants()[at], static_cast<std::size_t>(turn)));
    };
    const bench::LoadResult result = bench::drive(server, context, connections, 2, orders, make);
    bench::report("order.place", "cpu_us_per_op", result.cpu_us_per_op, "us");
    bench::report("order.place", "rate", result.rate, "1/s");
    bench::report("order.place", "refused", static_cast<double>(result.refused), "orders");
    SSL_CTX_free(context);
    return result.refused == 0 ? 0 : 1;
}

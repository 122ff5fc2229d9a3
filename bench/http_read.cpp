// A signed-in product list of 20 over TLS keep-alive, everything on, on the real program.
//
//     http_read --program build/release/bin/hangu [--requests 60000] [--connections 64]
#include "support/bench_house.hpp"
#include "support/measure.hpp"
#include "support/server_load.hpp"

#include <fmt/format.h>

int main(int count, char** words) {
    using namespace hangu;
    const std::int64_t requests = bench::flag(count, words, "requests", 60'000);
    const auto connections = static_cast<std::size_t>(bench::flag(count, words, "connections", 64));
    bench::BenchHouse house(1, 40);
    const std::string token = house.owner_link(house.tenants().front());
    const std::string data = house.folder() + "/data";
    house.close();
    bench::ServerProcess server(bench::program_beside(words[0]), data);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    const std::string cookie = bench::redeem(server.port(), context, token);
    const std::string request = bench::request_text(
        "GET", "/api/v1/products?limit=20",
        {cookie, "Accept: application/json", "Accept-Language: zh-CN,zh;q=0.9"});
    const bench::LoadResult result = bench::drive(server, context, connections, 2, requests,
                                                  [&request](std::int64_t) { return request; });
    bench::report("http.read", "cpu_us_per_op", result.cpu_us_per_op, "us");
    bench::report("http.read", "rate", result.rate, "1/s");
    bench::report("http.read", "refused", static_cast<double>(result.refused), "requests");
    bench::report("http.read", "resident",
                  static_cast<double>(bench::child_resident_bytes(server.pid())), "bytes");
    SSL_CTX_free(context);
    return result.refused == 0 ? 0 : 1;
}

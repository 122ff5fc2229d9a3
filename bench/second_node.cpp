// What a second node costs: two merchants on a MariaDB shard, read from and ordered from over TLS,
// at one process without a cluster, at one node of a cluster, at two nodes that serve one merchant
// each, and at one node again. CPU per request of our processes together, and of the database. At
// last what a node spends on a request that a gateway should have sent to the other.
//
//     second_node [--reads 20000] [--orders 3000] [--connections 16]
#include "support/bench_house.hpp"
#include "support/bench_shards.hpp"
#include "support/measure.hpp"
#include "support/server_load.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace {

using namespace hangu;

constexpr std::size_t kMerchants = 2;

struct Sizes {
    std::int64_t reads;
    std::int64_t orders;
    std::size_t connections;
};

class Nodes {
 public:
    Nodes(const char* bench, Sizes sizes)
        : program_(bench::program_beside(bench)),
          sizes_(sizes),
          shards_(1, 2),
          house_(kMerchants, 40, shards_.options()) {
        for (const bench::BenchTenant& tenant : house_.tenants()) {
            links_.push_back(house_.owner_link(tenant));
        }
        house_.close();
        write_config("alone", "");
        for (const std::string name : {"a", "b", "c"}) {
            write_config(name, fmt::format("[cluster]\ncontrol = \"control\"\nnode = \"{}\"\n"
                                           "[storage]\nnew_tenants = \"s0\"\n"
                                           "[server]\ntrusted_proxies = \"{}\"\n",
                                           name, name == "c" ? "127.0.0.0/8" : ""));
        }
        for (const std::string shard : {"s0", "control"}) {
            call("a", {"shard", "init", shard});
        }
    }
    ~Nodes() { SSL_CTX_free(context_); }
    Nodes(const Nodes&) = delete;
    Nodes& operator=(const Nodes&) = delete;

    void run() {
        {
            const auto alone = start("alone", "data");
            for (const std::string& link : links_) {
                cookies_.push_back(bench::redeem(alone->port(), context_, link));
            }
            measure("alone", {alone.get(), alone.get()});
        }
        call("a", {"cluster", "join"});
        const auto a = start("a", "data");
        measure("one", {a.get(), a.get()});
        {
            const auto b = start("b", "b");
            bring(*b, 1);
            measure("two", {a.get(), b.get()});
        }
        bring(*a, 1);
        measure("one_again", {a.get(), a.get()});
        const auto c = start("c", "c");
        measure_elsewhere(*c);
    }

 private:
    std::string folder() const { return house_.folder() + "/"; }
    void write_config(const std::string& name, const std::string& more) const {
        std::ofstream out(folder() + name + ".toml");
        for (const std::string shard : {"s0", "control"}) {
            if (shard == "control" && more.empty()) {
                continue;  // for it, that would be one more shard
            }
            out << fmt::format(
                "[shards.{}]\nsocket = \"{}\"\ndatabase = \"{}\"\naccounts = \"{}\"\n"
                "lanes = 2\n",
                shard, shards_.options().front().socket, shard == "s0" ? "bench" : shard,
                folder() + "accounts-" + shard);
        }
        out << "[keys]\nroot_file = \"" << folder() << "data.root.key\"\n" << more;
    }
    std::unique_ptr<bench::ServerProcess> start(const std::string& config,
                                                const std::string& data) const {
        std::filesystem::create_directories(folder() + data);
        return std::make_unique<bench::ServerProcess>(program_, folder() + data,
                                                      folder() + config + ".toml");
    }
    void call(const std::string& config, std::vector<std::string> words) const {
        words.insert(words.begin(), program_);
        words.insert(words.end(),
                     {"--data", folder() + "data", "--config", folder() + config + ".toml"});
        std::vector<char*> pointers;
        for (std::string& word : words) {
            pointers.push_back(word.data());
        }
        pointers.push_back(nullptr);
        const int pid = ::fork();
        if (pid == 0) {
            ::execv(program_.c_str(), pointers.data());
            ::_exit(127);
        }
        int status = 0;
        ::waitpid(pid, &status, 0);
        if (status != 0) {
            throw std::runtime_error(fmt::format("{} {} failed", words[1], words[2]));
        }
    }
    std::string read_of(std::size_t merchant) const {
        return bench::request_text("GET", "/api/v1/products?limit=20",
                                   {cookies_[merchant], "Accept: application/json"});
    }
    // Where its requests come, there the merchant goes.
    void bring(const bench::ServerProcess& node, std::size_t merchant) const {
        bench::TlsClient client(node.port(), context_);
        for (int i = 0; client.exchange(read_of(merchant)).status != 200; ++i) {
            if (i == 4000) {
                throw std::runtime_error("the merchant does not come");
            }
            ::poll(nullptr, 0, 20);
        }
    }

    // Each merchant's half goes to its node; both at once.
    void measure(std::string_view what, std::array<const bench::ServerProcess*, kMerchants> at) {
        for (const bool orders : {false, true}) {
            const std::int64_t requests = (orders ? sizes_.orders : sizes_.reads) / 2;
            std::array<bench::LoadResult, kMerchants> results;
            const std::int64_t database_us = shards_.cpu_us();
            const auto drive = [&](std::size_t merchant) {
                results[merchant] =
                    bench::drive(*at[merchant], context_, sizes_.connections / 2, 1, requests,
                                 [&, merchant](std::int64_t) {
                                     return orders ? order_of(merchant) : read_of(merchant);
                                 });
            };
            const std::int64_t before = cpu_us(at);
            std::thread other([&drive] { drive(1); });
            drive(0);
            other.join();
            // With the tenth that warms up, which the database's share holds too.
            const double count = static_cast<double>(requests) * 2.2;
            const std::string metric = orders ? "order" : "read";
            bench::report(fmt::format("nodes.{}", what), metric + "_own_us",
                          static_cast<double>(cpu_us(at) - before) / count, "us");
            bench::report(fmt::format("nodes.{}", what), metric + "_database_us",
                          static_cast<double>(shards_.cpu_us() - database_us) / count, "us");
            bench::report(fmt::format("nodes.{}", what), metric + "_refused",
                          static_cast<double>(results[0].refused + results[1].refused), "requests");
        }
    }
    // The answer names the node that a gateway then asks.
    void measure_elsewhere(const bench::ServerProcess& node) {
        const std::string request = bench::request_text(
            "GET", "/api/v1/products?limit=20",
            {cookies_[0], "X-Hangu-Client: 203.0.113.9", "X-Hangu-Scheme: https"});
        const std::string named = bench::TlsClient(node.port(), context_).exchange(request).head;
        if (named.find("@node_a") == std::string::npos) {
            throw std::runtime_error("it does not say whose the merchant is: " + named);
        }
        const bench::LoadResult result =
            bench::drive(node, context_, sizes_.connections / 2, 1, sizes_.reads,
                         [&](std::int64_t) { return request; });
        bench::report("nodes.elsewhere", "read_own_us", result.cpu_us_per_op, "us");
    }
    static std::int64_t cpu_us(const std::array<const bench::ServerProcess*, kMerchants>& at) {
        const std::int64_t first = bench::child_cpu_us(at[0]->pid());
        return at[0] == at[1] ? first : first + bench::child_cpu_us(at[1]->pid());
    }
    std::string order_of(std::size_t merchant) {
        const std::size_t turn = ++turn_;
        return bench::request_text("POST", "/api/v1/orders",
                                   {cookies_[merchant], "Origin: https://127.0.0.1",
                                    fmt::format("Idempotency-Key: bench-{:012}", turn)},
                                   house_.order_body(house_.tenants()[merchant], turn));
    }

    std::string program_;
    Sizes sizes_;
    bench::BenchShards shards_;
    bench::BenchHouse house_;
    std::vector<std::string> links_;
    std::vector<std::string> cookies_;
    std::atomic<std::size_t> turn_{0};
    SSL_CTX* context_ = SSL_CTX_new(TLS_client_method());
};

}  // namespace

int main(int count, char** words) {
    const Sizes sizes{bench::flag(count, words, "reads", 20'000),
                      bench::flag(count, words, "orders", 3'000),
                      static_cast<std::size_t>(bench::flag(count, words, "connections", 16))};
    Nodes(words[0], sizes).run();
    return 0;
}

// A counter order without HTTP: three lines, paid at once, member attached, durable, audited, with
// its event and its idempotency answer. 64 in flight over 100 tenants.
//
//     order_place_core [--orders 20000] [--tenants 100] [--in-flight 64] [--audit 1] [--shards 0]
//                      [--lanes 4] [--rate 0]
//
// --audit 0 leaves the audit records out: the difference is what they cost. --shards N puts the
// tenants on N MariaDB servers of its own, whose CPU is told apart. --rate N asks for N orders in a
// second, whatever is answered: what an order costs where nobody waits for a core.
#include "platform/http/request_job.hpp"
#include "support/bench_house.hpp"
#include "support/bench_shards.hpp"
#include "support/measure.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace {

using namespace hangu;

// Keeps `in_flight` orders going until `count` are done, each answer starts the next from its lane;
// or, with a rate, starts that many in a second.
class Load {
 public:
    Load(bench::BenchHouse& house, std::size_t in_flight, std::int64_t rate)
        : house_(house), entry_(house.route("order.place")), in_flight_(in_flight), rate_(rate) {}

    void run(std::size_t count) {
        rate_ > 0 ? run_paced(count) : run_full(count);
        std::unique_lock lock(mutex_);
        none_.wait(lock, [this] { return open_ == 0; });
    }
    std::size_t refused() const { return refused_; }

 private:
    struct One {
        http::Request request;
        http::PathParameters path;
    };

    void run_full(std::size_t count) {
        left_ = static_cast<std::int64_t>(count);
        open_ = in_flight_;
        for (std::size_t i = 0; i < in_flight_; ++i) {
            next();
        }
    }
    void run_paced(std::size_t count) {
        left_ = 0;  // an answer starts nothing
        const std::int64_t began_us = bench::wall_us();
        for (std::size_t i = 0; i < count; ++i) {
            const std::int64_t due_us = began_us + static_cast<std::int64_t>(i) * 1'000'000 / rate_;
            const std::int64_t early_us = due_us - bench::wall_us();
            if (early_us > 0) {
                ::poll(nullptr, 0, static_cast<int>(early_us / 1000));
            }
            {
                const std::lock_guard lock(mutex_);
                ++open_;
            }
            start();
        }
    }

    void next() {
        if (left_.fetch_sub(1) <= 0) {
            const std::lock_guard lock(mutex_);
            --open_;
            none_.notify_all();
            return;
        }
        start();
    }
    void start() {
        const std::size_t turn = turn_++;
        const bench::BenchTenant& tenant = house_.tenants()[turn * 7919 % house_.tenants().size()];
        auto one = std::make_shared<One>();
        one->request.method = "POST";
        one->request.path = "/api/v1/orders";
        one->request.headers = {{"content-type", "application/json"},
                                {"idempotency-key", fmt::format("bench-{:012}", turn)}};
        one->request.body = house_.order_body(tenant, turn);
        http::RequestWork work;
        work.world = &house_.house().world;
        work.gate = house_.house().gates.get();
        work.entry = &entry_;
        work.request = &one->request;
        work.path = &one->path;
        work.caller = tenant.caller;
        const auto answered = [this, one](http::LaneAnswer answer) {
            if (!answer.result || !answer.result->ok()) {
                ++refused_;
            }
            next();
        };
        house_.house().engine->submit(tenant.caller->tenant, storage::Work::write,
                                      std::make_unique<http::RequestJob>(work, answered));
    }

    bench::BenchHouse& house_;
    const http::RouteEntry& entry_;
    std::size_t in_flight_;
    std::int64_t rate_;
    std::atomic<std::int64_t> left_{0};
    std::atomic<std::size_t> turn_{0};
    std::atomic<std::size_t> refused_{0};
    std::mutex mutex_;
    std::condition_variable none_;
    std::size_t open_ = 0;
};

class NoRecords final : public http::AuditSink {
 public:
    void record(storage::Tx&, const http::RequestFacts&,
                const std::vector<http::AuditFact>&) override {}
    void visit(TenantId, const http::RequestFacts&, Time, int, std::string_view) override {}
};

}  // namespace

int main(int count, char** words) {
    const auto orders = static_cast<std::size_t>(bench::flag(count, words, "orders", 20'000));
    const auto tenants = static_cast<std::size_t>(bench::flag(count, words, "tenants", 100));
    const auto in_flight = static_cast<std::size_t>(bench::flag(count, words, "in-flight", 64));
    const bench::BenchShards shards(
        static_cast<std::size_t>(bench::flag(count, words, "shards", 0)),
        static_cast<std::size_t>(bench::flag(count, words, "lanes", 4)));
    bench::BenchHouse house(tenants, 20, shards.options());
    NoRecords none;
    if (bench::flag(count, words, "audit", 1) == 0) {
        house.house().world.audit = &none;
    }
    Load load(house, in_flight, bench::flag(count, words, "rate", 0));
    load.run(orders / 10);
    const auto before = house.house().engine->figures();
    const std::int64_t database_cpu = shards.cpu_us();
    const std::int64_t cpu = bench::process_cpu_us();
    const std::int64_t wall = bench::wall_us();
    load.run(orders);
    const double spent = static_cast<double>(bench::process_cpu_us() - cpu);
    const auto database_spent = static_cast<double>(shards.cpu_us() - database_cpu);
    const double seconds = static_cast<double>(bench::wall_us() - wall) / 1e6;
    const auto after = house.house().engine->figures();
    const auto done = static_cast<double>(orders);
    bench::report("order.place.core", "cpu_us_per_op", spent / done, "us");
    bench::report("order.place.core", "database_cpu_us_per_op", database_spent / done, "us");
    bench::report("order.place.core", "rate", done / seconds, "1/s");
    bench::report("order.place.core", "orders_per_commit",
                  static_cast<double>(after.requests - before.requests) /
                      static_cast<double>(after.commits - before.commits),
                  "orders");
    bench::report("order.place.core", "orders_per_sync",
                  done / static_cast<double>(after.syncs - before.syncs), "orders");
    bench::report("order.place.core", "redo_bytes_per_op",
                  static_cast<double>(after.redo_bytes - before.redo_bytes) / done, "bytes");
    bench::report("order.place.core", "refused", static_cast<double>(load.refused()), "orders");
    return load.refused() == 0 ? 0 : 1;
}

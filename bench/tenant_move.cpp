// A large tenant that moves between two shards while it works: how long its requests wait.
//
//     tenant_move [--rows 1000000] [--writers 2]
//
// The rows are outbox events, of the size that orders write; writers add more all the time.
#include "platform/events/events.hpp"
#include "support/bench_house.hpp"
#include "support/bench_shards.hpp"
#include "support/measure.hpp"

#include <fmt/format.h>

#include <atomic>
#include <thread>

namespace {

using namespace hangu;

void add_events(app::House& house, TenantId tenant, std::size_t count) {
    const Result<void> added =
        house.engine->run(tenant, storage::Work::write, [&](storage::Tx& tx) -> Result<void> {
            for (std::size_t i = 0; i < count; ++i) {
                events::Event event;
                event.id = events::EventId(house.ids.next(tx.now().unix_ms()));
                event.name = "order.placed";
                event.org_path = "/1/2/";
                event.permission = "order.view";
                event.payload =
                    fmt::format(R"({{"id":"{:013}","store":"{:013}","total_fen":3300}})", i, i * 7);
                event.at = tx.now();
                events::append(tx, event);
            }
            return {};
        });
    HANGU_ASSERT(added.ok());
}

}  // namespace

int main(int count, char** words) {
    const auto rows = static_cast<std::size_t>(bench::flag(count, words, "rows", 1'000'000));
    const auto writers_count = static_cast<std::size_t>(bench::flag(count, words, "writers", 2));
    constexpr std::size_t kBatch = 2'000;
    const bench::BenchShards shards(2, 4);
    bench::BenchHouse bench_house(1, 1, shards.options());
    app::House& house = bench_house.house();
    const TenantId tenant = bench_house.tenants().front().tenant->id;
    for (std::size_t done = 0; done < rows; done += kBatch) {
        add_events(house, tenant, kBatch);
    }
    std::atomic<bool> ended{false};
    std::atomic<std::int64_t> slowest_us{0};
    std::vector<std::thread> writers;
    for (std::size_t i = 0; i < writers_count; ++i) {
        writers.emplace_back([&] {
            while (!ended) {
                const std::int64_t began = bench::wall_us();
                add_events(house, tenant, 1);
                const std::int64_t took = bench::wall_us() - began;
                std::int64_t slowest = slowest_us;
                while (took > slowest && !slowest_us.compare_exchange_weak(slowest, took)) {
                }
            }
        });
    }
    const std::int64_t cpu = bench::process_cpu_us();
    const std::int64_t database_cpu = shards.cpu_us();
    const std::int64_t began = bench::wall_us();
    const Result<storage::MoveReport> moved = house.engine->move_tenant(tenant, "s1", {});
    const double seconds = static_cast<double>(bench::wall_us() - began) / 1e6;
    ended = true;
    for (std::thread& writer : writers) {
        writer.join();
    }
    HANGU_ASSERT(moved.ok());
    const auto compared = static_cast<double>(moved->rows);
    bench::report("tenant.move", "rows", compared, "rows");
    bench::report("tenant.move", "seconds", seconds, "s");
    bench::report("tenant.move", "paused", static_cast<double>(moved->paused_us) / 1e3, "ms");
    bench::report("tenant.move", "slowest_request", static_cast<double>(slowest_us) / 1e3, "ms");
    bench::report("tenant.move", "cpu_us_per_row",
                  static_cast<double>(bench::process_cpu_us() - cpu) / compared, "us");
    bench::report("tenant.move", "database_cpu_us_per_row",
                  static_cast<double>(shards.cpu_us() - database_cpu) / compared, "us");
    return 0;
}

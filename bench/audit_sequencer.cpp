// Records into the Merkle logs: CPU of the sequencer alone, reading, hashing, tiles and signatures
// included, over many tenants at once.
//
//     audit_sequencer [--records 200000] [--tenants 50]
#include "support/bench_house.hpp"
#include "support/measure.hpp"

#include <fmt/format.h>

namespace {

using namespace hangu;

constexpr std::int64_t kFactsPerCommit = 200;

void write_records(bench::BenchHouse& house, const bench::BenchTenant& tenant, std::int64_t count) {
    for (std::int64_t done = 0; done < count; done += kFactsPerCommit) {
        const Result<void> written = http::run_use_case(
            *house.house().engine, house.house().world, *tenant.caller, storage::Work::write,
            [&](http::Scope& scope) -> Result<void> {
                for (std::int64_t i = 0; i < std::min(kFactsPerCommit, count - done); ++i) {
                    scope.audit({.action = "order.placed",
                                 .subject_kind = "order",
                                 .subject_id = "0000000000042",
                                 .subject_label = "S01-1122-0001",
                                 .fields = {{"total_fen", "", "3600"}, {"state", "", "paid"}},
                                 .org_path = "0101"});
                }
                return {};
            });
        if (!written.ok()) {
            throw std::runtime_error(written.problem().code);
        }
    }
}

}  // namespace

int main(int count, char** words) {
    const std::int64_t tenants = bench::flag(count, words, "--tenants", 50);
    const std::int64_t records = bench::flag(count, words, "--records", 200'000) / tenants;
    bench::BenchHouse house(static_cast<std::size_t>(tenants), 0);
    house.house().audit_log->sequence_and_wait();
    std::int64_t cpu_before = bench::process_cpu_us();
    for (const bench::BenchTenant& tenant : house.tenants()) {
        write_records(house, tenant, records);
    }
    const auto all = static_cast<double>(records * tenants);
    bench::report("audit.sequencer", "record_cpu",
                  static_cast<double>(bench::process_cpu_us() - cpu_before) / all, "us");
    cpu_before = bench::process_cpu_us();
    const std::int64_t wall_before = bench::wall_us();
    house.house().audit_log->sequence_and_wait();
    const auto cpu = static_cast<double>(bench::process_cpu_us() - cpu_before);
    bench::report("audit.sequencer", "sequence_cpu", cpu / all, "us");
    bench::report("audit.sequencer", "records_per_cpu_second", all * 1e6 / cpu, "1/s");
    bench::report("audit.sequencer", "wall",
                  static_cast<double>(bench::wall_us() - wall_before) / 1e3, "ms");
    // One record a batch: what a quiet tenant's checkpoint costs.
    cpu_before = bench::process_cpu_us();
    for (const bench::BenchTenant& tenant : house.tenants()) {
        write_records(house, tenant, 1);
    }
    const std::int64_t written = bench::process_cpu_us();
    house.house().audit_log->sequence_and_wait();
    bench::report(
        "audit.sequencer", "checkpoint_cpu",
        static_cast<double>(bench::process_cpu_us() - written) / static_cast<double>(tenants),
        "us");
    return 0;
}

// What a permission decision costs: scope.authorize at a place, and scope.within for a list, of a
// caller with four roles at places of her own, among a catalogue of 256 permissions.
//
//     authorize [--rounds 2000000]
#include "platform/http/scope.hpp"
#include "support/bench_house.hpp"
#include "support/measure.hpp"

#include <fmt/format.h>

int main(int count, char** words) {
    using namespace hangu;
    const auto rounds = bench::flag(count, words, "rounds", 2'000'000);
    bench::BenchHouse house(1, 1);
    http::Caller caller = *house.tenants().front().caller;
    const http::PermissionCatalogue& catalogue = house.house().permissions;
    std::vector<http::RightsAt> grants;
    for (int i = 0; i < 4; ++i) {
        grants.push_back({catalogue.all(), {}});
        for (int place = 0; place < 2; ++place) {
            grants.back().places.push_back(
                storage::subtree(fmt::format("0001/00{}{}/", i + 1, place * 4)));
        }
    }
    caller.rights = http::Rights::compile(grants);
    const std::string inside = "0001/0044/";
    const std::string outside = "0001/0099/";
    std::int64_t yes = 0;
    const auto answer =
        http::run_use_case(*house.house().engine, house.house().world, caller, storage::Work::read,
                           [&](http::Scope& scope) -> Result<std::int64_t> {
                               const http::Permission permission{"order.cancel"};
                               std::int64_t cpu = bench::process_cpu_us();
                               for (std::int64_t i = 0; i < rounds; ++i) {
                                   yes += scope.authorize(permission, inside).ok() ? 1 : 0;
                               }
                               const auto each = [&](std::int64_t since) {
                                   return static_cast<double>(bench::process_cpu_us() - since) *
                                          1000.0 / static_cast<double>(rounds);
                               };
                               bench::report("authorize", "allowed_cpu", each(cpu), "ns");
                               cpu = bench::process_cpu_us();
                               for (std::int64_t i = 0; i < rounds; ++i) {
                                   yes += scope.authorize(permission, outside).ok() ? 1 : 0;
                               }
                               bench::report("authorize", "refused_cpu", each(cpu), "ns");
                               cpu = bench::process_cpu_us();
                               for (std::int64_t i = 0; i < rounds; ++i) {
                                   yes += scope.within(permission)->covers(inside) ? 1 : 0;
                               }
                               bench::report("authorize", "within_cpu", each(cpu), "ns");
                               return yes;
                           });
    return answer.ok() && *answer == 2 * rounds ? 0 : 1;
}

// What the program costs when nothing happens: start of an empty system, resident memory, CPU of
// ten idle seconds.
//
//     start_idle [--seconds 10]
#include "support/bench_house.hpp"
#include "support/measure.hpp"
#include "support/server_load.hpp"

#include <poll.h>

int main(int count, char** words) {
    using namespace hangu;
    const std::int64_t seconds = bench::flag(count, words, "seconds", 10);
    bench::BenchHouse house(0, 0);
    const std::string data = house.folder() + "/data";
    house.close();
    bench::ServerProcess server(bench::program_beside(words[0]), data);
    bench::report("start.idle", "start_wall", static_cast<double>(server.start_wall_us()) / 1000,
                  "ms");
    const std::int64_t started = bench::child_cpu_us(server.pid());
    bench::report("start.idle", "start_cpu", static_cast<double>(started) / 1000, "ms");
    ::poll(nullptr, 0, static_cast<int>(seconds * 1000));
    bench::report("start.idle", "resident",
                  static_cast<double>(bench::child_resident_bytes(server.pid())), "bytes");
    bench::report("start.idle", "idle_cpu_per_second",
                  static_cast<double>(bench::child_cpu_us(server.pid()) - started) /
                      static_cast<double>(seconds),
                  "us");
    return 0;
}

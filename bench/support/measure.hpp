// What a bench measures with: CPU of this process, wall time for rates, resident memory, JSON
// lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hangu::bench {

std::int64_t process_cpu_us();                         // user and system, all threads
std::int64_t wall_us();                                // monotonic
std::int64_t resident_bytes();                         // of this process
std::int64_t folder_bytes(const std::string& folder);  // allocated on disk
std::int64_t child_cpu_us(int pid);                    // of a living process, from /proc
std::int64_t child_resident_bytes(int pid);

// {"bench":…,"metric":…,"value":…,"unit":…}
void report(std::string_view bench, std::string_view metric, double value, std::string_view unit);

// The value after --name, or the fallback.
std::int64_t flag(int count, char** words, std::string_view name, std::int64_t fallback);

}  // namespace hangu::bench

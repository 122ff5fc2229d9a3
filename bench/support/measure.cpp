#include "measure.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace hangu::bench {

namespace {

std::int64_t resident_of(const std::string& path) {
    std::ifstream in(path);
    std::int64_t pages = 0;
    std::int64_t resident = 0;
    in >> pages >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

}  // namespace

std::int64_t process_cpu_us() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1'000'000 + usage.ru_utime.tv_usec +
           usage.ru_stime.tv_usec;
}

std::int64_t wall_us() {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

std::int64_t resident_bytes() {
    return resident_of("/proc/self/statm");
}

std::int64_t child_resident_bytes(int pid) {
    return resident_of(fmt::format("/proc/{}/statm", pid));
}

std::int64_t child_cpu_us(int pid) {
    std::ifstream in(fmt::format("/proc/{}/stat", pid));
    std::stringstream text;
    text << in.rdbuf();
    const std::string all = text.str();
    std::istringstream rest(all.substr(all.rfind(')') + 2));
    std::string skipped;
    for (int i = 0; i < 11; ++i) {
        rest >> skipped;
    }
    std::int64_t user = 0;
    std::int64_t system = 0;
    rest >> user >> system;
    return (user + system) * (1'000'000 / ::sysconf(_SC_CLK_TCK));
}

std::int64_t folder_bytes(const std::string& folder) {
    std::int64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        struct stat info {};
        if (::stat(entry.path().c_str(), &info) == 0) {
            bytes += info.st_blocks * 512;
        }
    }
    return bytes;
}

void report(std::string_view bench, std::string_view metric, double value, std::string_view unit) {
    const std::string line =
        fmt::format("{{\"bench\":\"{}\",\"metric\":\"{}\",\"value\":{:.3f},\"unit\":\"{}\"}}\n",
                    bench, metric, value, unit);
    std::fputs(line.c_str(), stdout);
    std::fflush(stdout);
}

std::int64_t flag(int count, char** words, std::string_view name, std::int64_t fallback) {
    for (int i = 1; i + 1 < count; ++i) {
        if (words[i] == fmt::format("--{}", name)) {
            return std::stoll(words[i + 1]);
        }
    }
    return fallback;
}

}  // namespace hangu::bench

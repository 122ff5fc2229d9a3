#include "platform/crypto/crypto.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <thread>

namespace hangu::crypto {
namespace {

TEST(SystemRandomness, NeverGivesTheSameTwiceAlsoAcrossThreads) {
    constexpr int kThreads = 8;
    constexpr int kEach = 2000;  // several buffers
    std::vector<std::vector<std::string>> drawn(kThreads);
    std::vector<std::thread> threads;
    for (std::vector<std::string>& mine : drawn) {
        threads.emplace_back([&mine] {
            SystemRandomness randomness;
            for (int i = 0; i < kEach; ++i) {
                mine.push_back(randomness.bytes(12));
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    std::set<std::string> all;
    for (const std::vector<std::string>& mine : drawn) {
        all.insert(mine.begin(), mine.end());
    }
    EXPECT_EQ(all.size(), std::size_t{kThreads} * kEach);
}

TEST(SystemRandomness, FillsEverySize) {
    SystemRandomness randomness;
    EXPECT_EQ(randomness.bytes(0), "");
    for (const std::size_t size : {16UL, 1023UL, 1024UL, 1025UL, 4096UL, 10'000UL}) {
        const std::string bytes = randomness.bytes(size);
        ASSERT_EQ(bytes.size(), size);
        EXPECT_NE(bytes.substr(size - 16), std::string(16, '\0')) << size;
        EXPECT_NE(bytes.substr(0, 16), std::string(16, '\0')) << size;
    }
}

TEST(SystemRandomness, IsNotSharedWithAForkedChild) {
    SystemRandomness randomness;
    static_cast<void>(randomness.bytes(16));  // the buffer is full now
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        const std::string mine = randomness.bytes(32);
        const bool written = ::write(ends[1], mine.data(), mine.size()) == 32;
        ::_exit(written ? 0 : 1);
    }
    std::string of_child(32, '\0');
    ASSERT_EQ(::read(ends[0], of_child.data(), of_child.size()), 32);
    ::close(ends[0]);
    ::close(ends[1]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
    EXPECT_NE(of_child, randomness.bytes(32));
}

}  // namespace
}  // namespace hangu::crypto

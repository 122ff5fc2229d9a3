#include "platform/crypto/crypto.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <stdexcept>
#include <thread>

namespace hangu::crypto {
namespace {

TEST(HashPool, ShedsWhenTheQueueIsFull) {
    std::latch busy(2);
    std::latch go_on(1);
    std::atomic<int> done{0};
    {
        HashPool pool(2, 3);
        for (int i = 0; i < 2; ++i) {
            ASSERT_TRUE(pool.run([&] {
                busy.count_down();
                go_on.wait();
                ++done;
            }));
        }
        busy.wait();  // both threads are taken; from here on work waits
        for (int i = 0; i < 3; ++i) {
            EXPECT_TRUE(pool.run([&] { ++done; }));
        }
        EXPECT_FALSE(pool.run([&] { done += 1000; }));
        EXPECT_FALSE(pool.run([&] { done += 1000; }));
        EXPECT_EQ(done, 0);
        go_on.count_down();
    }
    EXPECT_EQ(done, 5);  // what was accepted was finished before the pool went away
}

TEST(HashPool, TakesWorkAgainAfterwards) {
    HashPool pool(1, 1);
    for (int i = 0; i < 100; ++i) {
        std::latch done(1);
        ASSERT_TRUE(pool.run([&] { done.count_down(); })) << i;
        done.wait();
    }
}

TEST(HashPool, GoesOnAfterWorkThatThrew) {
    HashPool pool(1, 2);
    std::latch done(1);
    ASSERT_TRUE(pool.run([] { throw std::runtime_error("no"); }));
    ASSERT_TRUE(pool.run([&] { done.count_down(); }));
    done.wait();
}

TEST(HashPool, RunsOnSeveralThreadsAtOnce) {
    HashPool pool(4, 8);
    std::latch together(4);
    std::latch done(4);
    for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(pool.run([&] {
            together.arrive_and_wait();
            done.count_down();
        }));
    }
    done.wait();
}

}  // namespace
}  // namespace hangu::crypto

// What both sides of every port promise: in memory, and on a real server.
#include "platform/shared_state/internal/shared_test_kit.hpp"

#include <thread>

namespace hangu::shared_state {
namespace {

class Ports : public ::testing::TestWithParam<bool> {
 protected:
    World world_{GetParam()};
    std::unique_ptr<Node> node_ = world_.node();
};

INSTANTIATE_TEST_SUITE_P(Sides, Ports, ::testing::Values(false, true),
                         [](const auto& side) { return side.param ? "redis" : "memory"; });

// ---- rates

TEST_P(Ports, a_burst_is_admitted_and_then_one_per_interval) {
    constexpr std::int64_t kPerMinute = 6;  // one in ten seconds, five at once
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(node_->admit(11, kPerMinute)) << i;
    }
    EXPECT_FALSE(node_->admit(11, kPerMinute));
    EXPECT_TRUE(node_->admit(13, kPerMinute));  // somebody else
    world_.pass_ms(10'001);
    EXPECT_TRUE(node_->admit(11, kPerMinute));
    EXPECT_FALSE(node_->admit(11, kPerMinute));
    world_.pass_ms(600'000);  // never more than a burst is saved up
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(node_->admit(11, kPerMinute)) << i;
    }
    EXPECT_FALSE(node_->admit(11, kPerMinute));
}

// ---- attempts

TEST_P(Ports, attempts_are_reserved_until_none_is_left) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(node_->reserve("address 192.0.2.1", 3)) << i;
    }
    EXPECT_FALSE(node_->reserve("address 192.0.2.1", 3));
    EXPECT_TRUE(node_->reserve("address 192.0.2.2", 3));
    node_->state.attempts().give_back("address 192.0.2.1");
    EXPECT_TRUE(node_->reserve("address 192.0.2.1", 3));
    EXPECT_FALSE(node_->reserve("address 192.0.2.1", 3));
    world_.pass_ms(Attempts::kWindowMs + 1);
    EXPECT_TRUE(node_->reserve("address 192.0.2.1", 3));
}

TEST_P(Ports, of_parallel_attempts_only_the_allowed_ones_are_looked_at) {
    std::atomic<int> looked_at{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 25; ++i) {
                looked_at += node_->reserve("address x", 7) ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(looked_at, 7);
}

TEST_P(Ports, what_is_given_back_twice_counts_once) {
    EXPECT_TRUE(node_->reserve("a", 1));
    node_->state.attempts().give_back("a");
    node_->state.attempts().give_back("a");
    EXPECT_TRUE(node_->reserve("a", 1));
    EXPECT_FALSE(node_->reserve("a", 1));
}

// ---- nonces

TEST_P(Ports, a_nonce_is_good_once) {
    EXPECT_EQ(node_->take_once("challenge 1"), Taken::first);
    EXPECT_EQ(node_->take_once("challenge 1"), Taken::seen_before);
    EXPECT_EQ(node_->take_once("challenge 2"), Taken::first);
    world_.pass_ms(60'001);
    EXPECT_EQ(node_->take_once("challenge 1"), Taken::first);  // whoever checks its age refused it
}

TEST_P(Ports, of_many_takers_of_a_nonce_one_is_first) {
    std::atomic<int> first{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 50; ++i) {
                first += node_->take_once("n" + std::to_string(i)) == Taken::first ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(first, 50);
}

// ---- notes

TEST_P(Ports, a_note_is_read_and_taken_once) {
    EXPECT_TRUE(node_->put("k", "v1"));
    EXPECT_TRUE(node_->put("k", std::string("v\0\r\n2", 5)));
    EXPECT_EQ(node_->get("k").value, std::string("v\0\r\n2", 5));
    EXPECT_EQ(node_->take("k").value, std::string("v\0\r\n2", 5));
    const Note gone = node_->take("k");
    EXPECT_FALSE(gone.value.has_value());
    EXPECT_FALSE(gone.lost);
    EXPECT_TRUE(node_->put("k", ""));
    EXPECT_EQ(node_->get("k").value, "");
}

TEST_P(Ports, a_note_ends) {
    EXPECT_TRUE(node_->put("k", "v", 120'000));
    world_.pass_ms(60'000);
    EXPECT_TRUE(node_->get("k").value.has_value());
    world_.pass_ms(60'001);
    EXPECT_FALSE(node_->get("k").value.has_value());
}

TEST_P(Ports, a_note_has_a_size) {
    EXPECT_TRUE(node_->put("k", std::string(kNoteBytesMax, 'x')));
    EXPECT_FALSE(node_->put("k", std::string(kNoteBytesMax + 1, 'x')));
    EXPECT_EQ(node_->get("k").value->size(), kNoteBytesMax);
}

// ---- bells

TEST_P(Ports, a_ring_is_heard_and_who_stopped_listening_hears_nothing) {
    std::mutex mutex;
    std::vector<Ring> heard;
    const auto hear = [&](const Ring& ring) {
        const std::lock_guard lock(mutex);
        heard.push_back(ring);
    };
    const auto count = [&](bool missed) {
        const std::lock_guard lock(mutex);
        return std::count_if(heard.begin(), heard.end(),
                             [missed](const Ring& ring) { return ring.perhaps_missed == missed; });
    };
    std::unique_ptr<Listening> listening = node_->state.bells().listen("topic", hear);
    until(world_, [&] { return count(true) > 0; });  // once it is listened to
    node_->state.bells().ring("topic", "payload");
    node_->state.bells().ring("other", "payload");
    EXPECT_EQ(count(false), 1);  // at home it is heard at once, and not a second time
    listening.reset();
    node_->state.bells().ring("topic", "payload");
    EXPECT_EQ(count(false), 1);
}

// ---- locks

TEST_P(Ports, a_lease_is_one_persons_until_it_is_over) {
    const std::optional<Lease> first = node_->acquire("sweep", 10'000);
    ASSERT_TRUE(first.has_value());
    EXPECT_GT(first->token, 0u);
    EXPECT_FALSE(node_->acquire("sweep").has_value());
    EXPECT_TRUE(node_->acquire("other").has_value());
    world_.pass_ms(8'000);
    EXPECT_TRUE(node_->renew(*first, 10'000));
    world_.pass_ms(8'000);
    EXPECT_FALSE(node_->acquire("sweep").has_value());
    world_.pass_ms(2'001);
    EXPECT_FALSE(node_->renew(*first));  // over: nobody may go on
    const std::optional<Lease> second = node_->acquire("sweep");
    ASSERT_TRUE(second.has_value());
    EXPECT_GT(second->token, first->token);
    EXPECT_FALSE(node_->release(*first));  // that would be the other's
    EXPECT_TRUE(node_->release(*second));
    EXPECT_FALSE(node_->release(*second));
    const std::optional<Lease> third = node_->acquire("sweep");
    ASSERT_TRUE(third.has_value());
    EXPECT_GT(third->token, second->token);
}

}  // namespace
}  // namespace hangu::shared_state

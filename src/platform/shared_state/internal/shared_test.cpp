// What several nodes see of each other through a real server, and what its memory gives away.
#include "platform/shared_state/internal/shared_test_kit.hpp"
#include "platform/shared_state/rate_limiter.hpp"

namespace hangu::shared_state {
namespace {

class Shared : public ::testing::Test {
 protected:
    World world_{true};
    std::unique_ptr<Node> a_ = world_.node();
    std::unique_ptr<Node> b_ = world_.node();
};

TEST_F(Shared, nodes_count_together) {
    int admitted = 0;
    for (int i = 0; i < 10; ++i) {
        admitted += (i % 2 == 0 ? a_ : b_)->admit(7, 6) ? 1 : 0;
    }
    EXPECT_EQ(admitted, 5);
    int reserved = 0;
    for (int i = 0; i < 10; ++i) {
        reserved += (i % 2 == 0 ? a_ : b_)->reserve("address x", 6) ? 1 : 0;
    }
    EXPECT_EQ(reserved, 6);
    b_->state.attempts().give_back("address x");
    until(world_, [&] { return a_->reserve("address x", 7); });
}

TEST_F(Shared, what_is_used_at_one_node_is_used_at_all) {
    EXPECT_EQ(a_->take_once("challenge"), Taken::first);
    EXPECT_EQ(b_->take_once("challenge"), Taken::seen_before);
    EXPECT_TRUE(a_->put("k", "v"));
    EXPECT_EQ(b_->get("k").value, "v");
    EXPECT_EQ(b_->take("k").value, "v");
    EXPECT_FALSE(a_->get("k").value.has_value());
    const std::optional<Lease> lease = a_->acquire("sweep");
    ASSERT_TRUE(lease.has_value());
    EXPECT_FALSE(b_->acquire("sweep").has_value());
    EXPECT_FALSE(b_->renew({"sweep", lease->token + 1}));
    EXPECT_TRUE(a_->release(*lease));
    EXPECT_GT(b_->acquire("sweep")->token, lease->token);
}

TEST_F(Shared, a_ring_reaches_the_others) {
    std::mutex mutex;
    std::vector<Ring> heard;
    const std::unique_ptr<Listening> listening =
        b_->state.bells().listen("topic", [&](const Ring& ring) {
            const std::lock_guard lock(mutex);
            heard.push_back(ring);
        });
    const auto last = [&] {
        const std::lock_guard lock(mutex);
        return heard.empty() ? Ring() : heard.back();
    };
    until(world_, [&] { return last().perhaps_missed; });
    const std::string payload("\0\r\n$5", 5);
    until(world_, [&] {
        a_->state.bells().ring("topic", payload);  // the first may be what was missed
        return last().payload == payload;
    });
    EXPECT_FALSE(last().perhaps_missed);
}

TEST_F(Shared, the_servers_memory_names_nobody) {
    EXPECT_TRUE(a_->reserve("address 192.0.2.77", 5));
    EXPECT_EQ(a_->take_once("challenge of alice"), Taken::first);
    EXPECT_TRUE(a_->put("alice", "v"));
    EXPECT_TRUE(a_->acquire("sweep of alice").has_value());
    EXPECT_TRUE(a_->admit(3, 60));
    const std::vector<Reply> keys = world_.admin(Command({"KEYS", "*"}).take());
    ASSERT_EQ(keys.front()->elements, 6u);  // the lock and its fence are two
    for (std::size_t i = 0; i < keys.front()->elements; ++i) {
        const std::string key(text_of(*keys.front()->element[i]));
        EXPECT_TRUE(key.starts_with("hangu:")) << key;
        EXPECT_EQ(key.find("alice"), std::string::npos) << key;
        EXPECT_EQ(key.find("192.0"), std::string::npos) << key;
        const std::vector<Reply> left = world_.admin(Command({"PTTL", key}).take());
        EXPECT_GT(left.front()->integer, 0) << key << " stays for ever";
    }
    // Another key of the house gives other names: hashes cannot be tried out.
    SharedState::Options other = world_.options();
    other.name_key = Secret(std::string(32, 'o'));
    const std::unique_ptr<Node> stranger = world_.node(std::move(other));
    EXPECT_EQ(stranger->take_once("challenge of alice"), Taken::first);
}

TEST_F(Shared, a_server_that_was_emptied_is_told_its_scripts_again) {
    EXPECT_TRUE(a_->admit(3, 60));
    world_.admin(Command({"SCRIPT", "FLUSH"}).take());
    EXPECT_TRUE(a_->admit(3, 60));
    EXPECT_EQ(a_->state.health().degraded_uses, 0u);
}

TEST_F(Shared, tokens_grow_though_the_server_forgot_everything) {
    const std::optional<Lease> before = a_->acquire("sweep");
    ASSERT_TRUE(before.has_value());
    world_.admin(Command({"FLUSHALL"}).take());
    const std::optional<Lease> after = b_->acquire("sweep");
    ASSERT_TRUE(after.has_value());
    EXPECT_GT(after->token, before->token);
    EXPECT_FALSE(a_->renew(*before));
}

TEST_F(Shared, health_says_what_it_is) {
    const Health health = a_->state.health();
    EXPECT_TRUE(health.shared);
    EXPECT_TRUE(health.connected);
    EXPECT_TRUE(health.detail.starts_with("Redis ")) << health.detail;
    EXPECT_EQ(health.degraded_uses, 0u);
    EXPECT_EQ(lines_with(world_.log_file(0), "shared.connected"), 1u);
    EXPECT_NE(a_->metrics.text().find("shared_state_connected 1"), std::string::npos);
    const Result<std::string> version =
        check_server(world_.account(testing::RedisServer::kUser), 30'000);
    ASSERT_TRUE(version.ok());
    EXPECT_EQ(version.value(), health.detail);
}

TEST(InMemory, there_is_no_server_and_nothing_is_degraded) {
    World world(false);
    const std::unique_ptr<Node> node = world.node();
    EXPECT_EQ(node->state.rates().at_once(1, 60), Admission::admitted);  // and not elsewhere
    const Health health = node->state.health();
    EXPECT_FALSE(health.shared);
    EXPECT_FALSE(health.connected);
    EXPECT_EQ(health.degraded_uses, 0u);
    EXPECT_EQ(node->metrics.text().find("shared_state"), std::string::npos);
}

TEST(InMemory, a_space_that_is_full_refuses_and_pushes_nothing_out) {
    World world(false);
    SharedState::Options options = world.options();
    options.notes_count_max = 2;
    options.nonces_count_max = 2;
    const std::unique_ptr<Node> node = world.node(std::move(options));
    EXPECT_TRUE(node->put("1", "a"));
    EXPECT_TRUE(node->put("2", "b", 1'000));
    EXPECT_FALSE(node->put("3", "c"));
    EXPECT_TRUE(node->put("1", "d"));
    EXPECT_EQ(node->get("1").value, "d");
    world.pass_ms(1'001);
    EXPECT_TRUE(node->put("3", "c"));
    EXPECT_EQ(node->take_once("1"), Taken::first);
    EXPECT_EQ(node->take_once("2"), Taken::first);
    EXPECT_EQ(node->take_once("3"), Taken::refused);
    EXPECT_EQ(node->take_once("1"), Taken::seen_before);
}

TEST(RateParts, together_allow_no_more_than_the_whole) {
    for (const std::int64_t per_minute : {5, 30, 60, 120, 300, 600}) {
        const RatePolicy whole = RatePolicy::of(per_minute);
        for (const std::int64_t share : {2, 3, 5}) {
            const RatePolicy part = RatePolicy::of(per_minute, share);
            const std::int64_t whole_burst = whole.tolerance_us / whole.interval_us + 1;
            const std::int64_t part_burst = part.tolerance_us / part.interval_us + 1;
            EXPECT_LE(part_burst * share, whole_burst) << per_minute << "/" << share;
            EXPECT_EQ(part.interval_us, whole.interval_us * share);
        }
    }
}

// Two requests read the clock one after the other and come in the other order.
TEST(RateLimits, a_rate_beyond_all_bounds_refuses_nobody) {
    RateLimiter limiter;
    constexpr std::int64_t kPerMinute = 1'000'000'000;
    EXPECT_TRUE(limiter.admit(1, kPerMinute, 100));
    EXPECT_TRUE(limiter.admit(1, kPerMinute, 99));
}

}  // namespace
}  // namespace hangu::shared_state

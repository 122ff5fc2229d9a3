// What happens on one node is heard on the other, where somebody listens: over a real Redis server,
// and over memory.
#include "app/events_between_nodes.hpp"

#include "platform/crypto/crypto.hpp"
#include "platform/shared_state/shared_state.hpp"
#include "tests/support/redis_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>

namespace hangu::app {
namespace {

// As much of a node as it takes.
struct Side {
    Side(shared_state::SharedState& shared, observe::Log& log, const std::string& name,
         TenantId own)
        : between({hub, shared.streams(), [own](TenantId tenant) { return tenant == own; }, log,
                   name}) {
        between.start();
    }

    events::Hub hub;
    EventsBetweenNodes between;
};

class EventsBetweenNodesTest : public ::testing::TestWithParam<bool> {
 protected:
    EventsBetweenNodesTest()
        : folder_(fmt::format("{}/hangu-between-{}-{}",
                              std::filesystem::temp_directory_path().string(), ::getpid(),
                              GetParam() ? "redis" : "memory")) {
        std::filesystem::create_directories(folder_);
        shared_state::SharedState::Options options;
        options.name_key = Secret(std::string(32, 'k'));
        options.deadline_ms = 10'000;
        if (GetParam()) {
            server_ = std::make_unique<testing::RedisServer>(folder_ + "/redis");
            options.server.emplace();
            options.server->socket = server_->socket();
            options.server->user = testing::RedisServer::kUser;
            options.server->password = Secret(testing::RedisServer::kPassword);
        }
        shared_ = std::make_unique<shared_state::SharedState>(
            std::move(options),
            shared_state::SharedState::Services{clock_, randomness_, log_, metrics_});
        shared_->settle_and_wait();
        a_ = std::make_unique<Side>(*shared_, log_, "a", kOfA);
        b_ = std::make_unique<Side>(*shared_, log_, "b", kOfB);
    }
    ~EventsBetweenNodesTest() override {
        a_.reset();
        b_.reset();
        shared_.reset();
        server_.reset();
        std::filesystem::remove_all(folder_);
    }

    static events::Event event(const std::string& payload) {
        events::Event made;
        made.id = events::EventId(next_id_++);
        made.name = "merchant.going_on";
        made.permission = "merchant.view";
        made.org_path = "/1/";
        made.payload = payload;
        made.at = Time(1'795'305'600'123);
        made.subject = "merchant:7";
        return made;
    }
    // The first that arrives; rung until then, since the other side may not listen yet.
    events::Event first_heard(Side& from, Side& at, TenantId tenant, const std::string& payload) {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<events::Event> heard;
        const std::uint64_t ticket = at.hub.listen(tenant, [&](const events::Event& one) {
            const std::lock_guard lock(mutex);
            heard = heard ? heard : std::optional(one);
            changed.notify_all();
        });
        std::unique_lock lock(mutex);
        while (!heard) {
            lock.unlock();
            from.hub.publish(tenant, {event(payload)});
            lock.lock();
            changed.wait_for(lock, std::chrono::milliseconds(20), [&] { return bool(heard); });
        }
        lock.unlock();
        at.hub.leave(tenant, ticket);
        return *heard;
    }

    static constexpr TenantId kOfA{1001};
    static constexpr TenantId kOfB{1002};
    static inline std::atomic<std::int64_t> next_id_{1};
    std::string folder_;
    runtime::SystemClock clock_;
    crypto::SystemRandomness randomness_;
    observe::Log log_{{observe::Level::error, ""}, clock_};
    observe::Metrics metrics_;
    std::unique_ptr<testing::RedisServer> server_;
    std::unique_ptr<shared_state::SharedState> shared_;
    std::unique_ptr<Side> a_;
    std::unique_ptr<Side> b_;
};

TEST_P(EventsBetweenNodesTest, what_happens_here_about_a_tenant_of_the_other_is_heard_there) {
    const events::Event heard = first_heard(*a_, *b_, kOfB, R"({"text":"茶\u0000\n"})");
    EXPECT_EQ(heard.name, "merchant.going_on");
    EXPECT_EQ(heard.permission, "merchant.view");
    EXPECT_EQ(heard.org_path, "/1/");
    EXPECT_EQ(heard.payload, R"({"text":"茶\u0000\n"})");
    EXPECT_EQ(heard.at, Time(1'795'305'600'123));
    EXPECT_EQ(heard.subject, "merchant:7");
    EXPECT_TRUE(heard.id.is_set());
    EXPECT_EQ(first_heard(*b_, *a_, kOfA, "{}").payload, "{}");
}

TEST_P(EventsBetweenNodesTest, what_a_node_hears_itself_stays_with_it) {
    std::atomic<int> there{0};
    const std::uint64_t ticket = b_->hub.listen(kOfA, [&there](const events::Event&) { ++there; });
    EXPECT_EQ(first_heard(*a_, *a_, kOfA, "{}").payload, "{}");
    first_heard(*a_, *b_, kOfB, "{}");  // behind it in the same stream
    EXPECT_EQ(there, 0);
    b_->hub.leave(kOfA, ticket);
}

TEST_P(EventsBetweenNodesTest, what_is_heard_is_not_said_again) {
    std::atomic<int> back{0};
    const std::uint64_t ticket = a_->hub.listen(kOfB, [&back](const events::Event&) { ++back; });
    first_heard(*a_, *b_, kOfB, "{}");
    const int own = back;  // what it published itself, at once
    first_heard(*b_, *a_, kOfA, "{}");
    EXPECT_EQ(back, own);
    a_->hub.leave(kOfB, ticket);
}

INSTANTIATE_TEST_SUITE_P(Sides, EventsBetweenNodesTest, ::testing::Bool(),
                         [](const auto& of) { return of.param ? "redis" : "memory"; });

}  // namespace
}  // namespace hangu::app

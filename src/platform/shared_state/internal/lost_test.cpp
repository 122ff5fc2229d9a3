// The server is killed, stopped, full, or does not know us: every call is answered, and none of
// them opens anything.
#include "platform/shared_state/internal/shared_test_kit.hpp"

#include <thread>

namespace hangu::shared_state {
namespace {

class Lost : public ::testing::Test {
 protected:
    World world_{true};
    std::unique_ptr<Node> node_ = world_.node();

    bool connected() const { return node_->state.health().connected; }
    std::size_t told(const std::string& event) const {
        return lines_with(world_.log_file(0), "\"" + event + "\"");
    }
};

TEST_F(Lost, killed_in_the_middle_of_load_no_call_is_open_and_none_is_unanswered) {
    std::atomic<int> asked{0};
    std::atomic<int> admitted{0};
    std::atomic<int> twice_first{0};
    std::atomic<int> reserved{0};
    node_->state.set_live_nodes([] { return 2; });
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 400; ++i) {
                const std::string key = std::to_string(t) + "/" + std::to_string(i);
                const bool first = node_->take_once(key) == Taken::first;
                const bool again = node_->take_once(key) == Taken::first;
                twice_first += first && again ? 1 : 0;
                admitted += node_->admit(5, 6) ? 1 : 0;
                reserved += node_->reserve("address x", 8) ? 1 : 0;
                if (++asked == 300) {
                    world_.server().stop(SIGKILL);
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(asked, 1200);  // everybody came back
    EXPECT_EQ(twice_first, 0);
    EXPECT_LE(admitted, 5);  // a burst and not one more, though the counter was lost
    EXPECT_LE(reserved, 8);
    EXPECT_FALSE(connected());
    EXPECT_EQ(node_->take_once("new"), Taken::refused);
    EXPECT_FALSE(node_->acquire("sweep").has_value());
    EXPECT_GT(node_->state.health().degraded_uses, 0u);
    EXPECT_EQ(told("shared.degraded"), 1u);
    EXPECT_NE(node_->metrics.text().find("shared_state_connected 0"), std::string::npos);
}

TEST_F(Lost, each_node_allows_its_part) {
    node_->state.set_live_nodes([] { return 2; });
    world_.server().stop(SIGKILL);
    until(world_, [&] { return !connected(); });
    int admitted = 0;
    int reserved = 0;
    for (int i = 0; i < 10; ++i) {
        admitted += node_->admit(5, 6) ? 1 : 0;  // a burst of 5
        reserved += node_->reserve("address x", 7) ? 1 : 0;
    }
    EXPECT_EQ(admitted, 2);
    EXPECT_EQ(reserved, 3);
    EXPECT_EQ(node_->state.rates().at_once(6, 6), Admission::admitted);  // nobody is asked
}

TEST_F(Lost, what_falls_back_on_memory_knows_what_this_node_saw) {
    EXPECT_EQ(node_->take_once("seen", WhenLost::ask_own_memory), Taken::first);
    EXPECT_TRUE(node_->put("before", "v"));
    const std::optional<Lease> lease = node_->acquire("sweep");
    world_.server().stop(SIGKILL);
    until(world_, [&] { return !connected(); });
    EXPECT_EQ(node_->take_once("seen", WhenLost::ask_own_memory), Taken::seen_before);
    EXPECT_EQ(node_->take_once("seen", WhenLost::refuse), Taken::seen_before);
    EXPECT_EQ(node_->take_once("new", WhenLost::ask_own_memory), Taken::first);
    EXPECT_EQ(node_->take_once("new", WhenLost::ask_own_memory), Taken::seen_before);
    EXPECT_EQ(node_->take_once("other", WhenLost::refuse), Taken::refused);
    const Note before = node_->get("before");
    EXPECT_FALSE(before.value.has_value());
    EXPECT_TRUE(before.lost);
    EXPECT_TRUE(node_->put("meanwhile", "v"));
    EXPECT_EQ(node_->take("meanwhile").value, "v");
    EXPECT_FALSE(node_->take("meanwhile").value.has_value());
    EXPECT_FALSE(node_->renew(*lease));
    EXPECT_FALSE(node_->release(*lease));
    EXPECT_EQ(node_->state.streams().length("events").problem().code, "shared.unavailable");
}

TEST_F(Lost, it_comes_back_by_itself_and_listeners_look_again) {
    std::atomic<int> missed{0};
    std::atomic<int> rings{0};
    const auto listening = node_->state.bells().listen(
        "topic", [&](const Ring& ring) { ++(ring.perhaps_missed ? missed : rings); });
    until(world_, [&] { return missed > 0; });
    world_.server().stop(SIGKILL);
    until(world_, [&] { return !connected(); });
    const int before = missed;
    until(world_, [&] { return missed > before + 2; });  // nothing rings: they poll
    node_->state.bells().ring("topic", "at home");       // one's own is heard all the same
    EXPECT_EQ(rings, 1);
    world_.server().start();
    until(world_, [&] { return connected(); });
    const std::unique_ptr<Node> other = world_.node();
    until(world_, [&] {
        other->state.bells().ring("topic", "from the other");
        return rings > 1;
    });
    EXPECT_GT(missed, before + 2);
    EXPECT_EQ(node_->take_once("new"), Taken::first);
    EXPECT_TRUE(node_->acquire("sweep").has_value());
    EXPECT_TRUE(node_->state.streams().append("events", {{"v", "1"}}, 10).ok());
    EXPECT_EQ(told("shared.degraded"), 1u);
    EXPECT_EQ(told("shared.recovered"), 1u);
}

TEST_F(Lost, a_server_that_stands_still_is_waited_for_until_the_deadline_and_then_given_up) {
    // Nothing is on its way back: a server that finds us gone while it answers hears no more of us.
    EXPECT_EQ(node_->take_once("before"), Taken::first);
    world_.server().signal(SIGSTOP);
    std::atomic<int> answered{0};
    std::atomic<int> refused{0};
    for (int i = 0; i < 20; ++i) {
        node_->state.nonces().take_once("n" + std::to_string(i), 60'000, WhenLost::refuse,
                                        [&](Taken taken) {
                                            refused += taken == Taken::refused ? 1 : 0;
                                            ++answered;
                                        });
    }
    EXPECT_EQ(answered, 0);  // it is not late yet
    world_.clock.advance_ms(49);
    EXPECT_TRUE(connected());
    EXPECT_EQ(answered, 0);
    world_.clock.advance_ms(1);
    std::mutex mutex;
    std::condition_variable nobody;
    std::unique_lock lock(mutex);
    while (answered < 20) {
        nobody.wait_for(lock, std::chrono::milliseconds(2));  // its clock stands at the deadline
    }
    EXPECT_EQ(refused, 20);
    EXPECT_TRUE(connected());  // slow once is not lost
    until(world_, [&] { return !connected(); });
    EXPECT_EQ(node_->take_once("given up"), Taken::refused);  // at once
    world_.server().signal(SIGCONT);
    until(world_, [&] { return connected(); });
    EXPECT_EQ(node_->take_once("n0"), Taken::seen_before);  // late is not undone
    EXPECT_EQ(node_->take_once("n100"), Taken::first);
}

TEST_F(Lost, a_full_queue_refuses) {
    SharedState::Options options = world_.options();
    options.waiting_count_max = 4;
    const std::unique_ptr<Node> small = world_.node(std::move(options));
    world_.server().signal(SIGSTOP);
    std::atomic<int> refused{0};
    for (int i = 0; i < 10; ++i) {
        small->state.nonces().take_once(
            "n" + std::to_string(i), 60'000, WhenLost::refuse,
            [&](Taken taken) { refused += taken == Taken::refused ? 1 : 0; });
    }
    EXPECT_EQ(refused, 6);
    small->state.stop();
    EXPECT_EQ(refused, 10);  // whoever waits is answered at the end
    EXPECT_EQ(small->take_once("later"), Taken::refused);
}

TEST_F(Lost, a_server_without_memory_refuses_and_so_do_we) {
    EXPECT_TRUE(node_->admit(5, 6));
    world_.admin(Command({"CONFIG", "SET", "maxmemory", "1"}).take());
    node_->state.set_live_nodes([] { return 2; });
    EXPECT_EQ(node_->take_once("new"), Taken::refused);
    EXPECT_FALSE(node_->put("k", "v"));
    EXPECT_FALSE(node_->acquire("sweep").has_value());
    int admitted = 1;
    int reserved = 0;
    for (int i = 0; i < 10; ++i) {
        admitted += node_->admit(5, 6) ? 1 : 0;
        reserved += node_->reserve("address x", 6) ? 1 : 0;
    }
    EXPECT_LE(admitted, 5);
    EXPECT_EQ(reserved, 3);
    EXPECT_EQ(node_->state.streams().append("events", {{"v", "1"}}, 10).problem().code,
              "shared.refused");
    EXPECT_TRUE(connected());
    EXPECT_GT(node_->state.health().failures, 0u);
    EXPECT_EQ(told("shared.refused"), 1u);  // and not once for each
    world_.admin(Command({"CONFIG", "SET", "maxmemory", "0"}).take());
    EXPECT_EQ(node_->take_once("new"), Taken::first);
}

TEST_F(Lost, a_wrong_password_is_said_and_nothing_is_shared) {
    SharedState::Options options = world_.options();
    options.server->password = Secret("wrong");
    const std::unique_ptr<Node> stranger = world_.node(std::move(options));
    const Health health = stranger->state.health();
    EXPECT_FALSE(health.connected);
    EXPECT_TRUE(health.detail.starts_with("WRONGPASS")) << health.detail;
    EXPECT_EQ(stranger->take_once("new"), Taken::refused);
    Server server = world_.account(testing::RedisServer::kUser);
    server.password = Secret("wrong");
    EXPECT_TRUE(check_server(server, 30'000).problem().detail.starts_with("WRONGPASS"));
    server.password = Secret();
    EXPECT_TRUE(check_server(server, 30'000).problem().detail.starts_with("NOAUTH"));
    server.socket += "-missing";
    EXPECT_NE(check_server(server, 30'000).problem().detail.find("No such file"),
              std::string::npos);
}

TEST_F(Lost, there_was_never_a_server) {
    world_.server().stop(SIGKILL);
    const std::unique_ptr<Node> alone = world_.node();
    EXPECT_FALSE(alone->state.health().connected);
    EXPECT_EQ(lines_with(world_.log_file(1), "shared.degraded"), 1u);
    EXPECT_EQ(alone->take_once("new", WhenLost::ask_own_memory), Taken::first);
    world_.server().start();
    until(world_, [&] { return alone->state.health().connected; });
    EXPECT_EQ(alone->take_once("new"), Taken::seen_before);
}

}  // namespace
}  // namespace hangu::shared_state

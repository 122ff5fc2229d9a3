// Signing in where two nodes serve the same merchants and share their state through a real server.
#include "security/identity/internal/sign_in_test_house.hpp"

#include "platform/shared_state/shared_state.hpp"
#include "tests/support/redis_server.hpp"

namespace hangu::identity {
namespace {

class TwoNodes : public SignInTest {
 protected:
    TwoNodes() {
        Identity::Options options;
        options.password_cost = {1024, 1, 1};
        other_ = std::make_unique<Identity>(*house_.world.engine, house_.tenants,
                                            house_.world.world, house_.pool, options);
        other_->set_grant_source(house_.grants);
        add_routes(other_routes_, *other_);
        shared_state::SharedState::Options shared;
        shared.server.emplace();
        shared.server->socket = server_.socket();
        shared.server->user = testing::RedisServer::kUser;
        shared.server->password = Secret(testing::RedisServer::kPassword);
        for (Identity* node : {house_.identity.get(), other_.get()}) {
            states_.push_back(std::make_unique<shared_state::SharedState>(
                shared,
                shared_state::SharedState::Services{house_.world.clock, randomness_,
                                                    house_.world.log, house_.world.metrics}));
            states_.back()->set_live_nodes([] { return 2; });
            states_.back()->settle_and_wait();
            node->set_shared_state(*states_.back(), Secret(std::string(32, 'k')));
        }
    }
    ~TwoNodes() override {
        group_.close_and_wait();
        for (const auto& state : states_) {
            state->stop();
        }
    }

    Answer at(std::size_t node, std::string_view route, http::Request request) {
        const http::Routes& routes = node == 0 ? routes_ : other_routes_;
        const auto& entries = routes.entries();
        const auto entry = std::find_if(entries.begin(), entries.end(),
                                        [&](const auto& one) { return one.route.name == route; });
        auto promise = std::make_shared<std::promise<Answer>>();
        auto future = promise->get_future();
        runtime::spawn(runtime_, 0, group_,
                       finish(entry->handle_waiting(std::move(request), {}), promise));
        return future.get();
    }
    std::string guess(std::size_t node, const std::string& login, const std::string& password) {
        return code(at(node, "session.open", request(sign_in_body("tea-house", login, password))));
    }

    crypto::SystemRandomness randomness_;
    testing::RedisServer server_{house_.world.folder.path() + "/redis"};
    std::vector<std::unique_ptr<shared_state::SharedState>> states_;
    std::unique_ptr<Identity> other_;
    http::Routes other_routes_;
};

TEST_F(TwoNodes, failures_of_an_address_are_counted_together) {
    for (std::size_t i = 0; i < 30; ++i) {
        EXPECT_EQ(guess(i % 2, "nobody" + std::to_string(i), "wrong"), "session.refused") << i;
    }
    EXPECT_EQ(guess(0, "lihua", "Blau-Wolke7"), "session.throttled");
    EXPECT_EQ(guess(1, "lihua", "Blau-Wolke7"), "session.throttled");
}

TEST_F(TwoNodes, what_succeeds_is_given_back) {
    for (std::size_t i = 0; i < 29; ++i) {
        EXPECT_EQ(guess(i % 2, "nobody" + std::to_string(i), "wrong"), "session.refused") << i;
    }
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ(guess(0, "lihua", "Blau-Wolke7"), "ok") << i;
    }
    // Nobody waits for the giving back: only behind it, on the same connection, it has been done.
    EXPECT_EQ(guess(0, "nobody", "wrong"), "session.refused");
    EXPECT_EQ(guess(1, "nobody", "wrong"), "session.throttled");
}

TEST_F(TwoNodes, without_the_server_each_allows_its_half_and_people_get_in) {
    server_.stop(SIGKILL);
    EXPECT_EQ(guess(0, "lihua", "Blau-Wolke7"), "ok");
    for (std::size_t i = 0; i < 15; ++i) {
        EXPECT_EQ(guess(0, "nobody" + std::to_string(i), "wrong"), "session.refused") << i;
    }
    EXPECT_EQ(guess(0, "nobody", "wrong"), "session.throttled");
    EXPECT_EQ(guess(1, "lihua", "Blau-Wolke7"), "ok");
}

// Nobody has a phone, and codes would be sent.
class NoPhones final : public PhoneBook {
 public:
    std::string phone_tail_of(storage::Tx&, StaffId) override { return ""; }
    std::optional<StaffId> owner_of(storage::Tx&, const Phone&) override { return std::nullopt; }
};
class SendsTexts final : public TextMessages {
 public:
    bool are_sent() const override { return true; }
    void send(http::Scope&, const TextMessage&) override {}
};

TEST_F(TwoNodes, a_merchant_that_does_not_exist_is_asked_for_codes_as_at_one_node) {
    NoPhones phones;
    SendsTexts texts;
    for (Identity* node : {house_.identity.get(), other_.get()}) {
        node->set_phone_book(phones);
        node->set_text_messages(texts);
    }
    const auto ask = [&](std::size_t node, const std::string& merchant) {
        return code(at(node, "session.ask_text_code",
                       request("{\"tenant_code\":\"" + merchant +
                               "\",\"phone\":\"13800138000\",\"purpose\":\"sign_in\"}")));
    };
    EXPECT_EQ(ask(0, "nowhere"), "ok");
    EXPECT_EQ(ask(1, "nowhere"), "text_code.too_soon");
    EXPECT_EQ(ask(0, "nowhere"), "text_code.too_soon");
    EXPECT_EQ(ask(1, "elsewhere"), "ok");
    house_.world.clock.advance_ms(kMinuteMs);
    EXPECT_EQ(ask(1, "nowhere"), "ok");
    EXPECT_EQ(ask(0, "nowhere"), "text_code.too_soon");
}

}  // namespace
}  // namespace hangu::identity

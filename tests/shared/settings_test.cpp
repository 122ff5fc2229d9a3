// What [redis] in hangu.toml may say, and a house that has one.
#include "app/house.hpp"
#include "app/redis_settings.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>

namespace hangu::app {
namespace {

class RedisSettings : public ::testing::Test {
 protected:
    std::string password_file(mode_t mode, const std::string& password) {
        const std::string path = folder_.path() + "/password";
        ::unlink(path.c_str());
        std::ofstream(path) << password << "\n";
        ::chmod(path.c_str(), mode);
        return path;
    }
    // What is wrong with them: the code, and the setting it is about.
    std::string refusal(const std::map<std::string, std::string>& given) {
        settings::Settings settings(redis_settings());
        EXPECT_TRUE(settings.load("", {}).ok());
        for (const auto& [key, value] : given) {
            settings.set(key, value);
        }
        const auto read = read_redis(*settings.snapshot());
        if (read.ok()) {
            return *read ? "a server" : "none";
        }
        const Problem& problem = read.problem();
        return problem.code + (problem.fields.empty() ? "" : " " + problem.fields.front().field);
    }

    testing::TemporaryFolder folder_;
};

TEST_F(RedisSettings, none_is_a_node_alone) {
    EXPECT_EQ(refusal({}), "none");
}

TEST_F(RedisSettings, a_password_is_needed_and_nobody_else_may_read_it) {
    const std::string socket = folder_.path() + "/redis.sock";
    EXPECT_EQ(refusal({{"redis.socket", socket}}), "settings.invalid redis.password_file");
    EXPECT_EQ(refusal({{"redis.socket", socket}, {"redis.password_file", socket}}),
              "redis.no_password");
    EXPECT_EQ(
        refusal({{"redis.socket", socket}, {"redis.password_file", password_file(0440, "secret")}}),
        "redis.password_open");
    EXPECT_EQ(refusal({{"redis.socket", socket}, {"redis.password_file", password_file(0400, "")}}),
              "settings.invalid redis.password_file");
    EXPECT_EQ(
        refusal({{"redis.socket", socket}, {"redis.password_file", password_file(0400, "secret")}}),
        "a server");
}

TEST_F(RedisSettings, over_a_network_the_connection_is_encrypted) {
    const std::string file = password_file(0400, "secret");
    for (const char* here : {"127.0.0.1", "::1"}) {
        EXPECT_EQ(refusal({{"redis.host", here}, {"redis.password_file", file}}), "a server");
    }
    for (const char* away : {"10.0.0.31", "redis.example", "127.0.0.1.example"}) {
        EXPECT_EQ(refusal({{"redis.host", away}, {"redis.password_file", file}}),
                  "settings.invalid redis.tls_ca");
        EXPECT_EQ(refusal({{"redis.host", away},
                           {"redis.password_file", file},
                           {"redis.tls_ca", "/etc/hangu/redis-ca.pem"}}),
                  "a server");
    }
    EXPECT_EQ(refusal({{"redis.host", "127.0.0.1"},
                       {"redis.socket", "/run/redis.sock"},
                       {"redis.password_file", file}}),
              "settings.invalid redis.host");
    EXPECT_EQ(refusal({{"redis.socket", "/run/redis.sock"},
                       {"redis.tls_ca", "/etc/hangu/redis-ca.pem"},
                       {"redis.password_file", file}}),
              "settings.invalid redis.tls_ca");
}

TEST_F(RedisSettings, a_house_has_one_when_it_is_named) {
    testing::RedisServer server(folder_.path() + "/redis");
    HouseOptions options;
    options.data = folder_.path() + "/data";
    options.log_file = folder_.path() + "/log";
    {
        const auto alone = House::open(options);
        ASSERT_TRUE(alone.ok());
        EXPECT_FALSE((*alone)->shared->health().shared);
        EXPECT_EQ((*alone)->shared_rates("console").counters, nullptr);
    }
    options.environment = {
        {"HANGU_REDIS_SOCKET", server.socket()},
        {"HANGU_REDIS_PASSWORD_FILE", password_file(0400, testing::RedisServer::kPassword)}};
    const auto house = House::open(options);
    ASSERT_TRUE(house.ok()) << house.problem().code;
    (*house)->shared->settle_and_wait();
    const shared_state::Health health = (*house)->shared->health();
    EXPECT_TRUE(health.connected) << health.detail;
    EXPECT_NE((*house)->shared_rates("console").counters, nullptr);
}

}  // namespace
}  // namespace hangu::app

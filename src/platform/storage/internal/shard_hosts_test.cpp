// Which of several servers is worked with. The servers here are no cluster: what is asked is where
// a connection leads; with three nodes that share their rows it is tests/galera.
#include "platform/storage/internal/shard_hosts.hpp"

#include "tests/support/deaf_relay.hpp"
#include "tests/support/maria_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <array>
#include <filesystem>

namespace hangu::storage {
namespace {

// Two servers for the program.
class ShardHostsTest : public ::testing::Test {
 protected:
    static void SetUpTestSuite() {
        folder_ = fmt::format("{}/hangu-hosts-{}", std::filesystem::temp_directory_path().string(),
                              ::getpid());
    }
    static void TearDownTestSuite() {
        for (auto& server : servers_) {
            server.reset();
        }
        std::filesystem::remove_all(folder_);
        std::filesystem::remove(folder_ + ".log");
    }

    ShardHostsTest() : log_({observe::Level::error, folder_ + ".log"}, clock_) {
        for (std::size_t host = 0; host < servers_.size(); ++host) {
            shard_.hosts.push_back({fmt::format("{}/{}/socket", folder_, host + 1), "", 0});
            start(host);
        }
        shard_.name = "one";
        shard_.database = "mysql";
        shard_.rw.user = "root";
        hosts_ = std::make_unique<ShardHosts>(shard_, clock_, log_);
    }
    // If it is not running.
    static void start(std::size_t host) {
        if (!servers_[host] || servers_[host]->pid() == 0) {
            servers_[host] = std::make_unique<testing::MariaServer>(
                HANGU_MARIADB, fmt::format("{}/{}", folder_, host + 1),
                std::vector<std::string>{"--innodb-flush-log-at-trx-commit=0"});
        }
    }
    std::unique_ptr<MariaConnection> open() {
        return hosts_->open(connection_of(shard_, shard_.rw));
    }
    // 1 or 2.
    std::string where(MariaConnection& connection) const {
        const std::string socket =
            connection.query_rows("select @@socket as s").front().at("s").substr(folder_.size());
        return socket.substr(1, 1);
    }
    void execute_on(std::size_t host, const std::string& sql) const {
        MariaConnection(with_host(connection_of(shard_, shard_.rw), shard_.hosts[host]))
            .execute(sql);
    }
    template <class Fact>
    static bool becomes(Fact&& fact) {
        for (int i = 0; i < 300; ++i) {
            if (fact()) {
                return true;
            }
            ::poll(nullptr, 0, 50);
        }
        return false;
    }

    static inline std::string folder_;
    static inline std::array<std::unique_ptr<testing::MariaServer>, 2> servers_;
    ManualClock clock_{Time(1'795'305'600'000)};
    observe::Log log_;
    ShardOptions shard_;
    std::unique_ptr<ShardHosts> hosts_;
};

TEST_F(ShardHostsTest, the_first_is_worked_with_until_it_is_lost_and_then_the_next) {
    const std::unique_ptr<MariaConnection> before = open();
    EXPECT_EQ(where(*before), "1");
    EXPECT_EQ(where(*open()), "1");
    EXPECT_TRUE(hosts_->current(*before));
    EXPECT_EQ(hosts_->changes(), 0U);
    servers_[0]->stop(SIGKILL);
    const std::unique_ptr<MariaConnection> after = open();
    EXPECT_EQ(where(*after), "2");
    EXPECT_FALSE(hosts_->current(*before));
    EXPECT_EQ(hosts_->changes(), 1U);
    EXPECT_TRUE(hosts_->states()[1].chosen);
    start(0);
    clock_.advance_ms(ShardHosts::kRestUs / 1000);
    EXPECT_EQ(where(*open()), "2");  // it is not gone back to at once
    EXPECT_TRUE(hosts_->current(*after));
}

TEST_F(ShardHostsTest, one_that_refuses_writes_is_passed_over) {
    execute_on(0, "set global read_only = 1");
    EXPECT_EQ(where(*open()), "2");
    const ShardHostState passed = hosts_->states()[0];
    EXPECT_FALSE(passed.fit);
    EXPECT_NE(passed.detail.find("read only"), std::string::npos) << passed.detail;
    execute_on(0, "set global read_only = 0");
}

TEST_F(ShardHostsTest, without_any_it_says_so_and_each_is_left_alone_for_a_moment) {
    for (const auto& server : servers_) {
        server->stop(SIGKILL);
    }
    EXPECT_THROW(open(), ConnectionLost);
    start(1);
    EXPECT_THROW(open(), ConnectionLost);
    hosts_->watch();
    clock_.advance_ms(ShardHosts::kRestUs / 1000);
    EXPECT_TRUE(becomes([&] { return hosts_->states()[1].fit; }));
    EXPECT_EQ(where(*open()), "2");
}

TEST_F(ShardHostsTest, what_waits_for_a_server_that_hangs_is_cut) {
    hosts_->watch();
    const std::unique_ptr<MariaConnection> connection = open();
    EXPECT_EQ(where(*connection), "1");
    EXPECT_TRUE(becomes([&] { return hosts_->states()[1].fit; }));
    ::kill(servers_[0]->pid(), SIGSTOP);
    int status = 0;
    ::waitpid(servers_[0]->pid(), &status, WUNTRACED);
    EXPECT_THROW(connection->execute("set @a = 1"), ConnectionLost);
    EXPECT_EQ(where(*open()), "2");
    ::kill(servers_[0]->pid(), SIGCONT);
}

TEST_F(ShardHostsTest, what_waits_for_an_answer_that_was_lost_is_cut_and_the_server_kept) {
    shard_.hosts[0].socket = folder_ + "/relay";
    testing::DeafRelay relay(shard_.hosts[0].socket, servers_[0]->socket());
    hosts_ = std::make_unique<ShardHosts>(shard_, clock_, log_);
    hosts_->watch();
    EXPECT_TRUE(becomes([&] { return hosts_->states()[1].fit; }));
    const std::unique_ptr<MariaConnection> connection = open();
    relay.hear_no_more();
    EXPECT_THROW(connection->execute("set @a = 1"), ConnectionLost);
    EXPECT_TRUE(hosts_->current(*connection));
    EXPECT_TRUE(becomes([&] { return hosts_->answers_lost() == 1; }));
    EXPECT_EQ(where(*open()), "1");
    hosts_.reset();  // before the relay
}

TEST_F(ShardHostsTest, the_preferred_one_is_gone_back_to_when_it_has_been_fit_for_long) {
    execute_on(0, "set global read_only = 1");
    const std::unique_ptr<MariaConnection> connection = open();
    EXPECT_EQ(where(*connection), "2");
    hosts_->watch();
    execute_on(0, "set global read_only = 0");
    EXPECT_TRUE(becomes([&] { return hosts_->states()[0].fit; }));
    EXPECT_TRUE(hosts_->current(*connection));
    clock_.advance_ms(ShardHosts::kReturnUs / 1000);
    EXPECT_TRUE(becomes([&] { return !hosts_->current(*connection); }));
    EXPECT_NO_THROW(connection->execute("set @a = 1"));  // what is under way is not cut
    EXPECT_EQ(where(*open()), "1");
}

}  // namespace
}  // namespace hangu::storage

// Answers that never arrive: the server has given them, or believes that it has.
#include "platform/storage/internal/maria_lines.hpp"

#include "tests/support/deaf_relay.hpp"
#include "tests/support/maria_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <thread>

namespace hangu::storage {
namespace {

constexpr unsigned kSecondsMax = 3;

class MariaLinesTest : public ::testing::Test {
 protected:
    static void SetUpTestSuite() {
        folder_ = fmt::format("{}/hangu-lines-{}", std::filesystem::temp_directory_path().string(),
                              ::getpid());
        server_ = std::make_unique<testing::MariaServer>(HANGU_MARIADB, folder_);
        relay_ = std::make_unique<testing::DeafRelay>(folder_ + "/relay", server_->socket());
        MariaConnection db(as("root"));
        db.execute("create database work");
        db.execute("create table work.t (id bigint primary key)");
        db.execute("create user other@localhost");
        db.execute("grant select on work.* to other@localhost");
    }
    static void TearDownTestSuite() {
        relay_.reset();
        server_.reset();
        std::filesystem::remove_all(folder_);
    }
    static MariaConnection::Options as(const std::string& user) {
        MariaConnection::Options options;
        options.socket = folder_ + "/relay";
        options.user = user;
        return options;
    }
    std::unique_ptr<MariaConnection> open(const std::string& user = "root") const {
        MariaConnection::Options options = as(user);
        options.lines = lines_;
        return std::make_unique<MariaConnection>(options);
    }
    // What was cut until `work` ended, which runs on a thread of its own.
    std::vector<MariaLines::Lost> lost_during(const std::function<void()>& work) const {
        std::vector<MariaLines::Lost> all;
        std::atomic<bool> done{false};
        std::thread thread([&] {
            work();
            done = true;
        });
        while (!done) {
            const std::vector<MariaLines::Lost> lost = lines_->cut_unanswered(kSecondsMax);
            all.insert(all.end(), lost.begin(), lost.end());
            ::poll(nullptr, 0, 50);
        }
        thread.join();
        return all;
    }
    static std::int64_t rows() {
        MariaConnection db(as("root"));
        return std::stoll(db.query_rows("select count(*) as n from work.t").front().at("n"));
    }

    static inline std::string folder_;
    static inline std::unique_ptr<testing::MariaServer> server_;
    static inline std::unique_ptr<testing::DeafRelay> relay_;
    const std::shared_ptr<MariaLines> lines_ = std::make_shared<MariaLines>();
};

TEST_F(MariaLinesTest, whatever_waits_for_an_answer_that_was_given_is_cut) {
    const auto is_lost = [](const auto& work) { EXPECT_THROW(work(), ConnectionLost); };
    static const char kKey = 0;
    const std::function<void(MariaConnection&)> all[] = {
        [&](MariaConnection& db) { is_lost([&] { db.execute("set @a = 1"); }); },
        [&](MariaConnection& db) { is_lost([&] { db.query_rows("select 1"); }); },
        [&](MariaConnection& db) { is_lost([&] { db.prepare(&kKey, "one", "select 1"); }); },
        [](MariaConnection& db) { EXPECT_THROW(db.commit(), CommitUnknown); },
        [](MariaConnection& db) { db.roll_back(); },
    };
    for (const auto& work : all) {
        const std::unique_ptr<MariaConnection> db = open();
        relay_->hear_no_more();
        const std::vector<MariaLines::Lost> lost = lost_during([&] { work(*db); });
        ASSERT_EQ(lost.size(), 1U);
        EXPECT_EQ(lost.front().id, db->id());
        EXPECT_TRUE(db->broken());
    }
}

TEST_F(MariaLinesTest, so_is_a_prepared_statement_and_what_it_did_does_not_stand) {
    const std::unique_ptr<MariaConnection> db = open();
    static const char kKey = 0;
    Cursor& insert = db->prepare(&kKey, "insert", "insert into work.t (id) values (?1)");
    const detail::Using use(insert);
    insert.bind_integer(1, 7);
    relay_->hear_no_more();
    const std::vector<MariaLines::Lost> lost =
        lost_during([&] { EXPECT_THROW(insert.step(), ConnectionLost); });
    EXPECT_EQ(lost.size(), 1U);
    EXPECT_EQ(rows(), 0);
}

TEST_F(MariaLinesTest, each_account_is_asked_for_its_own) {
    const std::unique_ptr<MariaConnection> db = open("other");
    relay_->hear_no_more();
    const std::vector<MariaLines::Lost> lost = lost_during(
        [&] { EXPECT_THROW(db->query_rows("select count(*) from work.t"), ConnectionLost); });
    ASSERT_EQ(lost.size(), 1U);
    EXPECT_EQ(lost.front().user, "other");
}

TEST_F(MariaLinesTest, what_the_server_is_still_at_is_left_alone) {
    const std::unique_ptr<MariaConnection> db = open();
    MariaConnection other(as("root"));
    std::thread thread([&] { EXPECT_THROW(db->query_rows("select sleep(1000)"), StorageFault); });
    const std::string at_it = fmt::format(
        "select id from information_schema.processlist where id = {} and command = 'Query'",
        db->id());
    while (other.query_rows(at_it).empty()) {
        ::poll(nullptr, 0, 10);
    }
    for (int look = 0; look < 5; ++look) {
        EXPECT_TRUE(lines_->cut_unanswered(kSecondsMax).empty());
    }
    other.execute(fmt::format("kill query {}", db->id()));
    thread.join();
    EXPECT_FALSE(db->broken());
}

TEST_F(MariaLinesTest, whoever_asks_nothing_is_left_alone) {
    const std::unique_ptr<MariaConnection> db = open();
    for (int look = 0; look < 5; ++look) {
        EXPECT_TRUE(lines_->cut_unanswered(kSecondsMax).empty());
    }
    EXPECT_NO_THROW(db->execute("set @a = 1"));
}

}  // namespace
}  // namespace hangu::storage

#include "base/json.hpp"
#include "platform/observe/observe.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <thread>

namespace hangu::observe {
namespace {

static_assert(!std::is_constructible_v<Field, std::string_view, Secret>);
static_assert(!std::is_constructible_v<Field, std::string_view, Phone>);
static_assert(!std::is_constructible_v<Field, std::string_view, Email>);
static_assert(!std::is_constructible_v<Field, std::string_view, PersonName>);
static_assert(!std::is_constructible_v<Field, std::string_view, Sealed<Phone>>);
static_assert(!std::is_constructible_v<Field, std::string_view, Revealed<Phone>>);

class LogTest : public ::testing::Test {
 protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "log_test_XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string file() const { return (folder_ / "hangu.log").string(); }
    std::string content() const {
        std::ifstream in(file(), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    // The line of one write.
    std::string line_of(std::string_view event, std::initializer_list<Field> fields) {
        std::filesystem::remove(file());
        {
            Log log({.file = file()}, clock_);
            log.info(event, fields);
            redacted_ = log.redacted_count();
        }
        return content();
    }
    boost::json::object parsed(std::string_view event, std::initializer_list<Field> fields) {
        const std::string line = line_of(event, fields);
        EXPECT_EQ(std::count(line.begin(), line.end(), '\n'), 1) << line;
        const Result<boost::json::value> json = json::parse(line);
        EXPECT_TRUE(json.ok()) << line;
        return json.ok() ? json->as_object() : boost::json::object{};
    }

    std::filesystem::path folder_;
    ManualClock clock_{Time(1'763'805'600'123)};
    std::uint64_t redacted_ = 0;
};

TEST_F(LogTest, WritesOneJsonLine) {
    EXPECT_EQ(
        line_of("server.started", {{"port", 8080},
                                   {"secure", true},
                                   {"took_ms", 1.5},
                                   {"host", "example.test"},
                                   {"tenant", TenantId(33)},
                                   {"nobody", TenantId()},
                                   {"low", std::numeric_limits<std::int64_t>::min()}}),
        "{\"at\":\"2025-11-22T10:00:00.123Z\",\"level\":\"info\",\"event\":\"server.started\","
        "\"port\":8080,\"secure\":true,\"took_ms\":1.5,\"host\":\"example.test\","
        "\"tenant\":\"0000000000011\",\"nobody\":\"\",\"low\":-9223372036854775808}\n");
}

TEST_F(LogTest, StaysValidJsonWithHostileText) {
    const std::string hostile = "a\"b\\c\nd\r\te\x01\x7F </script> {\"level\":\"error\"}";
    const auto json = parsed("x", {{"text", hostile}, {"n\"ame", "v"}});
    EXPECT_EQ(json.at("text").as_string(), hostile);
    EXPECT_EQ(json.at("n\"ame").as_string(), "v");
    EXPECT_EQ(json.at("level").as_string(), "info");
}

TEST_F(LogTest, ReplacesInvalidUtf8) {
    const std::string bad = "a\xFF\xC3(\xC3\xA9\x80\xE4\xBD";
    EXPECT_EQ(parsed("x", {{"text", bad}}).at("text").as_string(),
              "a\uFFFD\uFFFD(\u00E9\uFFFD\uFFFD\uFFFD");
    EXPECT_EQ(parsed("x", {{"text", "杯子"}}).at("text").as_string(), "杯子");
    EXPECT_EQ(parsed("x", {{"text", std::string("a\0b", 3)}}).at("text").as_string(),
              std::string_view("a\0b", 3));
}

TEST_F(LogTest, WritesNumbersThatAreNotFiniteAsNull) {
    const auto json = parsed("x", {{"nan", std::numeric_limits<double>::quiet_NaN()},
                                   {"inf", std::numeric_limits<double>::infinity()}});
    EXPECT_TRUE(json.at("nan").is_null());
    EXPECT_TRUE(json.at("inf").is_null());
}

TEST_F(LogTest, CutsLongTextAtAWholeCharacter) {
    const auto json = parsed("x", {{"text", "a" + std::string(5000, 'b')}});
    EXPECT_EQ(json.at("text").as_string(), "a" + std::string(4095, 'b') + "…");
    std::string wide = "a";
    for (int i = 0; i < 2000; ++i) {
        wide += "杯";
    }
    EXPECT_EQ(parsed("x", {{"text", wide}}).at("text").as_string(), wide.substr(0, 4096) + "…");
}

TEST_F(LogTest, RedactsEveryPartOfTheLine) {
    const auto json = parsed("call 13812345678", {{"phone", "13812345678"},
                                                  {"text", "a\n13912345678\tb"},
                                                  {"escaped", std::string("\x01") + "13712345678"},
                                                  {"number", 13812345678},
                                                  {"real", 13812345678.0},
                                                  {"key", "hgk_abc"},
                                                  {"13812345678", 1}});
    EXPECT_EQ(json.at("event").as_string(), "call ***");
    EXPECT_EQ(json.at("phone").as_string(), "***");
    EXPECT_EQ(json.at("text").as_string(), "a\n***\tb");
    EXPECT_EQ(json.at("escaped").as_string(), "\x01***");
    EXPECT_EQ(json.at("number").as_string(), "***");
    EXPECT_EQ(json.at("real").as_string(), "***");
    EXPECT_EQ(json.at("key").as_string(), "***");
    EXPECT_EQ(json.at("***").as_int64(), 1);
    EXPECT_EQ(redacted_, 8U);
}

TEST_F(LogTest, RedactsAPhoneThatStandsWhereTheTextIsCut) {
    const std::string text = std::string(4090, ' ') + "13812345678" + std::string(1000, ' ');
    const std::string line = line_of("x", {{"text", text}});
    EXPECT_EQ(line.find("138"), std::string::npos);
}

TEST_F(LogTest, LeavesIdsAndNumbersAlone) {
    const auto json = parsed("x", {{"tenant", TenantId(0x0123456789ABCDEF)},
                                   {"at_ms", 1'763'805'600'123},
                                   {"count", 12812345678}});
    EXPECT_EQ(json.at("at_ms").as_int64(), 1'763'805'600'123);
    EXPECT_EQ(json.at("count").as_int64(), 12812345678);
    EXPECT_EQ(json.at("tenant").as_string(), id_text(0x0123456789ABCDEF));
    EXPECT_EQ(redacted_, 0U);
}

TEST_F(LogTest, LeavesOutWhatIsBelowItsLevel) {
    {
        Log log({.level = Level::warning, .file = file()}, clock_);
        log.write(Level::debug, "a");
        log.info("b");
        log.warning("c");
        log.error("d");
    }
    EXPECT_EQ(content(),
              "{\"at\":\"2025-11-22T10:00:00.123Z\",\"level\":\"warning\",\"event\":\"c\"}\n"
              "{\"at\":\"2025-11-22T10:00:00.123Z\",\"level\":\"error\",\"event\":\"d\"}\n");
}

TEST_F(LogTest, FlushesWarningsAtOnceAndTheRestWithinASecond) {
    Log log({.file = file()}, clock_);
    log.info("first");
    const std::string before = content();
    log.info("kept");
    EXPECT_EQ(content(), before);
    log.warning("now");
    const std::string after = content();
    EXPECT_NE(after.find("\"now\""), std::string::npos);
    log.info("kept again");
    EXPECT_EQ(content(), after);
    clock_.advance_ms(1000);
    log.info("a second later");
    EXPECT_NE(content().find("a second later"), std::string::npos);
    log.info("last");
    log.flush();
    EXPECT_NE(content().find("last"), std::string::npos);
}

TEST_F(LogTest, AppendsToAnExistingFile) {
    std::ofstream(file()) << "before\n";
    { Log({.file = file()}, clock_).info("x"); }
    EXPECT_TRUE(content().starts_with("before\n{"));
}

TEST_F(LogTest, KeepsLinesWholeOnManyThreads) {
    constexpr int kThreads = 8;
    constexpr int kEach = 200;
    {
        Log log({.file = file()}, clock_);
        std::vector<std::thread> threads;
        for (int i = 0; i < kThreads; ++i) {
            threads.emplace_back([&log, i] {
                for (int j = 0; j < kEach; ++j) {
                    log.info("x", {{"thread", i}, {"text", "some longer text of a line"}});
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
    }
    const std::string all = content();
    std::size_t count = 0;
    for (const std::string_view line : split(all, '\n')) {
        if (!line.empty()) {
            ++count;
            ASSERT_TRUE(json::parse(line).ok()) << line;
        }
    }
    EXPECT_EQ(count, std::size_t{kThreads} * kEach);
}

TEST_F(LogTest, DoesNotThrowWhenTheLineCannotBeWritten) {
    if (!std::filesystem::exists("/dev/full")) {
        GTEST_SKIP() << "needs a device that is always full";
    }
    Log log({.file = "/dev/full"}, clock_);
    for (int i = 0; i < 100; ++i) {
        EXPECT_NO_THROW(log.error("x", {{"text", std::string(4000, 'x')}}));
    }
}

}  // namespace
}  // namespace hangu::observe

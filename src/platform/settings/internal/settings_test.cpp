#include "platform/settings/settings.hpp"

#include "base/check.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace hangu::settings {
namespace {

constexpr Key<std::int64_t> kBodyBytesMax{"http.body_bytes_max"};
constexpr Key<std::int64_t> kPort{"http.port"};
constexpr Key<bool> kSecure{"http.secure"};
constexpr Key<std::string> kName{"name"};
constexpr Key<std::string> kToken{"mail.token"};

std::vector<Setting> declared() {
    return {
        {"http.port", std::int64_t{8080}, 1, 65535, "", "The port."},
        {"http.body_bytes_max", std::int64_t{1 << 20}, 1024, 16 << 20, "bytes", "Largest body."},
        {"http.secure", true, 0, 0, "", "Whether to speak TLS."},
        {"name", std::string("Hangu"), 1, 5, "", "The name."},
        {"mail.token", std::string(), 0, 0, "", "The token.", true}};
}

class SettingsTest : public ::testing::Test {
 protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "settings_test_XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        file_ = (folder_ / "hangu.toml").string();
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    void put(std::string_view text) { std::ofstream(file_, std::ios::binary) << text; }
    // "field code" of each problem.
    static std::vector<std::string> faults(const Result<void>& result) {
        std::vector<std::string> out;
        if (!result.ok()) {
            for (const FieldProblem& field : result.problem().fields) {
                out.push_back(field.field + " " + field.code);
            }
        }
        return out;
    }

    std::filesystem::path folder_;
    std::string file_;
    Settings settings_{declared()};
};

TEST_F(SettingsTest, BeginsWithTheDefaults) {
    const auto snapshot = settings_.snapshot();
    EXPECT_EQ(snapshot->get(kBodyBytesMax), 1 << 20);
    EXPECT_EQ(snapshot->get(kSecure), true);
    EXPECT_EQ(snapshot->get(kName), "Hangu");
    ASSERT_TRUE(settings_.load("", {}).ok());
    EXPECT_EQ(settings_.snapshot()->get(kPort), 8080);
}

TEST_F(SettingsTest, TakesTheFileThenTheEnvironmentThenTheCommandLine) {
    put("name = \"函谷关\"\n[http]\nport = 1000\nbody_bytes_max = 2048\nsecure = false\n");
    settings_.set("http.secure", true);
    ASSERT_TRUE(settings_
                    .load(file_, {{"HANGU_HTTP_BODY_BYTES_MAX", "4096"},
                                  {"HANGU_HTTP_SECURE", "0"},
                                  {"HANGU_SERVICE_HOST", "10.0.0.1"},
                                  {"PATH", "/bin"}})
                    .ok());
    const auto snapshot = settings_.snapshot();
    EXPECT_EQ(snapshot->get(kName), "函谷关");
    EXPECT_EQ(snapshot->get(kPort), 1000);
    EXPECT_EQ(snapshot->get(kBodyBytesMax), 4096);
    EXPECT_EQ(snapshot->get(kSecure), true);
}

TEST_F(SettingsTest, ReportsEveryBadEntryAtOnceAndChangesNothing) {
    put("nmae = \"x\"\nname = \"too long\"\n[http]\nport = 70000\nbody_bytes_max = \"big\"\n"
        "secure = 1\n[http.deep]\nx = 1\n");
    const Result<void> result = settings_.load(file_, {{"HANGU_HTTP_PORT", "80x"}});
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.problem().code, "settings.invalid");
    std::vector<std::string> found = faults(result);
    std::sort(found.begin(), found.end());
    EXPECT_EQ(found, (std::vector<std::string>{
                         "http.body_bytes_max setting.wrong_type", "http.deep.x setting.unknown",
                         "http.port setting.out_of_range", "http.port setting.wrong_type",
                         "http.secure setting.wrong_type", "name setting.out_of_range",
                         "nmae setting.unknown"}));
    EXPECT_EQ(settings_.snapshot()->get(kPort), 8080);
    EXPECT_EQ(settings_.snapshot()->get(kName), "Hangu");
}

TEST_F(SettingsTest, SaysWhereWhatWasFoundAndWhatIsAllowed) {
    put("\n[http]\nbody_bytes_max = 70\n");
    const Result<void> result = settings_.load(file_, {{"HANGU_HTTP_PORT", "0"}});
    ASSERT_FALSE(result.ok());
    ASSERT_EQ(result.problem().fields.size(), 2U);
    EXPECT_EQ(
        result.problem().fields[0].detail,
        file_ + " line 3: found \"70\", allowed is a whole number from 1024 to 16777216 bytes");
    EXPECT_EQ(result.problem().fields[1].detail,
              "HANGU_HTTP_PORT: found \"0\", allowed is a whole number from 1 to 65535");
}

TEST_F(SettingsTest, NeverShowsASecret) {
    put("[mail]\ntoken = 12345\n");
    const Result<void> result =
        settings_.load(file_, {{"HANGU_MAIL_TOKEN", std::string(2000, 'q')}});
    ASSERT_FALSE(result.ok());
    ASSERT_EQ(result.problem().fields.size(), 2U);
    for (const FieldProblem& field : result.problem().fields) {
        EXPECT_EQ(field.detail.find("12345"), std::string::npos);
        EXPECT_EQ(field.detail.find("qq"), std::string::npos);
        EXPECT_NE(field.detail.find("found a secret"), std::string::npos) << field.detail;
    }
    settings_.set("mail.token", std::string("s3cret"));
    EXPECT_EQ(settings_.snapshot()->get(kToken), "s3cret");
    EXPECT_EQ(settings_.reference_markdown().find("s3cret"), std::string::npos);
}

TEST_F(SettingsTest, RefusesBoundsByOne) {
    for (const auto& [text, good] :
         std::vector<std::pair<std::string, bool>>{{"1023", false},
                                                   {"1024", true},
                                                   {"16777216", true},
                                                   {"16777217", false},
                                                   {"-1", false},
                                                   {"", false},
                                                   {" 2048", false},
                                                   {"2048 ", false},
                                                   {"0x800", false},
                                                   {"9223372036854775808", false}}) {
        EXPECT_EQ(settings_.load("", {{"HANGU_HTTP_BODY_BYTES_MAX", text}}).ok(), good) << text;
    }
    for (const auto& [text, good] :
         std::vector<std::pair<std::string, bool>>{{"", false},
                                                   {"a", true},
                                                   {"一二三四五", true},
                                                   {"一二三四五六", false},
                                                   {"\xFF", false}}) {
        EXPECT_EQ(settings_.load("", {{"HANGU_NAME", text}}).ok(), good) << text;
    }
    for (const auto& [text, good] : std::vector<std::pair<std::string, bool>>{{"true", true},
                                                                              {"false", true},
                                                                              {"1", true},
                                                                              {"0", true},
                                                                              {"yes", false},
                                                                              {"TRUE", false},
                                                                              {"", false}}) {
        EXPECT_EQ(settings_.load("", {{"HANGU_HTTP_SECURE", text}}).ok(), good) << text;
    }
    EXPECT_TRUE(settings_.load("", {{"HANGU_MAIL_TOKEN", std::string(1024, 'x')}}).ok());
    EXPECT_FALSE(settings_.load("", {{"HANGU_MAIL_TOKEN", std::string(1025, 'x')}}).ok());
}

TEST_F(SettingsTest, RefusesTypesNoSettingHas) {
    for (const char* text :
         {"name = 1.5", "name = [\"a\"]", "name = 2026-11-22", "[name]\nx = 1"}) {
        put(text);
        const Result<void> result = settings_.load(file_, {});
        ASSERT_FALSE(result.ok()) << text;
        EXPECT_EQ(result.problem().code, "settings.invalid") << text;
    }
}

TEST_F(SettingsTest, TellsWhereTheFileIsMalformed) {
    put("name = \"a\"\n\nport = = 3\n");
    const Result<void> malformed = settings_.load(file_, {});
    ASSERT_FALSE(malformed.ok());
    EXPECT_EQ(malformed.problem().code, "settings.malformed");
    EXPECT_NE(malformed.problem().detail.find("line 3"), std::string::npos)
        << malformed.problem().detail;
    put("name = \"a\"\nname = \"b\"\n");
    EXPECT_EQ(settings_.load(file_, {}).problem().code, "settings.malformed");
    EXPECT_EQ(settings_.load((folder_ / "none.toml").string(), {}).problem().code,
              "settings.unreadable");
    EXPECT_EQ(settings_.load(folder_.string(), {}).problem().code, "settings.unreadable");
    put("name = \"a\"\n#" + std::string(2 << 20, 'x'));
    EXPECT_EQ(settings_.load(file_, {}).problem().code, "settings.unreadable");
    EXPECT_EQ(settings_.snapshot()->get(kName), "Hangu");
}

TEST_F(SettingsTest, ReloadsAsAWholeOrNotAtAll) {
    put("name = \"one\"\n[http]\nport = 1\n");
    ASSERT_TRUE(settings_.load(file_, {}).ok());
    const auto held = settings_.snapshot();
    put("name = \"two\"\n[http]\nport = 0\n");
    EXPECT_EQ(faults(settings_.reload()),
              std::vector<std::string>{"http.port setting.out_of_range"});
    EXPECT_EQ(settings_.snapshot(), held);
    put("name = \"two\"\n[http]\nport = 2\n");
    ASSERT_TRUE(settings_.reload().ok());
    EXPECT_EQ(settings_.snapshot()->get(kName), "two");
    EXPECT_EQ(settings_.snapshot()->get(kPort), 2);
    EXPECT_EQ(held->get(kName), "one");  // who took a snapshot keeps it
    EXPECT_EQ(held->get(kPort), 1);
}

TEST_F(SettingsTest, ReadersNeverSeeHalfOfAReload) {
    const auto write = [this](int value) {
        put("[http]\nport = " + std::to_string(value) +
            "\nbody_bytes_max = " + std::to_string(value + 10'000) + "\n");
    };
    write(1);
    ASSERT_TRUE(settings_.load(file_, {}).ok());
    std::atomic<bool> stop{false};
    std::atomic<int> mixed{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            while (!stop) {
                const auto snapshot = settings_.snapshot();
                mixed += snapshot->get(kBodyBytesMax) - snapshot->get(kPort) == 10'000 ? 0 : 1;
            }
        });
    }
    for (int value = 2; value < 100; ++value) {
        write(value);
        EXPECT_TRUE(settings_.reload().ok());
    }
    stop = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
    EXPECT_EQ(mixed, 0);
    EXPECT_EQ(settings_.snapshot()->get(kPort), 99);
}

TEST_F(SettingsTest, SetTakesEffectAtOnceAndStays) {
    settings_.set("http.port", std::int64_t{99});
    EXPECT_EQ(settings_.snapshot()->get(kPort), 99);
    settings_.set("http.body_bytes_max", std::string("2000"));  // as a flag gives it
    EXPECT_EQ(settings_.snapshot()->get(kBodyBytesMax), 2000);
    put("[http]\nport = 1\n");
    ASSERT_TRUE(settings_.load(file_, {{"HANGU_HTTP_PORT", "2"}}).ok());
    EXPECT_EQ(settings_.snapshot()->get(kPort), 99);
}

TEST_F(SettingsTest, ReportsWhatWasSetWronglyWhenLoading) {
    settings_.set("http.port", std::string("0"));
    settings_.set("http.prot", std::int64_t{1});
    EXPECT_EQ(settings_.snapshot()->get(kPort), 8080);
    EXPECT_EQ(
        faults(settings_.load("", {})),
        (std::vector<std::string>{"http.port setting.out_of_range", "http.prot setting.unknown"}));
}

// [shards.NAME]: the operator chooses the names.
TEST(SettingsFamily, NamesComeFromTheFile) {
    constexpr Key<std::string> kHost{"shards.*.host"};
    constexpr Key<std::int64_t> kLanes{"shards.*.lanes"};
    Settings settings({{kHost.key, std::string(), 0, 64, "", "Host."},
                       {kLanes.key, std::int64_t{4}, 1, 64, "", "Lanes."}});
    EXPECT_TRUE(settings.snapshot()->names("shards").empty());
    const std::string file = ::testing::TempDir() + "/family.toml";
    const auto put = [&file](const char* text) { std::ofstream(file) << text; };
    put("[shards.one]\nhost = \"a\"\n[shards.two_2]\nlanes = 8\n");
    ASSERT_TRUE(
        settings.load(file, {{"HANGU_SHARDS_ONE_LANES", "2"}, {"HANGU_SHARDS_THREE_HOST", "x"}})
            .ok());
    const auto snapshot = settings.snapshot();
    EXPECT_EQ(snapshot->names("shards"), (std::vector<std::string>{"one", "two_2"}));
    EXPECT_EQ(snapshot->get(kHost, "one"), "a");
    EXPECT_EQ(snapshot->get(kLanes, "one"), 2);
    EXPECT_EQ(snapshot->get(kHost, "two_2"), "");
    EXPECT_EQ(snapshot->get(kLanes, "two_2"), 8);
    for (const char* wrong :
         {"[shards.One]\nhost = \"a\"", "[shards.one]\nlanes = 65", "[shards.one]\nport = 1",
          "[shards.one.two]\nhost = \"a\"", "[shards]\n\"*\" = {host = \"a\"}",
          "[shards.a23456789012345678901234567890123]\nhost = \"a\""}) {
        put(wrong);
        EXPECT_FALSE(settings.load(file, {}).ok()) << wrong;
    }
}

TEST_F(SettingsTest, AskingForWhatIsNotDeclaredIsABug) {
    EXPECT_THROW(settings_.snapshot()->get(Key<std::int64_t>{"http.nothing"}), Bug);
    EXPECT_THROW(settings_.snapshot()->get(Key<bool>{"http.port"}), Bug);
}

TEST(SettingsDeclaration, MustBeConsistent) {
    EXPECT_THROW(Settings({{"a.b", std::int64_t{5}, 0, 0, "", "No bounds."}}), Bug);
    EXPECT_THROW(Settings({{"a", std::string("abc"), 0, 2, "", "Too long."}}), Bug);
    EXPECT_THROW(Settings({{"a.b_c", true, 0, 0, "", "One."}, {"a.b.c", true, 0, 0, "", "Two."}}),
                 Bug);
}

TEST_F(SettingsTest, WritesTheReference) {
    const std::string text = settings_.reference_markdown();
    EXPECT_NE(
        text.find("| `http.body_bytes_max` | `HANGU_HTTP_BODY_BYTES_MAX` | `1048576` | a whole "
                  "number from 1024 to 16777216 bytes | Largest body. |\n"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("| `mail.token` | `HANGU_MAIL_TOKEN` | (secret) | a text of 0 to 1024 "
                        "characters | The token. |\n"),
              std::string::npos)
        << text;
    EXPECT_LT(text.find("http.body_bytes_max"), text.find("http.port"));
}

}  // namespace
}  // namespace hangu::settings

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace hangu::crypto {
namespace {

namespace fs = std::filesystem;

class RootKey : public ::testing::Test {
 protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "root_key_XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        path_ = (folder_ / "keys" / "root.key").string();
    }
    void TearDown() override { fs::remove_all(folder_); }

    void put(const std::string& text, mode_t mode = 0400) {
        fs::create_directories(folder_ / "keys");
        fs::remove(path_);
        std::ofstream(path_, std::ios::binary) << text;
        ASSERT_EQ(::chmod(path_.c_str(), mode), 0);
    }
    std::string content() const {
        std::ifstream file(path_, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    mode_t mode_of(const fs::path& path) const {
        struct stat status {};
        return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
    }
    std::string code(bool may_create = false) {
        const Result<Secret> loaded = load_root_key(path_, may_create, randomness_);
        return loaded.ok() ? "" : loaded.problem().code;
    }

    fs::path folder_;
    std::string path_;
    SystemRandomness randomness_;
};

TEST_F(RootKey, IsMadeOnceAndReadAfterwards) {
    const Result<Secret> made = load_root_key(path_, true, randomness_);
    ASSERT_TRUE(made.ok());
    EXPECT_EQ(made->size(), 32U);
    EXPECT_EQ(content(), to_hex(made->expose()) + "\n");
    EXPECT_EQ(mode_of(path_), 0400U);
    EXPECT_EQ(mode_of(folder_ / "keys"), 0700U);
    const Result<Secret> again = load_root_key(path_, true, randomness_);
    ASSERT_TRUE(again.ok());
    EXPECT_TRUE(*again == *made);
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "keys"), {}), 1);  // no draft is left
}

TEST_F(RootKey, IsTheSameForAllWhoStartTogether) {
    std::vector<std::string> keys(8);
    std::vector<std::thread> threads;
    for (std::string& key : keys) {
        threads.emplace_back([this, &key] {
            const Result<Secret> loaded = load_root_key(path_, true, randomness_);
            key = loaded.ok() ? std::string(loaded->expose()) : loaded.problem().code;
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    for (const std::string& key : keys) {
        EXPECT_EQ(key, keys[0]);
        EXPECT_EQ(key.size(), 32U);
    }
}

TEST_F(RootKey, IsNotMadeUnlessThatIsAllowed) {
    const Result<Secret> loaded = load_root_key(path_, false, randomness_);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.problem().code, "root_key.missing");
    EXPECT_NE(loaded.problem().detail.find(path_), std::string::npos);
    EXPECT_FALSE(fs::exists(folder_ / "keys"));
}

TEST_F(RootKey, IsRefusedWhenOthersMayTouchIt) {
    const std::string text = std::string(64, 'a');
    for (const mode_t mode : {0440, 0404, 0420, 0402, 0410, 0401, 0644, 0666}) {
        put(text, mode);
        EXPECT_EQ(code(true), "root_key.unsafe") << std::oct << mode;
    }
    put(text, 0600);
    EXPECT_EQ(code(), "");
    put(text, 0644);
    const Result<Secret> loaded = load_root_key(path_, false, randomness_);
    ASSERT_FALSE(loaded.ok());
    EXPECT_NE(loaded.problem().detail.find("chmod 400 " + path_), std::string::npos);
}

TEST_F(RootKey, IsRefusedWhenAnotherUserOwnsIt) {
    put(std::string(64, 'a'));
    if (::chown(path_.c_str(), 65534, static_cast<gid_t>(-1)) != 0) {
        GTEST_SKIP() << "only the administrator can give files away";
    }
    EXPECT_EQ(code(), "root_key.unsafe");
}

TEST_F(RootKey, IsRefusedWhenItIsNotAFile) {
    fs::create_directories(path_);
    EXPECT_EQ(code(), "root_key.unsafe");
}

TEST_F(RootKey, IsRefusedWhenMalformed) {
    const std::string good(64, 'a');
    for (const std::string& text :
         {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g'),
          std::string(64, 'A'), good + "\n\n", good + " ", "\n" + good, std::string(64, '\0')}) {
        put(text);
        EXPECT_EQ(code(true), "root_key.malformed") << text;
        EXPECT_EQ(content(), text);  // never written over
    }
    put(good + "\n");
    EXPECT_EQ(code(), "");
}

}  // namespace
}  // namespace hangu::crypto

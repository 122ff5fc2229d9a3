// What is the folder's own: rights, links in the way, and a process that is killed.
#include "platform/files/internal/test_stores.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

namespace hangu::files {
namespace {

namespace fs = std::filesystem;

std::string put(ObjectStore& store, const std::string& name, std::string_view text) {
    TextSource source(text);
    const Result<void> done = store.put(name, source);
    return done.ok() ? "" : done.problem().code;
}

mode_t mode_of(const std::string& path) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777 : 0;
}

std::size_t files_in(const std::string& folder) {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        count += entry.is_regular_file() ? 1 : 0;
    }
    return count;
}

TEST(FolderStore, nobody_else_may_read) {
    const mode_t before = ::umask(0);
    TestStores stores(Side::folder);
    ASSERT_EQ(put(*stores.store, "a/b", "x"), "");
    ::umask(before);
    EXPECT_EQ(mode_of(stores.folder.path() + "/objects"), 0700);
    EXPECT_EQ(mode_of(stores.folder.path() + "/objects/a"), 0700);
    EXPECT_EQ(mode_of(stores.folder.path() + "/objects/a/b@"), 0600);
    EXPECT_EQ(files_in(stores.folder.path() + "/half"), 0u);
}

TEST(FolderStore, a_folder_that_others_may_read_is_refused) {
    TemporaryFolder folder;
    ASSERT_EQ(::chmod(folder.path().c_str(), 0750), 0);
    runtime::SystemClock clock;
    crypto::SystemRandomness randomness;
    const auto opened = open_folder_store(folder.path(), clock, randomness);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.problem().code, "files.folder_unsafe");
    EXPECT_NE(opened.problem().detail.find("chmod 0700"), std::string::npos);
}

// Somebody who may write below the folder cannot lead us out of it.
TEST(FolderStore, no_symbolic_link_is_followed) {
    TestStores stores(Side::folder);
    TemporaryFolder elsewhere;
    std::ofstream(elsewhere.path() + "/secret@") << "not ours";
    const std::string objects = stores.folder.path() + "/objects";
    fs::create_directory_symlink(elsewhere.path(), objects + "/link");
    fs::create_directory(objects + "/real");
    fs::create_symlink(elsewhere.path() + "/secret@", objects + "/real/file@");
    EXPECT_EQ(stores.store->get("link/secret", 0, 10).problem().code, "files.not_found");
    EXPECT_EQ(stores.store->get("real/file", 0, 10).problem().code, "files.not_found");
    EXPECT_NE(put(*stores.store, "link/new", "x"), "");
    EXPECT_FALSE(fs::exists(elsewhere.path() + "/new@"));
    EXPECT_TRUE(stores.store->list("", "", 10)->objects.empty());
    // A put replaces the link itself, not what it points at.
    EXPECT_EQ(put(*stores.store, "real/file", "ours"), "");
    std::string kept;
    std::ifstream(elsewhere.path() + "/secret@") >> kept;
    EXPECT_EQ(kept, "not");
}

TEST(FolderStore, what_was_left_half_written_goes_a_day_later) {
    TemporaryFolder folder;
    runtime::SystemClock system;
    ManualClock clock(system.now());
    crypto::SystemRandomness randomness;
    ASSERT_TRUE(open_folder_store(folder.path(), clock, randomness).ok());
    std::ofstream(folder.path() + "/half/leftover") << "half";
    ASSERT_TRUE(open_folder_store(folder.path(), clock, randomness).ok());
    EXPECT_EQ(files_in(folder.path() + "/half"), 1u);  // somebody may be writing it
    clock.advance_ms(kDayMs + kMinuteMs);
    ASSERT_TRUE(open_folder_store(folder.path(), clock, randomness).ok());
    EXPECT_EQ(files_in(folder.path() + "/half"), 0u);
}

TEST(FolderStore, a_full_disk_is_told_and_leaves_nothing) {
    TestStores stores(Side::folder);
    ASSERT_EQ(put(*stores.store, "kept", "as it was"), "");
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto old = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{100'000, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const std::string code = put(*stores.store, "kept", std::string(300'000, 'x'));
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old);
    EXPECT_EQ(code, "files.unavailable");
    EXPECT_EQ(stores.store->get("kept", 0, 100).value(), "as it was");
    EXPECT_EQ(files_in(stores.folder.path() + "/half"), 0u);
}

// Whoever reads sees one of them whole, never a mixture.
TEST(FolderStore, puts_of_one_name_at_once_do_not_mix) {
    TestStores stores(Side::folder);
    const std::string one(50'000, '1');
    const std::string two(50'000, '2');
    ASSERT_EQ(put(*stores.store, "shared", one), "");
    std::vector<std::thread> writers;
    for (const std::string* text : {&one, &two}) {
        writers.emplace_back([&stores, text] {
            for (int i = 0; i < 10; ++i) {
                EXPECT_EQ(put(*stores.store, "shared", *text), "");
            }
        });
    }
    for (int i = 0; i < 20; ++i) {
        const std::string seen = stores.store->get("shared", 0, 100'000).value();
        EXPECT_TRUE(seen == one || seen == two) << seen.size();
    }
    for (std::thread& writer : writers) {
        writer.join();
    }
    EXPECT_EQ(stores.store->list("", "", 10)->objects.size(), 1u);
}

// Half of it, then it waits for the test to kill its process.
class HeldSource final : public Source {
 public:
    HeldSource(int tell, std::int64_t bytes) : tell_(tell), bytes_(bytes) {}
    std::int64_t bytes() const override { return bytes_; }
    Result<std::string> next(std::size_t bytes) override {
        if (given_ >= bytes_ / 2) {
            const char ready = 'r';
            if (::write(tell_, &ready, 1) == 1) {
                ::pause();
            }
        }
        given_ += static_cast<std::int64_t>(bytes);
        return std::string(bytes, 'n');
    }

 private:
    int tell_;
    std::int64_t bytes_;
    std::int64_t given_ = 0;
};

// kill -9 in the middle of a put: the old object is there whole, a new one is not there at all.
TEST(FolderStore, a_put_that_is_killed_was_never_there) {
    TestStores stores(Side::folder);
    ASSERT_EQ(put(*stores.store, "a/kept", "as it was"), "");
    for (const std::string name : {"a/kept", "a/fresh", "fresh/too"}) {
        int told[2] = {-1, -1};
        ASSERT_EQ(::pipe(told), 0);
        const pid_t child = ::fork();
        if (child == 0) {
            HeldSource source(told[1], std::int64_t{4} << 20U);
            static_cast<void>(stores.store->put(name, source));
            ::_exit(0);
        }
        char ready = 0;
        ASSERT_EQ(::read(told[0], &ready, 1), 1);
        EXPECT_EQ(files_in(stores.folder.path() + "/half"), 1u);  // it was in the middle of it
        ASSERT_EQ(::kill(child, SIGKILL), 0);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        EXPECT_TRUE(WIFSIGNALED(status));
        ::close(told[0]);
        ::close(told[1]);
        fs::remove_all(stores.folder.path() + "/half");
        fs::create_directory(stores.folder.path() + "/half");
        stores.store =
            std::move(open_folder_store(stores.folder.path(), stores.out.clock, stores.randomness))
                .value();
        EXPECT_EQ(stores.store->get("a/kept", 0, 100).value(), "as it was");
        EXPECT_EQ(stores.store->list("", "", 10)->objects.size(), 1u);
        EXPECT_EQ(stores.store->get("a/fresh", 0, 100).problem().code, "files.not_found");
    }
    EXPECT_EQ(put(*stores.store, "a/fresh", "well"), "");
}

}  // namespace
}  // namespace hangu::files

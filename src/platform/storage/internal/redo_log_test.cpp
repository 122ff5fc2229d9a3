// Power loss, simulated: of every tenant file, each sector that was written since its last sync is
// on the disk or is not. What was answered must be there afterwards, and every file must be whole.
#include "platform/storage/internal/redo_log.hpp"

#include "platform/storage/internal/redo_file.hpp"
#include "platform/storage/internal/sqlite.hpp"
#include "platform/storage/internal/tenant_lane.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <thread>

namespace hangu::storage {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSectorBytes = 512;

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void put_content(const std::string& path, const std::string& content) {
    fs::create_directories(fs::path(path).parent_path());
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

struct FixedClock final : Clock {
    Time now() const override { return Time(0); }
    std::int64_t monotonic_us() const override { return 0; }
};

// A few tenants, written to by one thread; knows what the disk has for sure.
class Machine {
 public:
    Machine(std::string folder, unsigned seed) : folder_(std::move(folder)), chance_(seed) {
        open_log(folder_);
        for (std::int64_t i = 1; i <= 3; ++i) {
            const TenantId tenant(i);
            const std::string path = tenant_path(folder_ + "/tenants", tenant);
            fs::create_directories(fs::path(path).parent_path());
            Connection::Options options;
            options.path = path;
            options.create = true;
            {
                Connection made(options);
                made.execute("create table t (k integer primary key, filler text)");
                made.checkpoint(true);
            }
            fs::remove(path + "-wal");
            synced_[path] = content_of(path);
            tenants_.push_back({tenant, path, connect(path), {}});
        }
    }
    ~Machine() {
        tenants_.clear();
        log_.reset();
        fs::remove_all(folder_);
        fs::remove_all(folder_ + ".crashed");
    }

    void act() {
        One& one = tenants_[pick(tenants_.size())];
        switch (pick(12)) {
            case 0:
                checkpoint(one, true);
                break;
            case 1:
                checkpoint(one, false);
                break;
            case 2:
                roll_back(one);
                break;
            default:
                commit(one, true);
        }
        log_->wait();
        while (log_->figures().settling > 0) {
            std::this_thread::yield();
        }
    }

    // What the disk holds after the current fails now, brought up again.
    void crash_and_check() {
        if (pick(2) == 0) {
            commit(tenants_[pick(tenants_.size())], false);  // in its file, not in the log
        }
        const std::string crashed = folder_ + ".crashed";
        fs::remove_all(crashed);
        fs::create_directories(crashed);
        const std::size_t mode = pick(3);
        for (const One& one : tenants_) {
            for (const char* suffix : {"", "-wal"}) {
                const std::string path = one.path + suffix;
                put_content(crashed + path.substr(folder_.size()), on_disk(path, mode));
            }
        }
        fs::copy(folder_ + "/redo", crashed + "/redo");
        open_log(crashed);
        for (const One& one : tenants_) {
            const auto again = connect(crashed + one.path.substr(folder_.size()));
            EXPECT_EQ(again->query_text("pragma integrity_check"), "ok");
            for (const std::int64_t key : one.answered) {
                EXPECT_EQ(
                    again->query_integer(fmt::format("select count(*) from t where k={}", key)), 1)
                    << "lost " << key << " of tenant " << one.tenant.value() << ", mode " << mode;
            }
        }
        log_.reset();
    }

 private:
    struct One {
        TenantId tenant;
        std::string path;
        std::unique_ptr<Connection> connection;
        std::vector<std::int64_t> answered;
    };

    static std::unique_ptr<Connection> connect(const std::string& path) {
        Connection::Options options;
        options.path = path;
        options.tap = true;
        options.cache_kib = 16;  // spills, so that frames are written before the commit
        return std::make_unique<Connection>(options);
    }
    std::size_t pick(std::size_t count) { return chance_() % count; }

    void open_log(const std::string& folder) {
        RedoLog::Options options;
        options.folder = folder + "/redo";
        options.tenants_folder = folder + "/tenants";
        options.segment_bytes = std::size_t{48} << 10U;
        options.settled = [this, folder](TenantId tenant) {
            const std::string wal = tenant_path(folder + "/tenants", tenant) + "-wal";
            synced_[wal] = content_of(wal);
        };
        log_.reset();
        log_ = std::make_unique<RedoLog>(options, observe_);
        const Result<std::size_t> started = log_->start();
        ASSERT_TRUE(started.ok()) << started.problem().detail;
    }

    void write(One& one, std::int64_t key) {
        one.connection->begin_write();
        const std::size_t rows = pick(8) == 0 ? 40 : 1;
        for (std::size_t i = 0; i < rows; ++i) {
            one.connection->execute(fmt::format("insert or replace into t values ({}, '{}')",
                                                i == 0 ? key : 1'000'000 + pick(200),
                                                std::string(pick(1500), 'x')));
        }
    }
    void commit(One& one, bool logged) {
        const std::int64_t key = ++last_key_;
        write(one, key);
        one.connection->commit();
        if (logged) {
            log_->append(one.tenant, take_wal_writes(one.connection->handle()), {}, nullptr);
            one.answered.push_back(key);
        }
    }
    void roll_back(One& one) {
        write(one, ++last_key_);
        one.connection->roll_back();
    }
    void checkpoint(One& one, bool truncate) {
        log_->wait();
        one.connection->checkpoint(truncate);
        // It synced both; a truncation need not have reached the disk.
        synced_[one.path] = content_of(one.path);
        if (!truncate) {
            synced_[one.path + "-wal"] = content_of(one.path + "-wal");
        }
    }

    std::string on_disk(const std::string& path, std::size_t mode) {
        const std::string now = content_of(path);
        std::string made = mode == 1 ? now : synced_[path];
        if (mode == 2) {
            made.resize(std::max(made.size(), now.size()), '\0');
            for (std::size_t at = 0; at < now.size(); at += kSectorBytes) {
                if (pick(2) == 0) {
                    const std::size_t bytes = std::min(kSectorBytes, now.size() - at);
                    made.replace(at, bytes, now, at, bytes);
                }
            }
        }
        return made;
    }

    std::string folder_;
    std::mt19937 chance_;
    FixedClock clock_;
    observe::Log observe_{{observe::Level::error, "/dev/null"}, clock_};
    std::map<std::string, std::string> synced_;  // path → content for sure
    std::unique_ptr<RedoLog> log_;
    std::vector<One> tenants_;
    std::int64_t last_key_ = 0;
};

std::string make_folder(unsigned number) {
    const std::string folder =
        fmt::format("{}/hangu-redo-{}-{}", fs::temp_directory_path().string(), ::getpid(), number);
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
}

TEST(RedoLog, what_was_answered_survives_a_power_loss) {
    for (unsigned seed = 1; seed <= 30; ++seed) {
        Machine machine(make_folder(seed), seed);
        std::mt19937 chance(seed);
        for (std::size_t left = 5 + chance() % 60; left > 0; --left) {
            machine.act();
        }
        machine.crash_and_check();
        ASSERT_FALSE(::testing::Test::HasFailure()) << "seed " << seed;
    }
}

TEST(RedoLog, a_torn_record_ends_the_log_and_a_flipped_bit_is_noticed) {
    std::string log;
    append_redo_record(log, {7, 1, TenantId(1), 0, "first"});
    append_redo_record(log, {7, 2, TenantId(1), 5, "second"});
    const std::size_t whole = log.size();
    append_redo_record(log, {7, 3, TenantId(2), 0, "third"});
    EXPECT_EQ(read_redo_records(log).size(), 3U);
    for (std::size_t cut = whole; cut < log.size(); ++cut) {
        EXPECT_EQ(read_redo_records(std::string_view(log).substr(0, cut)).size(), 2U);
    }
    for (std::size_t at = whole; at < log.size(); ++at) {
        std::string flipped = log;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
        EXPECT_EQ(read_redo_records(flipped).size(), 2U);
    }
}

TEST(RedoLog, records_of_an_earlier_use_of_the_file_are_not_read) {
    std::string log;
    append_redo_record(log, {7, 1, TenantId(1), 0, "older"});
    append_redo_record(log, {7, 2, TenantId(1), 5, "older"});
    std::string newer;
    append_redo_record(newer, {9, 20, TenantId(1), 0, "newer"});
    log.replace(0, newer.size(), newer);
    EXPECT_EQ(read_redo_records(log).size(), 1U);
}

TEST(RedoLog, what_a_tenant_wrote_before_its_file_went_is_not_put_into_a_later_one) {
    const std::string folder = make_folder(0);
    std::string segment;
    append_redo_record(segment, {1, 1, TenantId(1), 0, "of the old file"});
    append_redo_record(segment, {1, 2, TenantId(2), 0, "another's"});
    append_redo_record(segment, {1, 3, TenantId(1), -1, ""});
    append_redo_record(segment, {1, 4, TenantId(1), 0, "new"});
    put_content(folder + "/redo/segment-0", segment);
    for (const TenantId tenant : {TenantId(1), TenantId(2)}) {
        put_content(tenant_path(folder + "/tenants", tenant), "");
    }
    FixedClock clock;
    observe::Log log({observe::Level::error, "/dev/null"}, clock);
    RedoLog redo({.folder = folder + "/redo", .tenants_folder = folder + "/tenants"}, log);
    const Result<std::size_t> started = redo.start();
    ASSERT_TRUE(started.ok());
    EXPECT_EQ(started.value(), 2U);
    EXPECT_EQ(content_of(tenant_path(folder + "/tenants", TenantId(1)) + "-wal"), "new");
    EXPECT_EQ(content_of(tenant_path(folder + "/tenants", TenantId(2)) + "-wal"), "another's");
    fs::remove_all(folder);
}

TEST(RedoLog, a_gap_between_segments_is_damage) {
    const std::string folder = make_folder(0);
    std::string first;
    append_redo_record(first, {1, 1, TenantId(1), 0, "x"});
    std::string third;
    append_redo_record(third, {3, 3, TenantId(1), 0, "x"});
    put_content(folder + "/redo/segment-0", first);
    put_content(folder + "/redo/segment-1", third);
    FixedClock clock;
    observe::Log log({observe::Level::error, "/dev/null"}, clock);
    RedoLog redo({.folder = folder + "/redo", .tenants_folder = folder + "/tenants"}, log);
    const Result<std::size_t> started = redo.start();
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.problem().code, "redo.damaged");
    fs::remove_all(folder);
}

}  // namespace
}  // namespace hangu::storage

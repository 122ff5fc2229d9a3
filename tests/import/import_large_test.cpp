// Large files are read in bounded memory, and a disk that fills up leaves whole batches and a way
// on.
#include "tests/import/import_world.hpp"

#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace hangu::importing {
namespace {

constexpr std::int64_t kMegabyte = std::int64_t{1} << 20U;

std::int64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::int64_t total = 0;
    std::int64_t resident = 0;
    file >> total >> resident;
    return resident * ::sysconf(_SC_PAGESIZE);
}

// About `bytes` of receipts with one line each; the filler column is in no mapping.
void write_large(const SourceFolder& source, std::int64_t bytes, std::size_t filler) {
    std::ofstream file(source.data() + "/sales.csv", std::ios::binary);
    file << "day,time,shop,number,cashier,member,mode,line,sku,count,price,paid,filler\n";
    const std::string rest = "7,0,in,1,100,2,15.00,30.00," + std::string(filler, 'x') + "\n";
    for (std::int64_t written = 0, number = 0; written < bytes; ++number) {
        const std::string row =
            fmt::format("2019-04-{:02},08:00:00,1,{},", number % 28 + 1, number) + rest;
        file << row;
        written += static_cast<std::int64_t>(row.size());
    }
}

TEST(ImportLarge, a_file_of_100_megabytes_is_checked_in_bounded_memory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizer's own memory would be measured";
#endif
    ImportWorld world;
    const SourceFolder source;
    world.import(source.dry_run());  // whatever is allocated once
    write_large(source, 100 * kMegabyte, 900);
    const std::int64_t before = resident_bytes();
    std::int64_t peak = 0;
    ImportOptions options = source.dry_run();
    options.on_progress = [&peak](std::string_view, std::int64_t, std::int64_t) {
        peak = std::max(peak, resident_bytes());
    };
    const ImportReport report = world.import(options);
    EXPECT_EQ(report.faults_count, 0);
    EXPECT_GT(report.receipts.created, 100'000);
    EXPECT_EQ(report.receipts.created, report.receipts.read);
    EXPECT_LT(peak - before, 64 * kMegabyte);
}

TEST(ImportLarge, a_file_of_only_bad_rows_is_listed_in_bounded_memory) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the sanitizer's own memory would be measured";
#endif
    ImportWorld world;
    const SourceFolder source;
    world.import(source.dry_run());
    std::ofstream(source.data() + "/sales.csv")
        << "day,time,shop,number,cashier,member,mode,line,sku,count,price,paid\n";
    std::ofstream file(source.data() + "/sales.csv", std::ios::app);
    constexpr int kRows = 50'000;
    for (int i = 0; i < kRows; ++i) {
        file << "2019-04-01,08:00:00,1," << i << ",7,0,in,1,nothing,2,15.00,30.00\n";
    }
    file.close();
    const std::int64_t before = resident_bytes();
    std::int64_t told = 0;
    ImportOptions options = source.options();
    options.on_bad_row = [&told](const ImportBadRow&) { ++told; };
    const ImportReport report = world.import(options);
    EXPECT_EQ(report.outcome, ImportOutcome::refused);
    EXPECT_EQ(told, kRows);
    EXPECT_EQ(report.faults_count, kRows);
    EXPECT_EQ(report.bad_rows.size(), kBadRowsKept);
    EXPECT_LT(resident_bytes() - before, 64 * kMegabyte);
}

constexpr int kReceipts = 3'000;

void expect_interrupted_then_whole(ImportWorld& world, const SourceFolder& source,
                                   const std::function<void()>& make_room) {
    const Result<ImportReport> cut = world.run(source.options());
    ASSERT_FALSE(cut.ok());
    EXPECT_EQ(cut.problem().code, "import.storage_failed");
    EXPECT_NE(cut.problem().detail.find("run the same command again"), std::string::npos);
    make_room();
    EXPECT_EQ(world.world.engine->check_integrity(world.world.tenant), "ok");
    const Day from = *Day::of(2019, 4, 1);
    const Day to = *Day::of(2019, 4, 30);
    const auto stored = world.sales(order::SalesBy::store, from, to).total.orders_count;
    EXPECT_GT(stored, 0);
    EXPECT_LT(stored, kReceipts);
    EXPECT_EQ(stored % 200, 0);  // whole batches

    const ImportReport rest = world.import(source.options());
    EXPECT_EQ(rest.outcome, ImportOutcome::applied);
    EXPECT_EQ(rest.receipts.unchanged, stored);
    EXPECT_EQ(rest.receipts.created, kReceipts - stored);
    const order::Sales sales = world.sales(order::SalesBy::store, from, to);
    EXPECT_EQ(sales.total.orders_count, kReceipts);
    EXPECT_EQ(sales.total.net_fen, Money(3000) * kReceipts);
}

void write_receipts(const SourceFolder& source) {
    std::string sales = "day,time,shop,number,cashier,member,mode,line,sku,count,price,paid\n";
    for (int i = 0; i < kReceipts; ++i) {
        sales += fmt::format("2019-04-{:02},08:00:00,1,{},7,{},in,1,100,2,15.00,30.00\n",
                             i % 28 + 1, i, i % 3);
    }
    source.write("sales.csv", sales);
}

// No file may grow beyond a limit: what a quota does, without rights.
TEST(ImportDisk, a_file_that_may_not_grow_stops_the_import_between_batches) {
    const SourceFolder source;
    write_receipts(source);
    ImportWorld world;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{static_cast<rlim_t>(1500 * 1024), before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    expect_interrupted_then_whole(world, source, [&before] { ::setrlimit(RLIMIT_FSIZE, &before); });
    ::setrlimit(RLIMIT_FSIZE, &before);
}

// A file system of its own, mounted where that is permitted.
class SmallDisk {
 public:
    SmallDisk() {
        std::filesystem::create_directories(path());
        mounted_ = ::mount("tmpfs", path().c_str(), "tmpfs", MS_NOSUID | MS_NODEV,
                           "size=2m,mode=0700") == 0;
    }
    ~SmallDisk() {
        if (mounted_) {
            ::umount2(path().c_str(), MNT_DETACH);
        }
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    bool mounted() const { return mounted_; }
    std::string path() const { return folder_.path() + "/disk"; }
    void grow() const {
        ::mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT | MS_NOSUID | MS_NODEV,
                "size=64m,mode=0700");
    }

 private:
    testing::TemporaryFolder folder_;
    bool mounted_ = false;
};

TEST(ImportDisk, a_full_disk_stops_the_import_between_batches) {
    const SourceFolder source;
    write_receipts(source);
    const SmallDisk disk;
    if (!disk.mounted()) {
        GTEST_SKIP() << "no right to mount a small disk: " << std::strerror(errno);
    }
    ASSERT_EQ(::setenv("TMPDIR", disk.path().c_str(), 1), 0);  // where the world puts its data
    {
        ImportWorld world;
        ::unsetenv("TMPDIR");
        expect_interrupted_then_whole(world, source, [&disk] { disk.grow(); });
    }
    ::unsetenv("TMPDIR");
}

}  // namespace
}  // namespace hangu::importing

#include "base/id.hpp"

#include "base/check.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <set>
#include <thread>

namespace hangu {
namespace {

constexpr std::int64_t kEpochMs = 1'704'067'200'000;  // 2024-01-01T00:00:00Z
constexpr std::int64_t kNowMs = 1'763'805'600'000;

TEST(IdText, HasThirteenCharactersAndComesBack) {
    for (const std::int64_t value :
         {std::int64_t{1}, std::int64_t{31}, std::int64_t{32}, std::int64_t{0x0123456789ABCDEF},
          std::numeric_limits<std::int64_t>::max()}) {
        const std::string text = id_text(value);
        EXPECT_EQ(text.size(), 13U);
        EXPECT_EQ(parse_id(text), value) << text;
    }
    EXPECT_EQ(id_text(1), "0000000000001");
    EXPECT_EQ(id_text(33), "0000000000011");
    EXPECT_EQ(id_text(31), "000000000000z");
    EXPECT_EQ(id_text(std::numeric_limits<std::int64_t>::max()), "7zzzzzzzzzzzz");
}

TEST(IdText, IsRefusedWhenItIsNoId) {
    for (const std::string_view text :
         {"", "1", "000000000001", "00000000000001", "0000000000000", "8000000000000",
          "zzzzzzzzzzzzz", "000000000000i", "000000000000l", "000000000000o", "000000000000u",
          "000000000000A", "000000000000-", "00000000000 1", "+000000000001"}) {
        EXPECT_EQ(parse_id(text), std::nullopt) << text;
    }
}

TEST(IdText, SortsAsTheNumbersDo) {
    IdSource source(7);
    std::int64_t before = source.next(kNowMs);
    for (int i = 1; i < 20'000; ++i) {
        const std::int64_t id = source.next(kNowMs + i / 3);
        ASSERT_LT(before, id);
        ASSERT_LT(id_text(before), id_text(id));
        before = id;
    }
}

TEST(IdType, KeepsKindsApartAndParses) {
    struct ShopTag;
    static_assert(!std::is_convertible_v<Id<ShopTag>, TenantId>);
    EXPECT_EQ(TenantId::parse("0000000000011"), TenantId(33));
    EXPECT_EQ(TenantId::parse("0000000000000"), std::nullopt);
    EXPECT_FALSE(TenantId().is_set());
    EXPECT_TRUE(TenantId(1).is_set());
    EXPECT_LT(TenantId(1), TenantId(2));
}

TEST(IdSource, LaysOutTimeNodeAndSequence) {
    IdSource source(1023);
    const std::int64_t first = source.next(kEpochMs + 5);
    EXPECT_EQ(first >> 22, 5);
    EXPECT_EQ((first >> 12) & 1023, 1023);
    EXPECT_EQ(first & 4095, 0);
    EXPECT_EQ(source.next(kEpochMs + 5), first + 1);
    EXPECT_EQ(source.next(kEpochMs + 6) >> 22, 6);
    EXPECT_THROW(IdSource(1024), Bug);
}

TEST(IdSource, GoesOnUpwardsWhenTheClockGoesBack) {
    IdSource source(1);
    std::int64_t before = source.next(kNowMs);
    for (const std::int64_t now : {kNowMs - 1, kNowMs - 60'000, std::int64_t{0}, kNowMs}) {
        const std::int64_t id = source.next(now);
        EXPECT_GT(id, before) << now;
        before = id;
    }
}

TEST(IdSource, BorrowsFromTheNextMillisecondWhenOneIsFull) {
    IdSource source(1);
    std::set<std::int64_t> seen;
    for (int i = 0; i < 10'000; ++i) {
        seen.insert(source.next(kNowMs));
    }
    EXPECT_EQ(seen.size(), 10'000U);
    EXPECT_EQ((*seen.rbegin() >> 22) - (*seen.begin() >> 22), 2);
    for (const std::int64_t id : seen) {
        ASSERT_EQ((id >> 12) & 1023, 1);
    }
}

TEST(IdSource, IsUniqueOverThreads) {
    IdSource source(1);
    constexpr std::size_t kEach = 5000;
    std::vector<std::vector<std::int64_t>> made(8);
    std::vector<std::thread> threads;
    for (std::vector<std::int64_t>& mine : made) {
        threads.emplace_back([&source, &mine] {
            for (std::size_t i = 0; i < kEach; ++i) {
                mine.push_back(source.next(kNowMs + static_cast<std::int64_t>(i % 7)));
            }
        });
    }
    std::set<std::int64_t> all;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        threads[i].join();
        EXPECT_TRUE(std::is_sorted(made[i].begin(), made[i].end()));
        all.insert(made[i].begin(), made[i].end());
    }
    EXPECT_EQ(all.size(), made.size() * kEach);
}

TEST(IdSource, FloorIsBelowEveryIdOfThatMillisecondAndAboveThoseBefore) {
    IdSource low(0);
    IdSource high(1023);
    EXPECT_GE(low.next(kNowMs), IdSource::floor_at(kNowMs));
    EXPECT_LT(high.next(kNowMs - 1), IdSource::floor_at(kNowMs));
    EXPECT_EQ(IdSource::floor_at(0), 0);
}

}  // namespace
}  // namespace hangu

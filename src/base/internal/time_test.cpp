#include "base/time.hpp"

#include "base/randomness.hpp"

#include <gtest/gtest.h>

namespace hangu {
namespace {

constexpr int kBeijing = 480;

TEST(TimeText, IsWrittenAndRead) {
    EXPECT_EQ(time_text(Time(0)), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(time_text(Time(1'763'805'600'123)), "2025-11-22T10:00:00.123Z");
    EXPECT_EQ(time_text(Time(-1)), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(time_text(Time(1'709'164'800'000)), "2024-02-29T00:00:00.000Z");
    EXPECT_EQ(parse_time("2025-11-22T10:00:00.123Z"), Time(1'763'805'600'123));
    EXPECT_EQ(parse_time("1969-12-31T23:59:59.999Z"), Time(-1));
}

TEST(TimeText, IsReadWithOffsetsAndFractions) {
    const Time ten(1'763'805'600'000);
    EXPECT_EQ(parse_time("2025-11-22T10:00:00Z"), ten);
    EXPECT_EQ(parse_time("2025-11-22 10:00:00Z"), ten);
    EXPECT_EQ(parse_time("2025-11-22T18:00:00+08:00"), ten);
    EXPECT_EQ(parse_time("2025-11-22T18:00:00.000+08:00"), ten);
    EXPECT_EQ(parse_time("2025-11-22T00:30:00-09:30"), ten);
    EXPECT_EQ(parse_time("2025-11-23T00:00:00+14:00"), ten);
    EXPECT_EQ(parse_time("2025-11-22T10:00:00.1Z"), ten.plus_ms(100));
    EXPECT_EQ(parse_time("2025-11-22T10:00:00.12Z"), ten.plus_ms(120));
    EXPECT_EQ(parse_time("2025-11-22T10:00:00.123456789Z"), ten.plus_ms(123));
}

TEST(TimeText, IsRefusedWhenMalformed) {
    for (const std::string_view text : {"",
                                        "2025-11-22",
                                        "2025-11-22T10:00:00",
                                        "2025-11-22T10:00Z",
                                        "2025-11-22T24:00:00Z",
                                        "2025-11-22T10:60:00Z",
                                        "2025-11-22T10:00:60Z",
                                        "2025-13-22T10:00:00Z",
                                        "2025-02-29T10:00:00Z",
                                        "2025-11-31T10:00:00Z",
                                        "2025-11-22T10:00:00.Z",
                                        "2025-11-22T10:00:00.1234567890Z",
                                        "2025-11-22T10:00:00ZZ",
                                        "2025-11-22T10:00:00z",
                                        "2025-11-22T10:00:00+0800",
                                        "2025-11-22T10:00:00+08:60",
                                        "2025-11-22T10:00:00+15:00",
                                        "2025-11-22t10:00:00Z",
                                        "2025-11-22T10:00:00 Z",
                                        "-025-11-22T10:00:00Z",
                                        "2025-11-2 T10:00:00Z",
                                        "2025-11-22T1 :00:00Z",
                                        "2025-11-22T10:00:00+08:0"}) {
        EXPECT_EQ(parse_time(text), std::nullopt) << text;
    }
}

TEST(TimeText, ComesBackForManyTimes) {
    SeededRandomness randomness(1);
    constexpr std::int64_t kFirst = -2'208'988'800'000;  // 1900-01-01
    constexpr std::int64_t kSpan = 34'712'668'800'000;   // to 2999-12-31
    for (int i = 0; i < 50'000; ++i) {
        const Time time(kFirst + static_cast<std::int64_t>(randomness.number() % kSpan));
        ASSERT_EQ(parse_time(time_text(time)), time) << time_text(time);
    }
}

TEST(Day, KnowsLeapYears) {
    EXPECT_TRUE(Day::of(2024, 2, 29));
    EXPECT_TRUE(Day::of(2000, 2, 29));
    EXPECT_TRUE(Day::of(2400, 2, 29));
    EXPECT_FALSE(Day::of(2023, 2, 29));
    EXPECT_FALSE(Day::of(1900, 2, 29));
    EXPECT_FALSE(Day::of(2100, 2, 29));
    EXPECT_EQ(Day::of(2024, 2, 28)->plus_days(1).number(), 20240229);
    EXPECT_EQ(Day::of(2023, 2, 28)->plus_days(1).number(), 20230301);
    EXPECT_EQ(Day::of(2024, 3, 1)->plus_days(-1).number(), 20240229);
    EXPECT_EQ(Day::of(2024, 12, 31)->plus_days(1).number(), 20250101);
}

TEST(Day, IsRefusedOutsideTheCalendar) {
    EXPECT_FALSE(Day::of(1899, 12, 31));
    EXPECT_TRUE(Day::of(1900, 1, 1));
    EXPECT_TRUE(Day::of(2999, 12, 31));
    EXPECT_FALSE(Day::of(3000, 1, 1));
    EXPECT_FALSE(Day::of(2024, 0, 1));
    EXPECT_FALSE(Day::of(2024, 13, 1));
    EXPECT_FALSE(Day::of(2024, 1, 0));
    EXPECT_FALSE(Day::of(2024, 1, 32));
    EXPECT_FALSE(Day::of(2024, 4, 31));
    for (const std::string_view text : {"", "2024-1-01", "2024-01-1", "2024/01/01", "2024-01-011",
                                        "20240101", "2024-02-30", "x024-01-01", "2024-01- 1"}) {
        EXPECT_FALSE(Day::parse(text)) << text;
    }
    for (const std::int64_t number :
         {0LL, -20240101LL, 20240230LL, 20241301LL, 99991231LL, 202401011LL, 20240100LL}) {
        EXPECT_FALSE(Day::from_number(number)) << number;
    }
}

TEST(Day, ComesBackInEveryForm) {
    Day day = *Day::of(1900, 1, 1);
    int weekday = 1;  // 1900-01-01 was a Monday
    std::int64_t before = 0;
    for (; day < *Day::of(2999, 12, 30); day = day.plus_days(1)) {
        ASSERT_EQ(Day::parse(day.text()), day) << day.text();
        ASSERT_EQ(Day::from_number(day.number()), day);
        ASSERT_EQ(Day::of(day.year(), day.month(), day.day()), day);
        ASSERT_EQ(day.weekday(), weekday) << day.text();
        ASSERT_GT(day.number(), before);
        before = day.number();
        weekday = weekday % 7 + 1;
    }
}

TEST(Day, HasTheRightWeekday) {
    EXPECT_EQ(Day::parse("1970-01-01")->weekday(), 4);
    EXPECT_EQ(Day::parse("2026-11-22")->weekday(), 7);
    EXPECT_EQ(Day::parse("2026-11-23")->weekday(), 1);
    EXPECT_EQ(Day::parse("2000-02-29")->weekday(), 2);
}

TEST(Day, BeginsAtMidnightOfItsPlace) {
    const Day day = *Day::parse("2025-11-22");
    EXPECT_EQ(time_text(day.start(kBeijing)), "2025-11-21T16:00:00.000Z");
    EXPECT_EQ(time_text(day.start(0)), "2025-11-22T00:00:00.000Z");
    for (const int offset : {-720, -570, 0, 330, kBeijing, 840}) {
        EXPECT_EQ(Day::at(day.start(offset), offset), day) << offset;
        EXPECT_EQ(Day::at(day.start(offset).plus_ms(-1), offset), day.plus_days(-1)) << offset;
        EXPECT_EQ(Day::at(day.start(offset).plus_ms(kDayMs - 1), offset), day) << offset;
        EXPECT_EQ(hour_at(day.start(offset), offset), 0);
        EXPECT_EQ(hour_at(day.start(offset).plus_ms(-1), offset), 23);
    }
    EXPECT_EQ(Day::at(Time(-1), 0).number(), 19691231);
    EXPECT_EQ(hour_at(Time(-1), 0), 23);
    EXPECT_EQ(hour_at(Time(0), kBeijing), 8);
}

TEST(ManualClock, GoesOnlyWhenItIsMoved) {
    ManualClock clock{Time(1000)};
    EXPECT_EQ(clock.now(), Time(1000));
    clock.advance_ms(5);
    EXPECT_EQ(clock.now(), Time(1005));
    EXPECT_EQ(clock.monotonic_us(), 1'005'000);
    clock.set(Time(7));
    EXPECT_EQ(clock.now(), Time(7));
}

}  // namespace
}  // namespace hangu

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/observe/observe.hpp"

#include <gtest/gtest.h>

namespace hangu::observe {
namespace {

std::string redacted(std::string text) {
    redact(text);
    return text;
}

TEST(Redact, ReplacesChineseMobileNumbers) {
    EXPECT_EQ(redacted("13812345678"), "***");
    EXPECT_EQ(redacted("19912345678"), "***");
    EXPECT_EQ(redacted("call 13812345678 now"), "call *** now");
    EXPECT_EQ(redacted("电话13812345678。"), "电话***。");
    EXPECT_EQ(redacted("tel13812345678"), "tel***");
    EXPECT_EQ(redacted("phone=13812345678&x=1"), "phone=***&x=1");
    EXPECT_EQ(redacted("member_13812345678"), "member_***");
    EXPECT_EQ(redacted("13812345678x"), "***x");
    EXPECT_EQ(redacted("8613812345678"), "***");
    EXPECT_EQ(redacted("008613812345678"), "***");
    EXPECT_EQ(redacted("86-13812345678"), "86-***");
    EXPECT_EQ(redacted("138 1234 5678"), "***");
    EXPECT_EQ(redacted("138-1234-5678"), "***");
    EXPECT_EQ(redacted("138-1234-5678x"), "***x");
    EXPECT_EQ(redacted("to 138-1234-5678, 139 1234 5678."), "to ***, ***.");
}

TEST(Redact, ReplacesInternationalNumbers) {
    EXPECT_EQ(redacted("+8613812345678"), "***");
    EXPECT_EQ(redacted("+86 138 1234 5678"), "***");
    EXPECT_EQ(redacted("+86-138-1234-5678"), "***");
    EXPECT_EQ(redacted("+1 (415) 555-2671"), "***");
    EXPECT_EQ(redacted("+44 20 7946 0958 x"), "*** x");
    EXPECT_EQ(redacted("+8613812345678 100 200"), "*** 100 200");
    EXPECT_EQ(redacted("+12345678"), "***");
    EXPECT_EQ(redacted("+123456789012345"), "***");
}

TEST(Redact, ReplacesCredentials) {
    EXPECT_EQ(redacted("key hgk_live_A1b2-C3 sent"), "key *** sent");
    EXPECT_EQ(redacted("hgk_x"), "***");
    EXPECT_EQ(redacted("__Host-hangu_console=abc123_-XYZ; other=1"), "***; other=1");
    EXPECT_EQ(redacted("Cookie: a=b; __Host-hangu_shop=q.w~e%3D=="), "Cookie: a=b; ***");
}

TEST(Redact, LeavesEverythingElseAlone) {
    for (const std::string text : {"",
                                   "order.placed",
                                   "2026-11-22T10:00:00.000Z",
                                   "2026-11-22T10:00:00+08:00",
                                   "1763805600000",
                                   "1763805600000000",
                                   "12812345678",
                                   "1381234567",
                                   "138123456789",
                                   "23812345678",
                                   "0.13812345678",
                                   "138 12345678",
                                   "138-123-45678",
                                   "1381-2345-678",
                                   "550e8400-e29b-41d4-a716-446655440000",
                                   "4bf92f3577b34da6a3ce929d0e0e4736",
                                   "192.168.100.200:8080",
                                   "+1234567",
                                   "+1234567890123456",
                                   "+08:00",
                                   "1+1=2",
                                   "hgk_",
                                   "hgk",
                                   "hangu",
                                   "__Host-hangu_console",
                                   "__Host-hangu_=",
                                   "__Host-other=abc",
                                   "a13812345678b2",
                                   "1a13812345678",
                                   "0138123456789",
                                   "13812345678ab",
                                   "f3813812345678"}) {
        std::string copy = text;
        EXPECT_EQ(redact(copy), 0) << text;
        EXPECT_EQ(copy, text);
    }
}

TEST(Redact, NeverTouchesAnId) {
    IdSource source(3);
    std::int64_t now = 1'763'805'600'000;
    for (int i = 0; i < 200'000; ++i) {
        std::string text = id_text(source.next(now));
        const std::string before = text;
        ASSERT_EQ(redact(text), 0) << before;
        now += 7919;
    }
}

TEST(Redact, NeverTouchesATime) {
    for (std::int64_t day = 0; day < 40'000; ++day) {
        std::string text = time_text(Time(day * kDayMs + day * 12'345));
        ASSERT_EQ(redact(text), 0) << text;
    }
}

TEST(Redact, LooksAtWhatFollowsAReplacementOnItsOwn) {
    EXPECT_EQ(redacted("+13812345678a13912345678"), "***a***");
    EXPECT_EQ(redacted("__Host-hangu_hgk_x=abc"), "***");
}

TEST(Redact, CountsEachReplacement) {
    std::string text = "13812345678 hgk_a 13912345678";
    EXPECT_EQ(redact(text), 3);
    EXPECT_EQ(text, "*** *** ***");
}

}  // namespace
}  // namespace hangu::observe

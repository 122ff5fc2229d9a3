#include "security/notify/internal/notice_rules.hpp"

#include "security/notify/internal/retry_rules.hpp"

#include <gtest/gtest.h>

#include <set>

namespace hangu::notify {
namespace {

TEST(NoticeRules, names_become_values_and_values_are_not_read_again) {
    EXPECT_EQ(filled("a {x} b {y}{x}", {{"x", "{y}"}, {"y", "2"}}), "a {y} b 2{y}");
    EXPECT_EQ(filled("{none}", {}), "–");
    EXPECT_EQ(filled("plain", {}), "plain");
    EXPECT_EQ(filled("open {x", {{"x", "1"}}), "open 1");
}

TEST(NoticeRules, every_kind_speaks_both_languages_about_the_same_things) {
    std::set<std::string_view> codes;
    const auto names_in = [](std::string_view text) {
        std::set<std::string> names;
        for (std::size_t at = text.find('{'); at != std::string_view::npos;
             at = text.find('{', at + 1)) {
            names.emplace(text.substr(at, text.find('}', at) - at));
        }
        return names;
    };
    for (const NoticeKind& kind : notice_kinds()) {
        EXPECT_TRUE(codes.insert(kind.code).second) << kind.code;
        for (const std::string_view text :
             {kind.title_zh, kind.title_en, kind.text_zh, kind.text_en, kind.link}) {
            EXPECT_FALSE(text.empty()) << kind.code;
        }
        EXPECT_EQ(names_in(kind.text_zh), names_in(kind.text_en)) << kind.code;
        EXPECT_TRUE(names_in(kind.title_zh).empty()) << kind.code;
        EXPECT_EQ(find_notice_kind(kind.code), &kind);
    }
    EXPECT_EQ(find_notice_kind("nothing"), nullptr);
}

TEST(NoticeRules, a_channel_takes_its_severity_and_its_kinds) {
    const NoticeKind& locked = *find_notice_kind(kAccountLocked);  // a warning
    EXPECT_TRUE(wants(Severity::info, "", locked));
    EXPECT_TRUE(wants(Severity::warning, "", locked));
    EXPECT_FALSE(wants(Severity::critical, "", locked));
    EXPECT_TRUE(wants(Severity::info, "audit.damaged account.locked", locked));
    EXPECT_FALSE(wants(Severity::info, "audit.damaged", locked));
    EXPECT_FALSE(wants(Severity::info, "account.locked.not", locked));
    EXPECT_FALSE(wants(Severity::critical, "account.locked", locked));
}

TEST(RetryRules, pauses_grow_and_then_stay) {
    const Time now(1000);
    EXPECT_EQ(next_try(kDeliveryRetrySeconds, 1, now), now.plus_ms(5'000));
    EXPECT_EQ(next_try(kDeliveryRetrySeconds, 2, now), now.plus_ms(30'000));
    EXPECT_EQ(next_try(kDeliveryRetrySeconds, 7, now), now.plus_ms(7'200'000));
    EXPECT_EQ(next_try(kDeliveryRetrySeconds, 99, now), now.plus_ms(7'200'000));
    EXPECT_EQ(next_try(kTextRetrySeconds, 0, now), now.plus_ms(2'000));
}

}  // namespace
}  // namespace hangu::notify

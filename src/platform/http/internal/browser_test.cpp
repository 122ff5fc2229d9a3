#include "platform/http/browser.hpp"

#include <gtest/gtest.h>

namespace hangu::http {
namespace {

TEST(Browser, IsNamedAsItNamesItself) {
    constexpr const char* kChromium =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/120.0.6099.109 Safari/537.36";
    EXPECT_EQ(browser_of(kChromium), kChromium);
    EXPECT_EQ(browser_of(""), "");
}

TEST(Browser, IsPlainAndShort) {
    EXPECT_EQ(browser_of("a\nb\x1b[31m\xe8\x8c\xb6"), "a?b?[31m???");
    EXPECT_EQ(browser_of(std::string(4000, 'a')), std::string(120, 'a'));
}

TEST(Browser, TellsNoPhoneAndNoCredential) {
    EXPECT_EQ(browser_of("till of 13812345678"), "till of ***");
    EXPECT_EQ(browser_of("a hgk_0123456789abcdef"), "a ***");
    const std::string at_the_end = std::string(115, 'a') + " 13812345678";
    EXPECT_EQ(browser_of(at_the_end), std::string(115, 'a') + " ***");
}

}  // namespace
}  // namespace hangu::http

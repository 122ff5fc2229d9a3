#include "base/sealed.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace hangu {
namespace {

template <class T>
concept Shown = requires(const Sealed<T>& sealed) {
    sealed.shown();
};

std::string parsed(std::string_view text, std::string_view country = "86") {
    const std::optional<Phone> phone = Phone::parse(text, country);
    return phone ? phone->plain() : "refused";
}

TEST(Phone, ReadsChineseMobileNumbers) {
    for (const std::string_view text :
         {"13812345678", "138 1234 5678", "138-1234-5678", " 13812345678 ", "+8613812345678",
          "+86 138 1234 5678", "008613812345678", "0086 138-1234-5678"}) {
        EXPECT_EQ(parsed(text), "+8613812345678") << text;
    }
}

TEST(Phone, ReadsForeignNumbers) {
    EXPECT_EQ(parsed("+1 (415) 555-2671"), "+14155552671");
    EXPECT_EQ(parsed("00442079460958"), "+442079460958");
    EXPECT_EQ(parsed("(415) 555-2671", "1"), "+14155552671");
    EXPECT_EQ(parsed("91234567", "852"), "+85291234567");
    EXPECT_EQ(parsed("+12345678"), "+12345678");
    EXPECT_EQ(parsed("+123456789012345"), "+123456789012345");
}

TEST(Phone, RefusesWhatIsNone) {
    for (const std::string_view text :
         {"", " ", "+", "1381234567", "138123456789", "12812345678", "23812345678", "02112345678",
          "+861381234567", "+8612812345678", "+862112345678", "+1234567", "+1234567890123456",
          "+0123456789", "13812345678x", "138.1234.5678", "138+12345678", "++8613812345678",
          "１３８１２３４５６７８"}) {
        EXPECT_EQ(parsed(text), "refused") << text;
    }
}

TEST(Phone, ShowsItsMaskOnly) {
    EXPECT_EQ(Phone::parse("13812345678")->masked(), "138****5678");
    EXPECT_EQ(Phone::parse("+14155552671")->masked(), "+141****2671");
    EXPECT_EQ(Phone::parse("+12345678")->masked(), "+****5678");
    EXPECT_EQ(Phone().masked(), "");
    EXPECT_EQ(Phone::parse("13812345678")->national(), "13812345678");
    EXPECT_EQ(Phone::parse("+14155552671")->national(), "+14155552671");
}

TEST(Email, IsReadInLowerCaseAndMasked) {
    EXPECT_EQ(Email::parse(" Ann.B@Example.Test ")->plain(), "ann.b@example.test");
    EXPECT_EQ(Email::parse("ann@example.test")->masked(), "a***@example.test");
    EXPECT_EQ(Email().masked(), "");
    for (const std::string_view text :
         {"", "a", "@example.test", "ann@", "ann@example", "a@b@c.test", "a b@c.test", "<a@c.test>",
          "\"a\"@c.test", "a\x01@c.test", "a@c.test\x7Fx"}) {
        EXPECT_FALSE(Email::parse(text)) << text;
    }
    EXPECT_FALSE(Email::parse(std::string(250, 'a') + "@c.test"));
}

TEST(PersonName, ShowsItsFirstCharacter) {
    EXPECT_EQ(PersonName("王小明").masked(), "王**");
    EXPECT_EQ(PersonName("Ann").masked(), "A**");
    EXPECT_EQ(PersonName("😀x").masked(), "😀**");
    EXPECT_EQ(PersonName().masked(), "");
}

TEST(Birthday, ShowsMonthAndDay) {
    EXPECT_EQ(Birthday("2001-05-09").masked(), "****-05-09");
    EXPECT_EQ(Birthday().masked(), "");
}

TEST(Sealed, ShowsNothingWithoutAGrantButItsMask) {
    const Sealed<Phone> phone(*Phone::parse("13812345678"));
    EXPECT_EQ(phone.masked().text(), "138****5678");
    EXPECT_TRUE(phone.same_as(*Phone::parse("+8613812345678")));
    EXPECT_FALSE(phone.same_as(*Phone::parse("13912345678")));
    EXPECT_FALSE(phone.empty());
    EXPECT_TRUE(Sealed<Phone>().empty());
    static_assert(!std::is_default_constructible_v<RevealGrant>);
    static_assert(!Shown<Phone>);
    static_assert(Shown<PersonName>);
    EXPECT_EQ(Sealed<PersonName>(PersonName("Ann")).shown().text(), "Ann");
}

}  // namespace
}  // namespace hangu

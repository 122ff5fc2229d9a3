#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>
#include <vector>

namespace hangu {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};
static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);
static_assert(!std::is_convertible_v<std::string, Secret>);

TEST(Secret, GivesItsValueOnlyWhenExposed) {
    const Secret secret("s3cret");
    EXPECT_EQ(secret.expose(), "s3cret");
    EXPECT_EQ(secret.size(), 6U);
    EXPECT_FALSE(secret.empty());
    EXPECT_TRUE(Secret().empty());
}

TEST(Secret, ComparesByValue) {
    EXPECT_TRUE(Secret("a") == Secret("a"));
    EXPECT_FALSE(Secret("a") == Secret("b"));
    EXPECT_FALSE(Secret("a") == Secret("aa"));
    EXPECT_TRUE(Secret() == Secret(""));
}

TEST(Secret, LeavesNothingBehindWhenMoved) {
    for (const std::size_t size : {5UL, 200UL}) {  // inside the string, and beside it
        Secret from(std::string(size, 'k'));
        const Secret to(std::move(from));
        EXPECT_TRUE(from.empty());
        EXPECT_EQ(to.expose(), std::string(size, 'k'));
        Secret assigned("before");
        Secret other(std::string(size, 'q'));
        assigned = std::move(other);
        EXPECT_TRUE(other.empty());
        EXPECT_EQ(assigned.expose(), std::string(size, 'q'));
    }
}

TEST(Secret, WipesItsBytesWhenReplaced) {
    Secret secret(std::string(100, 'k'));
    const char* bytes = secret.expose().data();
    Secret other(std::string(10, 'q'));
    secret = other;  // fits into the same block
    ASSERT_EQ(secret.expose().data(), bytes);
    const std::string_view after(bytes, 100);
    EXPECT_EQ(after.find('k'), std::string_view::npos);
    EXPECT_EQ(secret.expose(), std::string(10, 'q'));
    Secret& same = secret;
    secret = same;
    EXPECT_EQ(secret.expose(), std::string(10, 'q'));
}

TEST(EqualInConstantTime, ComparesEveryByte) {
    EXPECT_TRUE(equal_in_constant_time("", ""));
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("xbc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace hangu

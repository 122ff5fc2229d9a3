#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace hangu {
namespace {

Result<int> half(int value) {
    if (value % 2 != 0) {
        return Problem::conflict("number.odd", "give an even one");
    }
    return value / 2;
}

Result<int> quarter(int value) {
    HANGU_TRY(const int once, half(value));
    HANGU_TRY(const int twice, half(once));
    return twice;
}

Result<void> check(int value) {
    HANGU_CHECK(half(value));
    return {};
}

TEST(Result, PassesTheValueOrTheProblemOn) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).problem().code, "number.odd");
    EXPECT_EQ(quarter(5).problem().kind, Kind::conflict);
    EXPECT_TRUE(check(2).ok());
    EXPECT_EQ(check(3).problem().detail, "give an even one");
}

TEST(Result, IsABugWhenAskedForWhatItDoesNotHold) {
    const Result<int> good = 1;
    const Result<int> bad = Problem::invalid("x.y");
    EXPECT_THROW(static_cast<void>(good.problem()), Bug);
    EXPECT_THROW(static_cast<void>(bad.value()), Bug);
    EXPECT_THROW(check(3).value(), Bug);
    EXPECT_THROW(static_cast<void>(check(2).problem()), Bug);
}

TEST(Result, HoldsWhatCanOnlyBeMoved) {
    Result<std::unique_ptr<int>> made = std::make_unique<int>(5);
    const std::unique_ptr<int> taken = std::move(made).value();
    EXPECT_EQ(*taken, 5);
}

TEST(Problem, CarriesItsKindFieldsAndNote) {
    EXPECT_EQ(Problem::unauthenticated("a.b").kind, Kind::unauthenticated);
    EXPECT_EQ(Problem::forbidden("a.b").kind, Kind::forbidden);
    EXPECT_EQ(Problem::not_found("a.b").kind, Kind::not_found);
    EXPECT_EQ(Problem::limited("a.b").kind, Kind::limited);
    EXPECT_EQ(Problem::unavailable("a.b").kind, Kind::unavailable);
    const Problem problem = Problem::invalid_field("name", "field.required", "a name");
    EXPECT_EQ(problem.code, "input.invalid");
    ASSERT_EQ(problem.fields.size(), 1U);
    EXPECT_EQ(problem.fields[0].field, "name");
    EXPECT_EQ(Problem::invalid("a.b").with_note("why").note, "why");
}

}  // namespace
}  // namespace hangu

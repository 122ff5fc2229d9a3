// Money in whole fen (1/100 yuan). Arithmetic that would overflow is a Bug, never a wrong sum.
#pragma once

#include "base/check.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace hangu {

class Money {
 public:
    constexpr Money() = default;
    constexpr explicit Money(std::int64_t fen) : fen_(fen) {}

    constexpr std::int64_t fen() const { return fen_; }

    friend constexpr auto operator<=>(Money, Money) = default;

    friend Money operator+(Money a, Money b) {
        std::int64_t sum = 0;
        HANGU_ASSERT(!__builtin_add_overflow(a.fen_, b.fen_, &sum));
        return Money(sum);
    }
    friend Money operator-(Money a, Money b) {
        std::int64_t difference = 0;
        HANGU_ASSERT(!__builtin_sub_overflow(a.fen_, b.fen_, &difference));
        return Money(difference);
    }
    friend Money operator*(Money a, std::int64_t times) {
        std::int64_t product = 0;
        HANGU_ASSERT(!__builtin_mul_overflow(a.fen_, times, &product));
        return Money(product);
    }
    Money& operator+=(Money other) { return *this = *this + other; }
    Money& operator-=(Money other) { return *this = *this - other; }

 private:
    std::int64_t fen_ = 0;
};

// Divides an amount in proportion to the weights, exactly: the shares add up to the amount, each is
// within one fen of its exact part, and the remainder goes to the largest fractions (ties: the
// later share). All weights zero: everything to the last share. Requires weights >= 0, amount >= 0
// and at least one weight.
std::vector<Money> share_out(Money amount, const std::vector<Money>& weights);

// "12.30"; negative amounts with a leading minus.
std::string yuan_text(Money amount);

}  // namespace hangu

#include "base/money.hpp"

#include <algorithm>
#include <numeric>

namespace hangu {

std::vector<Money> share_out(Money amount, const std::vector<Money>& weights) {
    HANGU_ASSERT(!weights.empty());
    HANGU_ASSERT(amount.fen() >= 0);
    __int128_t total = 0;
    for (const Money weight : weights) {
        HANGU_ASSERT(weight.fen() >= 0);
        total += weight.fen();
    }
    std::vector<Money> shares(weights.size());
    if (total == 0) {
        shares.back() = amount;
        return shares;
    }
    std::vector<__int128_t> fractions(weights.size());
    std::int64_t given = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const __int128_t exact = static_cast<__int128_t>(amount.fen()) * weights[i].fen();
        const auto share = static_cast<std::int64_t>(exact / total);
        shares[i] = Money(share);
        fractions[i] = exact % total;
        given += share;
    }
    std::vector<std::size_t> order(weights.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&fractions](std::size_t a, std::size_t b) {
        return fractions[a] != fractions[b] ? fractions[a] > fractions[b] : a > b;
    });
    const auto rest = static_cast<std::size_t>(amount.fen() - given);
    HANGU_ASSERT(rest <= order.size());
    for (std::size_t i = 0; i < rest; ++i) {
        shares[order[i]] += Money(1);
    }
    return shares;
}

std::string yuan_text(Money amount) {
    const bool negative = amount.fen() < 0;
    const std::uint64_t fen = negative ? 0 - static_cast<std::uint64_t>(amount.fen())
                                       : static_cast<std::uint64_t>(amount.fen());
    std::string text = negative ? "-" : "";
    text += std::to_string(fen / 100);
    text += '.';
    text += static_cast<char>('0' + fen % 100 / 10);
    text += static_cast<char>('0' + fen % 10);
    return text;
}

}  // namespace hangu

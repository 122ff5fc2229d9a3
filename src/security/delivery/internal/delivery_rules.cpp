#include "security/delivery/internal/delivery_rules.hpp"

#include "base/text.hpp"
#include "platform/storage/data_scope.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace hangu::delivery {

namespace {

// After the first, second, … attempt; the last one repeats.
constexpr std::array<std::int64_t, 6> kTrySeconds = {5, 20, 80, 320, 1'280, 3'600};
constexpr std::array<std::int64_t, 7> kReachSeconds = {1, 2, 4, 8, 15, 30, 60};

template <std::size_t Count>
Time after(const std::array<std::int64_t, Count>& seconds, std::int64_t attempts,
           std::uint64_t random, Time now) {
    const std::int64_t at = std::clamp<std::int64_t>(attempts - 1, 0, Count - 1);
    const std::int64_t half = seconds[static_cast<std::size_t>(at)] * kSecondMs / 2;
    return now.plus_ms(half + static_cast<std::int64_t>(random % static_cast<std::uint64_t>(half)));
}

bool is_noun(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(),
                                        [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

bool is_pattern(std::string_view text) {
    if (text == "*") {
        return true;
    }
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos || !is_noun(text.substr(0, dot))) {
        return false;
    }
    const std::string_view verb = text.substr(dot + 1);
    return verb == "*" || is_noun(verb);
}

bool matches(std::string_view pattern, std::string_view name) {
    if (pattern == "*") {
        return true;
    }
    if (pattern.ends_with(".*")) {
        return name.starts_with(pattern.substr(0, pattern.size() - 1));
    }
    return pattern == name;
}

bool may_leave(const events::Event& event) {
    return !event.permission.starts_with("staff:") && !event.name.starts_with("notice.");
}

bool wants(std::string_view patterns, std::string_view org_path, const events::Event& event) {
    const storage::PathRange place = storage::subtree(org_path);
    if (!may_leave(event) || event.org_path < place.from || event.org_path >= place.to) {
        return false;
    }
    const std::vector<std::string_view> all = split(patterns, ' ');
    return std::any_of(all.begin(), all.end(),
                       [&](std::string_view one) { return matches(one, event.name); });
}

std::vector<std::vector<std::size_t>> waves_of(const std::vector<const events::Event*>& events) {
    std::vector<std::vector<std::size_t>> waves;
    std::map<std::string_view, std::size_t> seen;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const std::size_t wave = events[i]->subject.empty() ? 0 : seen[events[i]->subject]++;
        if (wave == waves.size()) {
            waves.emplace_back();
        }
        waves[wave].push_back(i);
    }
    return waves;
}

Time next_try(std::int64_t attempts, std::uint64_t random, Time now) {
    return after(kTrySeconds, attempts, random, now);
}

Time next_reach(std::int64_t attempts, std::uint64_t random, Time now) {
    return after(kReachSeconds, attempts, random, now);
}

}  // namespace hangu::delivery

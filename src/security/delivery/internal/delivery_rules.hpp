// What goes to a destination, in which order, and when it is tried again. Pure.
#pragma once

#include "base/time.hpp"
#include "platform/events/events.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hangu::delivery {

// "*", "order.*" or "order.placed".
bool is_pattern(std::string_view text);
bool matches(std::string_view pattern, std::string_view name);

// Some events are between the house and its own people: what the bell of one person rings for, and
// notices altogether (that a destination fails is told by one).
bool may_leave(const events::Event& event);

// `patterns` are separated by blanks; `org_path` is the place with everything below it.
bool wants(std::string_view patterns, std::string_view org_path, const events::Event& event);

// Places in `events` that may go together: no two of a subject, in their order. Those of no
// subject go whenever.
std::vector<std::vector<std::size_t>> waves_of(const std::vector<const events::Event*>& events);

// When a parcel (an event that was refused) is tried again; when the far side is asked again. Half
// of the time and a random part of the other half, so that not all come back at once.
Time next_try(std::int64_t attempts, std::uint64_t random, Time now);
Time next_reach(std::int64_t attempts, std::uint64_t random, Time now);

}  // namespace hangu::delivery

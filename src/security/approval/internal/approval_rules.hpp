// What is decided when. Pure.
#pragma once

#include "security/approval/approval.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::approval {

inline constexpr std::size_t kStepsCountMax = 5;
inline constexpr std::int64_t kNeededCountMax = 5;
inline constexpr std::size_t kFactsCountMax = 32;
inline constexpr std::size_t kFactNameMax = 40;
inline constexpr std::size_t kFactValueMax = 4000;

// As it is at this moment, also when nobody has written yet that it ran out.
State state_at(const Request& request, Time now);

// The first step that has not votes enough; steps.size() when all have. A vote that stands no more
// does not count, so a later step may wait for an earlier one again.
std::size_t step_due(const std::vector<Step>& steps, const std::vector<Vote>& votes);

// "approval.closed", "approval.expired", "approval.own_request", "approval.voted_already"
Result<void> may_vote(const Request& request, const std::vector<Vote>& votes, std::int64_t voter,
                      Time now);

// A definition that could never be carried out.
bool is_sound(const std::vector<Step>& steps);

std::string encode_steps(const std::vector<Step>& steps);
std::vector<Step> decode_steps(std::string_view text);
std::string encode_facts(const std::vector<Fact>& facts);
std::vector<Fact> decode_facts(std::string_view text);

}  // namespace hangu::approval

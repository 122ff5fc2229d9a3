#include "security/approval/internal/approval_rules.hpp"

#include "base/check.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <set>

namespace hangu::approval {

namespace {

struct StoredStep {
    Text<1, 40> name;
    Text<1, 64> permission;
    Number<1, kNeededCountMax> needed;
};
HANGU_STRUCT(StoredStep, name, permission, needed)

struct StoredFact {
    Text<1, kFactNameMax> name;
    Text<0, kFactValueMax> value;
};
HANGU_STRUCT(StoredFact, name, value)

struct StepOut {
    std::string name;
    std::string permission;
    std::int64_t needed = 1;
};
HANGU_STRUCT(StepOut, name, permission, needed)

struct FactOut {
    std::string name;
    std::string value;
};
HANGU_STRUCT(FactOut, name, value)

}  // namespace

State state_at(const Request& request, Time now) {
    return request.state == State::open && now >= request.expires_at ? State::expired
                                                                     : request.state;
}

std::size_t step_due(const std::vector<Step>& steps, const std::vector<Vote>& votes) {
    std::size_t due = 0;
    for (; due < steps.size(); ++due) {
        const auto given = std::count_if(votes.begin(), votes.end(), [due](const Vote& vote) {
            return vote.stands && vote.verdict == Verdict::approve &&
                   vote.step == static_cast<std::int64_t>(due);
        });
        if (given < steps[due].needed) {
            break;
        }
    }
    return due;
}

Result<void> may_vote(const Request& request, const std::vector<Vote>& votes, std::int64_t voter,
                      Time now) {
    switch (state_at(request, now)) {
        case State::open:
            break;
        case State::expired:
            return Problem::conflict("approval.expired");
        default:
            return Problem::conflict("approval.closed");
    }
    if (voter == request.asked_by) {
        return Problem::forbidden("approval.own_request");
    }
    const bool voted = std::any_of(votes.begin(), votes.end(),
                                   [voter](const Vote& vote) { return vote.voter == voter; });
    if (voted) {
        return Problem::conflict("approval.voted_already");
    }
    return {};
}

bool is_sound(const std::vector<Step>& steps) {
    std::set<std::string_view> names;
    for (const Step& step : steps) {
        const bool good = !step.name.empty() && !step.permission.empty() && step.needed >= 1 &&
                          step.needed <= kNeededCountMax && names.insert(step.name).second;
        if (!good) {
            return false;
        }
    }
    return !steps.empty() && steps.size() <= kStepsCountMax;
}

std::string encode_steps(const std::vector<Step>& steps) {
    std::vector<StepOut> out;
    for (const Step& step : steps) {
        out.push_back({step.name, step.permission, step.needed});
    }
    return json::to_text(out);
}

std::vector<Step> decode_steps(std::string_view text) {
    const auto stored = json::from_text<List<StoredStep, 1, kStepsCountMax>>(text);
    HANGU_ASSERT(stored.ok());
    std::vector<Step> steps;
    for (const StoredStep& step : *stored) {
        steps.push_back({step.name.str(), step.permission.str(), step.needed});
    }
    return steps;
}

std::string encode_facts(const std::vector<Fact>& facts) {
    std::vector<FactOut> out;
    for (const Fact& fact : facts) {
        out.push_back({fact.name, fact.value});
    }
    return json::to_text(out);
}

std::vector<Fact> decode_facts(std::string_view text) {
    const auto stored = json::from_text<List<StoredFact, 0, kFactsCountMax>>(text);
    HANGU_ASSERT(stored.ok());
    std::vector<Fact> facts;
    for (const StoredFact& fact : *stored) {
        facts.push_back({fact.name.str(), fact.value.str()});
    }
    return facts;
}

}  // namespace hangu::approval

#include "security/protection/attacks.hpp"

#include <algorithm>
#include <set>

namespace hangu::protection {

namespace {

constexpr std::int64_t kKeptMs = kHourMs;
constexpr std::int64_t kToldAgainMs = kHourMs;
constexpr std::int64_t kAfterAttackMs = 180 * kMinuteMs;
constexpr std::int64_t kShortMs = 15 * kMinuteMs;

constexpr int kStuffingAttempts = 25;
constexpr int kStuffingAccounts = 15;
constexpr int kStuffingPerAccountMax = 2;

constexpr int kSprayAttempts = 15;
constexpr int kSprayAccounts = 5;
constexpr int kSprayPerAccountMax = 8;
constexpr std::int64_t kSprayLastingMs = 5 * kMinuteMs;

constexpr int kSpreadSources = 5;
constexpr int kSpreadAccounts = 8;
constexpr int kSpreadAttempts = 25;
constexpr int kSpreadPerAccountMax = 5;

constexpr int kGuessingSources = 5;
constexpr int kGuessingAttempts = 10;
constexpr int kGuessingAgents = 3;
constexpr std::int64_t kGuessingMs = 30 * kMinuteMs;

// What a set of failures looks like.
struct Tally {
    int attempts = 0;
    int most_per_account = 0;
    Time first_at;
    std::map<std::string, int> accounts;
    std::set<std::string> sources;
    std::set<std::string> agents;

    void add(const SignInAttempt& attempt) {
        first_at = attempts == 0 ? attempt.at : first_at;
        ++attempts;
        most_per_account = std::max(most_per_account, ++accounts[attempt.account]);
        sources.insert(attempt.source);
        agents.insert(attempt.agent);
    }
    int accounts_count() const { return static_cast<int>(accounts.size()); }
    int sources_count() const { return static_cast<int>(sources.size()); }
    Finding finding(Attack attack, std::string subject) const {
        return {attack, std::move(subject), attempts, accounts_count(), sources_count()};
    }
};

template <class Pick>
Tally tally(const std::deque<SignInAttempt>& failures, Time since, Pick pick) {
    Tally found;
    for (const SignInAttempt& failure : failures) {
        if (failure.at > since && pick(failure)) {
            found.add(failure);
        }
    }
    return found;
}

}  // namespace

void SignInWatch::forget_before(Time before) {
    while (!failures_.empty() &&
           (failures_.front().at <= before || failures_.size() > kAttemptsCountMax)) {
        failures_.pop_front();
    }
    std::erase_if(told_, [before](const auto& entry) {
        return entry.second <= before.plus_ms(kKeptMs - kAfterAttackMs);
    });
}

void SignInWatch::tell(Finding finding, Time at, std::vector<Finding>& findings) {
    const auto [entry, fresh] = told_.try_emplace(std::pair(finding.attack, finding.subject), at);
    if (!fresh && at < entry->second.plus_ms(kToldAgainMs)) {
        return;
    }
    entry->second = at;
    findings.push_back(std::move(finding));
}

void SignInWatch::judge_source(const SignInAttempt& last, std::vector<Finding>& findings) {
    const auto from_there = [&last](const SignInAttempt& failure) {
        return failure.source == last.source;
    };
    const Tally lately = tally(failures_, last.at.plus_ms(-kShortMs), from_there);
    if (lately.attempts >= kStuffingAttempts && lately.accounts_count() >= kStuffingAccounts &&
        lately.most_per_account <= kStuffingPerAccountMax) {
        tell(lately.finding(Attack::stuffing, last.source), last.at, findings);
    }
    const Tally hour = tally(failures_, last.at.plus_ms(-kHourMs), from_there);
    if (hour.attempts >= kSprayAttempts && hour.accounts_count() >= kSprayAccounts &&
        hour.most_per_account >= 2 && hour.most_per_account <= kSprayPerAccountMax &&
        last.at >= hour.first_at.plus_ms(kSprayLastingMs)) {
        tell(hour.finding(Attack::spray, last.source), last.at, findings);
    }
}

void SignInWatch::judge_account(const SignInAttempt& last, std::vector<Finding>& findings) {
    const Tally lately =
        tally(failures_, last.at.plus_ms(-kGuessingMs),
              [&last](const SignInAttempt& failure) { return failure.account == last.account; });
    if (lately.attempts >= kGuessingAttempts && lately.sources_count() >= kGuessingSources &&
        static_cast<int>(lately.agents.size()) >= kGuessingAgents) {
        tell(lately.finding(Attack::spread_guessing, last.account), last.at, findings);
    }
}

void SignInWatch::judge_whole(const SignInAttempt& last, std::vector<Finding>& findings) {
    const Tally lately =
        tally(failures_, last.at.plus_ms(-kShortMs), [](const SignInAttempt&) { return true; });
    if (lately.attempts >= kSpreadAttempts && lately.accounts_count() >= kSpreadAccounts &&
        lately.sources_count() >= kSpreadSources &&
        lately.most_per_account <= kSpreadPerAccountMax) {
        tell(lately.finding(Attack::spread_spray, ""), last.at, findings);
    }
}

// A success counts when its source or its account was part of a known attack.
std::optional<Finding> SignInWatch::success_after(const SignInAttempt& success) const {
    for (const auto& [known, at] : told_) {
        const std::string& subject = known.second;
        if (known.first == Attack::success_after_attack ||
            success.at > at.plus_ms(kAfterAttackMs)) {
            continue;
        }
        const bool of_whole =
            subject.empty() && std::any_of(failures_.begin(), failures_.end(),
                                           [&success](const SignInAttempt& failure) {
                                               return failure.source == success.source ||
                                                      failure.account == success.account;
                                           });
        if (subject == success.source || subject == success.account || of_whole) {
            return Finding{Attack::success_after_attack, success.account, 1, 1, 1};
        }
    }
    return std::nullopt;
}

std::vector<Finding> SignInWatch::note(const SignInAttempt& attempt) {
    std::vector<Finding> findings;
    forget_before(attempt.at.plus_ms(-kKeptMs));
    if (attempt.succeeded) {
        if (const auto found = success_after(attempt)) {
            tell(*found, attempt.at, findings);
        }
        return findings;
    }
    failures_.push_back(attempt);
    judge_source(attempt, findings);
    judge_account(attempt, findings);
    judge_whole(attempt, findings);
    return findings;
}

}  // namespace hangu::protection

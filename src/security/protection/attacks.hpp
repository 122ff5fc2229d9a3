// Attacks on sign-in, seen in the stream of attempts: many accounts from one source, few guesses on
// many accounts from many sources, one account from many sources, and a success soon after any of
// them. Pure counting in bounded memory; the caller serialises (one watch per merchant).
#pragma once

#include "base/describe.hpp"
#include "base/time.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hangu::protection {

struct SignInAttempt {
    Time at;
    std::string source;   // address
    std::string account;  // id, or a digest of a name that nobody has
    std::string agent;    // what the browser says it is
    bool succeeded = false;
};

enum class Attack {
    stuffing,             // one source, many accounts, a guess or two each
    spray,                // one source, several accounts, a few guesses each, patiently
    spread_spray,         // many sources, many accounts
    spread_guessing,      // many sources, one account
    success_after_attack  // somebody got in soon after one of these
};
HANGU_ENUM(Attack, stuffing, spray, spread_spray, spread_guessing, success_after_attack)

struct Finding {
    Attack attack;
    std::string subject;  // the source, the account, or "" for the whole merchant
    int attempts_count = 0;
    int accounts_count = 0;
    int sources_count = 0;
};

// Thresholds as Elastic's published detection rules have them.
class SignInWatch {
 public:
    static constexpr std::size_t kAttemptsCountMax = 1'000;  // the latest; older ones are forgotten

    // One attempt; answers what it made known. The same finding is told once an hour.
    std::vector<Finding> note(const SignInAttempt& attempt);
    std::size_t attempts_count() const { return failures_.size(); }

 private:
    void forget_before(Time before);
    void judge_source(const SignInAttempt& last, std::vector<Finding>& findings);
    void judge_account(const SignInAttempt& last, std::vector<Finding>& findings);
    void judge_whole(const SignInAttempt& last, std::vector<Finding>& findings);
    void tell(Finding finding, Time at, std::vector<Finding>& findings);
    std::optional<Finding> success_after(const SignInAttempt& success) const;

    std::deque<SignInAttempt> failures_;  // the oldest first
    std::map<std::pair<Attack, std::string>, Time> told_;
};

}  // namespace hangu::protection

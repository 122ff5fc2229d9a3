#include "security/protection/attacks.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hangu::protection {
namespace {

const Time kAttacked = Time(1'795'000'000'000);

SignInAttempt wrong(int second, int source, int account, const std::string& agent = "a") {
    return {kAttacked.plus_ms(second * kSecondMs), "192.0.2." + std::to_string(source),
            "account-" + std::to_string(account), agent, false};
}

// What the attempts made known, each once.
std::vector<Attack> attacks(SignInWatch& watch, const std::vector<SignInAttempt>& attempts) {
    std::vector<Attack> found;
    for (const SignInAttempt& attempt : attempts) {
        for (const Finding& finding : watch.note(attempt)) {
            found.push_back(finding.attack);
        }
    }
    return found;
}

std::vector<SignInAttempt> stuffing() {
    std::vector<SignInAttempt> attempts;
    for (int i = 0; i < 30; ++i) {
        attempts.push_back(wrong(i, 1, i));
    }
    return attempts;
}

TEST(SignInWatch, tells_stuffing_once) {
    SignInWatch watch;
    EXPECT_EQ(attacks(watch, stuffing()), std::vector<Attack>{Attack::stuffing});
}

TEST(SignInWatch, does_not_take_a_forgetful_person_for_an_attack) {
    SignInWatch watch;
    std::vector<SignInAttempt> attempts;
    for (int i = 0; i < 40; ++i) {
        attempts.push_back(wrong(i * 20, 1, 1));
    }
    EXPECT_TRUE(attacks(watch, attempts).empty());
}

TEST(SignInWatch, does_not_take_a_shop_on_monday_morning_for_an_attack) {
    SignInWatch watch;
    std::vector<SignInAttempt> attempts;
    for (int person = 0; person < 12; ++person) {  // behind one address, one slip each
        attempts.push_back(wrong(person * 30, 1, person));
    }
    EXPECT_TRUE(attacks(watch, attempts).empty());
}

TEST(SignInWatch, tells_a_patient_spray) {
    SignInWatch watch;
    std::vector<SignInAttempt> attempts;
    for (int i = 0; i < 18; ++i) {
        attempts.push_back(wrong(i * 60, 1, i % 6));
    }
    EXPECT_EQ(attacks(watch, attempts), std::vector<Attack>{Attack::spray});
}

TEST(SignInWatch, tells_a_spray_from_many_places) {
    SignInWatch watch;
    std::vector<SignInAttempt> attempts;
    for (int i = 0; i < 25; ++i) {
        attempts.push_back(wrong(i, i % 5, i % 9));
    }
    EXPECT_EQ(attacks(watch, attempts), std::vector<Attack>{Attack::spread_spray});
}

TEST(SignInWatch, tells_guessing_at_one_account_from_many_places) {
    SignInWatch watch;
    std::vector<SignInAttempt> attempts;
    for (int i = 0; i < 10; ++i) {
        attempts.push_back(wrong(i * 60, i % 5, 7, std::to_string(i % 3)));
    }
    EXPECT_EQ(attacks(watch, attempts), std::vector<Attack>{Attack::spread_guessing});
}

TEST(SignInWatch, tells_a_success_after_an_attack) {
    SignInWatch watch;
    attacks(watch, stuffing());
    SignInAttempt other = wrong(60, 2, 99);
    other.succeeded = true;
    EXPECT_TRUE(watch.note(other).empty()) << "somebody else, from elsewhere";
    SignInAttempt success = wrong(61, 1, 99);
    success.succeeded = true;
    const std::vector<Finding> found = watch.note(success);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].attack, Attack::success_after_attack);
    EXPECT_EQ(found[0].subject, "account-99");
    SignInWatch late;
    attacks(late, stuffing());
    success.at = kAttacked.plus_ms(4 * kHourMs);
    EXPECT_TRUE(late.note(success).empty());
}

TEST(SignInWatch, needs_bounded_memory) {
    SignInWatch watch;
    for (int i = 0; i < 1'500; ++i) {
        watch.note(wrong(0, i % 250, i));
    }
    EXPECT_LE(watch.attempts_count(), SignInWatch::kAttemptsCountMax + 1);
    watch.note(wrong(3'700, 1, 1));
    EXPECT_EQ(watch.attempts_count(), 1U);
}

}  // namespace
}  // namespace hangu::protection

#include "security/identity/internal/factor_rules.hpp"

#include "platform/crypto/one_time.hpp"

#include <gtest/gtest.h>

namespace hangu::identity {
namespace {

const TotpSecret kSecret("12345678901234567890");
const Time kNow(1'795'305'615'000);

std::string code_at(std::int64_t step) {
    return crypto::hotp(kSecret.plain(), static_cast<std::uint64_t>(step));
}

TEST(FactorRules, base32_of_rfc_4648) {
    EXPECT_EQ(base32(""), "");
    EXPECT_EQ(base32("f"), "MY");
    EXPECT_EQ(base32("fo"), "MZXQ");
    EXPECT_EQ(base32("foo"), "MZXW6");
    EXPECT_EQ(base32("foob"), "MZXW6YQ");
    EXPECT_EQ(base32("fooba"), "MZXW6YTB");
    EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");
}

TEST(FactorRules, an_app_reads_the_address) {
    EXPECT_EQ(totp_uri(kSecret, "Tea & Co", "li@tea"),
              "otpauth://totp/Tea%20%26%20Co:li%40tea?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
              "&issuer=Tea%20%26%20Co&algorithm=SHA1&digits=6&period=30");
}

TEST(FactorRules, a_code_is_good_for_a_step_before_and_after) {
    const std::int64_t present = kNow.unix_ms() / kTotpStepMs;
    for (std::int64_t drift = -3; drift <= 3; ++drift) {
        const auto step = totp_step_of(kSecret, code_at(present + drift), kNow, 0);
        EXPECT_EQ(step.has_value(), drift >= -1 && drift <= 1) << drift;
    }
    EXPECT_FALSE(totp_step_of(kSecret, "", kNow, 0));
    EXPECT_FALSE(totp_step_of(kSecret, code_at(present) + "0", kNow, 0));
}

TEST(FactorRules, no_code_works_twice_nor_an_older_one_after_it) {
    const std::int64_t present = kNow.unix_ms() / kTotpStepMs;
    EXPECT_FALSE(totp_step_of(kSecret, code_at(present), kNow, present));
    EXPECT_FALSE(totp_step_of(kSecret, code_at(present - 1), kNow, present));
    EXPECT_EQ(totp_step_of(kSecret, code_at(present + 1), kNow, present), present + 1);
}

TEST(FactorRules, recovery_codes_are_read_as_people_type_them) {
    SeededRandomness random(7);
    const std::string code = make_recovery_code(random);
    EXPECT_EQ(code.size(), 11u);
    EXPECT_EQ(read_recovery_code(code), code);
    EXPECT_EQ(read_recovery_code("0O1il-abcde"), "00111-ABCDE");
    EXPECT_EQ(read_recovery_code("0o1il abcde"), "00111-ABCDE");
    for (const std::string_view bad : {"", "00111", "00111-ABCD", "00111-ABCDEF", "00111-ABCDU"}) {
        EXPECT_FALSE(read_recovery_code(bad)) << bad;
    }
    EXPECT_NE(make_recovery_code(random), code);
}

}  // namespace
}  // namespace hangu::identity

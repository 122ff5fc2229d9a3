// A refusal costs the same whether the name exists or not: otherwise its time would tell.
#include "security/identity/internal/sign_in_test_house.hpp"

#include <sys/resource.h>

namespace hangu::identity {
namespace {

// Of the whole process: one attempt runs at a time, whichever threads it uses.
std::int64_t cpu_us() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto us = [](const timeval& t) { return t.tv_sec * 1'000'000LL + t.tv_usec; };
    return us(used.ru_utime) + us(used.ru_stime);
}

class SameWorkTest : public SignInTest {
 protected:
    static constexpr int kTries = 41;

    // The median of what a wrong password costs, each from another address.
    std::int64_t cost_of(const std::string& tenant, const std::string& prefix) {
        std::vector<std::int64_t> costs;
        for (int i = 0; i < kTries; ++i) {
            const std::string body =
                sign_in_body(tenant, prefix + std::to_string(i), "Wrong-Guess-1");
            const std::string address = "198.51.100." + std::to_string(++addresses_);
            const std::int64_t before = cpu_us();
            EXPECT_EQ(code(start("session.open", request(body, address)).get()), "session.refused");
            costs.push_back(cpu_us() - before);
        }
        std::nth_element(costs.begin(), costs.begin() + kTries / 2, costs.end());
        return costs[kTries / 2];
    }
    int addresses_ = 0;
};

// Hashing takes nine tenths of an attempt's CPU even at the tests' low cost. Whoever skips it is at
// least five times as cheap; what else differs (a lane's row that is written) is far below half.
// Measured in CPU time, so a busy machine changes little, and by medians.
TEST_F(SameWorkTest, known_and_unknown_names_and_merchants_cost_the_same) {
    constexpr crypto::PasswordCost kCost{8 * 1024, 2, 1};
    Identity::Options options;
    options.password_cost = kCost;
    Identity identity(*house_.world.engine, house_.tenants, house_.world.world, house_.pool,
                      options);
    identity.set_grant_source(house_.grants);
    routes_ = http::Routes();
    add_routes(routes_, identity);
    const std::string hash =
        crypto::hash_password(Secret("Blau-Wolke7"), kCost, house_.world.random);
    for (int i = 0; i < kTries; ++i) {
        const StaffId id = house_.staff(house_.tea, "known" + std::to_string(i));
        ASSERT_TRUE(house_
                        .in(house_.tea,
                            [&](http::Scope& scope) -> Result<void> {
                                IdentityStore(scope.tx()).set_password(id, hash);
                                return {};
                            })
                        .ok());
    }
    const auto known = static_cast<double>(cost_of("tea-house", "known"));
    const auto unknown = static_cast<double>(cost_of("tea-house", "nobody"));
    const auto elsewhere = static_cast<double>(cost_of("no-such-house", "known"));
    EXPECT_LT(std::max({known, unknown, elsewhere}), 1.5 * std::min({known, unknown, elsewhere}))
        << known << " " << unknown << " " << elsewhere;
}

}  // namespace
}  // namespace hangu::identity

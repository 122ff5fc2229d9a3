// Runs the system tests; the scan of everything they made the system say is registered last.
#include "tests/system/collected.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>

namespace hangu::system {
namespace {

class LeakScan : public ::testing::Test {
 public:
    void TestBody() override {
        const Collected& collected = Collected::all();
        EXPECT_GT(collected.pieces_count(), 0U);
        EXPECT_GT(collected.secrets_count(), 0U);
        std::size_t shown = 0;
        for (const std::string& leak : collected.leaks()) {
            if (++shown <= 20) {
                ADD_FAILURE() << leak;
            }
        }
        RecordProperty("pieces", static_cast<int>(collected.pieces_count()));
        RecordProperty("secrets", static_cast<int>(collected.secrets_count()));
    }
};

}  // namespace
}  // namespace hangu::system

int main(int count, char** words) {
    ::signal(SIGPIPE, SIG_IGN);
    ::testing::InitGoogleTest(&count, words);
    ::testing::RegisterTest(
        "Leaks", "nothing_secret_was_said", nullptr, nullptr, __FILE__, __LINE__,
        []() -> ::testing::Test* { return std::make_unique<hangu::system::LeakScan>().release(); });
    return RUN_ALL_TESTS();
}

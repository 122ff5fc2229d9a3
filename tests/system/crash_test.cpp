// The server is killed in the middle of work, twenty times. Whatever it acknowledged is there
// afterwards, once, whole and recorded.
#include "base/randomness.hpp"
#include "tests/system/collected.hpp"
#include "tests/system/tellers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>

namespace hangu::system {
namespace {

constexpr int kKills = 20;
constexpr std::size_t kShops = 4;
constexpr std::size_t kTellersPerShop = 2;
constexpr std::uint64_t kOrdersPerRoundMax = 150;

struct Crew {
    std::vector<std::unique_ptr<Shop>> shops;
    std::vector<std::unique_ptr<Teller>> tellers;

    std::vector<Teller*> all() const {
        std::vector<Teller*> list;
        for (const auto& teller : tellers) {
            list.push_back(teller.get());
        }
        return list;
    }
};

void hire(Crew& crew, const std::string& data, std::uint16_t port) {
    for (std::size_t i = 0; i < kShops; ++i) {
        auto shop = std::make_unique<Shop>(data, port, fmt::format("crash{}", i));
        shop->open_stores(2);
        shop->sell("tea");
        shop->sell("cake", 100'000);
        for (std::size_t t = 0; t < kTellersPerShop; ++t) {
            crew.tellers.push_back(std::make_unique<Teller>(fmt::format("crash{}-{}", i, t), *shop,
                                                            shop->new_till(), port));
        }
        crew.shops.push_back(std::move(shop));
    }
}

TEST(Crash, what_was_acknowledged_is_there_once_and_whole) {
    const Place place;
    SeededRandomness random(static_cast<std::uint64_t>(::getpid()));
    RecordProperty("seed", ::getpid());
    Crew crew;
    Tally tally;
    auto server = std::make_unique<Server>(place.data(), place.path() + "/stderr");
    hire(crew, place.data(), server->port());
    for (int kill = 0; kill < kKills; ++kill) {
        std::atomic<bool> stop = false;
        std::vector<std::thread> threads;
        work_together(crew.all(), server->port(), stop, tally, threads);
        tally.wait_for_more(1 + random.number() % kOrdersPerRoundMax, crew.tellers.size());
        server->kill_at_once();
        stop = true;
        for (std::thread& thread : threads) {
            thread.join();
        }
        server = std::make_unique<Server>(place.data(), place.path() + "/stderr");
    }
    for (const auto& teller : crew.tellers) {
        for (int attempt = 0; attempt < 100 && !teller->settle(server->port(), tally); ++attempt) {
        }
        EXPECT_EQ(teller->unknown_count(), 0U);
        EXPECT_EQ(teller->complaints(), std::vector<std::string>());
    }
    EXPECT_EQ(server->stop(60'000), 0);
    const auto acknowledged = all_done(crew.all());
    EXPECT_GT(acknowledged.size(), static_cast<std::size_t>(kKills));
    EXPECT_EQ(faults_of_orders(place.data(), acknowledged), std::vector<std::string>());

    const Outcome check = run({"data", "check", "--data", place.data(), "--json"});
    EXPECT_EQ(check.status, 0) << check.out << check.err;
    std::size_t replayed = 0;
    for (const auto& teller : crew.tellers) {
        replayed += teller->replayed_count();
    }
    fmt::print("crash: {} orders acknowledged over {} kills, {} of them found already done\n",
               acknowledged.size(), kKills, replayed);
}

}  // namespace
}  // namespace hangu::system

// Many clients want the same thing at the same moment.
#include "tests/system/tellers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <barrier>
#include <functional>
#include <map>
#include <set>

namespace hangu::system {
namespace {

// All clients are connected, then all send at once; the answers in no order.
std::vector<Answer> at_once(std::size_t count, const std::string& cookie, std::uint16_t port,
                            const std::function<std::string(std::size_t)>& key,
                            const std::string& body) {
    std::vector<Answer> answers(count);
    std::barrier ready(static_cast<std::ptrdiff_t>(count));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < count; ++i) {
        threads.emplace_back([&, i] {
            Client client(port);
            client.cookie = cookie;
            client.request("GET", "/healthz");
            ready.arrive_and_wait();
            const std::optional<Answer> answer =
                client.request("POST", "/orders", body, {{"Idempotency-Key", key(i)}});
            answers[i] = answer.value_or(Answer{});
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    return answers;
}

std::map<std::string, int> counted(const std::vector<Answer>& answers) {
    std::map<std::string, int> counts;
    for (const Answer& answer : answers) {
        ++counts[fmt::format("{} {}", answer.status, answer.code())];
    }
    return counts;
}

TEST(Concurrency, sixty_four_clients_get_the_last_ten) {
    const Place place;
    Server server(place.data(), place.path() + "/stderr");
    Shop shop(place.data(), server.port(), "race");
    shop.open_stores(1);
    shop.sell("cake", 10);
    const std::vector<Answer> answers = at_once(
        64, shop.owner().cookie, server.port(),
        [](std::size_t i) { return fmt::format("race-key-{}", i); }, shop.order_body(0, 0, 1));
    const std::map<std::string, int> wanted = {{"201 ", 10}, {"409 order.sold_out", 54}};
    EXPECT_EQ(counted(answers), wanted);
    std::set<std::string> numbers;
    for (const Answer& answer : answers) {
        if (answer.status == 201) {
            numbers.insert(text_at(answer.json, "pick_up_number"));
        }
    }
    EXPECT_EQ(numbers.size(), 10U);
    EXPECT_EQ(shop.must("GET", "/orders").at("total"), 10);
    const boost::json::value product = shop.must(
        "GET", fmt::format("/products/{}?store_id={}", shop.products()[0], shop.stores()[0]));
    EXPECT_EQ(product.at("specs").at(0).at("remaining"), 0);
    EXPECT_EQ(server.stop(60'000), 0);
}

TEST(Concurrency, one_key_from_thirty_two_clients_makes_one_order) {
    const Place place;
    Server server(place.data(), place.path() + "/stderr");
    Shop shop(place.data(), server.port(), "once");
    shop.open_stores(1);
    shop.sell("cake", 100);
    const std::vector<Answer> answers = at_once(
        32, shop.owner().cookie, server.port(), [](std::size_t) { return "the-same-key"; },
        shop.order_body(0, 0, 1));
    std::set<std::string> ids;
    int replayed = 0;
    for (const Answer& answer : answers) {
        ASSERT_EQ(answer.status, 201) << answer.body;
        ids.insert(text_at(answer.json, "id"));
        replayed += answer.header("idempotency-replayed") == "true" ? 1 : 0;
    }
    EXPECT_EQ(ids.size(), 1U);
    EXPECT_EQ(replayed, 31);
    EXPECT_EQ(shop.must("GET", "/orders").at("total"), 1);
    const boost::json::value product = shop.must(
        "GET", fmt::format("/products/{}?store_id={}", shop.products()[0], shop.stores()[0]));
    EXPECT_EQ(product.at("specs").at(0).at("remaining"), 99);
    EXPECT_EQ(server.stop(60'000), 0);
}

}  // namespace
}  // namespace hangu::system

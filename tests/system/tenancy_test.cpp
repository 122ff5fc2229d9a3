// Two merchants work at the same time in one server. Nothing of one reaches the other: no answer,
// no live event, no error, and no log line speaks of both.
#include "tests/system/collected.hpp"
#include "tests/system/tellers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

namespace hangu::system {
namespace {

constexpr std::size_t kOrders = 400;  // of both together

// Everything one merchant's people see.
struct Side {
    Side(const std::string& data, std::uint16_t port, const std::string& code,
         const std::string& phone)
        : shop(data, port, code) {
        shop.open_stores(2);
        shop.sell(code + "-tea");
        shop.add_member(code + "-zhao", phone);
        for (int i = 0; i < 3; ++i) {
            tellers.push_back(std::make_unique<Teller>(fmt::format("{}-{}", code, i), shop,
                                                       shop.new_till(), port));
        }
        seen.resize(tellers.size() + 2);
        for (std::size_t i = 0; i < tellers.size(); ++i) {
            tellers[i]->client().seen = &seen[i];
        }
    }
    std::vector<Teller*> all() const {
        std::vector<Teller*> list;
        for (const auto& teller : tellers) {
            list.push_back(teller.get());
        }
        return list;
    }
    std::string everything() const {
        std::string all;
        for (const std::string& part : seen) {
            all += part;
        }
        return all;
    }

    Shop shop;
    std::vector<std::unique_ptr<Teller>> tellers;
    std::vector<std::string> seen;  // per connection
};

// Reads, good and bad, of someone who looks at everything she may.
void look_around(Side& side, const std::atomic<bool>& stop, std::uint16_t port) {
    Client client(port);
    client.cookie = side.shop.owner().cookie;
    client.seen = &side.seen[side.tellers.size()];
    const std::vector<std::string> paths = {"/orders?limit=100",
                                            "/members?q=zhao",
                                            "/stores",
                                            "/staff",
                                            "/products",
                                            "/roles",
                                            "/audit-records?limit=50",
                                            "/dashboard",
                                            "/org-nodes",
                                            "/app-keys",
                                            "/session",
                                            "/orders/0000000000001",
                                            "/members?phone=1",
                                            "/stores?limit=0",
                                            "/nothing"};
    for (std::size_t i = 0; !stop; ++i) {
        client.request("GET", paths[i % paths.size()]);
        if (i % 5 == 0) {
            client.request("POST", "/members",
                           boost::json::serialize(boost::json::object{
                               {"phone", "13" + std::string(9, '7')}, {"name", 7}}));
        }
    }
}

// The live events of a merchant until the connection is interrupted.
void listen(Connection& connection, const std::string& cookie, std::uint16_t port,
            std::string& seen) {
    connection.send(request_text("GET", "/api/v1/events", port, "", {{"Cookie", cookie}}));
    while (connection.receive(seen)) {
    }
}

std::set<std::string> ids_in(const std::string& text) {
    std::set<std::string> ids;
    const std::regex id("\"(0[0-9a-hjkmnp-tv-z]{12})\"");
    for (std::sregex_iterator it(text.begin(), text.end(), id), end; it != end; ++it) {
        ids.insert((*it)[1].str());
    }
    return ids;
}

void expect_apart(const Side& one, const Side& other) {
    const std::string seen = one.everything();
    EXPECT_NE(seen.find(one.shop.code()), std::string::npos);
    const std::size_t at = seen.find(other.shop.code());
    EXPECT_EQ(at, std::string::npos) << seen.substr(at > 300 ? at - 300 : 0, 600);
    EXPECT_EQ(seen.find(other.shop.id()), std::string::npos);
    const std::string& live = one.seen.back();
    EXPECT_NE(live.find("order.placed"), std::string::npos) << live.substr(0, 500);
}

void expect_no_shared_ids(const Side& one, const Side& other) {
    const std::set<std::string> mine = ids_in(one.everything());
    const std::set<std::string> theirs = ids_in(other.everything());
    EXPECT_GT(mine.size(), kOrders / 8);
    std::vector<std::string> shared;
    std::set_intersection(mine.begin(), mine.end(), theirs.begin(), theirs.end(),
                          std::back_inserter(shared));
    EXPECT_EQ(shared, std::vector<std::string>());
}

void expect_no_line_of_both(const std::string& log, const Side& one, const Side& other) {
    std::stringstream lines(log);
    std::string line;
    const auto speaks_of = [&line](const Side& side) {
        return line.find(side.shop.code()) != std::string::npos ||
               line.find(side.shop.id()) != std::string::npos;
    };
    while (std::getline(lines, line)) {
        EXPECT_FALSE(speaks_of(one) && speaks_of(other)) << line;
    }
}

TEST(Tenancy, nothing_of_one_merchant_reaches_the_other) {
    const Place place;
    const std::string log = place.path() + "/stderr";
    Server server(place.data(), log);
    Side amber(place.data(), server.port(), "amber", "13800000001");
    Side birch(place.data(), server.port(), "birch", "13900000002");
    std::atomic<bool> stop = false;
    Tally tally;
    std::vector<std::thread> threads;
    std::vector<std::unique_ptr<Connection>> streams;
    for (Side* side : {&amber, &birch}) {
        streams.push_back(std::make_unique<Connection>(server.port()));
        threads.emplace_back(
            [side, &stop, port = server.port()] { look_around(*side, stop, port); });
        threads.emplace_back([&connection = *streams.back(), side, port = server.port()] {
            listen(connection, side->shop.owner().cookie, port, side->seen.back());
        });
        work_together(side->all(), server.port(), stop, tally, threads);
    }
    tally.wait_for_more(kOrders, amber.tellers.size() + birch.tellers.size());
    stop = true;
    for (const auto& stream : streams) {
        stream->interrupt();
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(server.stop(60'000), 0);
    expect_apart(amber, birch);
    expect_apart(birch, amber);
    expect_no_shared_ids(amber, birch);
    expect_no_line_of_both(read_file(log), amber, birch);
    Collected::all().add(Source::answer, "live events", amber.seen.back() + birch.seen.back());
}

}  // namespace
}  // namespace hangu::system

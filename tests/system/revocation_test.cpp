// Rights that are taken away are gone, everywhere in the running server: for the next request on
// every connection, from memory or not, and for live events that stand open.
#include "tests/system/shop.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace hangu::system {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kConnections = 4;
constexpr auto kStreamEndsWithin = std::chrono::seconds(60);  // one, on a machine that is not busy

// A person asks the same thing again and again; counts what was allowed of what was asked after.
struct Asker {
    void run(std::uint16_t port, const std::string& cookie) {
        Client client(port);
        client.cookie = cookie;
        while (!stop) {
            const bool after = revoked;
            const std::optional<Answer> answer = client.request("GET", "/orders?limit=1");
            if (!answer) {
                continue;
            }
            allowed_before += !after && answer->status == 200 ? 1 : 0;
            allowed_after += after && answer->status == 200 ? 1 : 0;
            refused_after += after && (answer->status == 403 || answer->status == 401) ? 1 : 0;
        }
    }

    std::atomic<bool> revoked = false;
    std::atomic<bool> stop = false;
    std::atomic<int> allowed_before = 0;
    std::atomic<int> allowed_after = 0;
    std::atomic<int> refused_after = 0;
};

template <class Revoke>
void ask_while(std::uint16_t port, const std::string& cookie, Revoke&& revoke) {
    Asker asker;
    std::vector<std::thread> threads;
    for (int i = 0; i < kConnections; ++i) {
        threads.emplace_back([&] { asker.run(port, cookie); });
    }
    while (asker.allowed_before < 20 * kConnections) {
        std::this_thread::yield();
    }
    revoke();
    asker.revoked = true;
    while (asker.refused_after + asker.allowed_after < 20 * kConnections) {
        std::this_thread::yield();
    }
    asker.stop = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(asker.allowed_after, 0);
    EXPECT_GE(asker.refused_after, 20 * kConnections);
}

std::string staff_id_of(Shop& shop, const std::string& cookie) {
    const std::string mine = std::exchange(shop.owner().cookie, cookie);
    const boost::json::value me = shop.must("GET", "/session");
    shop.owner().cookie = mine;
    return text_at(me.at("staff"), "id");
}

TEST(Revocation, rights_end_with_the_answer_that_took_them) {
    const Place place;
    Server server(place.data(), place.path() + "/stderr");
    Shop shop(place.data(), server.port(), "revoke");
    shop.open_stores(1);
    const std::string till = shop.new_till();
    const std::string staff = staff_id_of(shop, till);
    ask_while(server.port(), till, [&] {
        const boost::json::array none;
        shop.must("PUT", "/staff/" + staff + "/grants",
                  boost::json::object{{"grants", none}, {"version", 1}});
    });

    // And who leaves: her session and the live events that she left open.
    const std::string leaver = shop.new_till();
    const std::string leaver_id = staff_id_of(shop, leaver);
    Connection stream(server.port());
    ASSERT_TRUE(stream.send(
        request_text("GET", "/api/v1/events", server.port(), "", {{"Cookie", leaver}})));
    std::string heard;
    while (heard.find("connected") == std::string::npos) {
        ASSERT_TRUE(stream.receive(heard));
    }
    std::atomic<bool> ended = false;
    Clock::time_point ended_at;
    std::thread listener([&] {
        while (!heard.ends_with("\r\n0\r\n\r\n") && stream.receive(heard)) {
        }
        ended_at = Clock::now();
        ended = true;
    });
    Clock::time_point left_at;
    ask_while(server.port(), leaver, [&] {
        shop.must("POST", "/staff/" + leaver_id + "/leave", boost::json::object{{"version", 1}});
        left_at = Clock::now();
    });
    while (!ended && Clock::now() < left_at + kStreamEndsWithin) {
        std::this_thread::yield();
    }
    stream.interrupt();
    listener.join();
    EXPECT_TRUE(ended);
    EXPECT_TRUE(heard.ends_with("\r\n0\r\n\r\n"));  // its last chunk, not a lost connection
    fmt::print("revocation: the open stream ended {} ms after the answer\n",
               std::chrono::duration_cast<std::chrono::milliseconds>(ended_at - left_at).count());
}

}  // namespace
}  // namespace hangu::system

// Who is believed, and what.
#include "platform/http/internal/gateway.hpp"

#include "platform/http/internal/server_kit_test.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace hangu::http {
namespace {

Request with(std::vector<Header> headers, std::string path = "/api/v1/me") {
    Request request;
    request.path = std::move(path);
    request.headers = std::move(headers);
    return request;
}

TEST(Gateway, says_for_whom_it_asks_and_how_she_came) {
    GatewayWord word;
    EXPECT_EQ(read_gateway_word(with({{"x-hangu-client", "203.0.113.9"},
                                      {"x-hangu-scheme", "https"},
                                      {"x-hangu-hop", "1"},
                                      {"x-forwarded-for", "198.51.100.1"}}),
                                word),
              Refusal::none);
    EXPECT_EQ(word.client->text(), "203.0.113.9");
    EXPECT_EQ(word.secure, true);
    EXPECT_TRUE(word.hopped);
    EXPECT_EQ(read_gateway_word(with({{"x-hangu-client", "2001:DB8::1"}}), word), Refusal::none);
    EXPECT_EQ(word.client->text(), "2001:db8::1");
    EXPECT_FALSE(word.secure.has_value());
    EXPECT_FALSE(word.hopped);
}

TEST(Gateway, that_says_nothing_is_refused_but_for_health) {
    GatewayWord word;
    EXPECT_EQ(read_gateway_word(with({}), word), Refusal::gateway_silent);
    EXPECT_EQ(read_gateway_word(with({{"x-forwarded-for", "203.0.113.9"}}), word),
              Refusal::gateway_silent);
    EXPECT_EQ(read_gateway_word(with({}, "/healthz"), word), Refusal::none);
    EXPECT_EQ(read_gateway_word(with({}, "/readyz"), word), Refusal::none);
    EXPECT_EQ(read_gateway_word(with({}, "/readyz/"), word), Refusal::gateway_silent);
}

TEST(Gateway, that_says_what_cannot_be_is_refused) {
    GatewayWord word;
    const Header good{"x-hangu-client", "203.0.113.9"};
    for (const char* bad : {"", "unknown", "203.0.113.9:443", "[2001:db8::1]:443", "[2001:db8::1]",
                            "203.0.113.9, 10.0.0.1", "203.0.113.9,10.0.0.1", "fe80::1%eth0",
                            "unix:", "203.0.113.0/24", "203.0.113.09", "localhost", "\"::1\""}) {
        EXPECT_EQ(read_gateway_word(with({{"x-hangu-client", bad}}), word),
                  Refusal::bad_gateway_header)
            << bad;
        EXPECT_EQ(read_gateway_word(with({{"x-hangu-client", bad}}, "/readyz"), word),
                  Refusal::bad_gateway_header)
            << bad;
    }
    EXPECT_EQ(read_gateway_word(with({good, good}), word), Refusal::bad_gateway_header);
    EXPECT_EQ(read_gateway_word(with({good, {"x-hangu-client", "10.0.0.1"}}), word),
              Refusal::bad_gateway_header);
    for (const char* bad : {"", "HTTPS", "https,http", "ftp", "on", "1"}) {
        EXPECT_EQ(read_gateway_word(with({good, {"x-hangu-scheme", bad}}), word),
                  Refusal::bad_gateway_header)
            << bad;
    }
    EXPECT_EQ(read_gateway_word(
                  with({good, {"x-hangu-scheme", "http"}, {"x-hangu-scheme", "https"}}), word),
              Refusal::bad_gateway_header);
    for (const char* bad : {"", "0", "2", "true", "1,1"}) {
        EXPECT_EQ(read_gateway_word(with({good, {"x-hangu-hop", bad}}), word),
                  Refusal::bad_gateway_header)
            << bad;
    }
    EXPECT_EQ(read_gateway_word(with({good, {"x-hangu-hop", "1"}, {"x-hangu-hop", "1"}}), word),
              Refusal::bad_gateway_header);
}

TEST(Gateway, only_its_own_headers_are_taken_away) {
    Request request = with({{"x-hangu-client", "203.0.113.9"},
                            {"x-hangu-clients", "kept"},
                            {"x-hangu-hop", "1"},
                            {"x-hangu-scheme", "http"},
                            {"x-hangu-client", "again"},
                            {"x-forwarded-for", "kept"}});
    drop_gateway_headers(request);
    ASSERT_EQ(request.headers.size(), 2u);
    EXPECT_EQ(request.headers[0].value, "kept");
    EXPECT_EQ(request.headers[1].value, "kept");
    EXPECT_FALSE(is_by_gateway(request));
    EXPECT_FALSE(is_hopped(request));
}

// ---- through the listener

struct Telling {
    static Task<Response> answer(Request request) {
        Response response;
        response.body = request.remote_address + (request.secure ? " https" : " http") +
                        (is_by_gateway(request) ? " gateway" : "") +
                        (is_hopped(request) ? " hopped" : "");
        co_return response;
    }
};

Server::Options options(std::vector<std::string> trusted) {
    Server::Options made;
    made.trusted_proxies = std::move(trusted);
    return made;
}

class GatewayServer : public TestServer {
 public:
    explicit GatewayServer(Server::Options with) : TestServer(std::move(with)) {
        handler.on("/who", Telling::answer);
        handler.text("/readyz", "ready");
        start();
    }
    Answer ask(std::string_view headers, std::string_view path = "/who") {
        TestClient client(server.port());
        return client.ask(get(path, headers));
    }
};

constexpr std::string_view kSaid =
    "X-Hangu-Client: 203.0.113.9\r\nX-Hangu-Scheme: https\r\nX-Hangu-Hop: 1\r\n";

TEST(Gateway, is_believed_when_it_connects_from_a_trusted_network) {
    GatewayServer server(options({"127.0.0.0/8"}));
    EXPECT_EQ(server.ask(kSaid).body, "203.0.113.9 https gateway hopped");
    EXPECT_EQ(server.ask("X-Hangu-Client: ::ffff:203.0.113.9\r\n").body,
              "203.0.113.9 http gateway");
    const Answer silent = server.ask("X-Forwarded-For: 203.0.113.9\r\n");
    EXPECT_EQ(silent.status, 400);
    EXPECT_NE(silent.body.find("http.gateway_silent"), std::string::npos);
    EXPECT_EQ(server.ask("X-Hangu-Client: 1.2.3.4, 5.6.7.8\r\n").status, 400);
    EXPECT_EQ(server.ask("", "/readyz").status, 200);
}

TEST(Gateway, is_believed_by_nobody_else) {
    for (const std::vector<std::string>& trusted :
         {std::vector<std::string>{}, std::vector<std::string>{"10.0.0.0/8", "::/0"}}) {
        GatewayServer server(options(trusted));
        EXPECT_EQ(server.ask(kSaid).body, "127.0.0.1 http");
        EXPECT_EQ(server.ask("X-Hangu-Client: garbage\r\nX-Hangu-Client: \r\n").body,
                  "127.0.0.1 http");
        EXPECT_EQ(server.ask("").body, "127.0.0.1 http");
    }
}

TEST(Gateway, forgets_what_it_said_of_the_request_before) {
    GatewayServer server(options({"127.0.0.1/32"}));
    TestClient client(server.server.port());
    EXPECT_EQ(client.ask(get("/who", kSaid)).body, "203.0.113.9 https gateway hopped");
    EXPECT_EQ(client.ask(get("/who", "X-Hangu-Client: 203.0.113.10\r\n")).body,
              "203.0.113.10 http gateway");
    EXPECT_EQ(client.ask(get("/who")).status, 400);
}

// Many clients come over the connections of one gateway; each has her own limit.
TEST(Gateway, is_not_counted_for_its_clients) {
    Server::Options few = options({"127.0.0.1/32"});
    few.limits.connections_per_address_max = 2;
    GatewayServer server(few);
    std::vector<std::shared_ptr<TestStream>> streams;
    const auto hold = [&streams](Request) -> Task<Response> {
        return [](std::shared_ptr<TestStream> stream) -> Task<Response> {
            Response response;
            response.body = std::shared_ptr<Stream>(stream);
            co_return response;
        }(streams.emplace_back(std::make_shared<TestStream>()));
    };
    server.handler.on("/hold", hold);
    std::vector<std::unique_ptr<TestClient>> clients;
    const auto open = [&](std::string_view headers) {
        TestClient& client =
            *clients.emplace_back(std::make_unique<TestClient>(server.server.port()));
        client.send(get("/hold", headers));
        return client.hear(true).status;
    };
    EXPECT_EQ(open("X-Hangu-Client: 203.0.113.9\r\n"), 200);
    EXPECT_EQ(open("X-Hangu-Client: 203.0.113.9\r\n"), 200);
    EXPECT_EQ(open("X-Hangu-Client: 203.0.113.9\r\n"), 429);
    EXPECT_EQ(open("X-Hangu-Client: 203.0.113.10\r\n"), 200);
    EXPECT_EQ(open("X-Hangu-Client: 2001:db8::1\r\n"), 200);
    EXPECT_EQ(open("X-Hangu-Client: 2001:db8::2\r\n"), 200);
    EXPECT_EQ(open("X-Hangu-Client: 2001:db8::3\r\n"), 429);  // of the same /64
    clients[0]->reset();
    streams[0]->give("x");
    EXPECT_TRUE(eventually([&] { return open("X-Hangu-Client: 203.0.113.9\r\n") == 200; }));
    for (const std::shared_ptr<TestStream>& stream : streams) {
        stream->stop();
    }
}

// The platform's listener has a list: a gateway that is on it brings nobody in who is not.
TEST(Gateway, brings_in_nobody_who_may_not_come_herself) {
    Server::Options listed = options({"127.0.0.1/32"});
    listed.allowed_networks = {"127.0.0.1/32", "203.0.113.0/24"};
    GatewayServer server(listed);
    EXPECT_EQ(server.ask("X-Hangu-Client: 203.0.113.9\r\n").status, 200);
    const Answer refused = server.ask("X-Hangu-Client: 198.51.100.1\r\n");
    EXPECT_EQ(refused.status, 403);
    EXPECT_NE(refused.body.find("http.network_refused"), std::string::npos);
    EXPECT_EQ(server.metric("http_refused_total{reason=\"network_refused\"}"), "1");
}

TEST(Gateway, is_told_to_look_for_another_node_before_the_door_closes) {
    GatewayServer server(options({"127.0.0.1/32"}));
    TestClient kept(server.server.port());
    EXPECT_EQ(kept.ask(get("/who", kSaid)).header("connection"), "");
    server.server.announce_stop();
    // Goes on serving, and ends each connection with its next answer.
    Answer last;
    EXPECT_TRUE(eventually([&] {
        TestClient fresh(server.server.port());
        last = fresh.ask(get("/who", kSaid));
        return last.header("connection") == "close";
    }));
    EXPECT_EQ(last.status, 200);
    const Answer of_kept = kept.ask(get("/who", kSaid));
    EXPECT_EQ(of_kept.status, 200);
    EXPECT_EQ(of_kept.header("connection"), "close");
    EXPECT_TRUE(kept.hears_end());
}

// Whoever is at the door when it closes is served; whoever comes later finds nobody listening, and
// is not cut off after she has sent something.
TEST(Gateway, closes_the_door_without_resetting_who_is_in_it) {
    GatewayServer server(options({"127.0.0.1/32"}));
    std::vector<std::unique_ptr<TestClient>> early;
    for (int i = 0; i < 20; ++i) {
        TestClient& client =
            *early.emplace_back(std::make_unique<TestClient>(server.server.port()));
        client.send(get("/who", kSaid));
    }
    server.server.close_door();
    std::atomic<bool> connected{true};
    std::thread later([&] {
        TestClient late(server.server.port());
        connected = late.connected();
    });
    for (const std::unique_ptr<TestClient>& client : early) {
        EXPECT_EQ(client->hear().status, 200);
    }
    server.server.stop_accepting();
    later.join();
    EXPECT_FALSE(connected);
}

}  // namespace
}  // namespace hangu::http

#include "platform/http/server.hpp"

#include "platform/http/internal/server_kit_test.hpp"

#include <gtest/gtest.h>

#include <future>
#include <string>

#include <sys/socket.h>

namespace hangu::http {
namespace {

struct Answers {
    static Task<Response> echo(Request request) {
        Response response;
        response.set("X-Remote", request.remote_address);
        response.set("X-Trace", request.trace.trace);
        response.set("X-Secure", request.secure ? "yes" : "no");
        response.body = std::move(request.body);
        co_return response;
    }
    static Task<Response> fault(Request) {
        throw std::runtime_error("the secret reason");
        co_return Response();
    }
    static Task<Response> bad_header(Request) {
        Response response;
        response.set("Location", "/a\r\nSet-Cookie: evil=1");
        co_return response;
    }
    static Task<Response> closing(Request) {
        Response response;
        response.close = true;
        co_return response;
    }
    static Task<Response> stream(std::shared_ptr<TestStream> stream) {
        Response response;
        response.set("Content-Type", "text/event-stream");
        std::shared_ptr<Stream> base = stream;
        response.body = std::move(base);
        co_return response;
    }
    // Waits until the test says so.
    static Task<Response> held(std::function<void(std::function<void(int)>)> start) {
        const int status = co_await runtime::from_callback<int>(std::move(start));
        Response response;
        response.status = status;
        response.body = std::string("at last");
        co_return response;
    }
};

// A request that is with its handler until release().
struct Held {
    explicit Held(TestServer& server) {
        server.handler.on("/held", [this](Request) {
            return Answers::held(
                [this](const std::function<void(int)>& done) { waiting.set_value(done); });
        });
    }
    void release() { waiting.get_future().get()(200); }
    std::promise<std::function<void(int)>> waiting;
};

std::string refused(const TestServer& server, const std::string& reason) {
    return server.metric("http_refused_total{reason=\"" + reason + "\"}");
}

TEST(Server, KeepsTheConnectionOverManyRequests) {
    TestServer server({}, 2);
    server.handler.text("/", "hello");
    server.handler.on("/echo", Answers::echo);
    server.start();
    TestClient client(server.server.port());
    for (int i = 0; i < 50; ++i) {
        const Answer answer = client.ask(get("/"));
        ASSERT_EQ(answer.status, 200);
        ASSERT_EQ(answer.body, "hello");
        EXPECT_EQ(answer.header("connection"), "");
        EXPECT_EQ(answer.header("date").size(), 29U);
    }
    const Answer echoed = client.ask(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\ntraceparent: "
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n\r\nabc");
    EXPECT_EQ(echoed.body, "abc");
    EXPECT_EQ(echoed.header("x-remote"), "127.0.0.1");
    EXPECT_EQ(echoed.header("x-trace"), "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(echoed.header("x-secure"), "no");
    EXPECT_EQ(client.ask(get("/nothing")).status, 404);
    EXPECT_EQ(server.metric("http_connections"), "1");
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    TestServer server;
    server.handler.on("/echo", Answers::echo);
    server.handler.text("/", "root");
    server.start();
    TestClient client(server.server.port());
    std::string many;
    for (int i = 0; i < 200; ++i) {
        const std::string body = std::to_string(i);
        many += "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body + get("/");
    }
    client.send(many);
    for (int i = 0; i < 200; ++i) {
        ASSERT_EQ(client.hear().body, std::to_string(i));
        ASSERT_EQ(client.hear().body, "root");
    }
}

TEST(Server, AnswersHeadWithoutABody) {
    TestServer server;
    server.handler.text("/", "hello");
    server.start();
    TestClient client(server.server.port());
    client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get("/"));
    const Answer head = client.hear(true);
    EXPECT_EQ(head.header("content-length"), "5");
    EXPECT_EQ(client.hear().body, "hello");
}

TEST(Server, RefusesAndCloses) {
    TestServer server;
    server.start();
    TestClient client(server.server.port());
    client.send("GET / HTTP/1.1\r\n\r\n" + get("/"));
    const Answer answer = client.hear();
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.header("content-type"), "application/problem+json");
    EXPECT_EQ(answer.header("connection"), "close");
    EXPECT_EQ(answer.body,
              R"({"type":"about:blank","title":"Exactly one valid Host header is required.",)"
              R"("status":400,"code":"http.bad_host"})");
    client.shutdown_send();
    EXPECT_TRUE(client.hears_end());
    EXPECT_EQ(refused(server, "bad_host"), "1");
}

TEST(Server, ARefusedUploadStillHearsWhy) {
    TestServer server;
    server.start();
    TestClient client(server.server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n");
    client.send(std::string(200000, 'x'));
    EXPECT_EQ(client.hear().status, 413);
}

TEST(Server, ARouteMayTakeMore) {
    TestServer server;
    server.handler.on("/upload", Answers::echo);
    server.handler.body_limit_of_upload = 200000;
    server.start();
    TestClient client(server.server.port());
    const std::string body(200000, 'x');
    EXPECT_EQ(
        client.ask("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + body)
            .body.size(),
        200000U);
}

TEST(Server, TellsAWaitingClientToGoOn) {
    TestServer server;
    server.handler.on("/echo", Answers::echo);
    server.start();
    TestClient client(server.server.port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
        "Expect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.hear().head, "HTTP/1.1 100 Continue\r\n");
    EXPECT_EQ(client.ask("ok").body, "ok");
    client.send(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n"
        "Expect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.hear().status, 413);
}

TEST(Server, ClosesWhenAskedTo) {
    TestServer server;
    server.handler.text("/", "hello");
    server.handler.on("/closing", Answers::closing);
    server.start();
    TestClient polite(server.server.port());
    EXPECT_EQ(polite.ask(get("/", "Connection: close\r\n")).header("connection"), "close");
    EXPECT_TRUE(polite.hears_end());
    TestClient old(server.server.port());
    EXPECT_EQ(old.ask("GET / HTTP/1.0\r\nHost: a\r\n\r\n").body, "hello");
    EXPECT_TRUE(old.hears_end());
    TestClient told(server.server.port());
    EXPECT_EQ(told.ask(get("/closing")).header("connection"), "close");
    EXPECT_TRUE(told.hears_end());
}

TEST(Server, ClosesAfterSoManyRequests) {
    Server::Options options;
    options.limits.connection_requests_max = 3;
    TestServer server(options);
    server.handler.text("/", "hello");
    server.start();
    TestClient client(server.server.port());
    EXPECT_EQ(client.ask(get("/")).header("connection"), "");
    EXPECT_EQ(client.ask(get("/")).header("connection"), "");
    EXPECT_EQ(client.ask(get("/")).header("connection"), "close");
    EXPECT_TRUE(client.hears_end());
}

TEST(Server, AFaultIsAnsweredWithoutDetails) {
    TestServer server;
    server.handler.on("/fault", Answers::fault);
    server.handler.on("/bad-header", Answers::bad_header);
    server.handler.text("/", "hello");
    server.start();
    TestClient client(server.server.port());
    for (const char* const path : {"/fault", "/bad-header"}) {
        const Answer answer = client.ask(get(path));
        EXPECT_EQ(answer.status, 500);
        EXPECT_EQ(answer.header("content-type"), "application/problem+json");
        EXPECT_EQ(answer.header("set-cookie"), "");
        EXPECT_EQ(answer.body.find("secret"), std::string::npos);
        EXPECT_NE(answer.body.find(R"("code":"server.fault","incident":")"), std::string::npos);
    }
    EXPECT_EQ(client.ask(get("/")).body, "hello");
}

TEST(Server, LimitsConnectionsPerAddressAndInAll) {
    Server::Options options;
    options.limits.connections_per_address_max = 2;
    TestServer server(options);
    server.handler.text("/", "hello");
    server.start();
    {
        TestClient first(server.server.port());
        TestClient second(server.server.port());
        EXPECT_EQ(first.ask(get("/")).status, 200);
        EXPECT_EQ(second.ask(get("/")).status, 200);
        TestClient third(server.server.port());
        EXPECT_TRUE(third.hears_end());
        EXPECT_EQ(refused(server, "address_full"), "1");
    }
    EXPECT_TRUE(eventually([&] { return server.metric("http_connections") == "0"; }));
    TestClient again(server.server.port());
    EXPECT_EQ(again.ask(get("/")).status, 200);

    options.limits.connections_count_max = 1;
    TestServer small(options);
    small.handler.text("/", "hello");
    small.start();
    TestClient only(small.server.port());
    EXPECT_EQ(only.ask(get("/")).status, 200);
    TestClient other(small.server.port());
    EXPECT_TRUE(other.hears_end());
    EXPECT_EQ(refused(small, "connections_full"), "1");
}

TEST(Server, OnlyAllowedNetworksAreAnswered) {
    Server::Options options;
    options.allowed_networks = {"10.0.0.0/8", "::1/128"};
    TestServer server(options);
    server.handler.text("/", "hello");
    server.start();
    TestClient stranger(server.server.port());
    EXPECT_TRUE(stranger.hears_end());
    EXPECT_EQ(refused(server, "network_refused"), "1");
    EXPECT_EQ(server.metric("http_connections"), "0");

    options.allowed_networks = {"10.0.0.0/8", "127.0.0.0/8"};
    TestServer open(options);
    open.handler.text("/", "hello");
    open.start();
    TestClient neighbour(open.server.port());
    EXPECT_EQ(neighbour.ask(get("/")).status, 200);

    options.allowed_networks = {"the office"};
    TestServer mistyped(options);
    EXPECT_EQ(mistyped.server.start().problem().code, "server.bad_network");
}

TEST(Server, RefusesAPortThatIsTaken) {
    TestServer server;
    server.start();
    Server::Options options;
    options.port = server.server.port();
    TestServer second(options);
    second.runtime.start();
    const Result<void> started = second.server.start();
    ASSERT_FALSE(started.ok());
    EXPECT_EQ(started.problem().code, "server.cannot_bind");
    options.address = "nowhere";
    TestServer third(options);
    EXPECT_EQ(third.server.start().problem().code, "server.bad_address");
}

TEST(ServerDrain, IdleConnectionsCloseAndRunningRequestsFinish) {
    TestServer server;
    server.handler.text("/", "hello");
    Held held(server);
    server.start();
    TestClient idle(server.server.port());
    TestClient fresh(server.server.port());
    TestClient busy(server.server.port());
    EXPECT_EQ(idle.ask(get("/")).status, 200);
    busy.send(get("/held"));
    auto waiting = held.waiting.get_future();
    const auto answer = waiting.get();
    server.server.stop_accepting();
    EXPECT_TRUE(idle.hears_end());
    EXPECT_TRUE(fresh.hears_end());
    EXPECT_FALSE(TestClient(server.server.port()).connected());
    std::thread drainer([&] { server.server.drain(20000); });
    answer(200);
    const Answer last = busy.hear();
    EXPECT_EQ(last.body, "at last");
    EXPECT_EQ(last.header("connection"), "close");
    EXPECT_TRUE(busy.hears_end());
    drainer.join();
    EXPECT_EQ(server.metric("http_connections"), "0");
}

TEST(ServerDrain, StreamsAreToldToStop) {
    TestServer server;
    const auto stream = std::make_shared<TestStream>();
    server.handler.on("/events", [stream](Request) { return Answers::stream(stream); });
    server.start();
    TestClient client(server.server.port());
    client.send(get("/events"));
    EXPECT_EQ(client.hear().status, 200);
    server.server.stop_accepting();
    server.server.drain(20000);
    EXPECT_TRUE(stream->stopped());
    EXPECT_EQ(client.hear_some(), "0\r\n\r\n");
}

TEST(ServerDrain, ClosesWhatIsLeftAtTheEnd) {
    TestServer server;
    server.handler.text("/big", std::string(64 << 20, 'x'));
    server.start();
    TestClient client(server.server.port());
    client.send(get("/big"));
    EXPECT_FALSE(client.hear_some().empty());
    server.server.stop_accepting();
    server.server.drain(1);
    EXPECT_EQ(server.metric("http_connections"), "0");
}

}  // namespace
}  // namespace hangu::http

// Clients that are slow, leave, or listen for long.
#include "platform/http/internal/server_kit_test.hpp"

#include <gtest/gtest.h>

#include <string>

#include <sys/socket.h>

namespace hangu::http {
namespace {

Task<Response> answer_stream(std::shared_ptr<TestStream> stream) {
    Response response;
    response.set("Content-Type", "text/event-stream");
    std::shared_ptr<Stream> base = stream;
    response.body = std::move(base);
    co_return response;
}

struct Session : testing::Test {
    Session() {
        server.handler.text("/", "hello");
        server.handler.text("/big", std::string(64 << 20, 'x'));
        server.handler.on("/events", [this](Request) { return answer_stream(stream); });
    }
    bool nobody_is_left() {
        return eventually([this] { return server.metric("http_connections") == "0"; });
    }
    bool somebody_is_there() {
        return eventually([this] { return server.metric("http_connections") == "1"; });
    }
    // Lets a second pass and waits until the server has seen it.
    void pass_a_second() {
        TestClient watcher(server.server.port());
        const std::string before = watcher.ask(get("/")).header("date");
        server.clock.advance_ms(1000);
        EXPECT_TRUE(eventually([&] { return watcher.ask(get("/")).header("date") != before; }));
    }
    std::string refused(const std::string& reason) {
        return server.metric("http_refused_total{reason=\"" + reason + "\"}");
    }
    static std::string upload(std::size_t bytes) {
        return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(bytes) +
               "\r\nExpect: 100-continue\r\n\r\n";
    }

    std::shared_ptr<TestStream> stream = std::make_shared<TestStream>();
    TestServer server;
};

TEST_F(Session, WhoSaysNothingIsClosed) {
    server.start();
    TestClient client(server.server.port());
    ASSERT_TRUE(somebody_is_there());
    server.clock.advance_ms(6000);
    EXPECT_EQ(client.hear().status, 408);
    EXPECT_TRUE(client.hears_end());
    EXPECT_EQ(refused("head_timeout"), "1");
}

TEST_F(Session, AHeadHasOneDeadlineHoweverItDrips) {
    server.start();
    TestClient client(server.server.port());
    ASSERT_EQ(client.ask(get("/")).status, 200);
    for (const std::string_view piece : {"GET ", "/ HT", "TP/1", ".1\r\n", "Host", ": a\r"}) {
        client.send(piece);
        pass_a_second();  // each piece alone would be in time
    }
    EXPECT_EQ(client.hear().status, 408);
    EXPECT_EQ(refused("head_timeout"), "1");
}

TEST_F(Session, AnIdleConnectionIsClosedInSilence) {
    server.start();
    TestClient client(server.server.port());
    ASSERT_EQ(client.ask(get("/")).status, 200);
    server.clock.advance_ms(16000);
    EXPECT_TRUE(client.hears_end());
    EXPECT_EQ(refused("head_timeout"), "0");
}

TEST_F(Session, ABodyHasADeadline) {
    server.start();
    TestClient client(server.server.port());
    client.send(upload(60000));
    ASSERT_EQ(client.hear().head, "HTTP/1.1 100 Continue\r\n");
    client.send(std::string(59999, 'x'));
    server.clock.advance_ms(31000);
    EXPECT_EQ(client.hear().status, 408);
    EXPECT_EQ(refused("body_timeout"), "1");
}

TEST_F(Session, ABodyHasALeastRate) {
    server.start();
    TestClient client(server.server.port());
    client.send(upload(60000));
    ASSERT_EQ(client.hear().head, "HTTP/1.1 100 Continue\r\n");
    client.send("slowly");
    server.clock.advance_ms(7000);
    EXPECT_EQ(client.hear().status, 408);
    EXPECT_EQ(refused("body_timeout"), "1");
}

TEST_F(Session, WhoDoesNotReadIsClosed) {
    server.start();
    TestClient client(server.server.port());
    client.send(get("/big"));
    ASSERT_FALSE(client.hear_some().empty());
    const std::int64_t allowed_ms = (64 * 4 + 1) * 30000;  // 30 s per 256 KiB
    server.clock.advance_ms(allowed_ms - 60000);
    EXPECT_FALSE(client.hear_some().empty());
    server.clock.advance_ms(120000);
    EXPECT_TRUE(eventually([&] { return refused("write_timeout") == "1"; }));
    EXPECT_TRUE(nobody_is_left());
}

TEST_F(Session, SurvivesAClientThatLeavesInTheMiddle) {
    server.start();
    {
        TestClient client(server.server.port());
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\nhalf");
        ASSERT_TRUE(somebody_is_there());
        client.reset();
    }
    EXPECT_TRUE(nobody_is_left());
    {
        TestClient client(server.server.port());
        client.send(get("/big"));
        EXPECT_FALSE(client.hear_some().empty());
        client.reset();
    }
    EXPECT_TRUE(nobody_is_left());
    TestClient client(server.server.port());
    EXPECT_EQ(client.ask(get("/")).body, "hello");
    client.shutdown_send();
    EXPECT_TRUE(client.hears_end());
}

TEST_F(Session, AStreamIsSentPieceByPiece) {
    server.start();
    TestClient client(server.server.port());
    client.send(get("/events"));
    const Answer head = client.hear();
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.header("transfer-encoding"), "chunked");
    EXPECT_EQ(head.header("content-length"), "");
    stream->give("data: 1\n\n");
    EXPECT_EQ(client.hear_some(), "9\r\ndata: 1\n\n\r\n");
    stream->give("data: twenty-two\n\n");
    EXPECT_EQ(client.hear_some(), "12\r\ndata: twenty-two\n\n\r\n");
    stream->stop();
    EXPECT_EQ(client.hear_some(), "0\r\n\r\n");
    EXPECT_EQ(client.ask(get("/")).body, "hello");  // the connection goes on
}

TEST_F(Session, AnOldClientGetsAStreamWithoutChunks) {
    server.start();
    TestClient client(server.server.port());
    stream->give("data: 1\n\n");
    client.send("GET /events HTTP/1.0\r\nHost: a\r\n\r\n");
    const Answer head = client.hear();
    EXPECT_EQ(head.header("connection"), "close");
    EXPECT_EQ(client.hear_some(), "data: 1\n\n");
    stream->stop();
    EXPECT_TRUE(client.hears_end());
}

TEST_F(Session, AStreamIsStoppedWhenItsClientLeaves) {
    server.start();
    {
        TestClient client(server.server.port());
        client.send(get("/events"));
        EXPECT_EQ(client.hear().status, 200);
        EXPECT_FALSE(stream->stopped());
    }
    EXPECT_TRUE(eventually([&] { return stream->stopped(); }));
    EXPECT_TRUE(nobody_is_left());
}

TEST_F(Session, AStreamThatBreaksDoesNotLookComplete) {
    server.start();
    TestClient client(server.server.port());
    client.send(get("/events"));
    EXPECT_EQ(client.hear().status, 200);
    stream->break_down();
    EXPECT_TRUE(client.hears_end());  // without "0\r\n\r\n"
    EXPECT_TRUE(nobody_is_left());
}

TEST_F(Session, HeadOfAStreamStopsIt) {
    server.start();
    TestClient client(server.server.port());
    client.send("HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n");
    EXPECT_EQ(client.hear(true).status, 200);
    EXPECT_TRUE(stream->stopped());
    EXPECT_EQ(client.ask(get("/")).body, "hello");
}

}  // namespace
}  // namespace hangu::http

#include "platform/http/internal/response_writer.hpp"

#include "platform/http/internal/response_writer_file.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace hangu::http {
namespace {

struct Wrote {
    std::string head;
    std::string body;
    bool stream = false;
};

Wrote write(Response response, const Conditions& conditions = {}, bool close = false) {
    ResponseWriter writer;
    writer.set_date(*parse_time("2026-11-22T10:00:00Z"));
    Wrote wrote;
    const ResponseWriter::Written written = writer.write(response, conditions, close, wrote.head);
    wrote.body = written.body;
    wrote.stream = written.stream != nullptr;
    return wrote;
}

bool has(const std::string& head, const std::string& line) {
    return head.find("\r\n" + line + "\r\n") != std::string::npos;
}

std::string gunzip(const std::string& bytes) {
    std::string out(1 << 20, '\0');
    z_stream stream{};
    inflateInit2(&stream, 15 + 16);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(out.size() - stream.avail_out);
    inflateEnd(&stream);
    return out;
}

Response file(bool with_gzip = false) {
    FileBody body;
    body.content = std::make_shared<const std::string>("0123456789");
    if (with_gzip) {
        body.gzip = std::make_shared<const std::string>("zipped");
    }
    body.etag = "\"v1\"";
    Response response;
    response.set("Content-Type", "text/css");
    response.set("Last-Modified", "Sun, 22 Nov 2026 10:00:00 GMT");
    response.body = body;
    return response;
}

TEST(ResponseWriter, WritesTheHeadByteForByte) {
    Response response;
    response.status = 201;
    response.set("Content-Type", "application/json");
    response.set("content-type", "text/plain");
    response.set("Connection", "upgrade");
    response.set("Content-Length", "999");
    response.body = std::string("hello");
    const Wrote wrote = write(response);
    EXPECT_EQ(wrote.head,
              "HTTP/1.1 201 Created\r\nDate: Sun, 22 Nov 2026 10:00:00 GMT\r\n"
              "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(wrote.body, "hello");
    EXPECT_TRUE(has(write(response, {}, true).head, "Connection: close"));
}

TEST(ResponseWriter, HeadHasTheLengthAndNoBody) {
    Response response;
    response.body = std::string("hello");
    Conditions conditions;
    conditions.head = true;
    const Wrote wrote = write(response, conditions);
    EXPECT_TRUE(has(wrote.head, "Content-Length: 5"));
    EXPECT_EQ(wrote.body, "");
}

TEST(ResponseWriter, NoContentHasNoLength) {
    Response response;
    response.status = 204;
    EXPECT_EQ(write(response).head.find("Content-Length"), std::string::npos);
}

TEST(ResponseWriter, TellsOldClientsThatTheConnectionGoesOn) {
    Conditions conditions;
    conditions.http_1_0 = true;
    EXPECT_TRUE(has(write(Response(), conditions).head, "Connection: keep-alive"));
    EXPECT_TRUE(has(write(Response(), conditions, true).head, "Connection: close"));
}

TEST(ResponseWriter, RefusesHeadersThatBreakTheHead) {
    Response response;
    response.set("X-Good", "a, b; c=\"d\"");
    EXPECT_EQ(find_bad_header(response), nullptr);
    response.set("X-Bad", "a\r\nSet-Cookie: b");
    ASSERT_NE(find_bad_header(response), nullptr);
    EXPECT_EQ(find_bad_header(response)->name, "X-Bad");
    Response named;
    named.set("X Bad", "a");
    EXPECT_NE(find_bad_header(named), nullptr);
}

TEST(ResponseWriter, CompressesTextsAboveOneKibibyteForThoseWhoTakeIt) {
    const std::string text = R"({"list":")" + std::string(3000, 'a') + R"("})";
    Response response;
    response.set("Content-Type", "application/json");
    response.set("Vary", "Origin");
    response.body = text;
    Conditions conditions;
    conditions.takes_gzip = true;
    const Wrote packed = write(response, conditions);
    EXPECT_TRUE(has(packed.head, "Content-Encoding: gzip"));
    EXPECT_TRUE(has(packed.head, "Vary: Origin, Accept-Encoding"));
    EXPECT_TRUE(has(packed.head, "Content-Length: " + std::to_string(packed.body.size())));
    EXPECT_EQ(gunzip(packed.body), text);

    const Wrote plain = write(response);
    EXPECT_TRUE(has(plain.head, "Vary: Origin, Accept-Encoding"));
    EXPECT_EQ(plain.body, text);

    response.body = std::make_shared<const std::string>(text);
    EXPECT_EQ(gunzip(write(response, conditions).body), text);
}

TEST(ResponseWriter, LeavesAloneWhatMustNotBeCompressed) {
    Conditions conditions;
    conditions.takes_gzip = true;
    const std::string text(3000, 'a');
    const auto is_plain = [&](std::string_view type, std::string_view cache,
                              std::string_view encoding, const std::string& body) {
        Response response;
        response.set("Content-Type", type);
        if (!cache.empty()) {
            response.set("Cache-Control", cache);
        }
        if (!encoding.empty()) {
            response.set("Content-Encoding", encoding);
        }
        response.body = body;
        return write(response, conditions).body == body;
    };
    EXPECT_FALSE(is_plain("text/plain", "", "", text));
    EXPECT_TRUE(is_plain("text/plain", "", "", std::string(1024, 'a')));
    EXPECT_TRUE(is_plain("text/plain", "no-store, no-transform", "", text));
    EXPECT_TRUE(is_plain("text/plain", "", "br", text));
    EXPECT_TRUE(is_plain("image/png", "", "", text));
    EXPECT_TRUE(is_plain("text/event-stream", "", "", text));
}

TEST(Compression, ReadsAcceptEncoding) {
    EXPECT_TRUE(takes_gzip("gzip"));
    EXPECT_TRUE(takes_gzip("br, GZIP;q=0.5"));
    EXPECT_TRUE(takes_gzip("*"));
    EXPECT_FALSE(takes_gzip(""));
    EXPECT_FALSE(takes_gzip("br"));
    EXPECT_FALSE(takes_gzip("gzip;q=0"));
    EXPECT_FALSE(takes_gzip("gzip; q=0.000, *"));
    EXPECT_FALSE(takes_gzip("*;q=0"));
}

TEST(FileBody, IsSentWholeWithItsTag) {
    const Wrote wrote = write(file());
    EXPECT_EQ(wrote.head.substr(0, 15), "HTTP/1.1 200 OK");
    EXPECT_TRUE(has(wrote.head, "ETag: \"v1\""));
    EXPECT_TRUE(has(wrote.head, "Accept-Ranges: bytes"));
    EXPECT_TRUE(has(wrote.head, "Content-Length: 10"));
    EXPECT_EQ(wrote.body, "0123456789");
    EXPECT_EQ(wrote.head.find("Vary"), std::string::npos);
}

TEST(FileBody, UsesThePreparedGzipUnderATagOfItsOwn) {
    Conditions conditions;
    conditions.takes_gzip = true;
    const Wrote wrote = write(file(true), conditions);
    EXPECT_EQ(wrote.body, "zipped");
    EXPECT_TRUE(has(wrote.head, "Content-Encoding: gzip"));
    EXPECT_TRUE(has(wrote.head, "ETag: \"v1-gzip\""));
    EXPECT_TRUE(has(wrote.head, "Vary: Accept-Encoding"));
    EXPECT_EQ(write(file(true)).body, "0123456789");
    EXPECT_TRUE(has(write(file(true)).head, "Vary: Accept-Encoding"));
}

TEST(FileBody, IsNotSentAgainToThoseWhoHaveIt) {
    for (const char* const tags : {"\"v1\"", "W/\"v1\"", "\"v0\", \"v1-gzip\"", "*"}) {
        Conditions conditions;
        conditions.if_none_match = tags;
        const Wrote wrote = write(file(true), conditions);
        EXPECT_EQ(wrote.head.substr(0, 25), "HTTP/1.1 304 Not Modified") << tags;
        EXPECT_TRUE(has(wrote.head, "ETag: \"v1\"")) << tags;
        EXPECT_EQ(wrote.head.find("Content-Length"), std::string::npos) << tags;
        EXPECT_EQ(wrote.body, "") << tags;
    }
    Conditions other;
    other.if_none_match = "\"v0\"";
    other.if_modified_since = "Sun, 22 Nov 2026 10:00:00 GMT";  // counts only without a tag
    EXPECT_EQ(write(file(), other).body, "0123456789");
    other.if_none_match.clear();
    EXPECT_EQ(write(file(), other).head.substr(0, 12), "HTTP/1.1 304");
}

TEST(FileBody, GivesASingleRange) {
    struct Case {
        const char* range;
        const char* status;
        const char* content_range;
        const char* body;
    };
    constexpr Case kCases[] = {
        {"bytes=0-3", "206", "bytes 0-3/10", "0123"},
        {"bytes=4-", "206", "bytes 4-9/10", "456789"},
        {"bytes=-3", "206", "bytes 7-9/10", "789"},
        {"bytes=-30", "206", "bytes 0-9/10", "0123456789"},
        {"bytes=8-99", "206", "bytes 8-9/10", "89"},
        {"bytes=0-18446744073709551615", "206", "bytes 0-9/10", "0123456789"},
        {"bytes=10-", "416", "bytes */10", ""},
        {"bytes=-0", "416", "bytes */10", ""},
        {"bytes=3-1", "200", "", "0123456789"},
        {"bytes=0-1,3-4", "200", "", "0123456789"},
        {"bytes=a-b", "200", "", "0123456789"},
        {"items=0-1", "200", "", "0123456789"},
    };
    for (const Case& one : kCases) {
        Conditions conditions;
        conditions.range = one.range;
        conditions.takes_gzip = true;
        const Wrote wrote = write(file(true), conditions);
        EXPECT_EQ(wrote.head.substr(9, 3), one.status) << one.range;
        const bool whole = std::string_view(one.status) == "200";
        if (!whole) {
            EXPECT_TRUE(has(wrote.head, std::string("Content-Range: ") + one.content_range))
                << one.range;
        }
        EXPECT_EQ(wrote.body, one.body) << one.range;
    }
}

TEST(FileBody, GivesARangeOnlyOfTheVersionAskedFor) {
    Conditions conditions;
    conditions.range = "bytes=0-3";
    conditions.if_range = "\"v1\"";
    EXPECT_EQ(write(file(), conditions).body, "0123");
    conditions.if_range = "Sun, 22 Nov 2026 10:00:00 GMT";
    EXPECT_EQ(write(file(), conditions).body, "0123");
    conditions.if_range = "\"v0\"";
    EXPECT_EQ(write(file(), conditions).body, "0123456789");
    EXPECT_EQ(write(file(), conditions).head.substr(9, 3), "200");
}

}  // namespace
}  // namespace hangu::http

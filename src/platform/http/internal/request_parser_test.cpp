#include "platform/http/internal/request_parser.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace hangu::http {
namespace {

constexpr std::size_t kReadSizes[] = {1, 3, 7, 1000, 1000000};

struct Outcome {
    std::vector<Request> requests;
    Refusal refusal = Refusal::none;
};

// Feeds the bytes in pieces of one size, as a session does.
Outcome read_all(std::string_view bytes, std::size_t read_size, const Limits& limits = {},
                 std::size_t body_bytes_max = 65536) {
    RequestParser parser(limits);
    Outcome outcome;
    std::string waiting;
    while (true) {
        const RequestParser::Progress progress = parser.advance(waiting);
        waiting.erase(0, progress.consumed);
        if (progress.step == RequestParser::Step::refused) {
            outcome.refusal = parser.refusal();
            return outcome;
        }
        if (progress.step == RequestParser::Step::head) {
            parser.allow_body(body_bytes_max);
        } else if (progress.step == RequestParser::Step::done) {
            outcome.requests.push_back(parser.take());
            parser.begin();
        } else if (bytes.empty()) {
            return outcome;
        } else {
            waiting += bytes.substr(0, read_size);
            bytes.remove_prefix(std::min(read_size, bytes.size()));
        }
    }
}

std::string get_text(std::string_view target = "/", std::string_view headers = "") {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a.example\r\n" +
           std::string(headers) + "\r\n";
}
std::string post(std::string_view headers, std::string_view body = "") {
    return "POST / HTTP/1.1\r\nHost: a.example\r\n" + std::string(headers) + "\r\n" +
           std::string(body);
}

TEST(RequestParser, ReadsARequestAtAnyReadSize) {
    const std::string bytes =
        "POST /a%20b/c?x=1&name=%E8%8C%B6+x&empty&y=a%2Bb HTTP/1.1\r\nHost: Shop.example:8443\r\n"
        "Content-TYPE:  application/json \r\nCookie: a=1; session=abc=; b=2\r\n"
        "Content-Length: 5\r\n\r\nhello";
    for (const std::size_t size : kReadSizes) {
        const Outcome outcome = read_all(bytes, size);
        ASSERT_EQ(outcome.refusal, Refusal::none) << size;
        ASSERT_EQ(outcome.requests.size(), 1U) << size;
        const Request& request = outcome.requests[0];
        EXPECT_EQ(request.method, "POST");
        EXPECT_EQ(request.target, "/a%20b/c?x=1&name=%E8%8C%B6+x&empty&y=a%2Bb");
        EXPECT_EQ(request.path, "/a b/c");
        using Pairs = std::vector<std::pair<std::string, std::string>>;
        EXPECT_EQ(request.query,
                  (Pairs{{"x", "1"}, {"name", "\xE8\x8C\xB6 x"}, {"empty", ""}, {"y", "a+b"}}));
        EXPECT_EQ(request.query_value("name"), "\xE8\x8C\xB6 x");
        EXPECT_EQ(request.query_value("nothing"), std::nullopt);
        EXPECT_EQ(request.host, "Shop.example:8443");
        EXPECT_EQ(request.header("content-type"), "application/json");
        EXPECT_EQ(request.header("x-absent"), "");
        EXPECT_EQ(request.cookie("session"), "abc=");
        EXPECT_EQ(request.cookie("b"), "2");
        EXPECT_EQ(request.cookie("ession"), "");
        EXPECT_EQ(request.body, "hello");
    }
}

TEST(RequestParser, ReadsPipelinedRequestsAtAnyReadSize) {
    const std::string bytes =
        get_text("/1") + post("Content-Length: 3\r\n", "abc") +
        post("Transfer-Encoding: chunked\r\n", "2\r\nde\r\n1;x=1\r\nf\r\n0\r\n\r\n") +
        get_text("/4");
    for (const std::size_t size : kReadSizes) {
        const Outcome outcome = read_all(bytes, size);
        ASSERT_EQ(outcome.refusal, Refusal::none) << size;
        ASSERT_EQ(outcome.requests.size(), 4U) << size;
        EXPECT_EQ(outcome.requests[0].target, "/1");
        EXPECT_EQ(outcome.requests[1].body, "abc");
        EXPECT_EQ(outcome.requests[2].body, "def");
        EXPECT_EQ(outcome.requests[3].target, "/4");
    }
}

TEST(RequestParser, KnowsWhetherTheConnectionGoesOn) {
    const auto keeps = [](const std::string& bytes) {
        const Limits limits;
        RequestParser parser(limits);
        EXPECT_EQ(parser.advance(bytes).step, RequestParser::Step::head);
        return parser.facts().keep_alive;
    };
    EXPECT_TRUE(keeps(get_text()));
    EXPECT_FALSE(keeps(get_text("/", "Connection: Close\r\n")));
    EXPECT_FALSE(keeps(get_text("/", "Connection: keep-alive, close\r\n")));
    EXPECT_FALSE(keeps("GET / HTTP/1.0\r\nHost: a\r\n\r\n"));
    EXPECT_TRUE(keeps("GET / HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n"));
}

struct Refused {
    std::string_view what;
    std::string bytes;
    int status;
    std::string_view code;
};

std::string many_headers(std::size_t count) {
    std::string headers;
    for (std::size_t i = 0; i < count; ++i) {
        headers += "X-" + std::to_string(i) + ": 1\r\n";
    }
    return headers;
}

std::vector<Refused> refused_lengths() {
    constexpr std::string_view kLength = "http.bad_content_length";
    constexpr std::string_view kCoding = "http.bad_transfer_encoding";
    return {
        {"length and chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400,
         kCoding},
        {"chunked and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400,
         kLength},
        {"gzip and length", post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "hello"), 400,
         kCoding},
        {"unknown coding", post("Transfer-Encoding: xchunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), 400,
         kCoding},
        {"two codings", post("Transfer-Encoding: gzip, chunked\r\n"), 400, kCoding},
        {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400,
         kCoding},
        {"chunked in 1.0",
         "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, kCoding},
        {"different lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n"), 400, kLength},
        {"equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400,
         kLength},
        {"list of lengths", post("Content-Length: 5, 5\r\n", "hello"), 400, kLength},
        {"signed length", post("Content-Length: +5\r\n", "hello"), 400, kLength},
        {"negative length", post("Content-Length: -1\r\n"), 400, kLength},
        {"hexadecimal length", post("Content-Length: 0x5\r\n"), 400, kLength},
        {"empty length", post("Content-Length: \r\n"), 400, kLength},
        {"overflowing length", post("Content-Length: 99999999999999999999\r\n"), 400, kLength},
        {"GET with a body", get_text("/", "Content-Length: 1\r\n") + "x", 400,
         "http.body_not_allowed"},
        {"GET with chunks", get_text("/", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 400,
         "http.body_not_allowed"},
        {"HEAD with a body", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 400,
         "http.body_not_allowed"},
        {"DELETE with a body", "DELETE / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx", 400,
         "http.body_not_allowed"},
        {"body too large", post("Content-Length: 65537\r\n"), 413, "http.body_too_large"},
        {"chunks too large", post("Transfer-Encoding: chunked\r\n", "10001\r\n"), 413,
         "http.body_too_large"},
        {"chunk above 1 MiB", post("Transfer-Encoding: chunked\r\n", "100001\r\n"), 400,
         "http.bad_chunk"},
        {"chunk size not hexadecimal", post("Transfer-Encoding: chunked\r\n", "x\r\n"), 400,
         "http.bad_chunk"},
        {"chunk without end", post("Transfer-Encoding: chunked\r\n", "1\r\naXX"), 400,
         "http.bad_chunk"},
        {"chunk extension too long",
         post("Transfer-Encoding: chunked\r\n", "1;abcdefghijklmnopqrst\r\na\r\n0\r\n\r\n"), 400,
         "http.bad_chunk"},
        {"chunk line without end",
         post("Transfer-Encoding: chunked\r\n", std::string(70, '0') + "1\r\na\r\n0\r\n\r\n"), 400,
         "http.bad_chunk"},
        {"trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nX-Late: 1\r\n\r\n"), 400,
         "http.bad_chunk"},
    };
}

std::vector<Refused> refused_heads() {
    constexpr std::string_view kTarget = "http.bad_target";
    constexpr std::string_view kLarge = "http.headers_too_large";
    return {
        {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "http.bad_host"},
        {"two Hosts", get_text("/", "Host: b.example\r\n"), 400, "http.bad_host"},
        {"two equal Hosts", get_text("/", "Host: a.example\r\n"), 400, "http.bad_host"},
        {"empty Host", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400, "http.bad_host"},
        {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "http.bad_host"},
        {"folded line", get_text("/", "X-A: 1\r\n 2\r\n"), 400, "http.folded_header"},
        {"folded with a tab", get_text("/", "X-A: 1\r\n\t2\r\n"), 400, "http.folded_header"},
        {"bare line feed", "GET / HTTP/1.1\nHost: a\n\n", 400, "http.malformed"},
        {"bare line feed in a header", get_text("/", "X-A: 1\n"), 400, "http.malformed"},
        {"bare carriage return", get_text("/", "X-A: 1\r2\r\n"), 400, "http.malformed"},
        {"blank before the colon", get_text("/", "X-A : 1\r\n"), 400, "http.malformed"},
        {"header without a colon", get_text("/", "X-A\r\n"), 400, "http.malformed"},
        {"NUL in a value", get_text("/", std::string_view("X-A: 1\0 2\r\n", 11)), 400,
         "http.malformed"},
        {"empty first line", "\r\n" + get_text(), 400, "http.malformed"},
        {"no version", "GET /\r\nHost: a\r\n\r\n", 400, kTarget},
        {"HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 505, "http.version_unknown"},
        {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505, "http.version_unknown"},
        {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http.version_unknown"},
        {"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "http.method_unknown"},
        {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501, "http.method_unknown"},
        {"lower-case method", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 501, "http.method_unknown"},
        {"absolute form", get_text("http://a.example/"), 400, kTarget},
        {"encoded slash", get_text("/a%2Fb"), 400, kTarget},
        {"encoded slash in small letters", get_text("/a%2fb?x=1"), 400, kTarget},
        {"backslash", get_text("/a\\b"), 400, kTarget},
        {"encoded backslash", get_text("/a%5Cb"), 400, kTarget},
        {"asterisk form", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 400, kTarget},
        {"bytes above 7E", get_text("/\xC3\xA4"), 400, kTarget},
        {"a fragment", get_text("/a#b"), 400, kTarget},
        {"percent without digits", get_text("/%zz"), 400, kTarget},
        {"percent at the end", get_text("/a%4"), 400, kTarget},
        {"percent zero", get_text("/a%00b"), 400, kTarget},
        {"percent zero in the query", get_text("/?a=%00"), 400, kTarget},
        {"percent broken in the query", get_text("/?a%G1=1"), 400, kTarget},
        {"target too long", get_text("/" + std::string(4096, 'a')), 414, "http.target_too_long"},
        {"target without end", "GET /" + std::string(5000, 'a'), 414, "http.target_too_long"},
        {"header line too long", get_text("/", "X-A: " + std::string(8192, 'a') + "\r\n"), 431,
         kLarge},
        {"header line without end", "GET / HTTP/1.1\r\nX: " + std::string(8300, 'a'), 431, kLarge},
        {"65 headers", get_text("/", many_headers(64)), 431, kLarge},
        {"headers too large",
         get_text("/", "A: " + std::string(8000, 'a') + "\r\nB: " + std::string(8000, 'b') +
                           "\r\nC: " + std::string(400, 'c') + "\r\n"),
         431, kLarge},
        {"cookies too large", get_text("/", "Cookie: a=" + std::string(4096, 'a') + "\r\n"), 431,
         kLarge},
        {"two types", post("Content-Type: a/b\r\nContent-Type: a/c\r\n"), 400,
         "http.duplicate_header"},
        {"two origins", post("Origin: https://a.example\r\nOrigin: https://b.example\r\n"), 400,
         "http.duplicate_header"},
        {"two authorizations", get_text("/", "Authorization: a\r\nAuthorization: b\r\n"), 400,
         "http.duplicate_header"},
        {"two cookie headers", get_text("/", "Cookie: a=1\r\nCookie: b=2\r\n"), 400,
         "http.duplicate_header"},
        {"other expectation", post("Expect: 200-ok\r\n"), 417, "http.bad_expectation"},
        {"compressed body", post("Content-Encoding: gzip\r\nContent-Length: 1\r\n", "x"), 415,
         "http.content_encoding"},
    };
}

TEST(RequestParser, RefusesWhatMustBeRefusedAtAnyReadSize) {
    std::vector<Refused> all = refused_heads();
    for (Refused& one : refused_lengths()) {
        all.push_back(std::move(one));
    }
    for (const Refused& one : all) {
        for (const std::size_t size : kReadSizes) {
            const Outcome outcome = read_all(one.bytes, size);
            const RefusalText& text = refusal_text(outcome.refusal);
            EXPECT_EQ(text.status, one.status) << one.what << " at " << size;
            EXPECT_EQ(text.code, one.code) << one.what << " at " << size;
            EXPECT_TRUE(outcome.requests.empty()) << one.what << " at " << size;
        }
    }
}

TEST(RequestParser, TakesWhatIsJustWithinTheLimits) {
    EXPECT_EQ(read_all(get_text("/", many_headers(63)), 7).requests.size(), 1U);
    EXPECT_EQ(read_all(get_text("/" + std::string(4095, 'a')), 7).requests.size(), 1U);
    EXPECT_EQ(
        read_all(post("Content-Length: 65536\r\n", std::string(65536, 'x')), 1000).requests.size(),
        1U);
    EXPECT_EQ(read_all(get_text("/", "Content-Length: 0\r\n"), 7).requests.size(), 1U);
    EXPECT_EQ(read_all(post("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n"), 3).requests.size(), 1U);
}

TEST(RequestParser, NothingAfterARefusalIsRead) {
    const Limits limits;
    RequestParser parser(limits);
    const std::string bytes = "GET / HTTP/1.1\r\n\r\n" + get_text();
    EXPECT_EQ(parser.advance(bytes).step, RequestParser::Step::refused);
    EXPECT_EQ(parser.advance(get_text()).step, RequestParser::Step::refused);
}

TEST(PercentDecoded, DecodesOrRefuses) {
    EXPECT_EQ(percent_decoded("a%2Fb+c"), "a/b+c");
    EXPECT_EQ(percent_decoded("%e8%8C%b6"), "\xE8\x8C\xB6");
    EXPECT_EQ(percent_decoded("%"), std::nullopt);
    EXPECT_EQ(percent_decoded("%00"), std::nullopt);
    EXPECT_FALSE(parse_query(std::string(2 * (kQueryCountMax + 1), 'a')).has_value() &&
                 parse_query("a=%4").has_value());
    std::string many;
    for (std::size_t i = 0; i <= kQueryCountMax; ++i) {
        many += "a&";
    }
    EXPECT_EQ(parse_query(many), std::nullopt);
}

}  // namespace
}  // namespace hangu::http

// Over real sockets to this machine: what leaves, what is refused, and what comes back.
#include "platform/egress/egress.hpp"

#include "platform/egress/internal/transfer.hpp"
#include "tests/support/loopback_server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <future>

namespace hangu::egress {
namespace {

using hangu::testing::LoopbackServer;

constexpr Time kStart{1'795'305'600'000};

class Out {
 public:
    explicit Out(bool allow_loopback = true, const std::string& hosts = "127.0.0.1, localhost")
        : clock(kStart), log({observe::Level::error, "/dev/null"}, clock), all(settings()) {
        all.set("egress.hosts", hosts);
        all.set("egress.allow_loopback", allow_loopback);
        const Result<void> loaded = all.load("", {});
        HANGU_ASSERT(loaded.ok());
        egress = std::make_unique<Egress>(all, log, metrics, clock, Egress::Options{});
    }
    template <class Request>
    Answer send(Request request) {
        std::promise<Answer> promise;
        egress->send(std::move(request), [&](Answer answer) { promise.set_value(answer); });
        return promise.get_future().get();
    }
    Answer post(const std::string& url, const std::string& body = "{}") {
        HttpRequest request;
        request.url = url;
        request.headers = {{"Content-Type", "application/json"}};
        request.body = body;
        return send(std::move(request));
    }

    ManualClock clock;
    observe::Log log;
    observe::Metrics metrics;
    settings::Settings all;
    std::unique_ptr<Egress> egress;
};

TEST(Egress, a_request_arrives_as_it_was_given) {
    LoopbackServer far([](const auto&) { return LoopbackServer::ok("{\"errcode\":0}"); });
    Out out;
    const Answer answer = out.post(far.url("/robot/send?key=1"), "{\"a\":1}");
    EXPECT_EQ(answer.problem, "");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "{\"errcode\":0}");
    ASSERT_EQ(far.seen().size(), 1u);
    EXPECT_EQ(far.seen()[0].line(), "POST /robot/send?key=1 HTTP/1.1");
    EXPECT_EQ(far.seen()[0].header("Content-Type"), "application/json");
    EXPECT_EQ(far.seen()[0].body, "{\"a\":1}");
}

TEST(Egress, this_machine_is_refused_unless_a_setting_allows_it) {
    LoopbackServer far([](const auto&) { return LoopbackServer::ok(""); });
    Out out(false);
    const std::string port = std::to_string(far.port());
    for (const std::string host : {"127.0.0.1", "localhost"}) {
        EXPECT_EQ(out.post("https://" + host + ":" + port + "/").problem, "egress.address_refused");
    }
    EXPECT_EQ(out.post(far.url()).problem, "egress.not_https");
    EXPECT_TRUE(far.seen().empty());
}

TEST(Egress, other_spellings_of_an_inside_address_are_refused_too) {
    Out out(true, "10.0.0.1, 0.0.0.0, 169.254.169.254, 2130706433, 127.1");
    for (const char* host : {"10.0.0.1", "0.0.0.0", "169.254.169.254", "167772161", "0xa000001"}) {
        const std::string problem = out.post("https://" + std::string(host) + "/").problem;
        EXPECT_EQ(problem, "egress.address_refused") << host;
    }
}

TEST(Egress, hosts_that_are_not_listed_are_never_looked_up) {
    Out out(true, "open.test");
    for (const char* url :
         {"https://evil.test/", "https://open.test.evil.test/", "https://open.test@evil.test/",
          "https://evil.test#@open.test/", "https://evil.test\\@open.test/"}) {
        const std::string problem = out.post(url).problem;
        EXPECT_TRUE(problem == "egress.host_not_allowed" || problem == "egress.malformed") << url;
    }
    EXPECT_EQ(out.post("file:///etc/passwd").problem, "egress.malformed");
    EXPECT_EQ(out.post("gopher://open.test/").problem, "egress.not_https");
    EXPECT_EQ(out.post("no address").problem, "egress.malformed");
}

// The object store's exception: this origin and no other, whatever egress.hosts says.
TEST(Egress, the_houses_own_endpoint_may_be_inside) {
    LoopbackServer far([](const auto&) {
        return "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag:  \"e1\" \r\n"
               "Connection: close\r\n\r\nok";
    });
    LoopbackServer other([](const auto&) { return LoopbackServer::ok(""); });
    Out out(false, "");
    const auto ask = [&out](const std::string& origin, const std::string& url) {
        HttpRequest request;
        request.method = "GET";
        request.url = url;
        request.own = own_endpoint(origin).value();
        return out.send(std::move(request));
    };
    const Answer answer = ask(far.url(""), far.url("/bucket/a"));
    EXPECT_EQ(answer.body, "ok");
    EXPECT_EQ(answer.header("etag"), "\"e1\"");
    EXPECT_EQ(ask(far.url(""), other.url()).problem, "egress.host_not_allowed");
    EXPECT_EQ(ask(far.url(""), "https://127.0.0.1:" + std::to_string(far.port())).problem,
              "egress.host_not_allowed");
    EXPECT_EQ(ask(far.url(""), "http://me@127.0.0.1:" + std::to_string(far.port())).problem,
              "egress.malformed");
    EXPECT_TRUE(other.seen().empty());
    // Without it nothing has changed.
    EXPECT_EQ(out.post(far.url()).problem, "egress.host_not_allowed");
}

TEST(Egress, an_own_endpoint_is_never_a_metadata_service) {
    Out out(false, "");
    out.all.set("egress.connect_ms_max", std::int64_t{100});
    for (const std::string origin :
         {"http://169.254.169.254", "http://100.100.100.200", "http://0.0.0.0", "http://224.0.0.1",
          "http://[fe80::1]", "http://192.0.2.1"}) {
        HttpRequest request;
        request.method = "GET";
        request.url = origin + "/";
        request.own = own_endpoint(origin).value();
        EXPECT_EQ(out.send(std::move(request)).problem, "egress.address_refused") << origin;
    }
}

TEST(Egress, an_own_endpoint_leaves_the_house_encrypted_only) {
    const auto may = [](const Limits& limits, const char* text) {
        sockaddr_storage storage{};
        auto* const v4 = reinterpret_cast<sockaddr_in*>(&storage);
        auto* const v6 = reinterpret_cast<sockaddr_in6*>(&storage);
        if (::inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
            v4->sin_family = AF_INET;
        } else {
            HANGU_ASSERT(::inet_pton(AF_INET6, text, &v6->sin6_addr) == 1);
            v6->sin6_family = AF_INET6;
        }
        return may_connect(limits, reinterpret_cast<const sockaddr&>(storage));
    };
    Limits own;
    own.own = true;
    Limits plain = own;
    plain.plain = true;
    const Limits others;
    for (const char* text : {"8.8.8.8", "2606:2800:220:1::1"}) {
        EXPECT_TRUE(may(own, text) && !may(plain, text) && may(others, text)) << text;
    }
    for (const char* text : {"10.1.2.3", "172.31.0.1", "192.168.1.1", "fd12::1", "127.0.0.1", "::1",
                             "::ffff:10.0.0.1"}) {
        EXPECT_TRUE(may(own, text) && may(plain, text) && !may(others, text)) << text;
    }
    for (const char* text : {"169.254.169.254", "100.100.100.200", "172.32.0.1", "0.0.0.0",
                             "fe80::1", "ff02::1", "::ffff:169.254.169.254", "64:ff9b::a00:1"}) {
        EXPECT_EQ(may(plain, text), false) << text;
    }
}

TEST(Egress, an_own_endpoint_is_an_origin_and_nothing_else) {
    EXPECT_EQ(own_endpoint("https://S3.test")->origin(), "https://s3.test:443");
    EXPECT_EQ(own_endpoint("http://10.0.0.7:9000/")->origin(), "http://10.0.0.7:9000");
    EXPECT_EQ(own_endpoint("http://[fd00::7]:9000")->origin(), "http://[fd00::7]:9000");
    for (const std::string origin :
         {"", "s3.test", "ftp://s3.test", "https://s3.test/x", "https://s3.test?x",
          "https://s3.test#x", "https://me:key@s3.test", "file:///etc/passwd"}) {
        EXPECT_FALSE(own_endpoint(origin).ok()) << origin;
    }
}

TEST(Egress, a_signed_request_has_no_header_that_is_not_sent) {
    LoopbackServer far([](const auto&) { return LoopbackServer::ok(""); });
    Out out;
    HttpRequest request;
    request.method = "PUT";
    request.url = far.url("/b/a");
    request.headers = {{"x-amz-content-sha256", std::string(64, '0')}};
    request.body = "tea";
    request.signing = Signing{"cn-east", "s3", "id", Secret("key")};
    EXPECT_EQ(out.send(request).status, 200);
    ASSERT_EQ(far.seen().size(), 1u);
    const std::string signed_by = far.seen()[0].header("Authorization");
    EXPECT_TRUE(signed_by.starts_with("AWS4-HMAC-SHA256 Credential=id/")) << signed_by;
    EXPECT_NE(signed_by.find("/cn-east/s3/aws4_request"), std::string::npos);
    EXPECT_EQ(signed_by.find("expect"), std::string::npos);
    request.signing->region = "x\r\nX-Y: 1";
    EXPECT_EQ(out.send(request).problem, "egress.malformed");
}

TEST(Egress, a_request_may_have_limits_of_its_own) {
    LoopbackServer large([](const auto&) { return LoopbackServer::ok(std::string(70'000, 'x')); });
    LoopbackServer silent([](const auto&) { return LoopbackServer::kSilence; });
    Out out;
    HttpRequest request;
    request.url = large.url();
    request.answer_bytes_max = 70'000;
    EXPECT_EQ(out.send(request).body.size(), 70'000u);
    request.url = silent.url();
    request.total_ms_max = 100;
    EXPECT_EQ(out.send(request).problem, "egress.timed_out");
}

TEST(Egress, a_redirect_is_an_answer_and_is_not_followed) {
    LoopbackServer far([](const auto&) {
        return "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n"
               "Connection: close\r\n\r\n";
    });
    Out out;
    EXPECT_EQ(out.post(far.url()).status, 302);
    EXPECT_EQ(far.seen().size(), 1u);
}

TEST(Egress, an_answer_that_is_too_large_is_cut) {
    LoopbackServer far([](const auto&) { return LoopbackServer::ok(std::string(5000, 'x')); });
    Out out;
    out.all.set("egress.answer_bytes_max", std::int64_t{4096});
    EXPECT_EQ(out.post(far.url()).problem, "egress.answer_too_large");
}

TEST(Egress, silence_ends) {
    LoopbackServer far([](const auto&) { return LoopbackServer::kSilence; });
    Out out;
    out.all.set("egress.total_ms_max", std::int64_t{100});
    EXPECT_EQ(out.post(far.url()).problem, "egress.timed_out");
}

TEST(Egress, a_header_cannot_bring_a_second_one) {
    LoopbackServer far([](const auto&) { return LoopbackServer::ok(""); });
    Out out;
    HttpRequest request;
    request.url = far.url();
    request.headers = {{"X-A", "1\r\nX-B: 2"}};
    EXPECT_EQ(out.send(std::move(request)).problem, "egress.malformed");
    EXPECT_TRUE(far.seen().empty());
}

TEST(Egress, a_host_that_fails_rests_and_is_tried_again) {
    int failures = 5;
    LoopbackServer far([&failures](const auto&) {
        return --failures >= 0 ? std::string(
                                     "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n"
                                     "Connection: close\r\n\r\n")
                               : LoopbackServer::ok("well");
    });
    Out out;
    for (int i = 0; i < 5; ++i) {
        EXPECT_EQ(out.post(far.url()).status, 503);
    }
    EXPECT_EQ(out.post(far.url()).problem, "egress.host_resting");
    EXPECT_EQ(far.seen().size(), 5u);
    out.clock.advance_ms(10'000);
    EXPECT_EQ(out.post(far.url()).body, "well");
    EXPECT_EQ(out.post(far.url()).body, "well");
}

TEST(Egress, what_comes_after_the_stop_is_answered) {
    Out out;
    out.egress->stop();
    EXPECT_EQ(out.post("https://127.0.0.1/").problem, "egress.stopped");
}

TEST(Egress, mail_needs_encryption_and_addresses) {
    Out out(false, "mail.test");
    Mail mail;
    mail.host = "mail.test";
    mail.security = MailSecurity::none;
    EXPECT_EQ(out.send(mail).problem, "egress.not_https");
    mail.host = "other.test";
    EXPECT_EQ(out.send(mail).problem, "egress.host_not_allowed");
    mail.host = "mail.test\r\nX";
    EXPECT_EQ(out.send(mail).problem, "egress.malformed");
    Out local;
    Mail bad;
    bad.host = "127.0.0.1";
    bad.from = "shop@hangu.test";
    bad.to = {"a@b.test>\r\nRCPT TO:<c@d.test"};
    EXPECT_EQ(local.send(bad).problem, "egress.malformed");
}

TEST(Egress, settings_name_hosts_and_nothing_else) {
    settings::Settings all(settings());
    ASSERT_TRUE(all.load("", {}).ok());
    EXPECT_TRUE(check_settings(*all.snapshot()).ok());
    all.set("egress.hosts", std::string("https://a.test, *.com"));
    const Result<void> checked = check_settings(*all.snapshot());
    ASSERT_FALSE(checked.ok());
    EXPECT_EQ(checked.problem().fields.size(), 2u);
}

}  // namespace
}  // namespace hangu::egress

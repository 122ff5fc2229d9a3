// Over real sockets to this machine: what leaves, what is refused, and what comes back.
#include "platform/egress/egress.hpp"
#include "tests/support/loopback_server.hpp"

#include <gtest/gtest.h>

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

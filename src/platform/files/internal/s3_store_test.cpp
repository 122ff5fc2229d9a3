// What is S3's own: every way in which a server can fail, and that what we sign is what a server
// checks (with a verifier of SigV4 of the test's own).
#include "base/text.hpp"
#include "platform/files/internal/s3_answers.hpp"
#include "platform/files/internal/test_stores.hpp"
#include "tests/support/loopback_server.hpp"

#include <fmt/format.h>

#include <atomic>

namespace hangu::files {
namespace {

using hangu::testing::LoopbackServer;
using hangu::testing::S3Server;

std::string answer_of(int status, const std::string& body, const std::string& headers = "") {
    return fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\n{}Connection: close\r\n\r\n{}",
                       status, body.size(), headers, body);
}

std::string refusal(int status, const std::string& code) {
    return answer_of(status, "<Error><Code>" + code + "</Code></Error>");
}

class FarStore {
 public:
    explicit FarStore(LoopbackServer::Answer answer) : far_(std::move(answer)) {
        S3Options options = s3_options(fmt::format("http://127.0.0.1:{}", far_.port()));
        options.request_ms_max = 300;
        store_ = std::move(open_s3_store(*out_.egress, std::move(options))).value();
    }
    std::string put(std::string_view text) {
        TextSource source(text);
        const Result<void> done = store_->put("a/b", source);
        return done.ok() ? "" : done.problem().code;
    }
    std::string get(std::size_t bytes = 100) {
        const Result<std::string> found = store_->get("a/b", 0, bytes);
        note_ = found.ok() ? "" : found.problem().note;
        return found.ok() ? found.value() : found.problem().code;
    }
    ObjectStore& store() { return *store_; }
    std::size_t asked() const { return far_.seen().size(); }
    std::vector<LoopbackServer::Request> seen() const { return far_.seen(); }
    const std::string& note() const { return note_; }

 private:
    LoopbackServer far_;
    TestEgress out_;
    std::unique_ptr<ObjectStore> store_;
    std::string note_;
};

TEST(S3Store, a_server_that_is_away_is_told_as_such) {
    TemporaryFolder folder;
    S3Server server(HANGU_S3_SERVER, folder.path(), {"hangu-files"});
    TestEgress out;
    const auto store = std::move(open_s3_store(*out.egress, s3_options(server.endpoint()))).value();
    TextSource before("tea");
    ASSERT_TRUE(store->put("a", before).ok());
    server.stop();
    TextSource source("tea");
    EXPECT_EQ(store->put("b", source).problem().code, "files.unavailable");
    EXPECT_EQ(store->get("a", 0, 10).problem().code, "files.unavailable");
    EXPECT_EQ(store->remove("a").problem().code, "files.unavailable");
    EXPECT_EQ(store->list("", "", 10).problem().code, "files.unavailable");
    EXPECT_FALSE(store->look().ok());
}

TEST(S3Store, a_moment_of_weakness_is_waited_out) {
    std::atomic<int> weak = 2;
    FarStore far([&weak](const auto&) {
        return --weak >= 0 ? refusal(503, "SlowDown") : answer_of(200, "");
    });
    EXPECT_EQ(far.put("tea"), "");
    EXPECT_EQ(far.asked(), 3u);
    EXPECT_EQ(far.seen()[2].body, "tea");
}

TEST(S3Store, one_that_stays_weak_is_asked_three_times) {
    FarStore far([](const auto&) { return refusal(500, "InternalError"); });
    EXPECT_EQ(far.put("tea"), "files.unavailable");
    EXPECT_EQ(far.asked(), 3u);
}

TEST(S3Store, a_refusal_is_final_and_its_reason_is_noted) {
    FarStore far([](const auto&) { return refusal(403, "SignatureDoesNotMatch"); });
    EXPECT_EQ(far.get(), "files.unavailable");
    EXPECT_EQ(far.note(), "get: the object store answers 403 SignatureDoesNotMatch");
    EXPECT_EQ(far.asked(), 1u);
}

TEST(S3Store, silence_ends) {
    FarStore far([](const auto&) { return LoopbackServer::kSilence; });
    EXPECT_EQ(far.get(), "files.unavailable");
    EXPECT_NE(far.note().find("egress.timed_out"), std::string::npos);
}

TEST(S3Store, a_body_that_is_cut_is_not_taken_for_the_whole) {
    FarStore far([](const auto&) {
        return "HTTP/1.1 206 X\r\nContent-Length: 10\r\nContent-Range: bytes 0-9/10\r\n"
               "Connection: close\r\n\r\n01234";
    });
    EXPECT_EQ(far.get(10), "files.unavailable");
    EXPECT_EQ(far.asked(), 3u);
}

TEST(S3Store, another_range_than_asked_for_is_not_taken) {
    FarStore far(
        [](const auto&) { return answer_of(206, "56789", "Content-Range: bytes 5-9/10\r\n"); });
    EXPECT_EQ(far.get(5), "files.unavailable");
    FarStore whole([](const auto&) { return answer_of(200, "0123456789"); });
    EXPECT_EQ(whole.store().get("a/b", 5, 5).problem().code, "files.unavailable");
    EXPECT_EQ(whole.get(5), "files.unavailable");  // more than asked for
}

// So S3 says that an object is empty, or ends before.
TEST(S3Store, a_range_that_cannot_be_is_behind_the_end) {
    FarStore far([](const auto&) { return refusal(416, "InvalidRange"); });
    EXPECT_EQ(far.get(10), "");
    EXPECT_EQ(far.asked(), 1u);
}

TEST(S3Store, an_answer_without_end_is_cut) {
    FarStore far([](const auto&) { return answer_of(206, std::string(300'000, 'x')); });
    EXPECT_EQ(far.get(10), "files.unavailable");
    EXPECT_NE(far.note().find("egress.answer_too_large"), std::string::npos);
}

TEST(S3Store, no_bucket_is_no_empty_one) {
    FarStore far([](const auto&) { return refusal(404, "NoSuchBucket"); });
    EXPECT_EQ(far.store().list("", "", 10).problem().code, "files.unavailable");
    EXPECT_EQ(far.store().get("a", 0, 1).problem().code, "files.unavailable");
    FarStore page([](const auto&) { return answer_of(200, "<html>please sign in</html>"); });
    EXPECT_EQ(page.store().list("", "", 10).problem().code, "files.unavailable");
}

TEST(S3Store, a_redirect_is_not_followed) {
    FarStore far([](const auto&) {
        return answer_of(307, "", "Location: http://169.254.169.254/latest/meta-data\r\n");
    });
    EXPECT_EQ(far.get(), "files.unavailable");
    EXPECT_EQ(far.asked(), 1u);
}

// A part fails for good: the upload is given up and nothing is shown.
TEST(S3Store, an_upload_that_fails_is_given_up) {
    FarStore far([](const LoopbackServer::Request& request) {
        if (request.line().starts_with("POST /hangu-files/a/b?uploads=")) {
            return answer_of(200,
                             "<InitiateMultipartUploadResult><UploadId>a/b+c</UploadId>"
                             "</InitiateMultipartUploadResult>");
        }
        const bool second = request.line().find("partNumber=2") != std::string::npos;
        return second ? refusal(400, "BadDigest") : answer_of(200, "", "ETag: \"e\"\r\n");
    });
    EXPECT_EQ(far.put(std::string(200'000, 'x')), "files.unavailable");
    EXPECT_EQ(far.seen().back().line(), "DELETE /hangu-files/a/b?uploadId=a%2Fb%2Bc HTTP/1.1");
}

// S3 may say 200 and then, in the document, that it failed.
TEST(S3Store, an_upload_that_ends_in_an_error_was_not_done) {
    FarStore far([](const LoopbackServer::Request& request) {
        if (request.line().find("?uploads=") != std::string::npos) {
            return answer_of(200, "<I><UploadId>u</UploadId></I>");
        }
        return request.line().starts_with("POST") ? refusal(200, "InternalError")
                                                  : answer_of(200, "", "ETag: \"e\"\r\n");
    });
    EXPECT_EQ(far.put(std::string(200'000, 'x')), "files.unavailable");
    EXPECT_TRUE(far.seen().back().line().starts_with("DELETE "));
}

TEST(S3Store, a_wrong_key_is_refused_by_the_server) {
    TestStores stores(Side::s3);
    S3Options options = stores.options;
    options.key = Secret("not the key");
    const auto wrong = std::move(open_s3_store(*stores.out.egress, options)).value();
    TextSource source("tea");
    const Result<void> put = wrong->put("a", source);
    EXPECT_EQ(put.problem().code, "files.unavailable");
    EXPECT_NE(put.problem().note.find("SignatureDoesNotMatch"), std::string::npos);
    EXPECT_EQ(stores.store->get("a", 0, 10).problem().code, "files.not_found");
    options.key_id = "NOBODY";
    const auto nobody = std::move(open_s3_store(*stores.out.egress, options)).value();
    EXPECT_NE(nobody->get("a", 0, 10).problem().note.find("InvalidAccessKeyId"), std::string::npos);
}

// ---- what we sign, checked by the words of the specification

std::string between(const std::string& text, const std::string& from, const std::string& to) {
    const std::size_t begin = text.find(from) + from.size();
    return text.substr(begin, text.find(to, begin) - begin);
}

// The signature that a server would expect of this request.
std::string expected_signature(const LoopbackServer::Request& request, const std::string& key) {
    const std::string given = request.header("Authorization") + ",";
    const std::string line = request.line();
    const std::string method = line.substr(0, line.find(' '));
    const std::string target = between(line, " ", " ");
    const std::size_t mark = target.find('?');
    std::string lines;
    const std::string names = between(given, "SignedHeaders=", ",");
    for (const std::string_view name : split(names, ';')) {
        std::string value;
        for (const std::string_view header : split(request.head, '\r')) {
            const std::size_t colon = header.find(':');
            if (colon != std::string_view::npos &&
                lower_ascii(header.substr(1, colon - 1)) == name) {
                value = trimmed(header.substr(colon + 1));
            }
        }
        lines += std::string(name) + ":" + value + "\n";
    }
    const std::string canonical = method + "\n" + target.substr(0, mark) + "\n" +
                                  (mark == std::string::npos ? "" : target.substr(mark + 1)) +
                                  "\n" + lines + "\n" + between(given, "SignedHeaders=", ",") +
                                  "\n" + request.header("x-amz-content-sha256");
    const std::string scope = between(given, "Credential=", ",");
    const std::vector<std::string_view> parts = split(scope, '/');
    const std::string to_sign = "AWS4-HMAC-SHA256\n" + request.header("X-Amz-Date") + "\n" +
                                scope.substr(parts[0].size() + 1) + "\n" +
                                to_hex(crypto::sha256(canonical).view());
    std::string secret = "AWS4" + key;
    for (std::size_t i = 1; i < parts.size(); ++i) {
        secret = crypto::hmac_sha256(secret, parts[i]).view();
    }
    return to_hex(crypto::hmac_sha256(secret, to_sign).view());
}

TEST(S3Store, what_is_sent_is_signed_with_its_bodys_digest) {
    FarStore far([](const LoopbackServer::Request& request) {
        return request.line().find("list-type") == std::string::npos
                   ? answer_of(200, "")
                   : answer_of(200, "<ListBucketResult></ListBucketResult>");
    });
    EXPECT_EQ(far.put("tea"), "");
    static_cast<void>(far.get());
    EXPECT_TRUE(far.store().list("t/x/", "t/x/a-b", 7).ok());
    EXPECT_TRUE(far.store().remove("a/b").ok());
    ASSERT_EQ(far.asked(), 4u);
    for (const LoopbackServer::Request& request : far.seen()) {
        const std::string given = request.header("Authorization");
        EXPECT_NE(given.find("/us-east-1/s3/aws4_request"), std::string::npos) << given;
        EXPECT_EQ(given.substr(given.find("Signature=") + 10),
                  expected_signature(request, S3Server::kKey))
            << request.head;
        EXPECT_NE(given.find("x-amz-content-sha256"), std::string::npos);
        EXPECT_EQ(request.header("x-amz-content-sha256"),
                  to_hex(crypto::sha256(request.body).view()));
    }
    EXPECT_EQ(far.seen()[2].line(),
              "GET /hangu-files?list-type=2&max-keys=7&prefix=t%2Fx%2F&start-after=t%2Fx%2Fa-b "
              "HTTP/1.1");
    EXPECT_EQ(far.seen()[3].line(), "DELETE /hangu-files/a/b HTTP/1.1");
}

TEST(S3Store, the_bucket_may_stand_in_the_hosts_name) {
    LoopbackServer far([](const auto&) { return answer_of(200, ""); });
    TestEgress out;
    S3Options options = s3_options(fmt::format("http://localhost:{}/", far.port()));
    options.virtual_host = true;
    const auto store = std::move(open_s3_store(*out.egress, options)).value();
    TextSource source("tea");
    ASSERT_TRUE(store->put("a/b", source).ok());
    const LoopbackServer::Request seen = far.seen().at(0);
    EXPECT_EQ(seen.line(), "PUT /a/b HTTP/1.1");
    EXPECT_EQ(seen.header("Host"), fmt::format("hangu-files.localhost:{}", far.port()));
    const std::string given = seen.header("Authorization");
    EXPECT_EQ(given.substr(given.find("Signature=") + 10),
              expected_signature(seen, S3Server::kKey));
}

TEST(S3Store, options_that_cannot_be_are_refused_at_once) {
    TestEgress out;
    const auto code = [&out](auto change) {
        S3Options options = s3_options("https://s3.test");
        change(options);
        const auto opened = open_s3_store(*out.egress, options);
        return opened.ok() ? "" : opened.problem().code;
    };
    EXPECT_EQ(code([](S3Options&) {}), "");
    for (const std::string endpoint : {"", "s3.test", "ftp://s3.test", "https://s3.test/path",
                                       "https://me:key@s3.test", "https://s3.test?x=1"}) {
        EXPECT_EQ(code([&](S3Options& options) { options.endpoint = endpoint; }),
                  "files.endpoint_invalid")
            << endpoint;
    }
    for (const std::string bucket : {"", "ab", "A-B", "a/b", "../x", "-ab"}) {
        EXPECT_EQ(code([&](S3Options& options) { options.bucket = bucket; }),
                  "files.endpoint_invalid")
            << bucket;
    }
    EXPECT_EQ(code([](S3Options& options) { options.key = Secret(); }), "files.endpoint_invalid");
}

TEST(S3Answers, a_listing_is_read_and_foreign_names_are_left_out) {
    const auto listing = read_listing(
        "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><IsTruncated>true</IsTruncated>"
        "<Contents><Key>a/b</Key><Size>3</Size></Contents>"
        "<Contents><Key>Caf&amp;é</Key><Size>3</Size></Contents>"
        "<Contents><Key>c</Key><Size>-1</Size></Contents>"
        "<Contents><Key>d</Key><Size>4</Size></Contents><Contents><Key>e");
    ASSERT_TRUE(listing);
    EXPECT_TRUE(listing->more);
    ASSERT_EQ(listing->objects.size(), 2u);
    EXPECT_EQ(listing->objects[1].name, "d");
    EXPECT_EQ(listing->objects[1].bytes, 4);
    EXPECT_FALSE(read_listing("<Error></Error>"));
    EXPECT_EQ(element_text("<a>1 &lt; 2 &amp;&amp; &quot;x&quot;</a>", "a"), "1 < 2 && \"x\"");
    EXPECT_EQ(encode_query("a/b c~é"), "a%2Fb%20c~%C3%A9");
}

}  // namespace
}  // namespace hangu::files

#include "platform/http/internal/server_kit_test.hpp"
#include "platform/http/internal/tls.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/stat.h>

namespace hangu::http {
namespace {

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using ClientContext = std::unique_ptr<SSL_CTX, FreeContext>;

ClientContext client_context() {
    return ClientContext(SSL_CTX_new(TLS_client_method()));
}

// A server with self-made certificates.
struct TlsServer {
    TlsServer() { one.handler.text("/", "hello"); }
    static Server::Options options(const std::string& folder) {
        const TestClock clock;
        Server::Options options;
        options.certificates = ensure_self_made_certificates(folder, clock).value();
        return options;
    }
    TestFolder folder;
    TestServer one{options(folder.path())};
};

std::string key_kind(SSL* ssl) {
    X509* const certificate = SSL_get1_peer_certificate(ssl);
    const std::string kind = EVP_PKEY_get0_type_name(X509_get0_pubkey(certificate));
    X509_free(certificate);
    return kind;
}

std::string serial(SSL* ssl) {
    X509* const certificate = SSL_get1_peer_certificate(ssl);
    BIGNUM* const number = ASN1_INTEGER_to_BN(X509_get_serialNumber(certificate), nullptr);
    char* const text = BN_bn2hex(number);
    std::string result = text;
    OPENSSL_free(text);
    BN_free(number);
    X509_free(certificate);
    return result;
}

TEST(SelfMadeCertificates, AreMadeOnceAndKept) {
    const TestFolder folder;
    TestClock clock;
    const auto made = ensure_self_made_certificates(folder.path() + "/tls", clock).value();
    ASSERT_EQ(made.size(), 2U);
    const std::string first = content_of(made[0].chain);
    for (const CertificateFiles& files : made) {
        struct stat info {};
        ASSERT_EQ(::stat(files.key.c_str(), &info), 0);
        EXPECT_EQ(info.st_mode & 0777U, 0600U);
    }
    clock.advance_ms(74 * kDayMs);
    ASSERT_TRUE(ensure_self_made_certificates(folder.path() + "/tls", clock).ok());
    EXPECT_EQ(content_of(made[0].chain), first);
}

TEST(SelfMadeCertificates, AreRenewedInTimeOrWhenBroken) {
    const TestFolder folder;
    TestClock clock;
    const auto made = ensure_self_made_certificates(folder.path(), clock).value();
    std::string before = content_of(made[1].chain);
    clock.advance_ms(76 * kDayMs);
    ASSERT_TRUE(ensure_self_made_certificates(folder.path(), clock).ok());
    EXPECT_NE(content_of(made[1].chain), before);
    before = content_of(made[1].chain);
    std::ofstream(made[1].key, std::ios::trunc) << "broken";
    ASSERT_TRUE(ensure_self_made_certificates(folder.path(), clock).ok());
    EXPECT_NE(content_of(made[1].chain), before);
    before = content_of(made[1].chain);
    ::chmod(made[1].key.c_str(), 0644);
    ASSERT_TRUE(ensure_self_made_certificates(folder.path(), clock).ok());
    EXPECT_NE(content_of(made[1].chain), before);
}

TEST(SelfMadeCertificates, SayWhatBrowsersAskFor) {
    const TestFolder folder;
    const TestClock clock;
    const auto made = ensure_self_made_certificates(folder.path(), clock).value();
    BIO* const bio = BIO_new_file(made[0].chain.c_str(), "r");
    X509* const certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    ASSERT_NE(certificate, nullptr);
    EXPECT_EQ(X509_check_host(certificate, "localhost", 0, 0, nullptr), 1);
    EXPECT_EQ(X509_check_ip_asc(certificate, "127.0.0.1", 0), 1);
    EXPECT_EQ(X509_check_ip_asc(certificate, "::1", 0), 1);
    EXPECT_EQ(X509_get_signature_nid(certificate), NID_sha256WithRSAEncryption);
    EXPECT_EQ(EVP_PKEY_get_bits(X509_get0_pubkey(certificate)), 2048);
    EXPECT_NE(X509_get_extended_key_usage(certificate) & XKU_SSL_SERVER, 0U);
    X509_free(certificate);
    BIO_free(bio);
}

TEST(SelfMadeCertificates, TellWhenTheFolderCannotBeUsed) {
    const TestClock clock;
    const auto made = ensure_self_made_certificates("/proc/nothing/here", clock);
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.problem().code, "tls.certificate_not_made");
}

TEST(Tls, AnswersOverBothVersionsAndBothKindsOfKeys) {
    TlsServer server;
    server.one.start();
    for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        for (const std::string kind : {"RSA", "EC"}) {
            const ClientContext context = client_context();
            SSL_CTX_set_min_proto_version(context.get(), version);
            SSL_CTX_set_max_proto_version(context.get(), version);
            SSL_CTX_set1_sigalgs_list(context.get(),
                                      kind == "RSA" ? "RSA-PSS+SHA256" : "ECDSA+SHA256");
            TestClient client(server.one.server.port(), context.get());
            ASSERT_TRUE(client.connected()) << kind << version;
            EXPECT_EQ(key_kind(client.ssl()), kind);
            EXPECT_EQ(SSL_version(client.ssl()), version);
            EXPECT_EQ(client.ask(get("/")).body, "hello");
            EXPECT_EQ(client.ask(get("/")).body, "hello");
        }
    }
}

TEST(Tls, RefusesOldVersionsAndWeakCiphers) {
    TlsServer server;
    server.one.start();
    const ClientContext old = client_context();
    SSL_CTX_set_security_level(old.get(), 0);
    SSL_CTX_set_min_proto_version(old.get(), TLS1_1_VERSION);
    SSL_CTX_set_max_proto_version(old.get(), TLS1_1_VERSION);
    EXPECT_FALSE(TestClient(server.one.server.port(), old.get()).connected());
    const ClientContext weak = client_context();
    SSL_CTX_set_max_proto_version(weak.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(weak.get(), "AES128-SHA:AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA");
    EXPECT_FALSE(TestClient(server.one.server.port(), weak.get()).connected());
    EXPECT_TRUE(eventually([&] {
        return server.one.metric("http_refused_total{reason=\"handshake_failed\"}") == "2";
    }));
    ERR_clear_error();
}

TEST(Tls, AgreesOnHttp11Only) {
    TlsServer server;
    server.one.start();
    const auto chosen = [&](std::string_view offered) -> std::string {
        const ClientContext context = client_context();
        SSL_CTX_set_alpn_protos(context.get(),
                                reinterpret_cast<const unsigned char*>(offered.data()),
                                static_cast<unsigned int>(offered.size()));
        TestClient client(server.one.server.port(), context.get());
        if (!client.connected()) {
            return "refused";
        }
        const unsigned char* data = nullptr;
        unsigned int size = 0;
        SSL_get0_alpn_selected(client.ssl(), &data, &size);
        return std::string(reinterpret_cast<const char*>(data), size);
    };
    EXPECT_EQ(chosen("\x02h2\x08http/1.1"), "http/1.1");
    EXPECT_EQ(chosen("\x02h2"), "refused");
    EXPECT_EQ(chosen(""), "");
    ERR_clear_error();
}

SSL_SESSION* session_of(TestClient& client) {
    EXPECT_EQ(client.ask(get("/")).status, 200);  // tickets of TLS 1.3 come with the first answer
    SSL_shutdown(client.ssl());  // a session of a connection that broke off is not resumed
    return SSL_get1_session(client.ssl());
}

TEST(Tls, ResumesByTicketAlsoAfterAReloadAndUntilTheKeyIsTooOld) {
    TlsServer server;
    server.one.start();
    const std::uint16_t port = server.one.server.port();
    const ClientContext context = client_context();
    SSL_SESSION* session = nullptr;
    {
        TestClient first(port, context.get());
        EXPECT_EQ(SSL_session_reused(first.ssl()), 0);
        session = session_of(first);
    }
    ASSERT_TRUE(server.one.server.reload_certificates().ok());
    const auto resumes = [&] {
        TestClient again(port, context.get(), session);
        const bool reused = SSL_session_reused(again.ssl()) == 1;
        SSL_shutdown(again.ssl());
        return reused;
    };
    EXPECT_TRUE(resumes());
    const auto pass_ms = [&](std::int64_t ms) {
        const auto date = [&] {
            return TestClient(port, context.get()).ask(get("/")).header("date");
        };
        const std::string before = date();
        server.one.clock.advance_ms(ms);
        const auto is_seen = [&] {
            const std::string now = date();  // "" while the server still takes us for late
            return !now.empty() && now != before;
        };
        EXPECT_TRUE(eventually(is_seen));
    };
    pass_ms(9 * kHourMs);
    EXPECT_TRUE(resumes());
    pass_ms(24 * kHourMs);
    EXPECT_FALSE(resumes());
    SSL_SESSION_free(session);
}

TEST(Tls, NewConnectionsUseReloadedCertificates) {
    TlsServer server;
    server.one.start();
    const std::uint16_t port = server.one.server.port();
    const ClientContext context = client_context();
    TestClient old(port, context.get());
    const std::string before = serial(old.ssl());
    TestClock later;
    later.advance_ms(80 * kDayMs);
    ASSERT_TRUE(ensure_self_made_certificates(server.folder.path(), later).ok());
    EXPECT_EQ(serial(TestClient(port, context.get()).ssl()), before);
    ASSERT_TRUE(server.one.server.reload_certificates().ok());
    EXPECT_NE(serial(TestClient(port, context.get()).ssl()), before);
    EXPECT_EQ(old.ask(get("/")).body, "hello");
}

TEST(Tls, ABrokenReloadKeepsTheOldCertificates) {
    TlsServer server;
    server.one.start();
    std::ofstream(server.folder.path() + "/self_made_rsa.crt", std::ios::trunc) << "broken";
    const Result<void> reloaded = server.one.server.reload_certificates();
    ASSERT_FALSE(reloaded.ok());
    EXPECT_EQ(reloaded.problem().code, "tls.bad_certificate");
    const ClientContext context = client_context();
    TestClient client(server.one.server.port(), context.get());
    EXPECT_EQ(client.ask(get("/")).body, "hello");
}

TEST(Tls, ClosesWhoNeverSpeaks) {
    TlsServer server;
    server.one.start();
    TestClient silent(server.one.server.port());
    ASSERT_TRUE(eventually([&] { return server.one.metric("http_connections") == "1"; }));
    server.one.clock.advance_ms(6000);
    EXPECT_TRUE(silent.hears_end());
    EXPECT_TRUE(eventually([&] {
        return server.one.metric("http_refused_total{reason=\"handshake_timeout\"}") == "1";
    }));
}

TEST(Tls, CarriesLargeBodiesBothWays) {
    TlsServer server;
    server.one.handler.body_limit_of_upload = 4 << 20;
    struct Echo {
        static Task<Response> answer(Request request) {
            Response response;
            response.body = std::move(request.body);
            co_return response;
        }
    };
    server.one.handler.on("/upload", Echo::answer);
    server.one.start();
    std::string body(3 << 20, 'x');
    for (std::size_t i = 0; i < body.size(); i += 97) {
        body[i] = static_cast<char>('a' + i % 26);
    }
    const ClientContext context = client_context();
    TestClient client(server.one.server.port(), context.get());
    for (int i = 0; i < 2; ++i) {
        const Answer answer = client.ask("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                                         std::to_string(body.size()) + "\r\n\r\n" + body);
        EXPECT_EQ(answer.status, 200);
        EXPECT_TRUE(answer.body == body);
    }
}

}  // namespace
}  // namespace hangu::http

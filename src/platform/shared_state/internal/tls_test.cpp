// The encrypted connection: only to the host that the authority signed for.
#include "platform/shared_state/internal/shared_test_kit.hpp"

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>

namespace hangu::shared_state {
namespace {

struct FreeAll {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FreeAll>;

// A certificate that is its own authority, for one host.
void make_certificate(const std::string& folder, const std::string& name, const std::string& host) {
    const std::unique_ptr<EVP_PKEY, FreeAll> key(EVP_EC_gen("P-256"));
    const std::unique_ptr<X509, FreeAll> made(X509_new());
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_set_pubkey(made.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("shared state test"), -1, -1,
                               0);
    X509_set_issuer_name(made.get(), subject);
    X509_EXTENSION* names =
        X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, ("IP:" + host).c_str());
    X509_add_ext(made.get(), names, -1);
    X509_EXTENSION_free(names);
    ASSERT_GT(X509_sign(made.get(), key.get(), EVP_sha256()), 0);
    const File certificate(std::fopen((folder + "/" + name + ".crt").c_str(), "w"));
    PEM_write_X509(certificate.get(), made.get());
    const File secret(std::fopen((folder + "/" + name + ".key").c_str(), "w"));
    PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
}

std::uint16_t free_port() {
    const int one = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(::bind(one, reinterpret_cast<sockaddr*>(&address), size), 0);
    ::getsockname(one, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(one);
    return ntohs(address.sin_port);
}

class Encrypted : public ::testing::Test {
 protected:
    // The server takes encrypted connections on `port_` and shows a certificate for `host`.
    void start(const std::string& host) {
        make_certificate(folder_.path(), "server", host);
        make_certificate(folder_.path(), "other", "127.0.0.1");
        server_ = std::make_unique<testing::RedisServer>(
            folder_.path() + "/redis",
            std::vector<std::string>{
                "--bind", "127.0.0.1", "--tls-port", std::to_string(port_), "--tls-cert-file",
                folder_.path() + "/server.crt", "--tls-key-file", folder_.path() + "/server.key",
                "--tls-ca-cert-file", folder_.path() + "/server.crt", "--tls-auth-clients", "no"});
    }
    Server account(const std::string& authority) const {
        Server server;
        server.host = "127.0.0.1";
        server.port = port_;
        server.tls_ca = authority.empty() ? "" : folder_.path() + "/" + authority + ".crt";
        server.user = testing::RedisServer::kUser;
        server.password = Secret(testing::RedisServer::kPassword);
        return server;
    }
    std::string refusal(const std::string& authority) const {
        const Result<std::string> checked = check_server(account(authority), 30'000);
        return checked.ok() ? "" : checked.problem().detail;
    }

    TestFolder folder_;
    std::uint16_t port_ = free_port();
    std::unique_ptr<testing::RedisServer> server_;
};

TEST_F(Encrypted, the_authoritys_server_is_spoken_with) {
    start("127.0.0.1");
    EXPECT_EQ(refusal("server"), "");
    TestClock clock;
    SharedState::Options options;
    options.server = account("server");
    Node node(std::move(options), clock, folder_.path() + "/log");
    node.state.settle_and_wait();
    EXPECT_TRUE(node.state.health().connected) << node.state.health().detail;
    EXPECT_EQ(node.take_once("n"), Taken::first);
    EXPECT_EQ(node.take_once("n"), Taken::seen_before);
    const std::string large(kNoteBytesMax, 'x');
    for (int i = 0; i < 50; ++i) {
        EXPECT_TRUE(node.put(std::to_string(i), large));
    }
    std::atomic<int> right{0};
    std::atomic<int> answered{0};
    for (int i = 0; i < 50; ++i) {  // many at once: more than one record, more than one read
        node.state.notes().get("test", std::to_string(i), [&](Note note) {
            right += note.value == large ? 1 : 0;
            ++answered;
        });
    }
    std::mutex mutex;
    std::condition_variable nobody;
    std::unique_lock lock(mutex);
    while (answered < 50) {
        nobody.wait_for(lock, std::chrono::milliseconds(2));
    }
    EXPECT_EQ(right, 50);
}

TEST_F(Encrypted, another_authoritys_server_is_refused) {
    start("127.0.0.1");
    EXPECT_NE(refusal("other").find("certificate verify failed"), std::string::npos)
        << refusal("other");
    EXPECT_NE(refusal("missing").find("cannot use"), std::string::npos);
    EXPECT_NE(refusal(""), "");  // in the clear it answers nothing useful
}

TEST_F(Encrypted, a_certificate_for_another_host_is_refused) {
    start("127.0.0.2");
    EXPECT_NE(refusal("server").find("certificate verify failed"), std::string::npos)
        << refusal("server");
}

}  // namespace
}  // namespace hangu::shared_state

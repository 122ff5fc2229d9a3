// Self-made certificates, so that a fresh installation speaks TLS from its first second.
#include "base/randomness.hpp"
#include "platform/http/server.hpp"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hangu::http {
namespace {

constexpr std::int64_t kLifeMs = 90 * kDayMs;
constexpr std::int64_t kRenewedWhenLeftMs = 15 * kDayMs;
constexpr std::int64_t kClockSlackMs = kHourMs;  // clocks of clients may be behind
constexpr const char* kNames = "DNS:localhost,IP:127.0.0.1,IP:::1";

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free>>;

Problem failed(const std::string& what) {
    ERR_clear_error();
    return Problem::unavailable("tls.certificate_not_made", "A certificate could not be made.")
        .with_note(what);
}

bool add_extension(X509* certificate, int id, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    using Extension = std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>>;
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value));
    return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof(bytes)) != 1) {
        return false;
    }
    bytes[0] = static_cast<unsigned char>((bytes[0] & 0x3FU) | 0x40U);  // positive, full length
    using Number = std::unique_ptr<BIGNUM, Freer<BN_free>>;
    const Number number(BN_bin2bn(bytes, sizeof(bytes), nullptr));
    return number &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_validity(X509* certificate, Time now) {
    const Time from = now.plus_ms(-kClockSlackMs);
    const Time to = now.plus_ms(kLifeMs);
    return ASN1_TIME_set(X509_getm_notBefore(certificate), from.unix_ms() / kSecondMs) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(certificate), to.unix_ms() / kSecondMs) != nullptr;
}

Certificate make_certificate(EVP_PKEY* key, bool rsa, Time now) {
    Certificate certificate(X509_new());
    X509* const raw = certificate.get();
    if (raw == nullptr || X509_set_version(raw, X509_VERSION_3) != 1 || !set_serial(raw) ||
        !set_validity(raw, now) || X509_set_pubkey(raw, key) != 1) {
        return nullptr;
    }
    X509_NAME* const name = X509_get_subject_name(raw);
    const auto* common_name = reinterpret_cast<const unsigned char*>("localhost");
    if (X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common_name, -1, -1, 0) != 1 ||
        X509_set_issuer_name(raw, name) != 1) {
        return nullptr;
    }
    const char* const usage =
        rsa ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature";
    const bool extended = add_extension(raw, NID_basic_constraints, "critical,CA:FALSE") &&
                          add_extension(raw, NID_key_usage, usage) &&
                          add_extension(raw, NID_ext_key_usage, "serverAuth") &&
                          add_extension(raw, NID_subject_key_identifier, "hash") &&
                          add_extension(raw, NID_subject_alt_name, kNames);
    if (!extended || X509_sign(raw, key, EVP_sha256()) <= 0) {
        return nullptr;
    }
    return certificate;
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

// Whole or not at all: a temporary file beside, synced, renamed.
bool write_file(const std::string& path, const std::string& text, mode_t mode) {
    const std::string temporary = path + ".new";
    ::unlink(temporary.c_str());
    const int file =
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0) {
        return false;
    }
    const bool written =
        ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(file) == 0;
    ::close(file);
    return written && ::rename(temporary.c_str(), path.c_str()) == 0;
}

bool is_good(const CertificateFiles& files, Time now) {
    const Bio chain(BIO_new_file(files.chain.c_str(), "r"));
    const Bio key_file(BIO_new_file(files.key.c_str(), "r"));
    if (!chain || !key_file) {
        return false;
    }
    const Certificate certificate(PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr));
    const Key key(PEM_read_bio_PrivateKey(key_file.get(), nullptr, nullptr, nullptr));
    if (!certificate || !key || X509_check_private_key(certificate.get(), key.get()) != 1) {
        return false;
    }
    time_t from = now.unix_ms() / kSecondMs;
    time_t until = now.plus_ms(kRenewedWhenLeftMs).unix_ms() / kSecondMs;
    struct stat info {};
    return X509_cmp_time(X509_get0_notBefore(certificate.get()), &from) < 0 &&
           X509_cmp_time(X509_get0_notAfter(certificate.get()), &until) > 0 &&
           ::stat(files.key.c_str(), &info) == 0 && (info.st_mode & 077U) == 0;
}

Result<void> make_files(const CertificateFiles& files, bool rsa, Time now) {
    const Key key(rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256"));
    if (!key) {
        return failed("key generation");
    }
    const Certificate certificate = make_certificate(key.get(), rsa, now);
    if (!certificate) {
        return failed("signing");
    }
    const Bio key_text(BIO_new(BIO_s_mem()));
    const Bio chain_text(BIO_new(BIO_s_mem()));
    if (!key_text || !chain_text ||
        PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                 nullptr) != 1 ||
        PEM_write_bio_X509(chain_text.get(), certificate.get()) != 1) {
        return failed("encoding");
    }
    if (!write_file(files.key, text_of(key_text.get()), 0600) ||
        !write_file(files.chain, text_of(chain_text.get()), 0644)) {
        return failed(files.chain + ": " + std::strerror(errno));
    }
    return {};
}

}  // namespace

Result<std::vector<CertificateFiles>> ensure_self_made_certificates(const std::string& folder,
                                                                    const Clock& clock) {
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error) {
        return failed(folder + ": " + error.message());
    }
    std::vector<CertificateFiles> made;
    for (const bool rsa : {true, false}) {
        const std::string stem = folder + (rsa ? "/self_made_rsa" : "/self_made_ecdsa");
        CertificateFiles files;
        files.chain = stem + ".crt";
        files.key = stem + ".key";
        if (!is_good(files, clock.now())) {
            ERR_clear_error();
            HANGU_CHECK(make_files(files, rsa, clock.now()));
        }
        made.push_back(std::move(files));
    }
    return made;
}

}  // namespace hangu::http

// The OpenSSL objects this module keeps: algorithms fetched once, and keyed contexts that live and
// are wiped with the key they belong to.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <atomic>
#include <memory>
#include <string_view>

namespace hangu::crypto {

// Fetched at first use and kept until the process ends: fetching costs more than encrypting.
struct Algorithms {
    EVP_MAC* hmac = nullptr;
    EVP_CIPHER* aes_256_gcm = nullptr;
};
const Algorithms& algorithms();

// Throws with OpenSSL's reason, and empties its error queue so that TLS does not find it later.
[[noreturn]] void throw_openssl(std::string_view what);

inline void require_openssl(int returned, std::string_view what) {
    if (returned != 1) {
        throw_openssl(what);
    }
}

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
template <class Context>
using Owned = std::unique_ptr<Context, FreeContext>;

inline const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* bytes_of(char* text) {
    return reinterpret_cast<unsigned char*>(text);
}

// Keyed contexts that no thread is using right now. Whoever needs one takes it, or makes one when
// the shelf is empty; what does not fit on return is freed. The shelf belongs to its key, so a key
// that is destroyed leaves no keyed context behind, which a cache per thread could not promise.
template <class Context>
class Shelf {
 public:
    static constexpr std::size_t kKeptMax = 4;

    Shelf() = default;
    Shelf(const Shelf&) = delete;
    Shelf& operator=(const Shelf&) = delete;
    ~Shelf() {
        for (std::atomic<Context*>& place : places_) {
            FreeContext{}(place.load());
        }
    }

    Owned<Context> take() {
        for (std::atomic<Context*>& place : places_) {
            if (place.load(std::memory_order_relaxed) == nullptr) {
                continue;
            }
            if (Context* found = place.exchange(nullptr, std::memory_order_acquire)) {
                return Owned<Context>(found);
            }
        }
        return nullptr;
    }

    void give_back(Owned<Context> context) {
        for (std::atomic<Context*>& place : places_) {
            Context* none = nullptr;
            if (place.compare_exchange_strong(none, context.get(), std::memory_order_release,
                                              std::memory_order_relaxed)) {
                static_cast<void>(context.release());
                return;
            }
        }
    }

 private:
    std::array<std::atomic<Context*>, kKeptMax> places_{};
};

}  // namespace hangu::crypto

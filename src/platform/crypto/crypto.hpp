// Cryptography: digests, sealing, blind indexes, key ring, password hashing, buffered randomness.
// Everything stands on OpenSSL 3 and libargon2; algorithms are fetched once and contexts are kept.
#pragma once

#include "base/id.hpp"
#include "base/randomness.hpp"
#include "base/result.hpp"
#include "base/sealed.hpp"
#include "base/secret.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::crypto {

// 32 bytes of SHA-256.
struct Digest {
    std::array<char, 32> bytes{};
    std::string_view view() const { return {bytes.data(), bytes.size()}; }
    friend bool operator==(const Digest&, const Digest&) = default;
};

Digest sha256(std::string_view data);
Digest sha256(std::initializer_list<std::string_view> parts);  // of the concatenation
Digest hmac_sha256(std::string_view key, std::string_view data);

// The operating system's generator, buffered per thread (4 KB a time). Thread-safe; a forked child
// starts with an empty buffer, and bytes that were given out are wiped.
class SystemRandomness final : public Randomness {
 public:
    void fill(std::span<std::byte> out) override;
};

// Where a sealed value lives. Sealing binds it to this place: a ciphertext moved to another tenant,
// field or row does not open.
struct Place {
    TenantId tenant;
    std::uint64_t field = 0;  // field_id("member.phone")
    std::int64_t row = 0;
};

// First 8 bytes of SHA-256 of "table.column", big endian. Stable for ever.
std::uint64_t field_id(std::string_view table_and_column);

// One wrapped key as it is stored. The wrapping is AES-256-GCM under the parent key with tenant,
// purpose and key id as associated data.
struct WrappedKey {
    std::uint32_t key_id = 0;   // unique per tenant, never 0, never used again
    std::string purpose;        // "kek", "blind", "derive", or the name of a KeyClass
    std::uint32_t version = 1;  // 1, 2, … per purpose
    std::string state;          // "active", "decrypt_only"
    std::string wrapped;
};

// Where wrapped keys are kept; implemented above (the control database).
class KeyStore {
 public:
    virtual ~KeyStore() = default;
    virtual std::vector<WrappedKey> load(TenantId tenant) = 0;
    virtual void save(TenantId tenant, const std::vector<WrappedKey>& keys) = 0;
};

// The opened keys of one tenant. Thread-safe: each use takes a keyed context of its own. Keys and
// contexts are wiped when the last holder lets go.
class TenantKeys {
 public:
    virtual ~TenantKeys() = default;

    // version(1) ‖ algorithm(1) ‖ key id(4, big endian) ‖ nonce(12) ‖ AES-256-GCM ‖ tag(16):
    // 34 bytes more than the plain text (64 MiB at most). Associated data: "hg1" ‖ tenant ‖ field ‖
    // row ‖ key id. `place.tenant` is the tenant whose keys these are.
    virtual std::string seal(KeyClass key_class, const Place& place, std::string_view plain) = 0;

    // Throws SealBroken when the value was changed, moved or belongs to another key.
    virtual std::string open(const Place& place, std::string_view sealed) = 0;

    // version(1) ‖ first 16 bytes (full) or 2 bytes of HMAC-SHA256 under the field's blind key.
    virtual std::string blind(std::uint64_t field, std::string_view normalised, bool full) = 0;

    // 32 bytes for another purpose of this tenant ("app_key", "session"): HMAC-SHA256 of the label
    // under the "derive" key, which no sealing and no blind index uses.
    virtual Secret derived(std::string_view label) = 0;
};

class SealBroken : public std::runtime_error {
 public:
    using std::runtime_error::runtime_error;
};

// Reads the root key file, or makes it (32 random bytes as 64 hex digits, mode 0400, parent folder
// 0700) when `may_create`. Problems, with the mend in `detail`: "root_key.missing",
// "root_key.unsafe" (others may read it, or another user owns it), "root_key.malformed",
// "root_key.unreadable" (the operating system's reason).
Result<Secret> load_root_key(const std::string& path, bool may_create, Randomness& randomness);

// Opens tenants' keys through the root key and keeps the most recently used ones. Thread-safe, if
// the store and the randomness are; both must outlive the ring and every TenantKeys it gave out.
class KeyRing {
 public:
    KeyRing(Secret root_key, KeyStore& store, Randomness& randomness,
            std::size_t tenants_count_max = 4096);
    ~KeyRing();

    // Makes and stores the keys of a new tenant. Bug if it has some: they would be lost.
    std::shared_ptr<TenantKeys> create(TenantId tenant);
    // Throws SealBroken when the stored keys do not open under this root key; Bug if there are
    // none.
    std::shared_ptr<TenantKeys> open(TenantId tenant);
    // The next open() reads the store again. Those who hold the keys keep them.
    void forget(TenantId tenant);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

// Argon2id in the PHC string format.
struct PasswordCost {
    std::uint32_t memory_kib = 19 * 1024;
    std::uint32_t passes = 2;
    std::uint32_t lanes = 1;
};
std::string hash_password(const Secret& password, const PasswordCost& cost, Randomness& randomness);
// False also for what is not an Argon2id string, or asks for more than 256 MiB, 64 passes, 16
// lanes.
bool verify_password(const Secret& password, std::string_view phc);
bool needs_rehash(std::string_view phc, const PasswordCost& cost);

// Hashing takes about 35 ms of CPU and 19 MiB: it runs on a few threads with a short queue. A full
// queue sheds: `run` returns false at once and the work is not done. The destructor finishes what
// was accepted. Work hands its outcome over itself; an exception that leaves it is lost.
class HashPool {
 public:
    HashPool(std::size_t threads, std::size_t queue_count_max);
    ~HashPool();
    bool run(std::function<void()> work);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hangu::crypto

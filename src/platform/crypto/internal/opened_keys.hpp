// The keys of one tenant in the clear, and what they do.
#pragma once

#include "platform/crypto/crypto.hpp"
#include "platform/crypto/internal/envelope.hpp"
#include "platform/crypto/internal/hmac_key.hpp"

#include <array>
#include <memory>
#include <shared_mutex>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hangu::crypto {

constexpr std::string_view kKekPurpose = "kek";
constexpr std::string_view kBlindPurpose = "blind";
constexpr std::string_view kDerivePurpose = "derive";
constexpr std::string_view kActive = "active";
constexpr std::uint32_t kRootKeyId = 0;

// In the order of KeyClass. Stored for ever.
constexpr std::array<std::string_view, 7> kClassPurposes{
    "contact", "identity", "payment", "credential", "file", "log", "backup"};
static_assert(kClassPurposes.size() == static_cast<std::size_t>(KeyClass::backup) + 1);

class OpenedKeys final : public TenantKeys {
 public:
    OpenedKeys(TenantId tenant, Randomness& randomness);

    // While being built, by one thread.
    void add(const WrappedKey& about, Secret key);
    void require_complete() const;

    std::string seal(KeyClass key_class, const Place& place, std::string_view plain) override;
    std::string open(const Place& place, std::string_view sealed) override;
    std::string blind(std::uint64_t field, std::string_view normalised, bool full) override;
    Secret derived(std::string_view label) override;

 private:
    struct DataKey {
        DataKey(std::uint32_t key_id, Secret bytes) : id(key_id), key(std::move(bytes)) {}
        std::uint32_t id;
        GcmKey key;
    };
    DataKey* find(std::uint32_t key_id) const;
    std::shared_ptr<HmacKey> blind_key(std::uint64_t field);

    TenantId tenant_;
    Randomness& randomness_;
    std::vector<std::unique_ptr<DataKey>> data_keys_;
    std::array<DataKey*, kClassPurposes.size()> active_{};
    std::unique_ptr<HmacKey> blind_master_;
    char blind_version_ = 0;
    std::unique_ptr<HmacKey> derive_master_;
    std::shared_mutex blind_keys_mutex_;
    std::unordered_map<std::uint64_t, std::shared_ptr<HmacKey>> blind_keys_;
};

}  // namespace hangu::crypto

#include "base/check.hpp"
#include "platform/crypto/internal/opened_keys.hpp"
#include "platform/crypto/internal/tenant_keys.hpp"

#include <map>

namespace hangu::crypto {

namespace {

constexpr std::size_t kKeysCountMax = 4096;  // of one tenant, all versions

// "hgw" ‖ tenant ‖ key id ‖ purpose: a wrapping copied to another tenant or purpose does not open.
std::string wrapping_place(TenantId tenant, std::uint32_t key_id, std::string_view purpose) {
    std::string place = "hgw";
    append_number(place, static_cast<std::uint64_t>(tenant.value()), 8);
    append_number(place, key_id, 4);
    place += purpose;
    return place;
}

Secret unwrap(GcmKey& parent, TenantId tenant, const WrappedKey& key) {
    std::optional<std::string> plain;
    if (envelope_key_id(key.wrapped)) {
        plain = parent.open(wrapping_place(tenant, key.key_id, key.purpose), key.wrapped);
    }
    if (!plain || plain->size() != kKeyBytes) {
        throw SealBroken("key " + std::to_string(key.key_id) + " (" + key.purpose + ") of tenant " +
                         tenant.text() + " does not open");
    }
    return Secret(std::move(*plain));
}

// Every version of the tenant's KEK that was stored, by key id.
std::map<std::uint32_t, std::unique_ptr<GcmKey>> unwrap_keks(GcmKey& root, TenantId tenant,
                                                             const std::vector<WrappedKey>& keys) {
    std::map<std::uint32_t, std::unique_ptr<GcmKey>> keks;
    for (const WrappedKey& key : keys) {
        if (key.purpose == kKekPurpose) {
            keks[key.key_id] = std::make_unique<GcmKey>(unwrap(root, tenant, key));
        }
    }
    return keks;
}

}  // namespace

std::vector<WrappedKey> make_wrapped_keys(GcmKey& root, TenantId tenant, Randomness& randomness) {
    std::vector<WrappedKey> made;
    const auto wrap = [&](GcmKey& parent, std::uint32_t parent_id, std::string_view purpose,
                          const Secret& key) {
        const auto id = static_cast<std::uint32_t>(made.size() + 1);
        made.push_back({id, std::string(purpose), 1, std::string(kActive),
                        parent.seal(parent_id, wrapping_place(tenant, id, purpose), key.expose(),
                                    randomness)});
        return id;
    };
    const Secret kek_bytes(randomness.bytes(kKeyBytes));
    GcmKey kek(kek_bytes);
    const std::uint32_t kek_id = wrap(root, kRootKeyId, kKekPurpose, kek_bytes);
    wrap(kek, kek_id, kBlindPurpose, Secret(randomness.bytes(kKeyBytes)));
    wrap(kek, kek_id, kDerivePurpose, Secret(randomness.bytes(kKeyBytes)));
    for (const std::string_view purpose : kClassPurposes) {
        wrap(kek, kek_id, purpose, Secret(randomness.bytes(kKeyBytes)));
    }
    return made;
}

std::shared_ptr<TenantKeys> open_wrapped_keys(GcmKey& root, TenantId tenant,
                                              const std::vector<WrappedKey>& wrapped,
                                              Randomness& randomness) {
    HANGU_ASSERT(wrapped.size() <= kKeysCountMax);
    const auto keks = unwrap_keks(root, tenant, wrapped);
    auto opened = std::make_shared<OpenedKeys>(tenant, randomness);
    for (const WrappedKey& key : wrapped) {
        if (key.purpose == kKekPurpose) {
            continue;
        }
        const std::optional<std::uint32_t> parent_id = envelope_key_id(key.wrapped);
        const auto parent = parent_id ? keks.find(*parent_id) : keks.end();
        if (parent == keks.end()) {
            throw SealBroken("key " + std::to_string(key.key_id) + " of tenant " + tenant.text() +
                             " is wrapped under a key that is not there");
        }
        opened->add(key, unwrap(*parent->second, tenant, key));
    }
    opened->require_complete();
    return opened;
}

}  // namespace hangu::crypto

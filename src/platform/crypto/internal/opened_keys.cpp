#include "platform/crypto/internal/opened_keys.hpp"

#include "base/check.hpp"

#include <mutex>

namespace hangu::crypto {

namespace {

constexpr std::size_t kBlindKeysCountMax = 256;  // kept; more fields than that derive each time
constexpr std::size_t kFullBlindBytes = 16;
constexpr std::size_t kShortBlindBytes = 2;

constexpr std::size_t kPlaceBytes = 31;

// "hg1" ‖ tenant ‖ field ‖ row ‖ key id, fixed width.
std::array<char, kPlaceBytes> associated_data(const Place& place, std::uint32_t key_id) {
    std::array<char, kPlaceBytes> out{'h', 'g', '1'};
    put_number(out.data() + 3, static_cast<std::uint64_t>(place.tenant.value()), 8);
    put_number(out.data() + 11, place.field, 8);
    put_number(out.data() + 19, static_cast<std::uint64_t>(place.row), 8);
    put_number(out.data() + 27, key_id, 4);
    return out;
}

std::string_view view(const std::array<char, kPlaceBytes>& bytes) {
    return {bytes.data(), bytes.size()};
}

}  // namespace

OpenedKeys::OpenedKeys(TenantId tenant, Randomness& randomness)
    : tenant_(tenant), randomness_(randomness) {}

void OpenedKeys::add(const WrappedKey& about, Secret key) {
    const bool active = about.state == kActive;
    if (about.purpose == kBlindPurpose || about.purpose == kDerivePurpose) {
        const bool blind = about.purpose == kBlindPurpose;
        std::unique_ptr<HmacKey>& master = blind ? blind_master_ : derive_master_;
        if (!active) {
            return;
        }
        HANGU_ASSERT(master == nullptr);
        HANGU_ASSERT(about.version >= 1 && about.version <= 255);
        master = std::make_unique<HmacKey>(std::move(key));
        if (blind) {
            blind_version_ = static_cast<char>(about.version);
        }
        return;
    }
    const auto found = std::find(kClassPurposes.begin(), kClassPurposes.end(), about.purpose);
    HANGU_ASSERT(found != kClassPurposes.end());
    HANGU_ASSERT(about.key_id != 0 && find(about.key_id) == nullptr);
    data_keys_.push_back(std::make_unique<DataKey>(about.key_id, std::move(key)));
    if (active) {
        DataKey*& place = active_[static_cast<std::size_t>(found - kClassPurposes.begin())];
        HANGU_ASSERT(place == nullptr);
        place = data_keys_.back().get();
    }
}

void OpenedKeys::require_complete() const {
    const bool all_classes = std::find(active_.begin(), active_.end(), nullptr) == active_.end();
    if (!all_classes || blind_master_ == nullptr || derive_master_ == nullptr) {
        throw SealBroken("tenant " + tenant_.text() + " lacks an active key of some purpose");
    }
}

OpenedKeys::DataKey* OpenedKeys::find(std::uint32_t key_id) const {
    for (const std::unique_ptr<DataKey>& key : data_keys_) {
        if (key->id == key_id) {
            return key.get();
        }
    }
    return nullptr;
}

std::string OpenedKeys::seal(KeyClass key_class, const Place& place, std::string_view plain) {
    HANGU_ASSERT(place.tenant == tenant_);
    DataKey& key = *active_[static_cast<std::size_t>(key_class)];
    return key.key.seal(key.id, view(associated_data(place, key.id)), plain, randomness_);
}

std::string OpenedKeys::open(const Place& place, std::string_view sealed) {
    const std::optional<std::uint32_t> key_id = envelope_key_id(sealed);
    if (!key_id) {
        throw SealBroken("not a sealed value");
    }
    DataKey* key = find(*key_id);
    if (key == nullptr) {
        throw SealBroken("sealed under a key this tenant does not have");
    }
    std::optional<std::string> plain = key->key.open(view(associated_data(place, *key_id)), sealed);
    if (!plain) {
        throw SealBroken("changed, or moved from another tenant, field or row");
    }
    return std::move(*plain);
}

std::shared_ptr<HmacKey> OpenedKeys::blind_key(std::uint64_t field) {
    {
        const std::shared_lock lock(blind_keys_mutex_);
        const auto found = blind_keys_.find(field);
        if (found != blind_keys_.end()) {
            return found->second;
        }
    }
    std::array<char, 8> label{};
    put_number(label.data(), field, label.size());
    const Digest digest = blind_master_->of({std::string_view(label.data(), label.size())});
    auto made = std::make_shared<HmacKey>(Secret(std::string(digest.view())));
    const std::unique_lock lock(blind_keys_mutex_);
    if (blind_keys_.size() < kBlindKeysCountMax) {
        return blind_keys_.try_emplace(field, std::move(made)).first->second;
    }
    return made;
}

std::string OpenedKeys::blind(std::uint64_t field, std::string_view normalised, bool full) {
    const Digest digest = blind_key(field)->of({normalised});
    std::string out(1, blind_version_);
    out += digest.view().substr(0, full ? kFullBlindBytes : kShortBlindBytes);
    return out;
}

Secret OpenedKeys::derived(std::string_view label) {
    return Secret(std::string(derive_master_->of({label}).view()));
}

}  // namespace hangu::crypto

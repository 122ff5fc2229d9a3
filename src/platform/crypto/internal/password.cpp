#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <argon2.h>

#include <charconv>
#include <optional>
#include <stdexcept>

namespace hangu::crypto {

namespace {

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kPhcBytesMax = 256;
constexpr std::uint32_t kMemoryKibMax = 256 * 1024;
constexpr std::uint32_t kPassesMax = 64;
constexpr std::uint32_t kLanesMax = 16;

// Takes "<prefix><number>" off the front of `text`.
bool take(std::string_view& text, std::string_view prefix, std::uint32_t& number) {
    if (!text.starts_with(prefix)) {
        return false;
    }
    text.remove_prefix(prefix.size());
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) {
        return false;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

// The cost of "$argon2id$v=19$m=19456,t=2,p=1$salt$hash". Nothing when it is another algorithm or
// version, or asks for more than we would ever spend on one password.
std::optional<PasswordCost> cost_of(std::string_view phc) {
    std::uint32_t version = 0;
    PasswordCost cost;
    if (phc.size() > kPhcBytesMax || phc.find('\0') != std::string_view::npos ||
        !take(phc, "$argon2id$v=", version) || version != ARGON2_VERSION_13 ||
        !take(phc, "$m=", cost.memory_kib) || !take(phc, ",t=", cost.passes) ||
        !take(phc, ",p=", cost.lanes) || !phc.starts_with('$')) {
        return std::nullopt;
    }
    if (cost.memory_kib > kMemoryKibMax || cost.passes > kPassesMax || cost.lanes > kLanesMax) {
        return std::nullopt;
    }
    return cost;
}

}  // namespace

std::string hash_password(const Secret& password, const PasswordCost& cost,
                          Randomness& randomness) {
    HANGU_ASSERT(cost.memory_kib <= kMemoryKibMax && cost.passes <= kPassesMax &&
                 cost.lanes <= kLanesMax);
    const std::string salt = randomness.bytes(kSaltBytes);
    std::string phc(kPhcBytesMax, '\0');
    const std::string_view text = password.expose();
    const int error =
        argon2id_hash_encoded(cost.passes, cost.memory_kib, cost.lanes, text.data(), text.size(),
                              salt.data(), salt.size(), kHashBytes, phc.data(), phc.size());
    if (error != ARGON2_OK) {
        throw std::runtime_error(std::string("Argon2id failed: ") + argon2_error_message(error));
    }
    phc.resize(phc.find('\0'));
    return phc;
}

bool verify_password(const Secret& password, std::string_view phc) {
    if (!cost_of(phc)) {
        return false;
    }
    const std::string_view text = password.expose();
    const int error = argon2id_verify(std::string(phc).c_str(), text.data(), text.size());
    if (error == ARGON2_MEMORY_ALLOCATION_ERROR || error == ARGON2_THREAD_FAIL) {
        throw std::runtime_error(std::string("Argon2id failed: ") + argon2_error_message(error));
    }
    return error == ARGON2_OK;
}

bool needs_rehash(std::string_view phc, const PasswordCost& cost) {
    const std::optional<PasswordCost> found = cost_of(phc);
    return !found || found->memory_kib != cost.memory_kib || found->passes != cost.passes ||
           found->lanes != cost.lanes;
}

}  // namespace hangu::crypto

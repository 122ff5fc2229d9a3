// open() of arbitrary bytes throws SealBroken and never crashes; a genuine value that the input
// changed does not open either, and one it left alone does.
#include "platform/crypto/crypto.hpp"
#include "platform/crypto/internal/test_keys.hpp"

#include <cstdlib>

namespace {

using namespace hangu;
using namespace hangu::crypto;

constexpr TenantId kTenant{101};
const Place kPlace{kTenant, 5, 7};
const std::string kPlain = "+8613812345678";

struct World {
    MemoryKeyStore store;
    SeededRandomness randomness{1};
    KeyRing ring{test_root_key(), store, randomness};
    std::shared_ptr<TenantKeys> keys = ring.create(kTenant);
    std::string genuine = keys->seal(KeyClass::contact, kPlace, kPlain);
};

World& world() {
    static World made;
    return made;
}

bool opens(std::string_view sealed) {
    try {
        return world().keys->open(kPlace, sealed) == kPlain;
    } catch (const SealBroken&) {
        return false;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string& genuine = world().genuine;
    if (opens(input) != (input == genuine)) {
        std::abort();
    }
    std::string changed = genuine;
    for (std::size_t i = 0; i < changed.size() && i < input.size(); ++i) {
        changed[i] = static_cast<char>(changed[i] ^ input[i]);
    }
    if (opens(changed) != (changed == genuine)) {
        std::abort();
    }
    static_cast<void>(verify_password(Secret("x"), input.substr(0, 20)));
    static_cast<void>(needs_rehash(input, PasswordCost{}));
    return 0;
}

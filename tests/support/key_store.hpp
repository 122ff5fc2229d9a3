// Wrapped keys in memory.
#pragma once

#include "platform/crypto/crypto.hpp"

#include <map>
#include <mutex>
#include <vector>

namespace hangu::testing {

class MemoryKeyStore final : public crypto::KeyStore {
 public:
    std::vector<crypto::WrappedKey> load(TenantId tenant) override {
        const std::lock_guard lock(mutex_);
        return keys_[tenant.value()];
    }
    void save(TenantId tenant, const std::vector<crypto::WrappedKey>& keys) override {
        const std::lock_guard lock(mutex_);
        keys_[tenant.value()] = keys;
    }

 private:
    std::mutex mutex_;
    std::map<std::int64_t, std::vector<crypto::WrappedKey>> keys_;
};

}  // namespace hangu::testing

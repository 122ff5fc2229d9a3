// What the tests of this module share.
#pragma once

#include "platform/crypto/crypto.hpp"

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace hangu::crypto {

class MemoryKeyStore final : public KeyStore {
 public:
    std::vector<WrappedKey> load(TenantId tenant) override {
        const std::lock_guard lock(mutex_);
        ++loads_count_;
        return keys_[tenant];
    }
    void save(TenantId tenant, const std::vector<WrappedKey>& keys) override {
        const std::lock_guard lock(mutex_);
        keys_[tenant] = keys;
    }

    int loads_count() const { return loads_count_; }
    std::vector<WrappedKey>& of(TenantId tenant) { return keys_[tenant]; }

 private:
    std::mutex mutex_;
    std::map<TenantId, std::vector<WrappedKey>> keys_;
    int loads_count_ = 0;
};

inline Secret test_root_key(char fill = 'r') {
    return Secret(std::string(32, fill));
}

}  // namespace hangu::crypto

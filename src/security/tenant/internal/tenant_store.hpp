// All SQL of the tenant module, on the control database.
#pragma once

#include "platform/crypto/crypto.hpp"
#include "platform/storage/tx.hpp"
#include "security/tenant/tenant.hpp"

#include <vector>

namespace hangu::tenant {

class TenantStore {
 public:
    explicit TenantStore(storage::ControlTx& tx) : tx_(tx) {}

    bool add(const Tenant& tenant);  // false: the code is taken
    std::vector<Tenant> all();
    // False: the tenant is not in that state.
    bool set_state(TenantId id, State from, State to, std::string_view reason);
    void remove(TenantId id);  // the row and its keys

    std::vector<crypto::WrappedKey> keys(TenantId tenant);
    void save_key(TenantId tenant, const crypto::WrappedKey& key);

 private:
    storage::ControlTx& tx_;
};

}  // namespace hangu::tenant

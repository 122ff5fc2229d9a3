#include "security/open_api/open_api.hpp"

namespace hangu::open_api {

http::Gate* Gates::gate_of(http::Realm realm) const {
    for (const RealmGate& gate : gates_) {
        if (gate.first == realm) {
            return gate.second;
        }
    }
    return nullptr;
}

std::optional<http::Credential> Gates::credential(const http::Request& request) const {
    for (const RealmGate& gate : gates_) {
        std::optional<http::Credential> found = gate.second->credential(request);
        if (found) {
            return found;
        }
    }
    return std::nullopt;
}

std::shared_ptr<const http::Caller> Gates::known(const http::Credential& credential, Time now) {
    http::Gate* gate = gate_of(credential.realm);
    return gate == nullptr ? nullptr : gate->known(credential, now);
}

Result<std::shared_ptr<const http::Caller>> Gates::recognise(storage::Tx& tx,
                                                             const http::Credential& credential) {
    http::Gate* gate = gate_of(credential.realm);
    if (gate == nullptr) {
        return Problem::unauthenticated("session.required");
    }
    return gate->recognise(tx, credential);
}

}  // namespace hangu::open_api

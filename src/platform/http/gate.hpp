// Ports that the pipeline needs from above: who is this (identity, open_api), with what rights.
#pragma once

#include "base/result.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/message.hpp"
#include "platform/storage/tx.hpp"

#include <memory>
#include <optional>

namespace hangu::http {

// What a credential says of itself before anything is looked up.
struct Credential {
    Realm realm = Realm::merchant;
    TenantId tenant;
    std::string key;           // SHA-256 of the token, for look-ups
    bool from_cookie = false;  // then unsafe methods need an Origin of our own
    std::string browser;       // as it describes itself
    std::string address;       // where the request came from
};

class Gate {
 public:
    virtual ~Gate() = default;
    // Reads the request's credential (session cookie or application key); none: nobody. No look-up.
    virtual std::optional<Credential> credential(const Request& request) const = 0;
    // The caller from memory, when known and still good. From an event loop; never waits.
    virtual std::shared_ptr<const Caller> known(const Credential& credential, Time now) = 0;
    // The caller from the tenant's database, on its lane; remembers it. "session.required" when the
    // credential is no longer good, "tenant.frozen" when the tenant is.
    virtual Result<std::shared_ptr<const Caller>> recognise(storage::Tx& tx,
                                                            const Credential& credential) = 0;
};

}  // namespace hangu::http

// What surrounds a passkey: challenges that work once, the browser's word on what it was asked, and
// the site that passkeys are made for. No database.
#pragma once

#include "base/id.hpp"
#include "base/randomness.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/shared_state/nonces.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace hangu::identity {

// Challenges for a purpose ("sign_in …", "add …"). Each carries its end and a mark under a key of
// this process, so nobody can fill a memory by asking for them or push out those of others; only
// what was answered rightly is remembered, until it would have ended. Thread-safe.
//
// Where several nodes share their state the key is theirs together, and so is the memory: what one
// asked another may take, once. While that memory is lost a node goes by its own; it then refuses
// what was asked before it began, of which it cannot know.
class Challenges {
 public:
    static constexpr std::int64_t kLifeMs = 5 * kMinuteMs;

    Challenges(Secret key, std::size_t used_count_max)
        : key_(std::move(key)), used_count_max_(used_count_max) {}

    // Before the first challenge. `began_at`: this process's memory knows nothing of before.
    void share(Secret key, shared_state::Nonces& used, Time began_at);

    std::string make(std::string_view purpose, Time now, Randomness& randomness);  // base64url
    // Made by us for this purpose, not ended, and never taken before. Ask it last: it uses it up.
    // Waits for the shared memory, for as long as a command may take: not on an event loop.
    bool take(std::string_view challenge, std::string_view purpose, Time now);

 private:
    bool take_here(std::string_view head, Time now);
    bool take_everywhere(std::string_view head, Time ends_at, Time now);

    Secret key_;
    std::size_t used_count_max_;
    shared_state::Nonces* shared_ = nullptr;
    Time began_at_;
    std::mutex mutex_;
    std::deque<std::pair<Time, std::string>> used_;  // the oldest first
    std::unordered_set<std::string> is_used_;
};

// The part of the browser's JSON that we look at (WebAuthn 5.8.1).
struct ClientData {
    std::string type;       // "webauthn.create", "webauthn.get"
    std::string challenge;  // base64url
    std::string origin;
    bool cross_origin = false;
};
std::optional<ClientData> read_client_data(std::string_view json);

// Where the console stands, as browsers call it.
struct Site {
    std::string id;      // "shop.example": what passkeys are made for
    std::string origin;  // "https://console.shop.example:8443"
};
// Of a Host header. `configured`: the site passkeys are made for, "" : the host itself. None: an
// address, for which no browser makes passkeys, or a host outside the configured site.
std::optional<Site> site_of(std::string_view host, std::string_view configured);

// Of this type, and asked by our own page.
bool is_from_us(const ClientData& data, std::string_view type, const Site& site);

// What an account is called towards authenticators: "<tenant id>.<22 random characters>".
std::string make_user_handle(TenantId tenant, Randomness& randomness);
std::optional<TenantId> tenant_of_user_handle(std::string_view handle);

}  // namespace hangu::identity

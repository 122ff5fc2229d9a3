// Links to a file for somebody who has no account, or for an <img>: whoever has the link may take
// this file until then, and nothing else. Signed with a key of the tenant; nothing is stored, so a
// link cannot be called back before its time: make it short.
//
// Sealed files always come through here, also when they lie on S3: the store holds nothing that a
// browser could open.
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/files/files.hpp"
#include "platform/http/gate.hpp"
#include "platform/http/route.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hangu::files {

inline constexpr std::int64_t kLinkMsMax = 24 * kHourMs;
inline constexpr std::size_t kShownNameBytesMax = 100;

enum class Disposition {
    attachment,  // saved under a name
    shown,       // in the page, if it is a picture; else saved all the same
};

struct LinkTerms {
    FileRef file;
    Time until;
    Disposition disposition = Disposition::attachment;
    std::string shown_name;  // what it is saved as; "" : the last part of its name
    std::string bound_to;    // binding_of(caller): for this person alone. "" : for who has it
};

// "/files/…". Equal terms give an equal link, so a browser may keep what it took.
std::string make_link(crypto::TenantKeys& keys, const LinkTerms& terms);
// The end of the hour after the next: links made within one hour are the same.
Time link_until(Time now);
std::string binding_of(const http::Caller& caller);

// What a link says of itself, before anything is known to be true; nullopt: it is none. `bound_to`
// is "" here, `is_bound` tells.
struct LinkClaim {
    LinkTerms terms;
    bool is_bound = false;
    std::string payload;
    std::string signature;
};
std::optional<LinkClaim> read_link(std::string_view link);
// In constant time. `bound_to`: who asks, if the link is bound.
bool is_signed(crypto::TenantKeys& keys, const LinkClaim& claim, std::string_view bound_to);

// GET /files/{link}: public, checked, and never with a type that a browser would run.
struct LinkServices {
    storage::Engine* engine = nullptr;
    const Clock* clock = nullptr;
    http::Gate* gate = nullptr;  // for links that are bound
    KeySource* keys = nullptr;
    Files* files = nullptr;
};
void add_routes(http::Routes& routes, LinkServices services);

}  // namespace hangu::files

// Who makes a request.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/http/rights.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace hangu::http {

// Separate accounts, cookies and credentials (D10). A bit each, so that a route can take several.
enum class Realm : std::uint8_t { merchant = 1, application = 2, customer = 4, platform = 8 };
using Realms = std::uint8_t;
constexpr Realms operator|(Realm a, Realm b) {
    return static_cast<Realms>(static_cast<Realms>(a) | static_cast<Realms>(b));
}

enum class ActorKind { nobody, staff, application, system };
HANGU_ENUM(ActorKind, nobody, staff, application, system)

inline constexpr Time kNever{std::numeric_limits<std::int64_t>::max()};

// What identity and authorization know of a caller. Immutable once made; replaced as a whole when a
// role, grant or session changes.
struct Caller {
    ActorKind kind = ActorKind::nobody;
    Realm realm = Realm::merchant;
    TenantId tenant;
    int utc_offset_minutes = 480;
    std::int64_t actor_id = 0;    // staff or application key
    std::string actor_name;       // for the audit record
    std::int64_t session_id = 0;  // 0 for application keys
    Time session_expires_at;
    Time signed_in_at;
    Rights rights;
    // A grant begins or ends at this moment: from then on the rights are to be read again.
    Time rights_until = kNever;
    std::vector<std::string> places;  // paths of the nodes she was granted, for showing
};

}  // namespace hangu::http

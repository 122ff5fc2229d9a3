// Short leases: one of many does something for a while, so that it is not done many times over.
//
// A lease alone does not exclude: its holder may be stopped, wake up after the lease is over and go
// on writing. What must not happen twice needs a fence: the holder hands its token to whatever it
// writes to, and that refuses a token smaller than one it has seen. For a database:
//
//     update job set …, fence = ?2 where tenant_id = ?1 and fence <= ?2   (no row: somebody newer)
//
// So a lock is right for work that is merely wasted when done twice (a sweep, a rebuild, a call
// that is idempotent anyhow), and, with the fence checked by the database, for work that is not.
// Who owns a tenant is no such lock: that is decided by the database alone (ADR 0024).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::shared_state {

struct Lease {
    std::string name;
    std::uint64_t token = 0;  // grows with every lease of the name, also when the server lost all
};

// Server lost: nobody gets or keeps a lease.
class Locks {
 public:
    static constexpr std::int64_t kLeaseMsMax = 60'000;

    virtual ~Locks() = default;
    // Nothing: somebody has it, or the server is lost.
    virtual void acquire(std::string_view name, std::int64_t ttl_ms,
                         std::function<void(std::optional<Lease>)> answer) = 0;
    // False: it is over, or cannot be known: stop.
    virtual void renew(const Lease& lease, std::int64_t ttl_ms,
                       std::function<void(bool)> answer) = 0;
    virtual void release(const Lease& lease, std::function<void(bool)> answer) = 0;
};

}  // namespace hangu::shared_state

// Merchants at which something is going on: an attack on sign-in, a locked account. Kept in the
// control database, so that who runs the platform sees all of it without every merchant's file
// being opened. A hint and no more: what stands is read from the merchant's own rows.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "platform/storage/engine.hpp"

#include <cstdint>
#include <vector>

namespace hangu::protection {

struct WatchedMerchant {
    static constexpr std::string_view kTable = "merchant_watch";
    TenantId id;
    Time first_at;
    Time last_at;
};
HANGU_STRUCT(WatchedMerchant, id, first_at, last_at)

// Every call waits for the disk: not from an event loop, not in a transaction.
class WatchList {
 public:
    explicit WatchList(storage::Engine& engine) : engine_(engine) {}

    void note(TenantId merchant, Time at);
    // What was seen is over. Noted again since, it stays.
    void drop(const WatchedMerchant& seen);
    std::vector<WatchedMerchant> newest(std::int64_t count_max);
    std::int64_t count();

 private:
    storage::Engine& engine_;
};

storage::Part watch_list_part();

}  // namespace hangu::protection

// Streams of entries that several readers of one group share out among themselves: what carries
// events from node to node. At least once: an entry that was read and not acknowledged stays
// pending and is claimed by another reader later.
//
// A stream may be lost with its server, so it is never the record of anything: the outbox of the
// tenant's database is. Whoever appends must be able to append again, whoever reads must know by
// an id of its own what it has done already.
//
// Every call blocks, for at most the deadline (a read: its block_ms and the deadline). Never on an
// event loop; meant for a thread of the dispatcher's own. Any number of threads may call at once.
// An absent or slow server is Problem::unavailable("shared.unavailable"): whether the call had its
// effect is then not known, except that a read that failed left its entries pending.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu::shared_state {

using StreamFields = std::vector<std::pair<std::string, std::string>>;

struct StreamEntry {
    std::string id;  // "milliseconds-number", grows within a stream
    StreamFields fields;
};

struct StreamClaim {
    std::vector<StreamEntry> entries;  // now pending with the claimer
    std::string next;                  // where to go on claiming; "0-0": all were looked at
};

inline constexpr std::size_t kStreamFieldsCountMax = 32;
inline constexpr std::size_t kStreamEntryBytesMax = std::size_t{256} << 10U;
inline constexpr std::size_t kStreamBatchCountMax = 1000;  // entries of one call

class Streams {
 public:
    virtual ~Streams() = default;

    // Appends one entry and answers its id. The oldest entries are dropped while the stream is
    // longer than length_max (a server may keep a few more, never fewer).
    virtual Result<std::string> append(std::string_view stream, const StreamFields& fields,
                                       std::size_t length_max) = 0;
    // The same for many in one round trip, in this order. When it fails some may be there.
    virtual Result<std::vector<std::string>> append_all(std::string_view stream,
                                                        const std::vector<StreamFields>& entries,
                                                        std::size_t length_max) = 0;

    // Makes the group, and the stream, if they are not there yet. A new group begins before the
    // oldest entry when `from` is "0", after the newest when it is "$". Not an error if it exists.
    virtual Result<void> create_group(std::string_view stream, std::string_view group,
                                      std::string_view from = "0") = 0;

    // Entries that nobody of the group has read yet; they are pending with `consumer` from then
    // on. Waits up to block_ms for the first (0: does not wait); empty when none came. A group
    // that is not there (the server lost its data) is Problem::conflict("shared.no_group"): make it
    // again and append again what is not known to be done.
    virtual Result<std::vector<StreamEntry>> read_group(std::string_view stream,
                                                        std::string_view group,
                                                        std::string_view consumer,
                                                        std::size_t count_max,
                                                        std::int64_t block_ms) = 0;

    // Done with these. Answers how many of them were pending.
    virtual Result<std::size_t> ack(std::string_view stream, std::string_view group,
                                    const std::vector<std::string>& ids) = 0;

    // Takes over what has been pending, with anybody of the group, for idle_ms_min or longer:
    // entries of a reader that died, or that this one failed to do. Begin with from "0-0".
    virtual Result<StreamClaim> claim_stale(std::string_view stream, std::string_view group,
                                            std::string_view consumer, std::int64_t idle_ms_min,
                                            std::size_t count_max,
                                            std::string_view from = "0-0") = 0;

    virtual Result<std::size_t> length(std::string_view stream) = 0;  // 0: no such stream
    // Read by the group and not acknowledged yet.
    virtual Result<std::size_t> pending(std::string_view stream, std::string_view group) = 0;
    // Drops the oldest entries above length_max; answers how many went.
    virtual Result<std::size_t> trim(std::string_view stream, std::size_t length_max) = 0;
    virtual Result<void> remove(std::string_view stream) = 0;  // with its groups
};

}  // namespace hangu::shared_state

// Carriers take events beyond this process: to a broker, for a merchant's own programs. The outbox
// stays the durable record; a carrier only carries, and says what has arrived.
#pragma once

#include "base/describe.hpp"
#include "base/result.hpp"
#include "platform/events/events.hpp"

#include <string>
#include <vector>

namespace hangu::events {

enum class Verdict {
    delivered,  // the far side has it and will have it after a crash
    refused,    // it did not take this one, and may take it later
    never,      // it can never take this one
    unreached,  // it could not be asked, or its answer was lost: it may have it or not
};
HANGU_ENUM(Verdict, delivered, refused, never, unreached)

struct Receipt {
    Verdict verdict = Verdict::unreached;
    std::string words;  // why not, for people; no secret
};

class Carrier {
 public:
    static constexpr std::size_t kEventsCountMax = 256;  // of one call

    virtual ~Carrier() = default;

    // Makes the queue if it is not there, so that what comes is kept before anybody listens.
    // "broker.unreachable", "broker.refused".
    virtual Result<void> prepare(const std::string& queue) = 0;
    // One receipt for each event. Of those that are delivered by the same call, an earlier one may
    // be refused: so events that have to keep their order are never in one call. Waits for the far
    // side; one call at a time.
    virtual std::vector<Receipt> carry(TenantId tenant, const std::string& queue,
                                       const std::vector<const Event*>& events) = 0;
    // The queue and what nobody has read of it are gone, as far as the far side can be reached.
    virtual void remove(const std::string& queue) = 0;
    // From any thread: what waits for the far side gives up, and nothing is begun any more.
    virtual void stop() = 0;
};

}  // namespace hangu::events

// State that nodes share and that may be lost: in Redis when a server is named, in memory when not.
// Everything is behind ports whose two sides behave alike; losing the server makes limits stricter
// and answers fewer, and opens nothing. What must survive is in a database.
#pragma once

#include "base/randomness.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/observe/observe.hpp"
#include "platform/shared_state/bells.hpp"
#include "platform/shared_state/locks.hpp"
#include "platform/shared_state/nonces.hpp"
#include "platform/shared_state/notes.hpp"
#include "platform/shared_state/rate_counters.hpp"
#include "platform/shared_state/streams.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hangu::shared_state {

struct Server {
    std::string socket;  // or
    std::string host;
    std::uint16_t port = 6379;
    std::string tls_ca;  // of the authority that signed its certificate; "": not encrypted
    std::string user;    // "": the default user
    Secret password;     // empty: none is asked for
};

struct Health {
    bool shared = false;  // a server is named; else everything below is empty
    bool connected = false;
    Time since;          // of the present condition
    std::string detail;  // the server's version, or why it is away
    std::uint64_t commands = 0;
    std::uint64_t failures = 0;       // commands without a good answer
    std::uint64_t degraded_uses = 0;  // answered by this node alone, or refused
};

class SharedState {
 public:
    struct Options {
        std::optional<Server> server;
        std::int64_t deadline_ms = 50;  // of a command, from the call to its answer
        // Names are hashed with it, so that the server's memory says nothing of addresses: the same
        // on all nodes.
        Secret name_key;
        std::string prefix = "hangu:";
        std::int64_t poll_ms = 1000;            // of listeners while the server is lost
        std::int64_t heartbeat_ms = 5000;       // of the listening connection
        std::int64_t back_off_ms_max = 5000;    // between attempts to connect
        std::size_t waiting_count_max = 16384;  // commands on the way
        std::size_t nonces_count_max = 100'000;
        std::size_t notes_count_max = 20'000;      // per space
        std::size_t attempts_count_max = 100'000;  // counted keys
    };
    struct Services {
        const Clock& clock;
        Randomness& randomness;
        observe::Log& log;
        observe::Metrics& metrics;
    };

    // Does not wait for the server; begins as lost until it is there.
    SharedState(Options options, Services services);
    ~SharedState();
    SharedState(const SharedState&) = delete;
    SharedState& operator=(const SharedState&) = delete;

    // How many nodes share the limits when each counts for itself; called by any thread, quick.
    // Without it each node takes itself for the only one. Before the first use.
    void set_live_nodes(std::function<std::int64_t()> live_nodes);

    RateCounters& rates();
    Attempts& attempts();
    Nonces& nonces();
    Notes& notes();
    Bells& bells();
    Locks& locks();
    Streams& streams();

    Health health() const;
    // Waits until the server was reached or the first attempt failed; for tests and the doctor.
    void settle_and_wait();
    // Answers everything that waits, ends the connections. Later calls are answered as if the
    // server were lost. Idempotent.
    void stop();

    struct State;

 private:
    std::unique_ptr<State> state_;
};

// Connects once, with the account, and answers the server's version; "shared.unavailable" with a
// detail for people. For the doctor.
Result<std::string> check_server(const Server& server, std::int64_t ms_max);

}  // namespace hangu::shared_state

// Where tenants' tables are when they are not files: a database of a MariaDB server, or of a Galera
// cluster of them, with one account for each role.
#pragma once

#include "base/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hangu::storage {

struct ShardAccount {
    std::string user;
    Secret password;
};

// A database server: a socket of this machine, or an address and a port.
struct ShardHost {
    std::string socket;
    std::string host;
    unsigned port = 0;

    std::string text() const { return socket.empty() ? host + ":" + std::to_string(port) : socket; }
    friend bool operator==(const ShardHost&, const ShardHost&) = default;
};

struct ShardOptions {
    std::string name;    // what the directory of tenants calls it
    std::string socket;  // or host (an address) and port
    std::string host;
    unsigned port = 0;
    // Instead of one of those: the nodes of a Galera cluster, the preferred one first. A process
    // works with one of them at a time.
    std::vector<ShardHost> hosts;
    std::string database;
    std::string tls_ca;  // file; with it the connection is encrypted and the server proven
    ShardAccount rw;
    ShardAccount ro;
    ShardAccount migrate;
    std::size_t lanes = 4;          // connections for requests; each holds another one for reads
    unsigned lock_seconds_max = 5;  // that a request waits for another's rows
};

// How one of a shard's servers is, as seen from this process.
struct ShardHostState {
    std::string name;      // socket, or address and port
    bool reached = false;  // it answers
    bool fit = false;      // it may be worked with: of the primary component, not read only
    bool busy = false;     // it is another's source: worked with only when no other is fit
    bool chosen = false;   // this process works with it
    std::string detail;    // its version and state, or why it cannot be reached
    // Of a cluster: transactions that it has received from the others and has yet to apply
    // (wsrep_local_recv_queue).
    std::int64_t lag_count = 0;
    std::int64_t answer_us = 0;  // that it took to say so; 0: nobody measured

    // With more the others wait for it, as Galera is set by default (gcs.fc_limit).
    static constexpr std::int64_t kLagCountMax = 16;
    bool behind() const { return lag_count > kLagCountMax; }
};

// How a shard is, as seen from this process.
struct ShardState {
    std::string name;
    bool reached = false;
    std::string detail;          // its version, or why it cannot be reached
    std::int64_t tenants = 0;    // that the directory has there
    std::uint64_t commits = 0;   // since the start
    std::uint64_t requests = 0;  // in those commits
    std::uint64_t repeats = 0;   // transactions that the server gave up and that ran again
    std::size_t waiting = 0;     // units in the lanes' queues
    std::vector<ShardHostState> hosts;
    std::uint64_t changes = 0;  // of the server that this process works with, since the start
    std::uint64_t answers_lost =
        0;  // that no server gave and nobody waits for any more (MariaLines)
};

}  // namespace hangu::storage

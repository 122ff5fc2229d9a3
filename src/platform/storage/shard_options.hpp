// Where tenants' tables are when they are not files: a database of a MariaDB server, with one
// account for each role.
#pragma once

#include "base/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace hangu::storage {

struct ShardAccount {
    std::string user;
    Secret password;
};

struct ShardOptions {
    std::string name;    // what the directory of tenants calls it
    std::string socket;  // or host (an address) and port
    std::string host;
    unsigned port = 0;
    std::string database;
    std::string tls_ca;  // file; with it the connection is encrypted and the server proven
    ShardAccount rw;
    ShardAccount ro;
    ShardAccount migrate;
    std::size_t lanes = 4;          // connections for requests; each holds another one for reads
    unsigned lock_seconds_max = 5;  // that a request waits for another's rows
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
};

}  // namespace hangu::storage

// Where tenants' tables are when they are not files: a database of a MariaDB server, with one
// account for each role.
#pragma once

#include "base/secret.hpp"

#include <cstddef>
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

}  // namespace hangu::storage

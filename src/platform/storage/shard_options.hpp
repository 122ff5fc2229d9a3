// Where the tenants' tables are when they are not files: a database of a MariaDB server, with one
// account for each role.
#pragma once

#include "base/secret.hpp"

#include <string>

namespace hangu::storage {

struct ShardAccount {
    std::string user;
    Secret password;
};

struct ShardOptions {
    std::string socket;  // or host (an address) and port
    std::string host;
    unsigned port = 0;
    std::string database;
    std::string tls_ca;  // file; with it the connection is encrypted and the server proven
    ShardAccount rw;
    ShardAccount ro;
    ShardAccount migrate;
    unsigned lock_seconds_max = 5;  // that a request waits for another's rows
};

}  // namespace hangu::storage

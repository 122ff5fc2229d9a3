// What a node itself says, past everything that is under test.
#pragma once

#include "tests/galera/history.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct st_mysql;

namespace hangu::galera {

class Node {
 public:
    // With everything that was committed on any node.
    explicit Node(const std::string& socket);

    Found found(std::int64_t tenant);
    // Of all tables of the shard, one in each line.
    std::string checksums();

 private:
    using Rows = std::vector<std::vector<std::string>>;
    Rows rows(const std::string& sql);

    std::unique_ptr<st_mysql, void (*)(st_mysql*)> db_;
};

}  // namespace hangu::galera

// What the data folder says of orders once the server is gone, against what was acknowledged.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace hangu::system {

struct Acknowledged {
    std::string id;  // text
    std::string number;
    std::string pick_up_number;
};

// In words, all that is wrong with the orders of the folder; `acknowledged` by idempotency key.
std::vector<std::string> faults_of_orders(const std::string& data,
                                          const std::map<std::string, Acknowledged>& acknowledged);

}  // namespace hangu::system

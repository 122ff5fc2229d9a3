// The unit that runs a node, as text made from the settings.
#pragma once

#include <cstdint>
#include <string>

namespace hangu::app {

struct UnitPlan {
    std::string program = "/usr/bin/hangu";
    std::string config = "/etc/hangu/hangu.toml";
    std::string console = "/usr/share/hangu/console";
    std::int64_t stop_ms_max = 10000;  // announcing and draining
    bool low_port = false;             // listens on a port below 1024
};

std::string unit_text(const UnitPlan& plan);

}  // namespace hangu::app

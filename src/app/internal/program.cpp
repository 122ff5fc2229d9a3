#include "app/program.hpp"

#include "app/house.hpp"

namespace hangu::app {

std::string_view program_version() {
    return "0.1.0";
}

std::vector<storage::Part> all_parts() {
    return parts_of_modules();
}

}  // namespace hangu::app

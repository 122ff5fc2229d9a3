// One numbered migration of a module, embedded in the program ("0001_order_head.sql").
#pragma once

#include <span>
#include <string_view>

namespace hangu {

struct MigrationFile {
    std::string_view module;
    std::string_view name;
    std::string_view sql;
};

}  // namespace hangu

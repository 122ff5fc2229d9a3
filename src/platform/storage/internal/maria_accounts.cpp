#include "platform/storage/internal/maria_accounts.hpp"

#include <fmt/format.h>

namespace hangu::storage {

namespace {

std::string_view rights_of(ShardRole role) {
    switch (role) {
        case ShardRole::rw:
            return "select, insert, update, delete";
        case ShardRole::ro:
            return "select";
        case ShardRole::migrate:
            return "select, insert, update, delete, create, alter, index, drop, trigger";
        case ShardRole::backup:
            return "select, lock tables, show view";
    }
    return "";
}

}  // namespace

std::vector<std::string> grants_of(ShardRole role, std::string_view database,
                                   std::string_view account) {
    return {fmt::format("revoke all privileges, grant option from {}", account),
            fmt::format("grant {} on `{}`.* to {}", rights_of(role), database, account)};
}

}  // namespace hangu::storage

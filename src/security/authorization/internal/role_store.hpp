// The SQL of roles. They belong to the whole tenant: their lists take no DataScope.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/authorization/authorization.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::authorization {

struct RoleRow {
    static constexpr std::string_view kTable = "role";
    RoleId id;
    std::string name;
    bool built_in = false;
    std::string permissions;
    std::int64_t version = 1;
};
HANGU_STRUCT(RoleRow, id, name, built_in, permissions, version)

class RoleStore {
 public:
    static constexpr std::int64_t kRolesCountMax = 200;  // per tenant

    explicit RoleStore(storage::Tx& tx) : tx_(tx) {}

    std::vector<RoleRow> all();
    std::int64_t count();
    std::optional<RoleRow> find(RoleId id);
    std::optional<RoleRow> find_by_name(std::string_view name);
    std::optional<RoleRow> find_owner();
    bool add(const RoleRow& role) { return tx_.try_insert(role); }
    bool save(const RoleRow& role);  // false: another version
    bool remove(RoleId id, std::int64_t version);

 private:
    storage::Tx& tx_;
};

}  // namespace hangu::authorization

// Permissions: a tree of menu, page and button, declared by the modules, in Chinese and English.
// Each leaf gets a dense bit when the catalogue is put together at start.
#pragma once

#include "base/check.hpp"
#include "base/describe.hpp"

#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hangu::http {

inline constexpr std::size_t kPermissionsCountMax = 256;
using PermissionSet = std::bitset<kPermissionsCountMax>;

// A permission by name, as modules state it: inline constexpr Permission
// kMayCancel{"order.cancel"};
struct Permission {
    std::string_view code;  // "" : being signed in is enough
};

enum class PermissionKind { menu, page, button };
HANGU_ENUM(PermissionKind, menu, page, button)

struct PermissionNode {
    PermissionKind kind = PermissionKind::button;
    std::string_view code;    // "order.cancel"; a menu's is one word and no permission
    std::string_view parent;  // code of the menu or page above; "" for a menu
    std::string_view name_zh;
    std::string_view name_en;
};

// All declared nodes; pages and buttons have bits, in the order of declaration.
class PermissionCatalogue {
 public:
    // Throws Bug on a code that stands twice or a parent that is missing.
    explicit PermissionCatalogue(std::vector<PermissionNode> nodes);

    const std::vector<PermissionNode>& nodes() const { return nodes_; }
    std::optional<std::size_t> bit(std::string_view code) const;
    PermissionSet all() const;
    PermissionSet set_of(
        const std::vector<std::string>& codes) const;  // unknown codes are left out
    std::vector<std::string> codes_of(const PermissionSet& set) const;

 private:
    std::vector<PermissionNode> nodes_;
    std::unordered_map<std::string_view, std::size_t> bits_;
};

}  // namespace hangu::http

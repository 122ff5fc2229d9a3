#include "platform/http/permission.hpp"

#include <fmt/format.h>

namespace hangu::http {

PermissionCatalogue::PermissionCatalogue(std::vector<PermissionNode> nodes)
    : nodes_(std::move(nodes)) {
    std::unordered_map<std::string_view, PermissionKind> seen;
    for (const PermissionNode& node : nodes_) {
        const bool menu = node.kind == PermissionKind::menu;
        if (!seen.emplace(node.code, node.kind).second) {
            throw Bug(fmt::format("permission {} is declared twice", node.code));
        }
        if (menu != node.parent.empty() || (!menu && !seen.contains(node.parent))) {
            throw Bug(fmt::format("permission {} has no parent before it", node.code));
        }
        if (!menu) {
            const std::size_t bit = bits_.size();
            HANGU_ASSERT(bit < kPermissionsCountMax);
            bits_.emplace(node.code, bit);
        }
    }
}

std::optional<std::size_t> PermissionCatalogue::bit(std::string_view code) const {
    const auto found = bits_.find(code);
    return found == bits_.end() ? std::nullopt : std::optional(found->second);
}

PermissionSet PermissionCatalogue::all() const {
    PermissionSet set;
    for (std::size_t i = 0; i < bits_.size(); ++i) {
        set.set(i);
    }
    return set;
}

PermissionSet PermissionCatalogue::set_of(const std::vector<std::string>& codes) const {
    PermissionSet set;
    for (const std::string& code : codes) {
        if (const auto found = bit(code)) {
            set.set(*found);
        }
    }
    return set;
}

std::vector<std::string> PermissionCatalogue::codes_of(const PermissionSet& set) const {
    std::vector<std::string> codes;
    for (const PermissionNode& node : nodes_) {
        const auto found = bit(node.code);
        if (found && set.test(*found)) {
            codes.emplace_back(node.code);
        }
    }
    return codes;
}

}  // namespace hangu::http

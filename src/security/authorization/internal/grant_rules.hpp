// What grants add up to, and who may give what. Pure.
//
// Node paths are labels of fixed width per level, so that "begins with" means "stands below": the
// subtree of a path is the half-open range [path, path + "~").
#pragma once

#include "base/result.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/permission.hpp"
#include "platform/storage/data_scope.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::authorization {

using Ranges = std::array<storage::PathRange, storage::DataScope::kRangesCountMax>;

bool is_below(std::string_view path, std::string_view node_path);  // or the node itself

// The fewest subtrees that cover the same: sorted, without repeats and without places inside
// others.
std::vector<std::string> coalesced(std::vector<std::string> node_paths);

// Ranges of at most four places; what does not fit is left out.
Ranges ranges_of(const std::vector<std::string>& node_paths);
bool covers(const Ranges& ranges, std::string_view path);
// The whole subtree of the node lies inside.
bool covers_subtree(const Ranges& ranges, std::string_view node_path);

// "role.ceiling" unless the caller holds every one of these permissions.
Result<void> check_ceiling(const http::PermissionSet& held, const http::PermissionSet& given);

// Codes as they are stored: separated by spaces; "*" is all.
http::PermissionSet permissions_of_text(const http::PermissionCatalogue& catalogue,
                                        std::string_view text);
std::vector<std::string> codes_of_text(std::string_view text);
// 422 with the codes that do not exist. Repeats are dropped, the order is the catalogue's.
Result<std::string> text_of_codes(const http::PermissionCatalogue& catalogue,
                                  const std::vector<std::string>& codes);

}  // namespace hangu::authorization

// What grants add up to, and who may give what. Pure.
//
// Node paths are labels of fixed width per level, so that "begins with" means "stands below": the
// subtree of a path is the half-open range [path, path + "~").
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/rights.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu::authorization {

bool is_below(std::string_view path, std::string_view node_path);  // or the node itself

// One grant as the rules see it: permissions of its role, its places and when it holds.
struct GrantRule {
    http::PermissionSet permissions;
    std::vector<storage::PathRange> places;
    std::optional<Time> from;   // holds from this moment
    std::optional<Time> until;  // and no longer at this one
    bool built_in = false;      // of the owner role
};

// The subtree of a node without the subtrees below it that are left out.
std::vector<storage::PathRange> places_of(std::string_view node_path,
                                          const std::vector<std::string>& except);
// The subtrees of a group's nodes.
std::vector<storage::PathRange> places_of(const std::vector<std::string>& node_paths);

bool is_over(const GrantRule& rule, Time now);
bool holds_at(const GrantRule& rule, Time now);
// When the next of them begins or ends; http::kNever if none does.
Time changes_at(const std::vector<GrantRule>& rules, Time now);
http::Rights rights_at(const std::vector<GrantRule>& rules, Time now);
// With those that have not begun yet.
http::Rights rights_to_come(const std::vector<GrantRule>& rules, Time now);
// What holds now and still holds at `until` (nullopt: for ever).
http::Rights rights_lasting(const std::vector<GrantRule>& rules, Time now,
                            std::optional<Time> until);

// "role.ceiling" unless every one of these permissions is held somewhere;
// "permission.outside_scope" unless it is held at all of these places.
Result<void> check_ceiling(const http::Rights& held, const http::PermissionSet& given);
Result<void> check_ceiling(const http::Rights& held, const http::PermissionSet& given,
                           const std::vector<storage::PathRange>& places);

// Two permissions that one person must not hold at the same place.
using DutyBits = std::pair<std::size_t, std::size_t>;
// The pairs that meet at some place. Who owns the house holds everything: her grants do not count.
std::vector<DutyBits> duties_in_conflict(const std::vector<GrantRule>& rules,
                                         const std::vector<DutyBits>& pairs, Time now);

// Codes as they are stored: separated by spaces; "*" is all.
http::PermissionSet permissions_of_text(const http::PermissionCatalogue& catalogue,
                                        std::string_view text);
std::vector<std::string> words_of_text(std::string_view text);
std::string text_of_words(const std::vector<std::string>& words);
// 422 with the codes that do not exist. Repeats are dropped, the order is the catalogue's.
Result<std::string> text_of_codes(const http::PermissionCatalogue& catalogue,
                                  const std::vector<std::string>& codes);

}  // namespace hangu::authorization

// Pure rules of the tree and of stores.
#pragma once

#include "commerce/organisation/organisation.hpp"

namespace hangu::organisation {

inline constexpr std::int64_t kChildrenCountMax = 32 * 32 * 32 * 32 - 1;

// "0001/" + 3 -> "0001/0003/".
std::string child_path(std::string_view parent_path, std::int64_t label);

// May a node of this kind get a child there? "org.under_store", "org.too_deep"
Result<void> may_have_child(NodeKind parent_kind, std::int64_t parent_depth);

// Letters, digits, '-' and '_': it becomes part of order numbers.
bool is_store_code(std::string_view code);

// Each opening and closing time "HH:MM". The field of the first wrong one, or nothing.
std::optional<std::string> wrong_time_field(const std::vector<OpeningHours>& hours);

std::string hours_text(const std::vector<OpeningHours>& hours);
std::vector<OpeningHours> hours_of(std::string_view text);

}  // namespace hangu::organisation

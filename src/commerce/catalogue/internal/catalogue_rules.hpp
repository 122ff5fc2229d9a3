// Pure rules of products.
#pragma once

#include "commerce/catalogue/catalogue.hpp"

namespace hangu::catalogue {

// Codes that stand twice, groups whose min, max and options contradict each other. Every fault at
// once.
Result<void> check_specs(const SpecInputs& specs);
Result<void> check_groups(const GroupInputs& groups);

// How many groups demand a choice.
std::int64_t required_groups_of(const GroupInputs& groups);

// "Sugar (1-1): none, half, full; …" for the audit record.
std::string groups_text(const GroupInputs& groups);

}  // namespace hangu::catalogue

// Every field of every input that names a thing by its id, and the same request naming a thing of
// the other merchant there.
#pragma once

#include "tests/matrix/ground.hpp"

#include "platform/http/route.hpp"

#include <string>
#include <vector>

namespace hangu::matrix {

// "store_id", "option_ids", … of the path, the query and the body, also inside lists.
std::vector<std::string> id_fields(const http::RouteEntry& entry);

// The good request, with `foreign` wherever `field` names something.
Call naming(const http::RouteEntry& entry, Call good, const std::string& field,
            const std::string& foreign);

}  // namespace hangu::matrix

// What wiring needs of this module.
#pragma once

#include "commerce/catalogue/catalogue.hpp"
#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/storage/schema.hpp"

#include <vector>

namespace hangu::catalogue {

inline constexpr http::Permission kMayView{"product.view"};
inline constexpr http::Permission kMayEdit{"product.edit"};
inline constexpr http::Permission kMaySetStorePrice{"product.store_price"};

storage::Part part();
std::vector<http::PermissionNode> permissions();
// The services must outlive the routes.
void add_routes(http::Routes& routes, const Catalogue& catalogue,
                const organisation::Organisation& organisation);

}  // namespace hangu::catalogue

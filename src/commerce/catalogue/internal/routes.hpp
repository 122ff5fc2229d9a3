// The routes of this module, by subject.
#pragma once

#include "commerce/catalogue/catalogue.hpp"
#include "platform/http/route.hpp"

namespace hangu::catalogue {

void add_category_routes(http::Routes& routes);
void add_product_routes(http::Routes& routes, const organisation::Organisation& organisation);
void add_product_edit_routes(http::Routes& routes, const Catalogue& catalogue);
void add_store_price_routes(http::Routes& routes, const Catalogue& catalogue,
                            const organisation::Organisation& organisation);

}  // namespace hangu::catalogue

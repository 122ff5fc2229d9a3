// What wiring needs of this module.
#pragma once

#include "commerce/catalogue/catalogue.hpp"
#include "platform/files/files.hpp"
#include "platform/http/gate.hpp"
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

// Pictures of products: kept in the files, shown by signed links.
struct PictureServices {
    storage::Engine* engine = nullptr;
    http::World* world = nullptr;
    http::Gate* gate = nullptr;
    files::Files* files = nullptr;
};
void add_picture_routes(http::Routes& routes, PictureServices services);
// Removes a tenant's pictures that no product has and that were put before that moment: what a
// crash or a store that was away left behind. Waits; on a thread of files.
void sweep_pictures(storage::Engine& engine, files::Files& files, TenantId tenant, Time before);

}  // namespace hangu::catalogue

// GET /order-stores: where the caller may place orders. Who takes orders at the counter need not
// see stores as such.
#include "commerce/order/internal/routes.hpp"
#include "commerce/order/module.hpp"

namespace hangu::order {

struct CounterStore {
    StoreId id;
    std::string code;
    std::string name;
    organisation::StoreState state = organisation::StoreState::open;
};
HANGU_STRUCT(CounterStore, id, code, name, state)

struct CounterStores {
    std::vector<CounterStore> items;
};
HANGU_STRUCT(CounterStores, items)

struct OrderStoresInput {
    std::optional<Text<0, 60>> q;  // part of the name or code
};
HANGU_STRUCT(OrderStoresInput, q)

namespace {

Result<CounterStores> list_stores(const Orders& orders, http::Scope& scope,
                                  const OrderStoresInput& input) {
    HANGU_TRY(const storage::DataScope within, scope.within(kMayPlace));
    const std::string wanted = input.q ? input.q->str() : "";
    CounterStores list;
    for (organisation::StorePlace& place :
         orders.organisation().stores_within(scope.tx(), within)) {
        const bool found = place.name.find(wanted) != std::string::npos ||
                           place.code.find(wanted) != std::string::npos;
        if (found && place.state != organisation::StoreState::closed) {
            list.items.push_back(
                {place.id, std::move(place.code), std::move(place.name), place.state});
        }
    }
    return list;
}

}  // namespace

void add_order_stores_route(http::Routes& routes, const Orders& orders) {
    routes.add_with<CounterStores, OrderStoresInput>(
        {.name = "order.stores",
         .method = "GET",
         .path = "/api/v1/order-stores",
         .permission = kMayPlace,
         .realms = http::Realm::merchant | http::Realm::application,
         .work = http::Work::read,
         .summary = "The stores where orders may be placed",
         .tag = "orders"},
        [&orders](http::Scope& scope, const OrderStoresInput& input) {
            return list_stores(orders, scope, input);
        });
}

}  // namespace hangu::order

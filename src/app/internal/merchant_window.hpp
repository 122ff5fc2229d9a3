// What people of the platform see and do of merchants: the list of them, freezing and thawing, and
// the sign-ins, attacks and locks of one. What concerns one merchant is that merchant's own route,
// asked from outside: each look and act stands in the merchant's audit log under the name of who of
// the platform it was, and in the platform's. No business data is reached from here.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/http/route.hpp"
#include "platform/runtime/runtime.hpp"

#include <functional>
#include <vector>

namespace hangu::app {

class House;
class PlatformRealm;

std::vector<http::PermissionNode> merchant_window_permissions();

class MerchantWindow {
 public:
    MerchantWindow(House& house, PlatformRealm& realm);
    ~MerchantWindow();

    void add_routes(http::Routes& routes);

    struct State;

 private:
    std::unique_ptr<State> state_;
};

}  // namespace hangu::app

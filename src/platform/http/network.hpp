// Networks that addresses belong to.
#pragma once

#include <string>

namespace hangu::http {

// /24 of IPv4, also when written as IPv6; /48 of IPv6; "" if it is no address.
std::string network_of(const std::string& address);

}  // namespace hangu::http

// Which addresses of the network are the world outside. Everything else is somebody's inside: this
// machine, its neighbours, the cloud's metadata service.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace hangu::egress {

enum class AddressClass { world, loopback, inside };

AddressClass class_of_v4(std::uint32_t address);  // host byte order
AddressClass class_of_v6(const std::array<std::uint8_t, 16>& address);
// Of the address a socket is about to connect to; anything but IPv4 and IPv6 is inside.
AddressClass class_of(const sockaddr& address);
// The networks that a house gives itself: 10/8, 172.16/12, 192.168/16, fc00::/7. Not the link, not
// what carriers share (there clouds keep their metadata), not this machine.
bool is_private(const sockaddr& address);
// Of a literal: "10.0.0.1", "::1"; none for what is no address.
std::optional<AddressClass> class_of_text(std::string_view text);

}  // namespace hangu::egress

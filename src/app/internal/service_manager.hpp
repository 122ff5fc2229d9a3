// What systemd is told of the service (sd_notify(3)), without its library: a datagram to the socket
// that the environment names. Nothing happens where there is none.
#pragma once

#include <string_view>

namespace hangu::app {

// "READY=1", "STOPPING=1"; several lines may go at once.
void tell_service_manager(std::string_view state);

}  // namespace hangu::app

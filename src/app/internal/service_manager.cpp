#include "app/internal/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace hangu::app {

void tell_service_manager(std::string_view state) {
    const char* const named = std::getenv("NOTIFY_SOCKET");
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::size_t size = named == nullptr ? 0 : std::strlen(named);
    if (size < 2 || size >= sizeof name.sun_path || (named[0] != '/' && named[0] != '@')) {
        return;
    }
    std::memcpy(name.sun_path, named, size);
    if (name.sun_path[0] == '@') {
        name.sun_path[0] = '\0';  // of the abstract kind
    }
    const int told = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (told < 0) {
        return;
    }
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + size);
    ::sendto(told, state.data(), state.size(), MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&name), length);
    ::close(told);
}

}  // namespace hangu::app

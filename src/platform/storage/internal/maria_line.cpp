#include "platform/storage/internal/maria_line.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

namespace hangu::storage {

void MariaLine::open(int descriptor) {
    const std::lock_guard lock(mutex_);
    descriptor_ = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);  // none left: it is waited for
}

void MariaLine::close() {
    const std::lock_guard lock(mutex_);
    if (const int descriptor = std::exchange(descriptor_, -1); descriptor >= 0) {
        ::close(descriptor);
    }
}

void MariaLine::cut() {
    const std::lock_guard lock(mutex_);
    if (descriptor_ >= 0) {
        ::shutdown(descriptor_, SHUT_RDWR);
    }
}

}  // namespace hangu::storage

#include "platform/storage/internal/maria_line.hpp"

#include <sys/socket.h>

namespace hangu::storage {

void MariaLine::open(int descriptor) {
    const std::lock_guard lock(mutex_);
    descriptor_ = descriptor;
}

void MariaLine::close() {
    const std::lock_guard lock(mutex_);
    descriptor_ = -1;
}

void MariaLine::cut() {
    const std::lock_guard lock(mutex_);
    if (descriptor_ >= 0) {
        ::shutdown(descriptor_, SHUT_RDWR);
    }
}

}  // namespace hangu::storage

// The socket of a connection, so that another thread can end what the connection waits for.
#pragma once

#include <mutex>

namespace hangu::storage {

class MariaLine {
 public:
    void open(int descriptor);
    void close();
    // Whoever reads from it or writes to it is told that the connection is gone.
    void cut();

 private:
    std::mutex mutex_;
    int descriptor_ = -1;
};

}  // namespace hangu::storage

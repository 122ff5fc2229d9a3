// SIGINT and SIGTERM ask for an orderly stop, SIGHUP for a reload. The callbacks run on a plain
// thread of this class, one after another, so they may wait (drain a server, read files).
#pragma once

#include <functional>
#include <thread>

namespace hangu::runtime {

// At most one at a time in a process. A callback must not destroy it.
class Signals {
 public:
    Signals(std::function<void()> on_stop, std::function<void()> on_reload);
    ~Signals();  // waits for a running callback; gives the signals their former meaning back
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

 private:
    void run();

    std::function<void()> on_stop_;
    std::function<void()> on_reload_;
    int read_end_ = -1;
    std::thread thread_;  // last: it uses the others
};

}  // namespace hangu::runtime

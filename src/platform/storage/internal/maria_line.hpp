// The socket of a connection, so that another thread can see that it waits for an answer, and end
// that.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>

namespace hangu::storage {

class MariaLine {
 public:
    MariaLine() = default;
    ~MariaLine() { close(); }
    MariaLine(const MariaLine&) = delete;
    MariaLine& operator=(const MariaLine&) = delete;

    // Between what is asked of the server and its answer. One at a time.
    class Asking {
     public:
        explicit Asking(MariaLine& line) : line_(line) { ++line_.step_; }
        ~Asking() { ++line_.step_; }
        Asking(const Asking&) = delete;
        Asking& operator=(const Asking&) = delete;

     private:
        MariaLine& line_;
    };

    // Keeps a descriptor of its own: the library closes its one by itself when a connection is
    // lost, and the number may be another's then. Until close() the far side does not see that end.
    void open(int descriptor);
    void close();
    // Whoever reads from it or writes to it is told that the connection is gone.
    void cut();

    // Another number for each question and for each answer.
    std::uint64_t step() const { return step_; }
    static bool is_asking(std::uint64_t step) { return step % 2 == 1; }

 private:
    std::mutex mutex_;
    int descriptor_ = -1;
    std::atomic<std::uint64_t> step_{0};
};

}  // namespace hangu::storage

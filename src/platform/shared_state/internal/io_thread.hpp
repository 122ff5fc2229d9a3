// The one thread of a process that speaks with the server: polls the lines and goes on with them.
#pragma once

#include "base/time.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace hangu::shared_state {

// Something with a connection that the thread serves. Every call comes from the thread.
class Line {
 public:
    virtual ~Line() = default;
    virtual void go_on(std::int64_t now_us) = 0;
    virtual bool has_work() const = 0;  // something was handed over since the last go_on
    virtual int descriptor() const = 0;
    virtual short wanted() const = 0;
    virtual std::int64_t due_us() const = 0;
    virtual void end() = 0;  // answers what waits; the last call
};

class IoThread {
 public:
    explicit IoThread(const Clock& clock);
    ~IoThread();
    IoThread(const IoThread&) = delete;
    IoThread& operator=(const IoThread&) = delete;

    void start(std::vector<Line*> lines);
    void wake();  // after something was handed over
    void stop();

 private:
    void run();
    void wait();

    const Clock& clock_;
    std::vector<Line*> lines_;
    int wake_ = -1;
    std::atomic<bool> asleep_{false};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace hangu::shared_state

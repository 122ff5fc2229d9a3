// What happens on one node and is listened to on another: an attack at a merchant of this node,
// which the platform's people watch where their tenant is. Carried by a stream of Redis; whatever
// is lost with it stands in a database, and pages look again by themselves.
#pragma once

#include "platform/events/events.hpp"
#include "platform/observe/observe.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/shared_state/streams.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hangu::app {

class EventsBetweenNodes {
 public:
    struct Services {
        events::Hub& hub;
        shared_state::Streams& streams;
        std::function<bool(TenantId)> works_for;  // this node does; called by any thread
        observe::Log& log;
        std::string node;  // its own group of readers: every node hears everything
    };

    // Follows the hub from now on; before anything is published.
    explicit EventsBetweenNodes(Services services);
    ~EventsBetweenNodes();
    EventsBetweenNodes(const EventsBetweenNodes&) = delete;
    EventsBetweenNodes& operator=(const EventsBetweenNodes&) = delete;

    void start();
    void stop();  // idempotent

 private:
    struct Said {
        TenantId tenant;
        events::Event event;
    };

    void send(const std::vector<Said>& said);
    void listen();
    bool hear_some();
    bool pause();  // false: it is stopping

    Services services_;
    runtime::Lane<Said> lane_;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace hangu::app

// Who listens to which topic in this process. Thread-safe.
#pragma once

#include "platform/shared_state/bells.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hangu::shared_state {

class Listeners {
 public:
    // Told of every new listener, and when a topic lost its last one; may be empty.
    using OnTopic = std::function<void(const std::string& topic, bool heard)>;
    explicit Listeners(OnTopic on_topic = nullptr);
    ~Listeners();

    std::unique_ptr<Listening> add(std::string_view topic, Bells::Hear hear);
    void tell(std::string_view topic, const Ring& ring) const;
    void tell_all(const Ring& ring) const;

    struct One;
    struct State;

 private:
    std::shared_ptr<State> state_;  // outlives this while somebody still listens
};

}  // namespace hangu::shared_state

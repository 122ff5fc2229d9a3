#include "platform/shared_state/internal/listeners.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace hangu::shared_state {

struct Listeners::One {
    std::mutex mutex;  // held while it is called
    Bells::Hear hear;
    bool ended = false;

    void tell(const Ring& ring) {
        const std::lock_guard lock(mutex);
        if (!ended) {
            hear(ring);
        }
    }
};

struct Listeners::State {
    std::mutex mutex;
    std::map<std::string, std::vector<std::shared_ptr<One>>, std::less<>> topics;
    OnTopic on_topic;

    void remove(const std::string& topic, const std::shared_ptr<One>& one) {
        {
            const std::lock_guard lock(one->mutex);
            one->ended = true;
        }
        const std::lock_guard lock(mutex);
        const auto found = topics.find(topic);
        HANGU_ASSERT(found != topics.end());
        std::erase(found->second, one);
        if (found->second.empty()) {
            topics.erase(found);
            if (on_topic) {
                on_topic(topic, false);
            }
        }
    }
};

namespace {

class ListeningHere final : public Listening {
 public:
    ListeningHere(std::shared_ptr<Listeners::State> state, std::string topic,
                  std::shared_ptr<Listeners::One> one)
        : state_(std::move(state)), topic_(std::move(topic)), one_(std::move(one)) {}
    ~ListeningHere() override { state_->remove(topic_, one_); }

 private:
    std::shared_ptr<Listeners::State> state_;
    std::string topic_;
    std::shared_ptr<Listeners::One> one_;
};

}  // namespace

Listeners::Listeners(OnTopic on_topic) : state_(std::make_shared<State>()) {
    state_->on_topic = std::move(on_topic);
}

Listeners::~Listeners() {
    const std::lock_guard lock(state_->mutex);
    state_->on_topic = nullptr;
}

std::unique_ptr<Listening> Listeners::add(std::string_view topic, Bells::Hear hear) {
    auto one = std::make_shared<One>();
    one->hear = std::move(hear);
    std::string name(topic);
    const std::lock_guard lock(state_->mutex);
    std::vector<std::shared_ptr<One>>& all = state_->topics[name];
    all.push_back(one);
    if (state_->on_topic) {
        state_->on_topic(name, true);
    }
    return std::make_unique<ListeningHere>(state_, std::move(name), std::move(one));
}

void Listeners::tell(std::string_view topic, const Ring& ring) const {
    std::vector<std::shared_ptr<One>> told;
    {
        const std::lock_guard lock(state_->mutex);
        const auto found = state_->topics.find(topic);
        if (found == state_->topics.end()) {
            return;
        }
        told = found->second;
    }
    for (const std::shared_ptr<One>& one : told) {
        one->tell(ring);
    }
}

void Listeners::tell_all(const Ring& ring) const {
    std::vector<std::shared_ptr<One>> told;
    {
        const std::lock_guard lock(state_->mutex);
        for (const auto& [topic, all] : state_->topics) {
            told.insert(told.end(), all.begin(), all.end());
        }
    }
    for (const std::shared_ptr<One>& one : told) {
        one->tell(ring);
    }
}

}  // namespace hangu::shared_state

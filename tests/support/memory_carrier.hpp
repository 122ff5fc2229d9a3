// A broker in memory: keeps what it was given, and answers as the test says.
#pragma once

#include "platform/events/carrier.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace hangu::testing {

class MemoryCarrier final : public events::Carrier {
 public:
    // What becomes of an event; the default takes it.
    using Answer = std::function<events::Receipt(const events::Event&)>;

    Result<void> prepare(const std::string& queue) override {
        const std::lock_guard lock(mutex_);
        if (away_) {
            return Problem::unavailable("broker.unreachable", "the broker is away");
        }
        made_.insert(queue);
        return {};
    }
    std::vector<events::Receipt> carry(TenantId, const std::string& queue,
                                       const std::vector<const events::Event*>& events) override {
        const std::lock_guard lock(mutex_);
        std::vector<events::Receipt> receipts;
        ++calls_;
        for (const events::Event* event : events) {
            events::Receipt receipt =
                away_     ? events::Receipt{events::Verdict::unreached, "the broker is away"}
                : answer_ ? answer_(*event)
                          : events::Receipt{events::Verdict::delivered, ""};
            if (receipt.verdict == events::Verdict::delivered) {
                queues_[queue].push_back(*event);
            }
            receipts.push_back(std::move(receipt));
        }
        return receipts;
    }
    void remove(const std::string& queue) override {
        const std::lock_guard lock(mutex_);
        made_.erase(queue);
        queues_.erase(queue);
    }
    void stop() override {}

    void answer(Answer answer) {
        const std::lock_guard lock(mutex_);
        answer_ = std::move(answer);
    }
    void be_away(bool away) {
        const std::lock_guard lock(mutex_);
        away_ = away;
    }
    std::vector<events::Event> taken(const std::string& queue) const {
        const std::lock_guard lock(mutex_);
        const auto found = queues_.find(queue);
        return found == queues_.end() ? std::vector<events::Event>() : found->second;
    }
    std::set<std::string> made() const {
        const std::lock_guard lock(mutex_);
        return made_;
    }
    std::size_t calls() const {
        const std::lock_guard lock(mutex_);
        return calls_;
    }

 private:
    mutable std::mutex mutex_;
    Answer answer_;
    bool away_ = false;
    std::size_t calls_ = 0;
    std::set<std::string> made_;
    std::map<std::string, std::vector<events::Event>> queues_;
};

}  // namespace hangu::testing

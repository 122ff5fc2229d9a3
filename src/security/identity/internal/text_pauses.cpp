#include "security/identity/internal/text_pauses.hpp"

namespace hangu::identity {

bool TextPauses::ask(const std::string& key, const TextLimits& limits, Time now) {
    const std::lock_guard lock(mutex_);
    auto found = index_.find(key);
    if (found == index_.end()) {
        while (by_use_.size() >= count_max_) {
            index_.erase(by_use_.back().key);
            by_use_.pop_back();
        }
        by_use_.push_front({key, {}});
        found = index_.emplace(by_use_.front().key, by_use_.begin()).first;
    }
    by_use_.splice(by_use_.begin(), by_use_, found->second);
    std::vector<Time>& at = found->second->at;
    while (!at.empty() && at.back() <= now.plus_ms(-kDayMs)) {
        at.pop_back();
    }
    if (wait_for_text_ms(at, limits, now) > 0) {
        return false;
    }
    at.insert(at.begin(), now);
    return true;
}

}  // namespace hangu::identity

// The prepared statements of a connection, by the addresses of their constants; the one that rested
// longest goes when there are too many.
#pragma once

#include "base/check.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace hangu::storage {

// `One` has last_used and in_use.
template <class One>
class Statements {
 public:
    explicit Statements(std::size_t count_max) : count_max_(count_max) {}

    // Null: it is not prepared yet.
    One* use(const void* key) {
        const auto found = all_.find(key);
        if (found == all_.end()) {
            return nullptr;
        }
        HANGU_ASSERT(!found->second->in_use);  // a statement is not used inside its own rows
        return &mark(*found->second);
    }
    One& add(const void* key, std::unique_ptr<One> made) {
        if (all_.size() >= count_max_) {
            forget_oldest();
        }
        return mark(*all_.emplace(key, std::move(made)).first->second);
    }
    void forget_unused() {
        std::erase_if(all_, [](const auto& one) { return !one.second->in_use; });
    }
    void clear() { all_.clear(); }
    std::size_t size() const { return all_.size(); }

 private:
    One& mark(One& one) {
        one.last_used = ++uses_;
        one.in_use = true;
        return one;
    }
    void forget_oldest() {
        auto oldest = all_.end();
        for (auto it = all_.begin(); it != all_.end(); ++it) {
            const bool older =
                oldest == all_.end() || it->second->last_used < oldest->second->last_used;
            if (!it->second->in_use && older) {
                oldest = it;
            }
        }
        if (oldest != all_.end()) {
            all_.erase(oldest);
        }
    }

    std::unordered_map<const void*, std::unique_ptr<One>> all_;
    std::size_t count_max_;
    std::uint64_t uses_ = 0;
};

}  // namespace hangu::storage

// When codes were asked for at merchants that do not exist: in memory, bounded, so that asking
// there is answered like asking anywhere. Thread-safe.
#pragma once

#include "security/identity/internal/text_code_rules.hpp"

#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hangu::identity {

class TextPauses {
 public:
    explicit TextPauses(std::size_t count_max) : count_max_(count_max) {}

    // True, and counted: a code would be sent now. False: it is too soon.
    bool ask(const std::string& key, const TextLimits& limits, Time now);

 private:
    struct Asked {
        std::string key;
        std::vector<Time> at;  // newest first, of the last day
    };

    std::size_t count_max_;
    std::mutex mutex_;
    std::list<Asked> by_use_;  // the one used last first
    std::unordered_map<std::string_view, std::list<Asked>::iterator> index_;
};

}  // namespace hangu::identity

// The part of the organisation tree that a caller may see: up to four half-open ranges of node
// paths. Only the scope of a request makes one (after asking for a permission), so a list query
// that takes a DataScope cannot be called without one.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace hangu::http {
class Scope;
}

namespace hangu::storage {

struct PathRange {
    std::string from;  // path >= from
    std::string to;    // path < to
};

// The subtree under a node path.
inline PathRange subtree(std::string_view path) {
    return {std::string(path), std::string(path) + "~"};
}

class DataScope {
 public:
    static constexpr std::size_t kRangesCountMax = 4;

    const std::array<PathRange, kRangesCountMax>& ranges() const { return ranges_; }
    bool covers(std::string_view path) const {
        for (const PathRange& range : ranges_) {
            if (path >= range.from && path < range.to) {
                return true;
            }
        }
        return false;
    }

    // For work of the system itself on the whole tenant: command line, import, demo, jobs. The tidy
    // test keeps the list of files that may say this.
    static DataScope whole_tenant() {
        DataScope all;
        all.ranges_[0] = subtree("");
        return all;
    }

 private:
    friend class ::hangu::http::Scope;
    DataScope() = default;
    std::array<PathRange, kRangesCountMax> ranges_;  // unused ones are empty and match nothing
};

}  // namespace hangu::storage

// The condition of a statement whose first argument is a DataScope (?2 to ?9) on a path column.
#define HANGU_WITHIN_SCOPE(column)                                             \
    "((" column " >= ?2 and " column " < ?3) or (" column " >= ?4 and " column \
    " < ?5) or (" column " >= ?6 and " column " < ?7) or (" column " >= ?8 and " column " < ?9))"

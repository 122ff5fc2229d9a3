// The part of the organisation tree that a caller may see: up to eight half-open ranges of node
// paths. Only the scope of a request makes one (after asking for a permission), so a list query
// that takes a DataScope cannot be called without one.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
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

    friend bool operator==(const PathRange&, const PathRange&) = default;
};

inline constexpr std::size_t kPathRangesCountMax = 8;
using PathRanges = std::array<PathRange, kPathRangesCountMax>;  // unused ones match nothing

// The subtree under a node path.
inline PathRange subtree(std::string_view path) {
    return {std::string(path), std::string(path) + "~"};
}

inline bool covers(const PathRanges& ranges, std::string_view path) {
    for (const PathRange& range : ranges) {
        if (path >= range.from && path < range.to) {
            return true;
        }
    }
    return false;
}

// Cheap to copy: the ranges are shared and never change.
class DataScope {
 public:
    static constexpr std::size_t kRangesCountMax = kPathRangesCountMax;

    const PathRanges& ranges() const { return *ranges_; }
    bool covers(std::string_view path) const { return storage::covers(*ranges_, path); }

    // For work of the system itself on the whole tenant: command line, import, demo, jobs. The tidy
    // test keeps the list of files that may say this.
    static DataScope whole_tenant() {
        PathRanges all;
        all[0] = subtree("");
        return DataScope(std::make_shared<const PathRanges>(std::move(all)));
    }

 private:
    friend class ::hangu::http::Scope;
    explicit DataScope(std::shared_ptr<const PathRanges> ranges) : ranges_(std::move(ranges)) {}

    std::shared_ptr<const PathRanges> ranges_;  // never null
};

}  // namespace hangu::storage

// The condition of a statement whose first argument is a DataScope (?2 to ?17) on a path column.
#define HANGU_WITHIN_SCOPE(column)                                                          \
    "((" column " >= ?2 and " column " < ?3) or (" column " >= ?4 and " column              \
    " < ?5) or (" column " >= ?6 and " column " < ?7) or (" column " >= ?8 and " column     \
    " < ?9) or (" column " >= ?10 and " column " < ?11) or (" column " >= ?12 and " column  \
    " < ?13) or (" column " >= ?14 and " column " < ?15) or (" column " >= ?16 and " column \
    " < ?17))"

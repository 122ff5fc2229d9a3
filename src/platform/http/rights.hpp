// What a caller may do, and where. Permissions and places belong together: a permission holds only
// at the places of the grants that give it, so a cashier in one store who manages another manages
// only the other.
#pragma once

#include "platform/http/permission.hpp"
#include "platform/storage/data_scope.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace hangu::http {

// --- Ranges of node paths. A path is labels of fixed width per level; organisation's are four
// base32 digits and '/', so that nothing stands between a node's subtree and the next label's.

// The fewest ranges that hold the same nodes: sorted, without repeats, neighbours united.
std::vector<storage::PathRange> united(std::vector<storage::PathRange> ranges);
// What is left of `ranges` outside of `holes`.
std::vector<storage::PathRange> without(const std::vector<storage::PathRange>& ranges,
                                        const std::vector<storage::PathRange>& holes);

// These permissions at these places.
struct RightsAt {
    PermissionSet permissions;
    std::vector<storage::PathRange> places;
};

// Immutable once compiled. A question costs one look-up and at most eight comparisons; nothing is
// allocated.
class Rights {
 public:
    Rights() = default;  // nothing, nowhere
    static Rights at(const PermissionSet& permissions, std::string_view node_path);
    // The union of all of them. A permission whose places need more than eight ranges keeps the
    // first eight and is named in too_many_places(): never more than was granted.
    static Rights compile(const std::vector<RightsAt>& grants);

    const PermissionSet& anywhere() const { return anywhere_; }  // held at some place
    bool holds(std::size_t bit) const { return anywhere_.test(bit); }
    bool holds(std::size_t bit, std::string_view path) const {
        return anywhere_.test(bit) && storage::covers(*places_[place_of_[bit]], path);
    }
    // Where the permission holds; never null, of one that is not held all empty.
    std::shared_ptr<const storage::PathRanges> places(std::size_t bit) const;
    const PermissionSet& too_many_places() const { return too_many_places_; }

    // The permission holds in all of this range.
    bool covers(std::size_t bit, const storage::PathRange& range) const;
    // What of `other` is not held here, at every place where `other` holds it.
    PermissionSet lacking(const Rights& other) const;

 private:
    PermissionSet anywhere_;
    PermissionSet too_many_places_;
    std::array<std::uint8_t, kPermissionsCountMax> place_of_{};  // permission -> index in places_
    std::vector<std::shared_ptr<const storage::PathRanges>> places_;  // each set of ranges once
};

}  // namespace hangu::http

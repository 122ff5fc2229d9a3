#include "platform/http/rights.hpp"

#include <algorithm>
#include <map>
#include <string>

namespace hangu::http {

namespace {

using storage::PathRange;
using storage::PathRanges;

constexpr std::size_t kLabelDigits = 4;
constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";

// The label that is given out after this one; empty when it is no label.
std::string next_label(std::string label) {
    for (std::size_t i = label.size(); i-- > 0;) {
        const std::size_t digit = kDigits.find(label[i]);
        if (digit == std::string_view::npos) {
            return "";
        }
        if (digit + 1 < kDigits.size()) {
            label[i] = kDigits[digit + 1];
            return label;
        }
        label[i] = kDigits.front();
    }
    return "";
}

// No node can stand in [from, to): `from` ends the subtree of a label, `to` begins the next one's.
bool nothing_between(std::string_view from, std::string_view to) {
    if (to <= from) {
        return true;
    }
    const std::size_t size = to.size();
    if (size < kLabelDigits + 1 || from.size() != size + 1 || !from.ends_with("/~") ||
        !to.ends_with('/')) {
        return false;
    }
    const std::size_t above = size - kLabelDigits - 1;
    return from.substr(0, above) == to.substr(0, above) &&
           next_label(std::string(from.substr(above, kLabelDigits))) ==
               to.substr(above, kLabelDigits);
}

std::shared_ptr<const PathRanges> nowhere() {
    static const auto none = std::make_shared<const PathRanges>();
    return none;
}

}  // namespace

std::vector<PathRange> united(std::vector<PathRange> ranges) {
    std::erase_if(ranges,
                  [](const PathRange& range) { return nothing_between(range.from, range.to); });
    std::sort(ranges.begin(), ranges.end(), [](const PathRange& a, const PathRange& b) {
        return a.from < b.from || (a.from == b.from && a.to < b.to);
    });
    std::vector<PathRange> kept;
    for (PathRange& range : ranges) {
        if (kept.empty() || !nothing_between(kept.back().to, range.from)) {
            kept.push_back(std::move(range));
        } else if (kept.back().to < range.to) {
            kept.back().to = std::move(range.to);
        }
    }
    return kept;
}

std::vector<PathRange> without(const std::vector<PathRange>& ranges,
                               const std::vector<PathRange>& holes) {
    std::vector<PathRange> left;
    const std::vector<PathRange> cuts = united(holes);
    for (const PathRange& range : united(ranges)) {
        std::string from = range.from;
        for (const PathRange& cut : cuts) {
            if (cut.to <= from || cut.from >= range.to) {
                continue;
            }
            if (cut.from > from) {
                left.push_back({from, cut.from});
            }
            from = std::max(from, cut.to);
        }
        if (from < range.to) {
            left.push_back({from, range.to});
        }
    }
    return united(std::move(left));
}

Rights Rights::at(const PermissionSet& permissions, std::string_view node_path) {
    return compile({{permissions, {storage::subtree(node_path)}}});
}

Rights Rights::compile(const std::vector<RightsAt>& grants) {
    Rights rights;
    for (const RightsAt& grant : grants) {
        if (!grant.places.empty()) {
            rights.anywhere_ |= grant.permissions;
        }
    }
    std::map<std::vector<std::size_t>, std::pair<std::uint8_t, bool>> known;
    for (std::size_t bit = 0; bit < kPermissionsCountMax; ++bit) {
        if (!rights.anywhere_.test(bit)) {
            continue;
        }
        std::vector<std::size_t> givers;
        for (std::size_t i = 0; i < grants.size(); ++i) {
            if (grants[i].permissions.test(bit)) {
                givers.push_back(i);
            }
        }
        const auto [found, is_new] = known.try_emplace(givers);
        if (is_new) {
            std::vector<PathRange> all;
            for (const std::size_t giver : givers) {
                all.insert(all.end(), grants[giver].places.begin(), grants[giver].places.end());
            }
            all = united(std::move(all));
            PathRanges set;
            const std::size_t count = std::min(all.size(), set.size());
            std::move(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), set.begin());
            // At most one set per permission: the index fits.
            found->second = {static_cast<std::uint8_t>(rights.places_.size()), all.size() > count};
            rights.places_.push_back(std::make_shared<const PathRanges>(std::move(set)));
        }
        rights.place_of_[bit] = found->second.first;
        rights.too_many_places_.set(bit, found->second.second);
    }
    return rights;
}

std::shared_ptr<const PathRanges> Rights::places(std::size_t bit) const {
    return anywhere_.test(bit) ? places_[place_of_[bit]] : nowhere();
}

bool Rights::covers(std::size_t bit, const PathRange& range) const {
    if (!anywhere_.test(bit)) {
        return false;
    }
    const PathRanges& held = *places_[place_of_[bit]];
    return std::any_of(held.begin(), held.end(), [&range](const PathRange& one) {
        return range.from >= one.from && range.to <= one.to;
    });
}

PermissionSet Rights::lacking(const Rights& other) const {
    PermissionSet lacking = other.anywhere_ & ~anywhere_;
    for (std::size_t bit = 0; bit < kPermissionsCountMax; ++bit) {
        if (!other.anywhere_.test(bit) || lacking.test(bit)) {
            continue;
        }
        const PathRanges& theirs = *other.places_[other.place_of_[bit]];
        const bool all = std::all_of(theirs.begin(), theirs.end(), [&](const PathRange& range) {
            return range.from >= range.to || covers(bit, range);
        });
        lacking.set(bit, !all);
    }
    return lacking;
}

}  // namespace hangu::http

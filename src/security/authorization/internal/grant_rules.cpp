#include "security/authorization/internal/grant_rules.hpp"

#include "base/text.hpp"
#include "platform/http/caller.hpp"

#include <algorithm>

namespace hangu::authorization {

namespace {

using http::PermissionSet;
using http::Rights;
using storage::PathRange;

template <class Chosen>
Rights compiled(const std::vector<GrantRule>& rules, Chosen&& chosen) {
    std::vector<http::RightsAt> grants;
    for (const GrantRule& rule : rules) {
        if (chosen(rule)) {
            grants.push_back({rule.permissions, rule.places});
        }
    }
    return Rights::compile(grants);
}

bool meet(const storage::PathRanges& some, const storage::PathRanges& others) {
    for (const PathRange& one : some) {
        for (const PathRange& other : others) {
            if (std::max(one.from, other.from) < std::min(one.to, other.to)) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

bool is_below(std::string_view path, std::string_view node_path) {
    return path.starts_with(node_path);
}

std::vector<PathRange> places_of(std::string_view node_path,
                                 const std::vector<std::string>& except) {
    return http::without({storage::subtree(node_path)}, places_of(except));
}

std::vector<PathRange> places_of(const std::vector<std::string>& node_paths) {
    std::vector<PathRange> places;
    for (const std::string& path : node_paths) {
        places.push_back(storage::subtree(path));
    }
    return http::united(std::move(places));
}

bool is_over(const GrantRule& rule, Time now) {
    return rule.until && now >= *rule.until;
}

bool holds_at(const GrantRule& rule, Time now) {
    return !is_over(rule, now) && (!rule.from || now >= *rule.from);
}

Time changes_at(const std::vector<GrantRule>& rules, Time now) {
    Time next = http::kNever;
    for (const GrantRule& rule : rules) {
        for (const std::optional<Time>& at : {rule.from, rule.until}) {
            if (at && *at > now) {
                next = std::min(next, *at);
            }
        }
    }
    return next;
}

Rights rights_at(const std::vector<GrantRule>& rules, Time now) {
    return compiled(rules, [now](const GrantRule& rule) { return holds_at(rule, now); });
}

Rights rights_to_come(const std::vector<GrantRule>& rules, Time now) {
    return compiled(rules, [now](const GrantRule& rule) { return !is_over(rule, now); });
}

Rights rights_lasting(const std::vector<GrantRule>& rules, Time now, std::optional<Time> until) {
    return compiled(rules, [now, until](const GrantRule& rule) {
        const bool long_enough = !rule.until || (until && *until <= *rule.until);
        return holds_at(rule, now) && long_enough;
    });
}

Result<void> check_ceiling(const Rights& held, const PermissionSet& given) {
    if ((given & ~held.anywhere()).any()) {
        return Problem::forbidden("role.ceiling");
    }
    return {};
}

Result<void> check_ceiling(const Rights& held, const PermissionSet& given,
                           const std::vector<PathRange>& places) {
    HANGU_CHECK(check_ceiling(held, given));
    for (std::size_t bit = 0; bit < given.size(); ++bit) {
        const bool inside = !given.test(bit) ||
                            std::all_of(places.begin(), places.end(), [&](const PathRange& place) {
                                return held.covers(bit, place);
                            });
        if (!inside) {
            return Problem::forbidden("permission.outside_scope");
        }
    }
    return {};
}

std::vector<DutyBits> duties_in_conflict(const std::vector<GrantRule>& rules,
                                         const std::vector<DutyBits>& pairs, Time now) {
    if (pairs.empty()) {
        return {};
    }
    const Rights rights = compiled(
        rules, [now](const GrantRule& rule) { return !rule.built_in && !is_over(rule, now); });
    std::vector<DutyBits> found;
    for (const DutyBits& pair : pairs) {
        if (rights.holds(pair.first) && rights.holds(pair.second) &&
            meet(*rights.places(pair.first), *rights.places(pair.second))) {
            found.push_back(pair);
        }
    }
    return found;
}

std::vector<std::string> words_of_text(std::string_view text) {
    std::vector<std::string> words;
    for (const std::string_view word : split(text, ' ')) {
        if (!word.empty()) {
            words.emplace_back(word);
        }
    }
    return words;
}

std::string text_of_words(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += text.empty() ? "" : " ";
        text += word;
    }
    return text;
}

PermissionSet permissions_of_text(const http::PermissionCatalogue& catalogue,
                                  std::string_view text) {
    return text == "*" ? catalogue.all() : catalogue.set_of(words_of_text(text));
}

Result<std::string> text_of_codes(const http::PermissionCatalogue& catalogue,
                                  const std::vector<std::string>& codes) {
    Problem problem = Problem::invalid("input.invalid");
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (!catalogue.bit(codes[i])) {
            problem.fields.push_back({"permissions[" + std::to_string(i) + "]",
                                      "permission.unknown", "no such permission"});
        }
    }
    if (!problem.fields.empty()) {
        return problem;
    }
    return text_of_words(catalogue.codes_of(catalogue.set_of(codes)));
}

}  // namespace hangu::authorization

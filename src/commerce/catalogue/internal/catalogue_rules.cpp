#include "commerce/catalogue/internal/catalogue_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace hangu::catalogue {

namespace {

void check_group(const ModifierGroupInput& group, std::size_t at, Problem& problem) {
    const std::string where = fmt::format("modifier_groups[{}]", at);
    const auto options = static_cast<std::int64_t>(group.options.size());
    if (group.min > group.max) {
        problem.fields.push_back({where + ".min", "product.group_min_above_max", ""});
    }
    if (group.min > options) {
        problem.fields.push_back({where + ".min", "product.group_min_above_options",
                                  fmt::format("at most {}", options)});
    }
    std::int64_t preselected = 0;
    std::set<std::int64_t> ids;
    for (std::size_t i = 0; i < group.options.size(); ++i) {
        const ModifierOptionInput& option = group.options[i];
        preselected += option.preselected ? 1 : 0;
        if (option.id && !ids.insert(option.id->value()).second) {
            problem.fields.push_back(
                {fmt::format("{}.options[{}].id", where, i), "field.twice", ""});
        }
    }
    if (preselected > group.max) {
        problem.fields.push_back({where + ".options", "product.too_many_defaults",
                                  fmt::format("at most {}", std::int64_t{group.max})});
    }
}

Result<void> answer(Problem problem) {
    if (problem.fields.empty()) {
        return {};
    }
    return problem;
}

}  // namespace

Result<void> check_specs(const SpecInputs& specs) {
    Problem problem = Problem::invalid("input.invalid");
    std::set<std::string_view> codes;
    std::set<std::int64_t> ids;
    for (std::size_t i = 0; i < specs.size(); ++i) {
        if (!codes.insert(specs[i].code).second) {
            problem.fields.push_back({fmt::format("specs[{}].code", i), "field.twice", ""});
        }
        if (specs[i].id && !ids.insert(specs[i].id->value()).second) {
            problem.fields.push_back({fmt::format("specs[{}].id", i), "field.twice", ""});
        }
    }
    return answer(std::move(problem));
}

Result<void> check_groups(const GroupInputs& groups) {
    Problem problem = Problem::invalid("input.invalid");
    std::set<std::int64_t> ids;
    for (std::size_t i = 0; i < groups.size(); ++i) {
        check_group(groups[i], i, problem);
        if (groups[i].id && !ids.insert(groups[i].id->value()).second) {
            problem.fields.push_back({fmt::format("modifier_groups[{}].id", i), "field.twice", ""});
        }
    }
    return answer(std::move(problem));
}

std::int64_t required_groups_of(const GroupInputs& groups) {
    return std::count_if(groups.begin(), groups.end(),
                         [](const ModifierGroupInput& group) { return group.min > 0; });
}

std::string groups_text(const GroupInputs& groups) {
    std::string text;
    for (const ModifierGroupInput& group : groups) {
        text += fmt::format("{}{} ({}-{}):", text.empty() ? "" : "; ", group.name.str(),
                            std::int64_t{group.min}, std::int64_t{group.max});
        for (const ModifierOptionInput& option : group.options) {
            text += fmt::format(" {} {}", option.name.str(),
                                yuan_text(Money(std::int64_t{option.price_fen})));
        }
    }
    return text;
}

}  // namespace hangu::catalogue

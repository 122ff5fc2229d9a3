#include "platform/storage/internal/schema_view.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::storage {

namespace {

bool is_control(const Part& part) {
    return !part.tables.empty() && part.tables.front().control;
}

std::string_view type_text(ColumnType type) {
    switch (type) {
        case ColumnType::integer:
            return "integer";
        case ColumnType::text:
            return "text";
        case ColumnType::blob:
        case ColumnType::sealed:
        case ColumnType::blind:
            return "blob";
    }
    return "";
}

std::optional<Problem> refusal_of(const HadStep& had, const Step* known, const Steps& steps) {
    const std::string name = fmt::format("{}/{}", had.module, had.name);
    if (known != nullptr) {
        return known->checksum == had.checksum
                   ? std::nullopt
                   : std::optional<Problem>(Problem::conflict(
                         "migration.changed",
                         fmt::format("step {} of the database is different in this program",
                                     name)));
    }
    if (had.phase == Phase::contract) {
        return Problem::conflict(
            "migration.contracted",
            fmt::format("version {} has removed what this program ({}) needs (step {}): start "
                        "version {} or a later one",
                        had.release.text(), steps.facts.release.text(), name, had.release.text()));
    }
    if (had.phase == Phase::base) {
        return Problem::conflict(
            "migration.newer",
            fmt::format("step {} of the database is unknown to this program", name));
    }
    if (steps.facts.release < had.understood_since) {
        return Problem::conflict(
            "migration.newer",
            fmt::format("version {} has changed the database (step {}) so that programs before {} "
                        "do not understand it; this is {}",
                        had.release.text(), name, had.understood_since.text(),
                        steps.facts.release.text()));
    }
    return std::nullopt;
}

std::vector<std::string> texts_of(const std::vector<LiveColumn>& columns) {
    std::vector<std::string> texts;
    for (const LiveColumn& column : columns) {
        texts.push_back(column.text);
    }
    return texts;
}

// Removes from `live` what is allowed to be there beyond the declaration.
void drop_allowed(std::vector<LiveColumn>& live, const Table& table,
                  const std::set<std::pair<std::string, std::string>>& leaving, bool newer) {
    std::erase_if(live, [&](const LiveColumn& column) {
        const bool declared =
            column.name == "tenant_id" ||
            std::any_of(table.columns.begin(), table.columns.end(),
                        [&column](const Column& one) { return one.name == column.name; });
        return !declared && ((newer && column.optional) ||
                             leaving.contains({std::string(table.name), column.name}));
    });
}

}  // namespace

const Step* Steps::find(std::string_view module, std::string_view name) const {
    const auto found = std::find_if(steps.begin(), steps.end(), [&](const Step& step) {
        return step.module == module && step.name == name;
    });
    return found == steps.end() ? nullptr : &*found;
}

Steps steps_of(std::span<const Part> parts, bool control, const ProgramFacts& facts) {
    Steps result;
    result.facts = facts;
    std::vector<HadStep> of_new;
    for (const Part& part : parts) {
        if (is_control(part) != control) {
            continue;
        }
        for (const MigrationFile& file : part.migrations) {
            Step step{file.module, file.name, file.sql, to_hex(crypto::sha256(file.sql).view()),
                      head_of(file.sql)};
            for (const Fill& fill : part.fills) {
                step.fill = fill.step == file.name ? fill.rows : step.fill;
            }
            if (result.is_of_new(step)) {
                of_new.push_back({std::string(step.module), std::string(step.name), step.checksum});
            }
            result.steps.push_back(std::move(step));
        }
    }
    result.digest = digest_of_steps(of_new);
    return result;
}

std::vector<std::string> step_faults(std::span<const Part> parts) {
    std::vector<std::string> faults;
    for (const bool control : {false, true}) {
        const Steps steps = steps_of(parts, control);
        for (const Step& step : steps.steps) {
            const std::string fault =
                !step.head.fault.empty()
                    ? step.head.fault
                    : phase_fault(step.head.phase, step.sql, control, step.fill != nullptr);
            if (!fault.empty()) {
                faults.push_back(fmt::format("step {} ({}): {}", step.full_name(),
                                             enum_text(step.head.phase), fault));
            }
        }
    }
    return faults;
}

HadStep had_step(std::string module, std::string name, std::string checksum, std::string_view phase,
                 std::string_view release, std::string_view understood) {
    HadStep had;
    had.module = std::move(module);
    had.name = std::move(name);
    had.checksum = std::move(checksum);
    had.phase = parse_enum<Phase>(phase).value_or(Phase::base);
    had.release = Release::parse(release).value_or(Release{});
    had.understood_since = Release::parse(understood).value_or(Release{});
    return had;
}

bool SchemaView::has(const Step& step) const {
    return std::any_of(had.begin(), had.end(), [&step](const HadStep& one) {
        return one.complete && one.module == step.module && one.name == step.name;
    });
}

bool SchemaView::is_over(const Step& step, const Steps& steps) const {
    return std::any_of(steps.steps.begin(), steps.steps.end(), [&](const Step& later) {
        return &later > &step && later.module == step.module &&
               later.head.phase == Phase::contract &&
               std::any_of(had.begin(), had.end(), [&later](const HadStep& one) {
                   return one.module == later.module && one.name == later.name;
               });
    });
}

SchemaView view_of(std::vector<HadStep> had, const Steps& steps) {
    SchemaView view;
    view.had = std::move(had);
    view.digest = digest_of_steps(view.had);
    for (const HadStep& one : view.had) {
        const Step* known = steps.find(one.module, one.name);
        std::optional<Problem> refusal = refusal_of(one, known, steps);
        // What was removed says more than what was added.
        if (refusal && (!view.refusal || refusal->code == "migration.contracted")) {
            view.refusal = std::move(refusal);
        }
        if (known == nullptr) {
            view.newer.push_back(one.module + "/" + one.name);
            view.under_way = view.under_way || !one.complete;
        }
    }
    for (const Step& step : steps.steps) {
        if (view.has(step)) {
            continue;
        }
        if (step.head.phase == Phase::base || step.head.phase == Phase::expand) {
            view.missing.push_back(&step);
        } else if (step.head.phase == Phase::contract) {
            view.uncontracted.push_back(&step);
        }
    }
    return view;
}

std::string digest_of_steps(std::span<const HadStep> had) {
    std::vector<std::string> lines;
    for (const HadStep& one : had) {
        lines.push_back(fmt::format("{}/{}:{}\n", one.module, one.name, one.checksum));
    }
    std::sort(lines.begin(), lines.end());
    // The number is of the engine's own tables.
    return to_hex(crypto::sha256(fmt::format("2\n{}", fmt::join(lines, ""))).view());
}

std::vector<std::string> differences_of(LiveTables live, std::span<const Part> parts, bool control,
                                        const SchemaView& view, bool sealed) {
    std::vector<std::string> differences;
    const bool newer = !view.newer.empty() && sealed;
    if (!view.newer.empty() && !sealed) {
        differences.emplace_back(
            "the schema is not as the newer version has left it: another hand has changed it");
    }
    std::set<std::pair<std::string, std::string>> leaving;
    for (const Step* step : view.uncontracted) {
        leaving.merge(removals_of(step->sql));
    }
    for (const Part& part : parts) {
        for (const Table& table : part.tables) {
            if (table.control != control) {
                continue;
            }
            std::vector<std::string> wanted;
            if (!control) {
                wanted.emplace_back("tenant_id integer not null");
            }
            for (const Column& column : table.columns) {
                wanted.push_back(fmt::format("{} {}{}", column.name, type_text(column.type),
                                             column.nullable ? "" : " not null"));
            }
            std::vector<LiveColumn>& has = live[std::string(table.name)];
            drop_allowed(has, table, leaving, newer);
            if (texts_of(has) != wanted) {
                differences.push_back(fmt::format("table {}: declared ({}), live ({})", table.name,
                                                  fmt::join(wanted, ", "),
                                                  fmt::join(texts_of(has), ", ")));
            }
            live.erase(std::string(table.name));
        }
    }
    for (const auto& [name, columns] : live) {
        if (!newer && !leaving.contains({name, ""})) {
            differences.push_back(fmt::format("table {} is not declared", name));
        }
    }
    return differences;
}

}  // namespace hangu::storage

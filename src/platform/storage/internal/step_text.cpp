#include "platform/storage/internal/step_text.hpp"

#include "base/text.hpp"
#include "platform/storage/internal/sql_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::storage {

namespace {

using Words = std::vector<std::string>;

std::vector<Words> steps_in(std::string_view sql) {
    std::vector<Words> all;
    for (const std::string_view one : sql_statements(sql)) {
        all.push_back(sql_tokens(one));
    }
    return all;
}

bool begins(const Words& words, std::initializer_list<std::string_view> with) {
    return words.size() >= with.size() && std::equal(with.begin(), with.end(), words.begin());
}

// "a b c" in this order, anywhere.
bool holds(const Words& words, std::initializer_list<std::string_view> run) {
    return std::search(words.begin(), words.end(), run.begin(), run.end()) != words.end();
}

// What a step has added, so far.
struct Added {
    std::set<std::string> tables;
    std::set<std::pair<std::string, std::string>> columns;
    std::set<std::pair<std::string, std::string>> empty_columns;  // without a value in older rows
};

std::string add_column(const Words& words, Added& added) {
    if (words.size() < 6 || words[3] != "add" || words[4] != "column") {
        return "it changes the table " + (words.size() > 2 ? words[2] : std::string());
    }
    const std::pair<std::string, std::string> column{words[2], words[5]};
    const bool has_default = std::find(words.begin() + 6, words.end(), "default") != words.end();
    if (holds(words, {"not", "null"}) && !has_default) {
        return fmt::format(
            "older programs cannot give a value for {}.{}: let it be null or have a "
            "default",
            column.first, column.second);
    }
    for (const std::string_view word : {"primary", "unique", "references", "check", "generated"}) {
        if (std::find(words.begin() + 6, words.end(), word) != words.end()) {
            return fmt::format("{}.{} is {}, which older programs do not know", column.first,
                               column.second, word);
        }
    }
    added.columns.insert(column);
    if (!has_default) {
        added.empty_columns.insert(column);
    }
    return "";
}

std::string add_index(const Words& words, const Added& added) {
    const bool unique = words[1] == "unique";
    const std::size_t table_at = unique ? 5 : 4;
    if (!unique || words.size() <= table_at || added.tables.contains(words[table_at])) {
        return "";
    }
    const auto is_new = [&](const std::string& word) {
        return added.empty_columns.contains({words[table_at], word});
    };
    return std::any_of(words.begin(), words.end(), is_new)
               ? ""
               : "older programs do not know the unique index " + words[3];
}

// A base step may set the columns that it adds.
std::string fill_at_once(const Words& words, const Added& added) {
    if (words[0] == "insert" && words.size() > 2) {
        return added.tables.contains(words[2]) ? "" : "it writes rows of the table " + words[2];
    }
    if (words[0] != "update" || words.size() < 4 || words[2] != "set") {
        return fmt::format("\"{}\"", words[0]);
    }
    int depth = 0;
    bool at_column = true;
    for (std::size_t i = 3; i < words.size() && words[i] != "where"; ++i) {
        if (at_column && !added.columns.contains({words[1], words[i]})) {
            return fmt::format("it changes {}.{}", words[1], words[i]);
        }
        depth += words[i] == "(" ? 1 : words[i] == ")" ? -1 : 0;
        at_column = depth == 0 && words[i] == ",";
    }
    return "";
}

std::string expand_fault(const std::vector<Words>& statements, bool base) {
    Added added;
    for (const Words& words : statements) {
        std::string fault;
        if (begins(words, {"create", "table"}) && words.size() > 2) {
            added.tables.insert(words[2]);
        } else if (begins(words, {"create", "index"}) ||
                   begins(words, {"create", "unique", "index"})) {
            fault = base ? "" : add_index(words, added);
        } else if (begins(words, {"alter", "table"})) {
            fault = add_column(words, added);
        } else if (base) {
            fault = fill_at_once(words, added);
        } else {
            fault = fmt::format("\"{}\"", words[0]);
        }
        if (!fault.empty()) {
            return fault;
        }
    }
    return "";
}

std::string migrate_fault(const std::vector<Words>& statements, bool filled) {
    if (statements.empty() || statements.back().front() != "select" ||
        !holds(statements.back(), {"select", "count", "("})) {
        return "it does not end with \"select count(*) …\" of what is left to fill";
    }
    if (filled != (statements.size() == 1)) {
        return filled ? "the program fills; it may only hold the count of what is left"
                      : "it fills nothing";
    }
    for (const Words& words : statements) {
        const bool count = &words == &statements.back();
        if (!holds(words, {"tenant_id", "=", "?1"})) {
            return "a statement without \"tenant_id = ?1\"";
        }
        if (!count && words[0] != "update" && words[0] != "insert" && words[0] != "delete") {
            return fmt::format("\"{}\"", words[0]);
        }
        if (!count && !holds(words, {"limit", "?2"})) {
            return "a statement without \"limit ?2\": it fills in bounded batches";
        }
    }
    return "";
}

std::string contract_fault(const std::vector<Words>& statements) {
    for (const Words& words : statements) {
        const bool column = words.size() == 6 && begins(words, {"alter", "table"}) &&
                            words[3] == "drop" && words[4] == "column";
        const bool whole =
            words.size() == 3 && words[0] == "drop" && (words[1] == "table" || words[1] == "index");
        if (!column && !whole) {
            return fmt::format("\"{}\" …: it may drop tables, columns and indexes", words[0]);
        }
    }
    return "";
}

}  // namespace

StepHead head_of(std::string_view sql) {
    StepHead head;
    for (const std::string_view line : split(sql, '\n')) {
        if (!line.starts_with("-- ") || line.find(": ") == std::string_view::npos) {
            break;
        }
        const std::string_view name = line.substr(3, line.find(": ") - 3);
        const std::string_view value = line.substr(line.find(": ") + 2);
        if (name == "phase") {
            const std::optional<Phase> phase = parse_enum<Phase>(value);
            head.phase = phase.value_or(Phase::base);
            head.fault = phase && *phase != Phase::base ? "" : "there is no such phase";
        } else if (name == "release" || name == "understood-since") {
            const std::optional<Release> release = Release::parse(value);
            (name == "release" ? head.release : head.understood_since) =
                release.value_or(Release{});
            head.fault = release ? head.fault : fmt::format("\"{}\" is no version", value);
        } else {
            break;
        }
    }
    if (head.phase != Phase::base && head.fault.empty() && head.release == Release{}) {
        head.fault = "the release that brings it is missing";
    }
    if (head.phase == Phase::contract) {
        head.understood_since = std::max(head.understood_since, head.release);
    }
    return head;
}

std::string phase_fault(Phase phase, std::string_view sql, bool control, bool filled) {
    try {
        const std::vector<Words> statements = steps_in(sql);
        switch (phase) {
            case Phase::base:
                return expand_fault(statements, true);
            case Phase::expand:
                return expand_fault(statements, false);
            case Phase::migrate:
                return control ? "the control database has no tenants to fill"
                               : migrate_fault(statements, filled);
            case Phase::contract:
                return control ? "nothing is removed from the control database yet"
                               : contract_fault(statements);
        }
    } catch (const SqlRefused& why) {
        return why.what();
    }
    return "";
}

FillText fill_text(std::string_view sql) {
    FillText text;
    text.batches = sql_statements(sql);
    text.left = text.batches.back();
    text.batches.pop_back();
    return text;
}

std::set<std::pair<std::string, std::string>> removals_of(std::string_view sql) {
    std::set<std::pair<std::string, std::string>> removals;
    for (const Words& words : steps_in(sql)) {
        if (words.size() == 6 && words[3] == "drop") {
            removals.emplace(words[2], words[5]);
        } else if (words.size() == 3 && words[1] == "table") {
            removals.emplace(words[2], "");
        }
    }
    return removals;
}

}  // namespace hangu::storage

// Statements, migrations and parts: what the storage engine relies on.
#include "expect.hpp"
#include "modules.hpp"

#include <algorithm>
#include <cctype>

namespace hangu::tidy {
namespace {

struct StatementText {
    std::string name;  // "kFind"
    bool control = false;
    std::size_t position = 0;
    std::string sql;  // in lower case, with single blanks
};

std::string normalised(std::string_view sql) {
    std::string out;
    for (const char c : sql) {
        const char low = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const bool blank = low == ' ' || low == '\n' || low == '\t';
        if (!blank || (!out.empty() && out.back() != ' ')) {
            out += blank ? ' ' : low;
        }
    }
    return std::string(trimmed(out));
}

// The literal whose opening quote stands at `quote`; moves `quote` to its end.
std::string_view literal_at(const Source& source, std::size_t& quote) {
    const std::size_t end = std::min(source.code.find('"', quote + 1), source.code.size());
    std::string_view literal = std::string_view(source.text).substr(quote + 1, end - quote - 1);
    if (quote > 0 && source.code[quote - 1] == 'R') {
        literal.remove_prefix(literal.find('(') + 1);
        literal = literal.substr(0, literal.rfind(')'));
    }
    quote = end;
    return literal;
}

std::string joined_literals(const Source& source, std::size_t from, std::size_t to) {
    std::string joined;
    for (std::size_t i = from; i < std::min(to, source.code.size()); ++i) {
        if (source.code[i] == '"') {
            joined += literal_at(source, i);
        }
    }
    return joined;
}

// What the macro of this name, defined in the same file, says; "" if there is none.
std::string macro_literals(const Source& source, std::string_view name) {
    const std::size_t at = source.code.find("#define " + std::string(name));
    if (at == std::string::npos) {
        return {};
    }
    std::size_t end = source.code.find('\n', at);
    while (end != std::string::npos && source.code[end - 1] == '\\') {
        end = source.code.find('\n', end + 1);
    }
    return joined_literals(source, at, end);
}

// The SQL of a statement's initialiser: its literals after the first (the name), macros included.
std::string sql_between(const Source& source, std::size_t from, std::size_t to) {
    std::string sql;
    const std::size_t after_name = source.code.find(',', from);
    for (std::size_t i = std::min(after_name, to); i < to; ++i) {
        if (source.code[i] == '"') {
            sql += literal_at(source, i);
            continue;
        }
        std::size_t end = i;
        while (end < to && is_word_character(source.code[end])) {
            ++end;
        }
        if (end > i) {
            sql += macro_literals(source, std::string_view(source.code).substr(i, end - i));
            i = end - 1;
        }
    }
    return normalised(sql);
}

// `Statement<Row(Args)> kName{…}` and ControlStatement alike.
std::vector<StatementText> statements_of(const Source& source) {
    std::vector<StatementText> found;
    for (const bool control : {false, true}) {
        const std::string_view word = control ? "ControlStatement" : "Statement";
        for (const std::size_t at : find_word(source.code, word)) {
            const std::size_t open = at + word.size();
            if (open >= source.code.size() || source.code[open] != '<') {
                continue;
            }
            const std::size_t after = after_closing(source.code, open);
            if (after == std::string::npos) {
                continue;
            }
            const std::size_t name = source.code.find_first_not_of(" \n", after);
            std::size_t name_end = name;
            while (name_end < source.code.size() && is_word_character(source.code[name_end])) {
                ++name_end;
            }
            const std::size_t brace = source.code.find_first_not_of(" \n", name_end);
            if (name == name_end || brace == std::string::npos || source.code[brace] != '{') {
                continue;
            }
            const std::size_t end = std::min(after_closing(source.code, brace), source.code.size());
            found.push_back({source.text.substr(name, name_end - name), control, at,
                             sql_between(source, brace, end)});
        }
    }
    return found;
}

std::string folder_of_module(const Source& source) {
    const Place place = place_of(std::string_view(source.path).substr(4));
    const bool flat = place.module == place.layer;
    return "src/" + place.layer + (flat ? "" : "/" + place.module);
}

Faults check_tenant_bound(const Source& source) {
    Faults faults;
    for (const StatementText& statement : statements_of(source)) {
        const std::string& sql = statement.sql;
        if (sql.find("pragma_") != std::string::npos) {
            continue;  // the engine asks the file about itself
        }
        const bool insert = sql.starts_with("insert") && sql.find("tenant_id") != std::string::npos;
        if (!statement.control && !insert && sql.find("tenant_id = ?1") == std::string::npos) {
            faults.push_back(source.at(statement.position) + ": " + statement.name +
                             " has no 'tenant_id = ?1': the transaction binds the tenant there");
        }
    }
    return faults;
}

// Every statement constant is named in an info(…) of its module, which prepares it in the tests.
Faults check_listed(const Source& source, std::string_view module_code) {
    Faults faults;
    for (const StatementText& statement : statements_of(source)) {
        const std::vector<std::size_t> uses = find_word(module_code, statement.name);
        const bool listed = std::any_of(uses.begin(), uses.end(), [module_code](std::size_t at) {
            std::string_view before = trimmed(module_code.substr(0, at));
            while (before.ends_with("::")) {
                before.remove_suffix(2);
                while (!before.empty() && is_word_character(before.back())) {
                    before.remove_suffix(1);
                }
            }
            return before.ends_with("info(");
        });
        if (!listed && statement.sql.find("pragma_") == std::string::npos) {
            faults.push_back(source.at(statement.position) + ": " + statement.name +
                             " is not listed through storage::info(" + statement.name +
                             ") in its module's part(), so no test prepares it");
        }
    }
    return faults;
}

// Migrations of a folder: 0001_… on, without a gap, names in snake_case.
Faults check_numbers(const std::string& folder, const std::vector<std::string>& names) {
    Faults faults;
    std::size_t number = 0;
    for (const std::string& name : names) {
        ++number;
        std::string expected = std::to_string(number);
        expected.insert(0, 4 - std::min<std::size_t>(4, expected.size()), '0');
        const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
        });
        if (!name.starts_with(expected + "_") || !name.ends_with(".sql") || !plain) {
            faults.push_back(folder + "/" + name + ": expected " + expected +
                             "_<what_it_makes>.sql; migrations only go forward, without gaps");
        }
    }
    return faults;
}

TEST(Storage, statements_bind_their_tenant) {
    Faults faults;
    std::size_t count = 0;
    for (const Source& source : cpp_tree()) {
        if (source.path.starts_with("src/") && !source.is_test()) {
            count += statements_of(source).size();
            append(faults, check_tenant_bound(source));
        }
    }
    RecordProperty("statements", static_cast<int>(count));
    expect_none(faults);
}

TEST(Storage, an_unbound_statement_is_caught) {
    const auto faults_in = [](std::string text) {
        return check_tenant_bound(Source("src/commerce/order/internal/x.cpp", std::move(text)))
            .size();
    };
    const std::string head =
        "constexpr storage::Statement<Row(OrderId)> kFind{\n  \"order.find\", ";
    EXPECT_EQ(faults_in(head + "\"select id from t where tenant_id = ?1 and \"\n \"id = ?2\"};"),
              0u);
    EXPECT_EQ(faults_in(head + "\"select id from t where id = ?2\"};"), 1u);
    EXPECT_EQ(faults_in(head + "\"select id from t where\"\n \" tenant_id  =  ?1\"};"), 0u);
    EXPECT_EQ(faults_in("#define ALL \"where \" \\\n  \"tenant_id = ?1\"\n" + head +
                        "\"select id \" ALL};"),
              0u);
    EXPECT_EQ(faults_in("#define ALL \"where id = ?1\"\n" + head + "\"select id \" ALL};"), 1u);
    EXPECT_EQ(faults_in(head + "\"INSERT into t (tenant_id, id) values (?1, ?2)\"};"), 0u);
    EXPECT_EQ(faults_in(head + "R\"(select id from t where tenant_id = ?1)\"};"), 0u);
    EXPECT_EQ(faults_in("constexpr ControlStatement<Row(Id)> kAll{\"all\", \"select id from t\"};"),
              0u);
    EXPECT_EQ(
        faults_in("constexpr Statement<void()> kWipe{\"tenant_id = ?1\", \"delete from t\"};"), 1u);
}

TEST(Storage, statements_are_listed) {
    const std::vector<Source> sources = cpp_tree();
    std::map<std::string, std::string> code;
    for (const Source& source : sources) {
        if (source.path.starts_with("src/") && !source.is_test()) {
            code[folder_of_module(source)] += source.code;
        }
    }
    Faults faults;
    for (const Source& source : sources) {
        if (source.path.starts_with("src/") && !source.is_test()) {
            append(faults, check_listed(source, code[folder_of_module(source)]));
        }
    }
    expect_none(faults);
}

TEST(Storage, an_unlisted_statement_is_caught) {
    const Source source("src/commerce/order/internal/x.cpp",
                        "constexpr Statement<Row(Id)> kFind{\"a\", \"b\"};\n");
    EXPECT_EQ(check_listed(source, "return {storage::info(kFind)};").size(), 0u);
    EXPECT_EQ(check_listed(source, "return {storage::info(order_store::kFind)};").size(), 0u);
    EXPECT_EQ(check_listed(source, "tx.find(kFind, id); info(kFindAll);").size(), 1u);
}

TEST(Storage, migrations_are_numbered_without_gaps) {
    Faults faults;
    std::map<std::string, std::vector<std::string>> folders;
    for (const std::string& path : files_below("src")) {
        const std::size_t slash = path.rfind('/');
        if (path.substr(0, slash).ends_with("/sql")) {
            folders[path.substr(0, slash)].push_back(path.substr(slash + 1));
        }
    }
    for (const auto& [folder, names] : folders) {
        append(faults, check_numbers(folder, names));
    }
    expect_none(faults);
}

TEST(Storage, a_gap_between_migrations_is_caught) {
    EXPECT_EQ(check_numbers("sql", {"0001_a.sql", "0002_b.sql"}).size(), 0u);
    EXPECT_EQ(check_numbers("sql", {"0001_a.sql", "0003_b.sql"}).size(), 1u);
    EXPECT_EQ(check_numbers("sql", {"0001_a.sql", "0001_b.sql"}).size(), 1u);
    EXPECT_EQ(check_numbers("sql", {"0001-A.sql"}).size(), 1u);
}

TEST(Storage, modules_with_tables_have_a_part) {
    Faults faults;
    for (const auto& [name, module] : read_modules()) {
        if (!exists(module.folder + "/sql")) {
            continue;
        }
        bool has_part = false;
        for (const std::string& path : files_below(module.folder)) {
            if (path.ends_with(".hpp") && path.find("/internal/") == std::string::npos) {
                const Source header(path, read_file(path));
                has_part = has_part || has_word(header.code, "part()");
            }
        }
        if (!has_part) {
            faults.push_back(module.folder +
                             " has sql/ but declares no part() in its face: the "
                             "engine would not know its tables");
        }
    }
    expect_none(faults);
}

}  // namespace
}  // namespace hangu::tidy

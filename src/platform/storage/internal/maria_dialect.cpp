#include "platform/storage/internal/maria_dialect.hpp"

#include "platform/storage/internal/sql_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace hangu::storage {

namespace {

// Case is ignored as in the embedded engine, and as little else as MariaDB can: accents and signs
// stay different.
constexpr std::string_view kLikeCollation = " collate uca1400_nopad_as_ci";

using Refused = SqlRefused;

// Words that MariaDB keeps for itself and our columns have as names.
bool is_reserved(std::string_view word) {
    static const std::set<std::string_view> kReserved = {
        "accessible",    "analyze", "change",   "character", "condition", "cursor",  "database",
        "deterministic", "div",     "except",   "fetch",     "force",     "groups",  "interval",
        "iterate",       "key",     "keys",     "kill",      "leave",     "lines",   "load",
        "lock",          "loop",    "match",    "mod",       "optimize",  "option",  "outfile",
        "procedure",     "purge",   "range",    "read",      "recursive", "release", "rename",
        "repeat",        "require", "resignal", "return",    "revoke",    "rows",    "schema",
        "separator",     "signal",  "spatial",  "ssl",       "starting",  "trigger", "undo",
        "unlock",        "usage",   "use",      "while",     "write"};
    return kReserved.contains(word);
}

void refuse_unknown(const std::vector<std::string>& tokens, std::size_t at) {
    static const std::set<std::string_view> kFunctions = {
        "count",  "sum", "min",   "max",   "coalesce",      "instr",
        "length", "abs", "lower", "upper", "last_insert_id"};
    // Words that a parenthesis may follow without their being functions.
    static const std::set<std::string_view> kPlain = {
        "in",     "exists", "values", "and",  "or",     "not",      "from",    "join",  "where",
        "select", "when",   "then",   "else", "case",   "set",      "union",   "all",   "on",
        "by",     "as",     "update", "into", "having", "conflict", "between", "limit", "like"};
    const std::string& token = tokens[at];
    if (token == "/" || token == "returning" || token == "glob" || token == "pragma" ||
        token == "json_extract" || token == "over" || token == "ifnull" || token == "typeof") {
        throw Refused(fmt::format("\"{}\" means something else there", token));
    }
    const bool called =
        is_sql_word(token.front()) && at + 1 < tokens.size() && tokens[at + 1] == "(";
    const bool table = at > 0 && tokens[at - 1] == "into";
    if (called && !table && !kFunctions.contains(token) && !kPlain.contains(token)) {
        throw Refused(fmt::format("the function {} is not known to be the same there", token));
    }
}

class StatementWriter {
 public:
    explicit StatementWriter(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {}

    MariaText write() {
        for (at_ = 0; at_ < tokens_.size(); ++at_) {
            one();
        }
        return std::move(out_);
    }

 private:
    enum class Parenthesis { plain, derived, limited };

    const std::string& token(std::size_t ahead = 0) const {
        static const std::string kNone;
        return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : kNone;
    }
    void put(std::string_view text) {
        if (!out_.sql.empty()) {
            out_.sql += ' ';
        }
        out_.sql += text;
    }

    void one() {
        const std::string& now = token();
        if (now.front() == '?') {
            parameter(now);
        } else if (now == "on" && token(1) == "conflict") {
            upsert();
        } else if (now == "excluded" && token(1) == ".") {
            put("values(" + token(2) + ")");
            at_ += 2;
        } else if (now == "like") {
            // After a closing "not" the collation would stand in the wrong place.
            if (at_ > 0 && tokens_[at_ - 1] == "not") {
                throw Refused("\"not like\": write not (… like …)");
            }
            out_.sql += kLikeCollation;
            put(now);
        } else if (now == "(") {
            open();
        } else if (now == ")") {
            put(now);
            close();
        } else if (now == ".") {
            out_.sql += '.';
            ++at_;
            out_.sql += is_reserved(token()) ? "\"" + token() + "\"" : token();
        } else if (is_reserved(now) || (now == "left" && token(1) != "join")) {
            put("\"" + now + "\"");
        } else {
            word(now);
        }
    }
    void word(const std::string& now) {
        refuse_unknown(tokens_, at_);
        // A function's parenthesis stands at its name there.
        if (is_sql_word(now.front()) && token(1) == "(" &&
            (now == "count" || now == "sum" || now == "min" || now == "max")) {
            put(now + "(");
            open_.push_back(Parenthesis::plain);
            ++at_;
        } else {
            put(now);
        }
    }
    void parameter(const std::string& now) {
        int number = 0;
        std::from_chars(now.data() + 1, now.data() + now.size(), number);
        if (number < 1) {
            throw Refused("a parameter without a number");
        }
        out_.parameters.push_back(number);
        put("?");
    }
    // Only on the primary key: there, any unique key would do.
    void upsert() {
        if (token(2) != "(" || token(3) != "id" || token(4) != ")" || token(5) != "do" ||
            token(6) != "update" || token(7) != "set") {
            throw Refused("on conflict other than (id) do update set …");
        }
        put("on duplicate key update");
        at_ += 7;
    }
    void open() {
        const std::string before = at_ > 0 ? tokens_[at_ - 1] : "";
        if (before == "in" && token(1) == "select" && is_limited()) {
            // A limit may not stand directly in there.
            put("(select * from (");
            open_.push_back(Parenthesis::limited);
        } else {
            const bool derived = before == "from" || before == "join";
            open_.push_back(derived ? Parenthesis::derived : Parenthesis::plain);
            put("(");
        }
    }
    bool is_limited() const {
        int depth = 0;
        for (std::size_t i = at_; i < tokens_.size(); ++i) {
            depth += tokens_[i] == "(" ? 1 : tokens_[i] == ")" ? -1 : 0;
            if (depth == 0 || (depth == 1 && tokens_[i] == "limit")) {
                return depth == 1;
            }
        }
        throw Refused("a parenthesis that does not close");
    }
    void close() {
        if (open_.empty()) {
            throw Refused("a parenthesis too many");
        }
        const Parenthesis kind = open_.back();
        open_.pop_back();
        if (kind == Parenthesis::limited) {
            put(fmt::format("as inner_{} )", ++derived_));
            return;
        }
        const std::string& next = token(1);
        const bool named = next == "as" || (!next.empty() && is_sql_word(next.front()) &&
                                            next != "where" && next != "join" && next != "order" &&
                                            next != "group" && next != "limit" && next != "on");
        if (kind == Parenthesis::derived && !named) {
            put(fmt::format("as inner_{}", ++derived_));
        }
    }

    std::vector<std::string> tokens_;
    std::size_t at_ = 0;
    MariaText out_;
    std::vector<Parenthesis> open_;
    int derived_ = 0;
};

}  // namespace

MariaText maria_text(std::string_view sql) {
    MariaText refused;
    try {
        return StatementWriter(sql_tokens(sql)).write();
    } catch (const Refused& why) {
        refused.fault = why.what();
    }
    return refused;
}

// ---- migrations

struct MariaSchema::Words {
    std::vector<std::string> tokens;
    std::size_t at = 0;

    bool ended() const { return at >= tokens.size(); }
    const std::string& look(std::size_t ahead = 0) const {
        static const std::string kNone;
        return at + ahead < tokens.size() ? tokens[at + ahead] : kNone;
    }
    std::string take() {
        if (ended()) {
            throw Refused("a statement that stops in the middle");
        }
        return tokens[at++];
    }
    bool take_if(std::string_view wanted) {
        if (look() != wanted) {
            return false;
        }
        ++at;
        return true;
    }
    void want(std::string_view wanted) {
        if (!take_if(wanted)) {
            throw Refused(fmt::format("\"{}\" instead of \"{}\"", look(), wanted));
        }
    }
    // (a, b, c)
    std::vector<std::string> take_names() {
        std::vector<std::string> names;
        want("(");
        do {
            names.push_back(take());
        } while (take_if(","));
        want(")");
        return names;
    }
};

namespace {

std::string as_name(std::string_view name) {
    return is_reserved(name) ? fmt::format("\"{}\"", name) : std::string(name);
}

std::string as_name(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) {
        out += (out.empty() ? "" : ", ") + as_name(name);
    }
    return out;
}

std::vector<std::vector<std::string>> statements_of(std::string_view sql) {
    std::vector<std::vector<std::string>> statements(1);
    for (std::string& token : sql_tokens(sql)) {
        if (token == ";") {
            statements.emplace_back();
        } else {
            statements.back().push_back(std::move(token));
        }
    }
    std::erase_if(statements, [](const auto& one) { return one.empty(); });
    return statements;
}

bool makes_index(const std::vector<std::string>& tokens, std::size_t& name_at) {
    if (tokens.size() < 6 || tokens[0] != "create") {
        return false;
    }
    name_at = tokens[1] == "unique" ? 3 : 2;
    return tokens[name_at - 1] == "index";
}

// table.column of every index and primary key that this step makes.
std::set<std::string> indexed_by(const std::vector<std::vector<std::string>>& statements) {
    std::set<std::string> result;
    for (const auto& tokens : statements) {
        std::size_t name_at = 0;
        std::size_t from = 0;
        std::string table;
        if (makes_index(tokens, name_at)) {
            table = tokens[name_at + 2];
            from = name_at + 3;
        } else if (tokens.size() > 3 && tokens[0] == "create" && tokens[1] == "table") {
            table = tokens[2];
            for (std::size_t i = 3; i + 2 < tokens.size(); ++i) {
                if (tokens[i] == "primary" && tokens[i + 1] == "key" && tokens[i + 2] == "(") {
                    from = i + 2;
                }
            }
        }
        for (std::size_t i = from; from > 0 && i < tokens.size() && tokens[i] != ")"; ++i) {
            result.insert(table + "." + tokens[i]);
        }
    }
    return result;
}

}  // namespace

std::string MariaSchema::type_of(const Column& column) const {
    if (column.type == "integer") {
        return "bigint";
    }
    if (column.type == "text") {
        return column.indexed ? fmt::format("varchar({})", kIndexedLengthMax) : "longtext";
    }
    if (column.type == "blob") {
        return column.indexed ? fmt::format("varbinary({})", kIndexedLengthMax) : "longblob";
    }
    throw Refused("the column type " + column.type);
}

void MariaSchema::create_table(Words& words, Step& out, const std::set<std::string>& indexed) {
    const std::string table = words.take();
    auto& columns = tables_[table];
    std::vector<std::string> lines;
    std::vector<std::string> key;
    words.want("(");
    do {
        if (words.take_if("primary")) {
            words.want("key");
            key = words.take_names();
            continue;
        }
        const std::string name = words.take();
        Column column{words.take(), "", indexed.contains(table + "." + name)};
        if (words.take_if("primary")) {
            words.want("key");
            key = control_ ? std::vector<std::string>{name}
                           : std::vector<std::string>{"tenant_id", name};
            column.rest = " not null";
        }
        while (words.look() != "," && words.look() != ")") {
            column.rest += " " + words.take();
        }
        lines.push_back(as_name(name) + " " + type_of(column) + column.rest);
        columns[name] = column;
    } while (words.take_if(","));
    words.want(")");
    if (words.take_if("without")) {
        words.want("rowid");
    }
    if (key.empty() || (!control_ && key.front() != "tenant_id")) {
        throw Refused("the key of " + table + " does not begin with tenant_id");
    }
    out.statements.push_back(fmt::format(
        "create table {} ({}, primary key ({})) engine=innodb row_format=dynamic default"
        " charset=utf8mb4 collate=utf8mb4_nopad_bin",
        as_name(table), fmt::join(lines, ", "), as_name(key)));
}

void MariaSchema::create_index(Words& words, Step& out, bool unique) {
    const std::string name = words.take();
    words.want("on");
    const std::string table = words.take();
    const std::vector<std::string> names = words.take_names();
    if (!control_ && names.front() != "tenant_id") {
        throw Refused("the index " + name + " does not begin with tenant_id");
    }
    // Rows without a value never collide there, so such a condition says nothing.
    if (words.take_if("where")) {
        const std::string about = words.take();
        words.want("is");
        words.want("not");
        words.want("null");
        if (std::find(names.begin(), names.end(), about) == names.end()) {
            throw Refused("the index " + name + " has a condition on another column");
        }
    }
    indexes_[name] = table;
    auto& columns = tables_[table];
    for (const std::string& column : names) {
        const auto found = columns.find(column);
        if (found == columns.end()) {
            throw Refused("the index " + name + " names an unknown column");
        }
        if (found->second.type != "integer" && !found->second.indexed) {
            found->second.indexed = true;
            out.statements.push_back(fmt::format("alter table {} modify {} {}{}", as_name(table),
                                                 as_name(column), type_of(found->second),
                                                 found->second.rest));
        }
    }
    out.statements.push_back(fmt::format("create {}index {} on {} ({})", unique ? "unique " : "",
                                         name, as_name(table), as_name(names)));
}

void MariaSchema::alter_table(Words& words, Step& out, const std::set<std::string>& indexed) {
    const std::string table = words.take();
    if (words.take_if("drop")) {
        words.want("column");
        const std::string gone = words.take();
        tables_[table].erase(gone);
        out.statements.push_back(
            fmt::format("alter table {} drop column {}", as_name(table), as_name(gone)));
        return;
    }
    words.want("add");
    words.want("column");
    const std::string name = words.take();
    Column column{words.take(), "", indexed.contains(table + "." + name)};
    while (!words.ended()) {
        column.rest += " " + words.take();
    }
    out.statements.push_back(fmt::format("alter table {} add column {} {}{}", as_name(table),
                                         as_name(name), type_of(column), column.rest));
    tables_[table][name] = column;
}

void MariaSchema::drop(Words& words, Step& out) {
    if (words.take_if("index")) {
        const std::string name = words.take();
        const auto found = indexes_.find(name);
        if (found == indexes_.end()) {
            throw Refused("the index " + name + " is not known");
        }
        out.statements.push_back(fmt::format("drop index {} on {}", name, as_name(found->second)));
        indexes_.erase(found);
        return;
    }
    words.want("table");
    const std::string table = words.take();
    tables_.erase(table);
    std::erase_if(indexes_, [&table](const auto& one) { return one.second == table; });
    out.statements.push_back("drop table " + as_name(table));
}

MariaSchema::Step MariaSchema::step(std::string_view sql) {
    Step out;
    try {
        const auto statements = statements_of(sql);
        const std::set<std::string> indexed = indexed_by(statements);
        for (const auto& tokens : statements) {
            Words words{tokens, 0};
            if (words.take_if("create")) {
                const bool unique = words.take_if("unique");
                if (words.take_if("index")) {
                    create_index(words, out, unique);
                } else {
                    words.want("table");
                    create_table(words, out, indexed);
                }
                if (!words.ended()) {
                    throw Refused(fmt::format("\"{}\" at the end", words.look()));
                }
            } else if (words.take_if("alter")) {
                words.want("table");
                alter_table(words, out, indexed);
            } else if (words.take_if("drop")) {
                drop(words, out);
            } else if (tokens[0] == "update" || tokens[0] == "insert" || tokens[0] == "delete") {
                MariaText text = StatementWriter(tokens).write();
                out.statements.push_back(std::move(text.sql));
            } else {
                throw Refused(fmt::format("\"{}\" in a migration", tokens[0]));
            }
        }
    } catch (const Refused& why) {
        out.fault = why.what();
    }
    return out;
}

}  // namespace hangu::storage

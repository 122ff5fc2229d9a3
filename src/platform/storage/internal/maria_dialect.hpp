// The modules' SQL is written once, in the embedded engine's dialect. This turns it into MariaDB's
// when a statement is prepared or a migration applied. What it does not know to turn it refuses:
// nothing runs there that means something else than here.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::storage {

struct MariaText {
    std::string sql;
    std::vector<int> parameters;  // for each question mark, which numbered parameter it stands for
    std::string fault;            // "" : none; else why it was refused
};

// A statement with numbered parameters.
MariaText maria_text(std::string_view sql);

// The steps of one kind of database, in their order. A text or blob column is of unlimited length
// until an index names it; then it holds kIndexedLengthMax characters or bytes, and a longer value
// is refused by the server. Keeps what the tables look like, because an index may come later than
// its table.
class MariaSchema {
 public:
    static constexpr std::size_t kIndexedLengthMax = 255;

    // `control`: tables without a tenant. Everywhere else tenant_id stands first in every key.
    explicit MariaSchema(bool control) : control_(control) {}

    struct Step {
        std::vector<std::string> statements;  // one by one: none of them can be rolled back
        std::string fault;
    };
    Step step(std::string_view sql);

 private:
    struct Column {
        std::string type;
        std::string rest;  // "not null", "default …"
        bool indexed = false;
    };
    struct Words;

    void create_table(Words& words, Step& out, const std::set<std::string>& indexed);
    void create_index(Words& words, Step& out, bool unique);
    void alter_table(Words& words, Step& out, const std::set<std::string>& indexed);
    void drop(Words& words, Step& out);
    std::string type_of(const Column& column) const;

    bool control_;
    std::map<std::string, std::map<std::string, Column>> tables_;
    std::map<std::string, std::string> indexes_;  // whose they are
};

}  // namespace hangu::storage

// Declared tables: every column has a type, a class and a level. Start-up and the tests refuse a
// live schema that differs from its declaration, and a column without class.
#pragma once

#include "base/migration_file.hpp"
#include "platform/storage/statement.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::storage {

enum class ColumnType {
    integer,  // BIGINT: ids, fen, epoch milliseconds, yyyymmdd, counts, booleans
    text,     // compared as bytes
    blob,
    sealed,  // ciphertext of a Sealed<T>; blob in the database
    blind,   // blind index; blob in the database
};

// What a value tells, and about whom (row D9). It drives sealing, masking, export and retention.
enum class DataClass {
    key,         // ids and references
    technical,   // versions, states, times of the system
    business,    // the merchant's own business data
    person,      // belongs to a person but does not identify her alone
    contact,     // phone, e-mail, address
    identity,    // name, birthday, papers
    payment,     // payment references
    credential,  // hashes of passwords, tokens, keys
    audit,       // evidence
};

enum class Level : std::uint8_t { open = 1, internal = 2, sensitive = 3, secret = 4 };

struct Column {
    std::string_view name;
    ColumnType type;
    DataClass data_class;
    Level level;
    bool nullable = false;
};

struct Table {
    std::string_view name;
    std::span<const Column> columns;  // without tenant_id, which stands first in every tenant table
    bool control = false;             // lives in the control database, without tenant_id
};

class Tx;

// What a migrate step does when SQL alone cannot (sealing, blind indexes): fills at most `rows_max`
// of the tenant's rows that are not filled yet, in one transaction, and answers how many.
struct Fill {
    std::string_view step;  // the name of its file, which then holds only the verification
    std::int64_t (*rows)(Tx& tx, std::int64_t rows_max);
};

// What a module hands to the storage engine.
struct Part {
    std::string_view module;
    std::span<const MigrationFile> migrations;
    std::vector<Table> tables;
    std::vector<StatementInfo> statements;
    std::vector<Fill> fills = {};
};

// Declarations that contradict themselves: contact, identity, payment at level sensitive or above
// that is not sealed, a sealed column of another class, two tables of one name, a step that does
// what its phase must not. Empty: sound.
std::vector<std::string> faults_of(std::span<const Part> parts);

// Migrates an empty database, compares it with the declaration and prepares every statement: wrong
// numbers of parameters, columns that differ from the row, full scans without a reason. In words;
// empty: sound.
std::vector<std::string> statement_faults(std::span<const Part> parts);

}  // namespace hangu::storage

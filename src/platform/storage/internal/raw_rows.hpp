// Rows of one tenant in any table, on either engine: read in the order of their keys, put and
// removed. For moves; everything else uses typed statements.
#pragma once

#include "platform/storage/internal/raw_value.hpp"
#include "platform/storage/internal/sqlite.hpp"
#include "platform/storage/schema.hpp"
#include "platform/storage/tx.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hangu::storage {

struct TableShape {
    std::string name;
    std::vector<Column> columns;   // without the tenant
    std::vector<std::size_t> key;  // which of them are the primary key, in its order
    std::vector<std::shared_ptr<const std::string>> names;  // of columns that nobody declares

    RawKey key_of(const RawRow& row) const;
};

// Of the tables of tenants as a file has them, with the declared types where there are any.
std::vector<TableShape> table_shapes(std::span<const Part> parts, Connection& connection);

void bind_raw(Cursor& cursor, int at, const RawValue& value);
RawValue raw_at(Cursor& cursor, int column, ColumnType type);

class RawRows {
 public:
    static constexpr std::size_t kPutMax = 64;  // rows of one statement

    enum class Dialect { embedded, shard };
    RawRows(Session& session, Dialect dialect, TenantId tenant)
        : session_(session), dialect_(dialect), tenant_(tenant) {}

    // The first `count_max` rows behind `after` (empty: from the beginning).
    std::vector<RawRow> read(const TableShape& shape, const RawKey& after, std::size_t count_max);
    std::optional<RawRow> find(const TableShape& shape, const RawKey& key);
    // Takes the place of every row that has the same value of a unique key.
    void put(const TableShape& shape, std::span<const RawRow> rows);
    void remove(const TableShape& shape, const RawKey& key);

 private:
    Cursor& prepare(const std::string& sql);
    std::string behind(const TableShape& shape, std::size_t parameter) const;
    void put_some(const TableShape& shape, std::span<const RawRow> rows);

    Session& session_;
    Dialect dialect_;
    TenantId tenant_;
    std::map<std::string, std::unique_ptr<char>> texts_;  // the addresses are the statements' keys
};

// A tenant's rows of one table from the first to the last.
class RowStream {
 public:
    static constexpr std::size_t kChunkRows = 1000;

    // `rested` runs after each read.
    RowStream(RawRows& rows, const TableShape& shape, std::function<void()> rested)
        : rows_(rows), shape_(shape), rested_(std::move(rested)) {}
    const RawRow* row();  // null: there are no more
    void next() { ++at_; }

 private:
    RawRows& rows_;
    const TableShape& shape_;
    std::function<void()> rested_;
    std::vector<RawRow> chunk_;
    std::size_t at_ = 0;
    bool ended_ = false;
};

}  // namespace hangu::storage

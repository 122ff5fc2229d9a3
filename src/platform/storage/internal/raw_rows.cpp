#include "platform/storage/internal/raw_rows.hpp"

#include "platform/storage/internal/migration.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::storage {

namespace {

std::string column_list(const TableShape& shape) {
    std::string list;
    for (const Column& column : shape.columns) {
        list += list.empty() ? "" : ", ";
        list += column.name;
    }
    return list;
}

std::string key_list(const TableShape& shape) {
    std::string list;
    for (const std::size_t at : shape.key) {
        list += list.empty() ? "" : ", ";
        list += shape.columns[at].name;
    }
    return list;
}

std::string key_equals(const TableShape& shape) {
    std::string condition;
    for (std::size_t i = 0; i < shape.key.size(); ++i) {
        condition += fmt::format(" and {} = ?{}", shape.columns[shape.key[i]].name, i + 2);
    }
    return condition;
}

}  // namespace

void bind_raw(Cursor& cursor, int at, const RawValue& value) {
    switch (value.kind) {
        case RawValue::Kind::null:
            cursor.bind_null(at);
            return;
        case RawValue::Kind::number:
            cursor.bind_integer(at, value.number);
            return;
        case RawValue::Kind::text:
            cursor.bind_text(at, value.bytes);
            return;
        case RawValue::Kind::blob:
            cursor.bind_blob(at, value.bytes);
            return;
    }
}

RawValue raw_at(Cursor& cursor, int at, ColumnType type) {
    if (cursor.is_null(at)) {
        return {};
    }
    switch (type) {
        case ColumnType::integer:
            return {RawValue::Kind::number, cursor.integer(at), ""};
        case ColumnType::text:
            return {RawValue::Kind::text, 0, std::string(cursor.text(at))};
        case ColumnType::blob:
        case ColumnType::sealed:
        case ColumnType::blind:
            return {RawValue::Kind::blob, 0, std::string(cursor.blob(at))};
    }
    return {};
}

namespace {

RawRow row_at(Cursor& cursor, const TableShape& shape) {
    RawRow row;
    row.reserve(shape.columns.size());
    for (std::size_t i = 0; i < shape.columns.size(); ++i) {
        row.push_back(raw_at(cursor, static_cast<int>(i), shape.columns[i].type));
    }
    return row;
}

}  // namespace

RawKey TableShape::key_of(const RawRow& row) const {
    RawKey values;
    values.reserve(key.size());
    for (const std::size_t at : key) {
        values.push_back(row[at]);
    }
    return values;
}

namespace {

ColumnType type_of(std::string_view live) {
    return live == "INTEGER" || live == "integer" ? ColumnType::integer
           : live == "TEXT" || live == "text"     ? ColumnType::text
                                                  : ColumnType::blob;
}

// As the file has it: what the declaration does not name any more, but no contract step has removed
// yet, goes with the tenant. The tenant stands first in every table.
TableShape shape_of(Connection& connection, const std::string& name,
                    std::span<const Column> declared) {
    TableShape shape{name, {}, {}, {}};
    std::map<std::size_t, std::size_t> key;  // place in the key, place in the table
    for (const auto& row : connection.query_rows(fmt::format(
             "select name, type, pk from pragma_table_info('{}') where name <> 'tenant_id'"
             " order by cid",
             name))) {
        const auto found =
            std::find_if(declared.begin(), declared.end(),
                         [&row](const Column& column) { return column.name == row[0]; });
        if (found != declared.end()) {
            shape.columns.push_back(*found);
        } else {
            shape.names.push_back(std::make_shared<const std::string>(row[0]));
            shape.columns.push_back(
                {*shape.names.back(), type_of(row[1]), DataClass::business, Level::internal, true});
        }
        if (row[2] != "0") {
            key[std::stoul(row[2])] = shape.columns.size() - 1;
        }
    }
    for (const auto& [place, column] : key) {
        shape.key.push_back(column);
    }
    HANGU_ASSERT(!shape.key.empty());
    return shape;
}

}  // namespace

std::vector<TableShape> table_shapes(std::span<const Part> parts, Connection& connection) {
    std::map<std::string, std::span<const Column>> declared;
    for (const Part& part : parts) {
        for (const Table& table : part.tables) {
            if (!table.control) {
                declared.emplace(table.name, table.columns);
            }
        }
    }
    std::vector<TableShape> shapes;
    for (const std::string& name : tenant_tables(connection)) {
        const auto found = declared.find(name);
        shapes.push_back(shape_of(
            connection, name, found == declared.end() ? std::span<const Column>() : found->second));
    }
    return shapes;
}

Cursor& RawRows::prepare(const std::string& sql) {
    std::unique_ptr<char>& key = texts_[sql];
    if (!key) {
        key = std::make_unique<char>();
    }
    return session_.prepare(key.get(), "storage.move", sql);
}

// The key is greater than the values from `parameter` on. Each engine is told so in the way that it
// answers from the index.
std::string RawRows::behind(const TableShape& shape, std::size_t parameter) const {
    if (dialect_ == Dialect::embedded) {
        std::string values;
        for (std::size_t i = 0; i < shape.key.size(); ++i) {
            values += fmt::format("{}?{}", i == 0 ? "" : ", ", parameter + i);
        }
        return fmt::format("({}) > ({})", key_list(shape), values);
    }
    std::string condition;
    for (std::size_t i = shape.key.size(); i-- > 0;) {
        const std::string_view name = shape.columns[shape.key[i]].name;
        condition = condition.empty() ? fmt::format("{} > ?{}", name, parameter + i)
                                      : fmt::format("({} > ?{} or ({} = ?{} and {}))", name,
                                                    parameter + i, name, parameter + i, condition);
    }
    return condition;
}

std::vector<RawRow> RawRows::read(const TableShape& shape, const RawKey& after,
                                  std::size_t count_max) {
    const std::string sql = fmt::format(
        "select {} from {} where tenant_id = ?1{} order by {} limit {}", column_list(shape),
        shape.name, after.empty() ? "" : " and " + behind(shape, 2), key_list(shape), count_max);
    Cursor& cursor = prepare(sql);
    const detail::Using use(cursor);
    cursor.bind_integer(1, tenant_.value());
    for (std::size_t i = 0; i < after.size(); ++i) {
        bind_raw(cursor, static_cast<int>(i) + 2, after[i]);
    }
    std::vector<RawRow> rows;
    while (cursor.step()) {
        rows.push_back(row_at(cursor, shape));
    }
    return rows;
}

std::optional<RawRow> RawRows::find(const TableShape& shape, const RawKey& key) {
    Cursor& cursor = prepare(fmt::format("select {} from {} where tenant_id = ?1{}",
                                         column_list(shape), shape.name, key_equals(shape)));
    const detail::Using use(cursor);
    cursor.bind_integer(1, tenant_.value());
    for (std::size_t i = 0; i < key.size(); ++i) {
        bind_raw(cursor, static_cast<int>(i) + 2, key[i]);
    }
    if (!cursor.step()) {
        return std::nullopt;
    }
    return row_at(cursor, shape);
}

void RawRows::put(const TableShape& shape, std::span<const RawRow> rows) {
    while (!rows.empty()) {
        const std::size_t count = rows.size() >= kPutMax ? kPutMax : 1;
        put_some(shape, rows.first(count));
        rows = rows.subspan(count);
    }
}

void RawRows::put_some(const TableShape& shape, std::span<const RawRow> rows) {
    std::string values;
    std::size_t at = 2;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        values += i == 0 ? "(?1" : ", (?1";
        for (std::size_t j = 0; j < shape.columns.size(); ++j) {
            values += fmt::format(", ?{}", at++);
        }
        values += ")";
    }
    Cursor& cursor = prepare(fmt::format("replace into {} (tenant_id, {}) values {}", shape.name,
                                         column_list(shape), values));
    const detail::Using use(cursor);
    cursor.bind_integer(1, tenant_.value());
    int parameter = 2;
    for (const RawRow& row : rows) {
        for (const RawValue& value : row) {
            bind_raw(cursor, parameter++, value);
        }
    }
    cursor.step();
}

void RawRows::remove(const TableShape& shape, const RawKey& key) {
    Cursor& cursor = prepare(
        fmt::format("delete from {} where tenant_id = ?1{}", shape.name, key_equals(shape)));
    const detail::Using use(cursor);
    cursor.bind_integer(1, tenant_.value());
    for (std::size_t i = 0; i < key.size(); ++i) {
        bind_raw(cursor, static_cast<int>(i) + 2, key[i]);
    }
    cursor.step();
}

const RawRow* RowStream::row() {
    if (at_ == chunk_.size() && !ended_) {
        const RawKey after = chunk_.empty() ? RawKey() : shape_.key_of(chunk_.back());
        chunk_ = rows_.read(shape_, after, kChunkRows);
        at_ = 0;
        ended_ = chunk_.size() < kChunkRows;
        rested_();
    }
    return at_ < chunk_.size() ? &chunk_[at_] : nullptr;
}

}  // namespace hangu::storage

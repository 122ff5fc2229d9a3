// Statements are named, typed constants in a module's store file:
//
//     constexpr Statement<OrderRow(OrderId)> kFind{
//         "order.find", "select id, store_id, … from order_head where tenant_id = ?1 and id = ?2"};
//
// ?1 is the tenant and is bound by the transaction. Arguments follow from ?2 on: a scalar takes one
// parameter, a described struct one per member, a DataScope sixteen. A row is a described struct
// (its members in the order of the selected columns, with the same names) or one scalar.
#pragma once

#include "base/describe.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace hangu::storage {

// A full scan is refused by the statement test unless the statement says why it may.
struct Scan {
    std::string_view allowed_because = "";
};

template <class Signature>
struct Statement;

template <class Row, class... Args>
struct Statement<Row(Args...)> {
    std::string_view name;
    std::string_view sql;
    Scan scan = {};
};

// Statements on the control database: no tenant, arguments from ?1 on.
template <class Signature>
struct ControlStatement;

template <class Row, class... Args>
struct ControlStatement<Row(Args...)> {
    std::string_view name;
    std::string_view sql;
    Scan scan = {};
};

// What a statement is once its types are forgotten: for lists, prepare tests and metrics.
struct StatementInfo {
    std::string_view name;
    std::string_view sql;
    bool control = false;
    std::string_view scan_reason;
    std::size_t parameters = 0;                            // with the tenant
    std::vector<std::string_view> (*columns)() = nullptr;  // expected result columns; null: any
};

// The generated insert of a row struct: "insert into <kTable> (tenant_id, …) values (?1, …)", for
// so many rows. The text lives as long as the program.
const std::string& insert_sql(std::string_view table, std::span<const std::string_view> columns,
                              bool control, std::size_t rows_count = 1);

// Rows that one statement inserts at most, where that saves anything.
inline constexpr std::size_t kRowsAtOnceMax = 8;
using InsertTexts = std::array<const std::string*, kRowsAtOnceMax>;
InsertTexts insert_texts(std::string_view table, std::span<const std::string_view> columns);

}  // namespace hangu::storage

#include "platform/storage/schema.hpp"

#include "platform/storage/internal/migration.hpp"

#include <fmt/format.h>

#include <mutex>
#include <set>

namespace hangu::storage {

namespace {

bool must_be_sealed(const Column& column) {
    const bool about_a_person = column.data_class == DataClass::contact ||
                                column.data_class == DataClass::identity ||
                                column.data_class == DataClass::payment;
    return about_a_person && column.level >= Level::sensitive;
}

}  // namespace

std::vector<std::string> faults_of(std::span<const Part> parts) {
    std::vector<std::string> faults;
    std::set<std::string_view> names;
    for (const Part& part : parts) {
        for (const Table& table : part.tables) {
            if (!names.insert(table.name).second) {
                faults.push_back(fmt::format("table {} is declared twice", table.name));
            }
            if (table.control != part.tables.front().control) {
                faults.push_back(fmt::format(
                    "module {} mixes control and tenant tables; make it two", part.module));
            }
            for (const Column& column : table.columns) {
                const bool hidden =
                    column.type == ColumnType::sealed || column.type == ColumnType::blind;
                if (must_be_sealed(column) && !hidden) {
                    faults.push_back(
                        fmt::format("{}.{} is sensitive and not sealed", table.name, column.name));
                }
                if (hidden && column.level < Level::sensitive) {
                    faults.push_back(fmt::format("{}.{} is sealed but not declared sensitive",
                                                 table.name, column.name));
                }
            }
        }
    }
    for (std::string& fault : step_faults(parts)) {
        faults.push_back(std::move(fault));
    }
    if (faults.empty()) {
        faults = contract_faults(parts);
    }
    return faults;
}

const std::string& insert_sql(std::string_view table, std::span<const std::string_view> columns,
                              bool control, std::size_t rows_count) {
    std::string names = control ? "" : "tenant_id";
    for (const std::string_view column : columns) {
        names += names.empty() ? "" : ", ";
        names += column;
    }
    std::string rows;
    int at = control ? 1 : 2;
    for (std::size_t i = 0; i < rows_count; ++i) {
        std::string values = control ? "" : "?1";
        for (std::size_t column = 0; column < columns.size(); ++column) {
            values += fmt::format("{}?{}", values.empty() ? "" : ", ", at++);
        }
        rows += fmt::format("{}({})", rows.empty() ? "" : ", ", values);
    }
    // The texts live as long as the program: their addresses are the keys of prepared statements.
    static std::mutex mutex;
    static std::set<std::string> made;
    const std::lock_guard lock(mutex);
    return *made.insert(fmt::format("insert into {} ({}) values {}", table, names, rows)).first;
}

InsertTexts insert_texts(std::string_view table, std::span<const std::string_view> columns) {
    InsertTexts texts{};
    for (std::size_t i = 0; i < texts.size(); ++i) {
        texts[i] = &insert_sql(table, columns, false, i + 1);
    }
    return texts;
}

}  // namespace hangu::storage

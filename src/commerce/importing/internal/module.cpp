#include "commerce/importing/module.hpp"

#include "base/migration_file.hpp"
#include "commerce/importing/internal/import_store.hpp"

namespace hangu::importing {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Column;
using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr Column kRefColumns[] = {
    {"kind", ColumnType::text, DataClass::technical, Level::internal},
    {"ref", ColumnType::text, DataClass::key, Level::internal},
    {"target_id", ColumnType::integer, DataClass::key, Level::internal},
    {"digest", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr Column kCursorColumns[] = {
    {"mapping_digest", ColumnType::text, DataClass::key, Level::internal},
    {"file", ColumnType::text, DataClass::technical, Level::internal},
    {"content_digest", ColumnType::text, DataClass::technical, Level::internal},
    {"line", ColumnType::integer, DataClass::technical, Level::internal},
    {"finished", ColumnType::integer, DataClass::technical, Level::internal},
    {"updated_at", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

storage::Part part() {
    return {"importing",
            sql_files(),
            {{"import_ref", kRefColumns}, {"import_cursor", kCursorColumns}},
            import_statements()};
}

}  // namespace hangu::importing

// The SQL of the import: references and cursors.
#pragma once

#include "base/describe.hpp"
#include "base/time.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::importing {

enum class RefKind { store, place, staff, product, spec, member, receipt };
HANGU_ENUM(RefKind, store, place, staff, product, spec, member, receipt)

struct RefRow {
    static constexpr std::string_view kTable = "import_ref";
    RefKind kind = RefKind::store;
    std::string ref;
    std::int64_t target_id = 0;
    std::int64_t digest = 0;
};
HANGU_STRUCT(RefRow, kind, ref, target_id, digest)

struct CursorRow {
    static constexpr std::string_view kTable = "import_cursor";
    std::string mapping_digest;
    std::string file;
    std::string content_digest;
    std::int64_t line = 0;
    bool finished = false;
    Time updated_at;
};
HANGU_STRUCT(CursorRow, mapping_digest, file, content_digest, line, finished, updated_at)

class ImportStore {
 public:
    ImportStore(storage::Tx& tx, std::string_view source) : tx_(tx), source_(source) {}

    std::optional<RefRow> find(RefKind kind, std::string_view ref);
    // All of the source and kind; `ref` without the source.
    std::vector<RefRow> all(RefKind kind);
    void add(RefKind kind, std::string_view ref, std::int64_t target_id,
             std::string_view canonical);
    void change(const RefRow& row, std::string_view canonical);
    std::int64_t digest_of(std::string_view canonical);

    std::optional<CursorRow> cursor(std::string_view mapping_digest, std::string_view file);
    void save(const CursorRow& cursor);

 private:
    std::string stored_ref(RefKind kind, std::string_view ref);

    storage::Tx& tx_;
    std::string source_;
};

std::vector<storage::StatementInfo> import_statements();

}  // namespace hangu::importing

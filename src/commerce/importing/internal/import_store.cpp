#include "commerce/importing/internal/import_store.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

namespace hangu::importing {

namespace {

using storage::Statement;

constexpr Statement<RefRow(RefKind, std::string)> kFind{
    "import_ref.find",
    "select kind, ref, target_id, digest from import_ref"
    " where tenant_id = ?1 and kind = ?2 and ref = ?3"};

// Stores, staff, specs: bounded by the limits of the mapping's files. Not for members and receipts.
constexpr Statement<RefRow(RefKind, std::string, std::string)> kOfKind{
    "import_ref.of_kind",
    "select kind, ref, target_id, digest from import_ref"
    " where tenant_id = ?1 and kind = ?2 and ref >= ?3 and ref < ?4 limit 500000"};

constexpr Statement<void(RefKind, std::string, std::int64_t, std::int64_t)> kChange{
    "import_ref.change",
    "update import_ref set digest = ?4"
    " where tenant_id = ?1 and kind = ?2 and ref = ?3 and digest = ?5"};

constexpr Statement<CursorRow(std::string, std::string)> kFindCursor{
    "import_cursor.find",
    "select mapping_digest, file, content_digest, line, finished, updated_at from import_cursor"
    " where tenant_id = ?1 and mapping_digest = ?2 and file = ?3"};

constexpr Statement<void(std::string, std::string, std::string, std::int64_t, bool, Time)>
    kMoveCursor{"import_cursor.move",
                "update import_cursor set content_digest = ?4, line = ?5, finished = ?6,"
                " updated_at = ?7 where tenant_id = ?1 and mapping_digest = ?2 and file = ?3"};

}  // namespace

std::string ImportStore::stored_ref(RefKind kind, std::string_view ref) {
    if (kind != RefKind::member) {
        return source_ + ":" + std::string(ref);
    }
    static const std::uint64_t field = crypto::field_id("import_ref.member");
    return source_ + ":" + to_hex(tx_.keys().blind(field, ref, true));
}

std::int64_t ImportStore::digest_of(std::string_view canonical) {
    static const std::uint64_t field = crypto::field_id("import_ref.digest");
    const std::string keyed = tx_.keys().blind(field, canonical, true);
    std::int64_t digest = 0;
    HANGU_ASSERT(keyed.size() > sizeof digest);
    std::memcpy(&digest, keyed.data() + 1, sizeof digest);  // behind the version byte
    return digest;
}

std::optional<RefRow> ImportStore::find(RefKind kind, std::string_view ref) {
    return tx_.find(kFind, kind, stored_ref(kind, ref));
}

std::vector<RefRow> ImportStore::all(RefKind kind) {
    const std::string from = source_ + ":";
    std::vector<RefRow> rows = tx_.list(kOfKind, kind, from, source_ + ";");  // ';' follows ':'
    for (RefRow& row : rows) {
        row.ref.erase(0, from.size());
    }
    return rows;
}

void ImportStore::add(RefKind kind, std::string_view ref, std::int64_t target_id,
                      std::string_view canonical) {
    tx_.insert(RefRow{kind, stored_ref(kind, ref), target_id, digest_of(canonical)});
}

void ImportStore::change(const RefRow& row, std::string_view canonical) {
    tx_.run(kChange, row.kind, row.ref, digest_of(canonical), row.digest);
}

std::optional<CursorRow> ImportStore::cursor(std::string_view mapping_digest,
                                             std::string_view file) {
    return tx_.find(kFindCursor, std::string(mapping_digest), std::string(file));
}

void ImportStore::save(const CursorRow& cursor) {
    if (tx_.run(kMoveCursor, cursor.mapping_digest, cursor.file, cursor.content_digest, cursor.line,
                cursor.finished, cursor.updated_at) == 0) {
        tx_.insert(cursor);
    }
}

std::vector<storage::StatementInfo> import_statements() {
    using storage::info;
    using storage::insert_info;
    return {info(kFind),       info(kOfKind),         info(kChange),           info(kFindCursor),
            info(kMoveCursor), insert_info<RefRow>(), insert_info<CursorRow>()};
}

}  // namespace hangu::importing

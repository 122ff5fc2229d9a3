// All SQL of the records. They are added and read; the one change is the lawful erasure of values.
#pragma once

#include "platform/http/caller.hpp"
#include "platform/storage/data_scope.hpp"
#include "platform/storage/tx.hpp"
#include "security/audit/audit.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hangu::audit {

// What to look for; empty texts and zeros do not filter.
struct RecordFilter {
    std::string kind;
    std::string actor_kind_self;  // the caller, who may always see her own acts on the whole tenant
    std::int64_t actor_id_self = 0;
    std::int64_t actor_id = 0;
    std::string action;
    std::string subject_id;
    std::string text;  // part of action, subject label or actor's address
    std::int64_t id_from = 0;
    std::int64_t id_before = 0;
    std::string subject_kind;
    std::string address;
    std::string result;         // "ok", "refused", "failed"
    std::string about;          // whatever was done to or by this one
    std::int64_t about_id = 0;  // the same as a number
};
HANGU_STRUCT(RecordFilter, kind, actor_kind_self, actor_id_self, actor_id, action, subject_id, text,
             id_from, id_before, subject_kind, address, result, about, about_id)

// A record as it lies in the file, whatever was done to it: reading it never fails.
struct StoredRecord {
    RecordId id;
    std::string kind;
    Time at;
    std::string actor_kind;
    std::int64_t actor_id = 0;
    storage::Blob actor_name;  // sealed
    std::string action;
    std::string subject_kind;
    std::string subject_id;
    std::string subject_label;
    std::string org_path;
    std::string route;
    std::string address;
    std::string trace;
    std::int64_t status = 0;
    storage::Blob fields;
    storage::Blob leaf_hash;
};
HANGU_STRUCT(StoredRecord, id, kind, at, actor_kind, actor_id, actor_name, action, subject_kind,
             subject_id, subject_label, org_path, route, address, trace, status, fields, leaf_hash)

// Which acts a disclosure is about; empty texts and zeros do not filter.
struct SelectedActs {
    std::int64_t id_from = 0;
    std::int64_t id_before = 0;
    std::string action;
    std::string subject_kind;
    std::string subject_id;
    std::int64_t actor_id = 0;
};
HANGU_STRUCT(SelectedActs, id_from, id_before, action, subject_kind, subject_id, actor_id)

// What counting needs of a record.
struct RecordMark {
    RecordId id;
    std::string kind;
    std::string route;
    std::string trace;
    Time at;
};
HANGU_STRUCT(RecordMark, id, kind, route, trace, at)

class AuditStore {
 public:
    static constexpr std::int64_t kCountMax = 10'000;  // a count stops here

    explicit AuditStore(storage::Tx& tx) : tx_(tx) {}

    void add(std::span<const Record> records) { tx_.insert_all(records); }
    std::vector<Record> newest(const storage::DataScope& places, const RecordFilter& filter,
                               std::int64_t count_max);
    std::int64_t count(const storage::DataScope& places, const RecordFilter& filter);
    // Oldest first, behind an id, wherever they happened: for verification by the system.
    std::vector<StoredRecord> after(RecordId last, std::int64_t count_max);
    // Behind `after`, up to and with `last`; oldest first.
    std::vector<StoredRecord> between(RecordId after, RecordId last, std::int64_t count_max);
    std::vector<RecordMark> marks(RecordId after, std::int64_t count_max);
    std::optional<StoredRecord> find(RecordId id);
    std::optional<RecordId> last_id();
    std::vector<RecordId> selected(const SelectedActs& wanted, std::int64_t count_max);
    std::int64_t count_between(std::int64_t id_from, std::int64_t id_before,
                               std::int64_t count_max);
    // Writes back what erase_fields() left: the only change a record ever sees.
    void replace_erased(const Record& record);
    // With the actor's name opened. nullopt: it was changed so that it is no record any more.
    std::optional<Record> opened(StoredRecord stored);

 private:
    storage::Tx& tx_;
};

}  // namespace hangu::audit

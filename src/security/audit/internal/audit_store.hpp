// All SQL of the audit module. Records are added and read; nothing here changes or removes one.
#pragma once

#include "platform/http/caller.hpp"
#include "platform/storage/data_scope.hpp"
#include "platform/storage/tx.hpp"
#include "security/audit/audit.hpp"

#include <cstdint>
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
};
HANGU_STRUCT(RecordFilter, kind, actor_kind_self, actor_id_self, actor_id, action, subject_id, text,
             id_from, id_before)

class AuditStore {
 public:
    static constexpr std::int64_t kCountMax = 10'000;  // a count stops here

    explicit AuditStore(storage::Tx& tx) : tx_(tx) {}

    void add(const Record& record) { tx_.insert(record); }
    std::vector<Record> newest(const storage::DataScope& places, const RecordFilter& filter,
                               std::int64_t count_max);
    std::int64_t count(const storage::DataScope& places, const RecordFilter& filter);
    // Oldest first, behind an id, wherever they happened: for verification by the system.
    std::vector<Record> after(RecordId last, std::int64_t count_max);

 private:
    storage::Tx& tx_;
};

}  // namespace hangu::audit

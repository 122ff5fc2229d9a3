#include "security/audit/internal/archive_search.hpp"

#include "security/audit/internal/archive_store.hpp"
#include "security/audit/internal/record_rules.hpp"

namespace hangu::audit {

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

bool is_seen(const storage::DataScope& places, const RecordFilter& filter,
             const StoredRecord& record) {
    return places.covers(record.org_path) ||
           (record.org_path.empty() && record.actor_kind == filter.actor_kind_self &&
            record.actor_id == filter.actor_id_self);
}

bool has_text(const std::string& text, const StoredRecord& record) {
    return text.empty() || contains(record.action, text) || contains(record.subject_label, text) ||
           contains(record.route, text) || contains(record.address, text);
}

bool has_result(const std::string& wanted, const StoredRecord& record) {
    if (wanted.empty()) {
        return true;
    }
    const auto kind = parse_enum<RecordKind>(record.kind);
    return kind && result_of(*kind, record.action, record.status) == wanted;
}

bool is(const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
}

class Walk {
 public:
    Walk(storage::Tx& tx, const RecordFilter& filter, std::int64_t bundles_max)
        : archive_(tx),
          last_(filter.id_before - 1),
          from_(filter.id_from),
          bundles_left_(bundles_max) {}

    // The next older bundle of the range.
    std::optional<Bundle> next() {
        if (bundles_left_ == 0) {
            return std::nullopt;
        }
        std::optional<Bundle> bundle = archive_.newest(last_);
        if (!bundle || bundle->last_id < from_) {
            ended_ = true;
            return std::nullopt;
        }
        --bundles_left_;
        last_ = RecordId(bundle->first_id.value() - 1);
        return bundle;
    }
    // Where to go on, when there may be more.
    std::optional<std::string> place() const {
        return ended_ || last_ < from_ ? std::nullopt
                                       : std::optional(RecordId(last_.value() + 1).text());
    }

 private:
    ArchiveStore archive_;
    RecordId last_;
    RecordId from_;
    std::int64_t bundles_left_;
    bool ended_ = false;
};

// One more than asked tells that there are more.
void search_bundles(storage::Tx& tx, const storage::DataScope& places, const RecordFilter& filter,
                    const SearchLimits& limits, FoundRecords& found) {
    AuditStore store(tx);
    Walk walk(tx, filter, limits.bundles_max);
    while (std::optional<Bundle> bundle = walk.next()) {
        found.archive->unreadable_count += bundle->readable ? 0 : 1;
        for (std::size_t at = bundle->records.size(); at-- > 0;) {
            if (!matches(places, filter, bundle->records[at])) {
                continue;
            }
            if (static_cast<std::int64_t>(found.records.size()) == limits.records_max) {
                found.next_cursor = found.records.back().id.text();
                return;
            }
            if (auto record = store.opened(std::move(bundle->records[at]))) {
                found.records.push_back(*std::move(record));
            }
        }
    }
    found.next_cursor = walk.place();
}

}  // namespace

bool matches(const storage::DataScope& places, const RecordFilter& filter,
             const StoredRecord& record) {
    return record.id.value() >= filter.id_from && record.id.value() < filter.id_before &&
           is_seen(places, filter, record) && is(filter.kind, record.kind) &&
           (filter.actor_id == 0 || filter.actor_id == record.actor_id) &&
           is(filter.action, record.action) && is(filter.subject_id, record.subject_id) &&
           is(filter.subject_kind, record.subject_kind) && is(filter.address, record.address) &&
           has_text(filter.text, record) && has_result(filter.result, record) &&
           (filter.about.empty() || filter.about == record.subject_id ||
            filter.about_id == record.actor_id);
}

FoundRecords search_records(storage::Tx& tx, const storage::DataScope& places,
                            const RecordFilter& filter, bool archived, const SearchLimits& limits) {
    FoundRecords found;
    const std::optional<ArchiveMark> mark =
        ArchiveStore(tx).newest_mark(RecordId(filter.id_before - 1));
    if (mark && mark->last_id.value() >= filter.id_from) {
        found.archive = AuditArchiveView{mark->last_at, archived, 0};
    }
    found.records = AuditStore(tx).newest(places, filter, limits.records_max + 1);
    if (static_cast<std::int64_t>(found.records.size()) > limits.records_max) {
        found.records.pop_back();
        found.next_cursor = found.records.back().id.text();
    } else if (found.archive && archived) {
        search_bundles(tx, places, filter, limits, found);
    }
    return found;
}

std::int64_t count_archived(storage::Tx& tx, const storage::DataScope& places,
                            const RecordFilter& filter, std::int64_t bundles_max) {
    std::int64_t count = 0;
    Walk walk(tx, filter, bundles_max);
    while (const std::optional<Bundle> bundle = walk.next()) {
        for (const StoredRecord& record : bundle->records) {
            count += matches(places, filter, record) ? 1 : 0;
        }
    }
    return count;
}

}  // namespace hangu::audit

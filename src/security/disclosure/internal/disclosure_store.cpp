#include "security/disclosure/internal/disclosure_store.hpp"

#include "base/text.hpp"
#include "security/disclosure/module.hpp"

namespace hangu::disclosure {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Blob;
using storage::Statement;

#define HANGU_DISCLOSURE_COLUMNS                                                            \
    "select id, requester, legal_ground, selection, fields, records_count, records_digest," \
    " approval_id, state, asked_by, asked_at, available_until, taken_at, content_digest,"   \
    " version from disclosure_request where tenant_id = ?1"

constexpr Statement<DisclosureRow(DisclosureId)> kFind{"disclosure_request.find",
                                                       HANGU_DISCLOSURE_COLUMNS " and id = ?2"};

constexpr Statement<DisclosureRow(DisclosureId, std::int64_t)> kNewest{
    "disclosure_request.newest",
    HANGU_DISCLOSURE_COLUMNS " and (?2 = 0 or id < ?2) order by id desc limit ?3",
    {"the walk along the primary key ends at the limit"}};

constexpr Statement<std::int64_t()> kCount{
    "disclosure_request.count",
    "select count(*) from disclosure_request where tenant_id = ?1",
    {"disclosures are rare: a handful a year"}};

struct Closing {
    State state = State::asked;
    std::optional<Time> available_until;
};
HANGU_STRUCT(Closing, state, available_until)

constexpr Statement<void(DisclosureId, Closing)> kClose{
    "disclosure_request.close",
    "update disclosure_request set state = ?3, available_until = ?4, version = version + 1"
    " where tenant_id = ?1 and id = ?2 and state = 'asked'"};

constexpr Statement<void(DisclosureId, Time, Blob)> kTake{
    "disclosure_request.take",
    "update disclosure_request set state = 'taken', taken_at = ?3, content_digest = ?4,"
    " version = version + 1 where tenant_id = ?1 and id = ?2 and state = 'approved'"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"requester", ColumnType::text, DataClass::business, Level::internal},
    {"legal_ground", ColumnType::text, DataClass::business, Level::internal},
    {"selection", ColumnType::text, DataClass::audit, Level::internal},
    {"fields", ColumnType::text, DataClass::audit, Level::internal},
    {"records_count", ColumnType::integer, DataClass::audit, Level::internal},
    {"records_digest", ColumnType::blob, DataClass::audit, Level::internal},
    {"approval_id", ColumnType::integer, DataClass::key, Level::internal},
    {"state", ColumnType::text, DataClass::technical, Level::internal},
    {"asked_by", ColumnType::integer, DataClass::key, Level::internal},
    {"asked_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"available_until", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"taken_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"content_digest", ColumnType::blob, DataClass::audit, Level::internal, true},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

struct SelectionOut {
    Time from;
    Time to;
    std::string action;
    std::string subject_kind;
    std::string subject_id;
    std::string actor_id;
};
HANGU_STRUCT(SelectionOut, from, to, action, subject_kind, subject_id, actor_id)

struct SelectionIn {
    Time from;
    Time to;
    Text<0, 64> action;
    Text<0, 32> subject_kind;
    Text<0, 64> subject_id;
    Text<0, 13> actor_id;
};
HANGU_STRUCT(SelectionIn, from, to, action, subject_kind, subject_id, actor_id)

std::string encode(const audit::RecordSelection& selection) {
    return json::to_text(SelectionOut{selection.from, selection.to, selection.action,
                                      selection.subject_kind, selection.subject_id,
                                      selection.actor_id == 0 ? "" : id_text(selection.actor_id)});
}

audit::RecordSelection decode(std::string_view text) {
    const Result<SelectionIn> read = json::from_text<SelectionIn>(text);
    HANGU_ASSERT(read.ok());
    return {read->from,
            read->to,
            read->action.str(),
            read->subject_kind.str(),
            read->subject_id.str(),
            parse_id(read->actor_id.str()).value_or(0)};
}

std::string joined(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : " ") + name;
    }
    return text;
}

Disclosure disclosure_of(DisclosureRow row) {
    Disclosure made;
    made.id = row.id;
    made.requester = std::move(row.requester);
    made.legal_ground = std::move(row.legal_ground);
    made.selection = decode(row.selection);
    for (const std::string_view name : split(row.fields, ' ')) {
        made.fields.emplace_back(name);
    }
    made.records_count = row.records_count;
    made.records_digest = std::move(row.records_digest.bytes);
    made.approval_id = row.approval_id;
    made.state = row.state;
    made.asked_by = row.asked_by;
    made.asked_at = row.asked_at;
    made.available_until = row.available_until;
    made.taken_at = row.taken_at;
    made.content_digest = row.content_digest ? std::move(row.content_digest->bytes) : "";
    made.version = row.version;
    return made;
}

}  // namespace

void DisclosureStore::add(const Disclosure& one) {
    tx_.insert(DisclosureRow{one.id,
                             one.requester,
                             one.legal_ground,
                             encode(one.selection),
                             joined(one.fields),
                             one.records_count,
                             {one.records_digest},
                             one.approval_id,
                             one.state,
                             one.asked_by,
                             one.asked_at,
                             one.available_until,
                             one.taken_at,
                             std::nullopt,
                             one.version});
}

std::optional<Disclosure> DisclosureStore::find(DisclosureId id) {
    std::optional<DisclosureRow> row = tx_.find(kFind, id);
    return row ? std::optional(disclosure_of(std::move(*row))) : std::nullopt;
}

std::vector<Disclosure> DisclosureStore::newest(DisclosureId before, std::int64_t count_max) {
    std::vector<Disclosure> all;
    for (DisclosureRow& row : tx_.list(kNewest, before, count_max)) {
        all.push_back(disclosure_of(std::move(row)));
    }
    return all;
}

std::int64_t DisclosureStore::count() {
    return tx_.find(kCount).value_or(0);
}

bool DisclosureStore::close(DisclosureId id, State state, std::optional<Time> available_until) {
    return tx_.run(kClose, id, Closing{state, available_until}) == 1;
}

bool DisclosureStore::take(DisclosureId id, Time at, const std::string& content_digest) {
    return tx_.run(kTake, id, at, Blob{content_digest}) == 1;
}

storage::Part part() {
    return {"disclosure",
            sql_files(),
            {{"disclosure_request", kColumns}},
            {storage::insert_info<DisclosureRow>(), storage::info(kFind), storage::info(kNewest),
             storage::info(kCount), storage::info(kClose), storage::info(kTake)}};
}

}  // namespace hangu::disclosure

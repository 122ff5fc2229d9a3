#include "security/approval/internal/approval_store.hpp"

#include "security/approval/internal/approval_rules.hpp"
#include "security/approval/module.hpp"

namespace hangu::approval {

std::span<const MigrationFile> sql_files();

namespace {

using storage::DataScope;
using storage::Statement;

#define HANGU_APPROVAL_COLUMNS                                                                  \
    "select id, kind, subject_kind, subject_id, subject_label, org_path, facts, reason, steps," \
    " state, asked_by, asked_at, expires_at, closed_at, version from approval_request"          \
    " where tenant_id = ?1"

// ?2-?17 places, ?18-?21 the filter in the order of its members.
#define HANGU_APPROVAL_FILTER \
    " and (" HANGU_WITHIN_SCOPE("org_path") " or asked_by = ?18)"                                \
    " and (?19 = 0 or asked_by = ?18) and (?20 = '' or state = ?20) and (?21 = 0 or id < ?21)"

constexpr Statement<RequestRow(RequestId)> kFind{"approval_request.find",
                                                 HANGU_APPROVAL_COLUMNS " and id = ?2"};

struct Progress {
    State state = State::open;
    std::optional<Time> closed_at;
};
HANGU_STRUCT(Progress, state, closed_at)

constexpr Statement<void(RequestId, std::int64_t, Progress)> kSave{
    "approval_request.save",
    "update approval_request set state = ?4, closed_at = ?5, version = version + 1"
    " where tenant_id = ?1 and id = ?2 and version = ?3 and state = 'open'"};

constexpr Statement<RequestRow(std::int64_t)> kOpen{
    "approval_request.open",
    HANGU_APPROVAL_COLUMNS " and state = 'open' order by expires_at limit ?2"};

constexpr Statement<RequestRow(Time, std::int64_t)> kDue{
    "approval_request.due",
    HANGU_APPROVAL_COLUMNS " and state = 'open' and expires_at <= ?2 order by expires_at limit ?3"};

constexpr Statement<std::int64_t()> kCountOpen{
    "approval_request.count_open",
    "select count(*) from approval_request where tenant_id = ?1 and state = 'open'"};

constexpr Statement<RequestRow(DataScope, ListFilter, std::int64_t)> kNewest{
    "approval_request.newest",
    HANGU_APPROVAL_COLUMNS HANGU_APPROVAL_FILTER " order by id desc limit ?22",
    {"the walk along the primary key ends at the limit"}};

constexpr Statement<std::int64_t(DataScope, ListFilter, std::int64_t)> kCount{
    "approval_request.count",
    "select count(*) from (select id from approval_request where tenant_id = "
    "?1" HANGU_APPROVAL_FILTER " limit ?22)",
    {"the scan is of the limited inner query"}};

constexpr Statement<VoteRow(RequestId)> kVotes{
    "approval_vote.list",
    "select id, request_id, step, voter, verdict, reason, at, lapsed_at from approval_vote"
    " where tenant_id = ?1 and request_id = ?2 order by id"};

constexpr Statement<void(VoteId, Time)> kLapse{
    "approval_vote.lapse",
    "update approval_vote set lapsed_at = ?3"
    " where tenant_id = ?1 and id = ?2 and lapsed_at is null"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kRequestColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"kind", ColumnType::text, DataClass::technical, Level::internal},
    {"subject_kind", ColumnType::text, DataClass::technical, Level::internal},
    {"subject_id", ColumnType::text, DataClass::key, Level::internal},
    {"subject_label", ColumnType::text, DataClass::business, Level::internal},
    {"org_path", ColumnType::text, DataClass::business, Level::internal},
    {"facts", ColumnType::text, DataClass::business, Level::internal},
    {"reason", ColumnType::text, DataClass::business, Level::internal},
    {"steps", ColumnType::text, DataClass::technical, Level::internal},
    {"state", ColumnType::text, DataClass::technical, Level::internal},
    {"asked_by", ColumnType::integer, DataClass::key, Level::internal},
    {"asked_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"expires_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"closed_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};
constexpr storage::Column kVoteColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"request_id", ColumnType::integer, DataClass::key, Level::internal},
    {"step", ColumnType::integer, DataClass::technical, Level::internal},
    {"voter", ColumnType::integer, DataClass::key, Level::internal},
    {"verdict", ColumnType::text, DataClass::business, Level::internal},
    {"reason", ColumnType::text, DataClass::business, Level::internal},
    {"at", ColumnType::integer, DataClass::technical, Level::internal},
    {"lapsed_at", ColumnType::integer, DataClass::technical, Level::internal, true},
};

Request request_of(RequestRow row) {
    return {row.id,
            std::move(row.kind),
            std::move(row.subject_kind),
            std::move(row.subject_id),
            std::move(row.subject_label),
            std::move(row.org_path),
            decode_facts(row.facts),
            std::move(row.reason),
            decode_steps(row.steps),
            row.state,
            row.asked_by,
            row.asked_at,
            row.expires_at,
            row.closed_at,
            row.version};
}

std::vector<Request> requests_of(std::vector<RequestRow> rows) {
    std::vector<Request> requests;
    requests.reserve(rows.size());
    for (RequestRow& row : rows) {
        requests.push_back(request_of(std::move(row)));
    }
    return requests;
}

constexpr std::int64_t kCountMax = 10'000;  // a count stops here

}  // namespace

void ApprovalStore::add(const Request& request) {
    tx_.insert(RequestRow{request.id, request.kind, request.subject_kind, request.subject_id,
                          request.subject_label, request.org_path, encode_facts(request.facts),
                          request.reason, encode_steps(request.steps), request.state,
                          request.asked_by, request.asked_at, request.expires_at, request.closed_at,
                          request.version});
}

std::optional<Request> ApprovalStore::find(RequestId id) {
    std::optional<RequestRow> row = tx_.find(kFind, id);
    return row ? std::optional(request_of(std::move(*row))) : std::nullopt;
}

bool ApprovalStore::save(const Request& request) {
    return tx_.run(kSave, request.id, request.version,
                   Progress{request.state, request.closed_at}) == 1;
}

std::vector<Request> ApprovalStore::open() {
    return requests_of(tx_.list(kOpen, kOpenReadMax));
}

std::vector<Request> ApprovalStore::due(Time now, std::int64_t count_max) {
    return requests_of(tx_.list(kDue, now, count_max));
}

std::int64_t ApprovalStore::count_open() {
    return tx_.find(kCountOpen).value_or(0);
}

std::vector<Request> ApprovalStore::newest(const DataScope& places, const ListFilter& filter,
                                           std::int64_t count_max) {
    return requests_of(tx_.list(kNewest, places, filter, count_max));
}

std::int64_t ApprovalStore::count(const DataScope& places, const ListFilter& filter) {
    return tx_.find(kCount, places, filter, kCountMax).value_or(0);
}

std::vector<VoteRow> ApprovalStore::votes(RequestId request) {
    return tx_.list(kVotes, request);
}

void ApprovalStore::lapse(VoteId vote, Time at) {
    tx_.run(kLapse, vote, at);
}

storage::Part part() {
    return {"approval",
            sql_files(),
            {{"approval_request", kRequestColumns}, {"approval_vote", kVoteColumns}},
            {storage::insert_info<RequestRow>(), storage::insert_info<VoteRow>(),
             storage::info(kFind), storage::info(kSave), storage::info(kOpen), storage::info(kDue),
             storage::info(kCountOpen), storage::info(kNewest), storage::info(kCount),
             storage::info(kVotes), storage::info(kLapse)}};
}

}  // namespace hangu::approval

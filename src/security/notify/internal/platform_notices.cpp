// What the platform's own people are told: kept in the control database, which no tenant's keys
// seal, so nothing of a person may stand in it.
#include "security/notify/internal/notify_state.hpp"
#include "security/notify/module.hpp"

#include <algorithm>

namespace hangu::notify {

namespace {

using storage::ControlStatement;

constexpr MigrationFile kMigrations[] = {
    {"notify_platform", "0001_platform_notice.sql",
     "create table platform_notice ("
     " id integer primary key, kind text not null, severity text not null,"
     " parameters text not null, same_key text not null, told_count integer not null,"
     " created_at integer not null, last_at integer not null);"
     "create index platform_notice_same on platform_notice (same_key, last_at);"},
    // Whether the platform's people were told: by the node that works for them.
    {"notify_platform", "0002_rung.sql",
     "alter table platform_notice add column rung integer not null default 1;"
     "create index platform_notice_rung on platform_notice (rung);"},
};

struct PlatformNoticeTag;
using PlatformNoticeId = Id<PlatformNoticeTag>;

struct PlatformNoticeRow {
    static constexpr std::string_view kTable = "platform_notice";
    PlatformNoticeId id;
    std::string kind;
    Severity severity = Severity::info;
    std::string parameters;
    std::string same_key;
    std::int64_t told_count = 1;
    Time created_at;
    Time last_at;
    bool rung = true;
};
HANGU_STRUCT(PlatformNoticeRow, id, kind, severity, parameters, same_key, told_count, created_at,
             last_at, rung)

constexpr ControlStatement<void(std::string, std::string, Time, Time)> kPlatformAgain{
    "platform_notice.again",
    "update platform_notice set told_count = told_count + 1, last_at = ?3"
    " where same_key = ?1 and kind = ?2 and last_at > ?4"};

constexpr ControlStatement<PlatformNoticeRow(std::int64_t)> kPlatformNewest{
    "platform_notice.newest",
    "select id, kind, severity, parameters, same_key, told_count, created_at, last_at,"
    " rung from platform_notice order by id desc limit ?1",
    {"stops at the newest rows by the primary key"}};

constexpr ControlStatement<PlatformNoticeRow(std::int64_t)> kNotRung{
    "platform_notice.not_rung",
    "select id, kind, severity, parameters, same_key, told_count, created_at, last_at,"
    " rung from platform_notice where rung = 0 order by id limit ?1"};

constexpr ControlStatement<void(PlatformNoticeId)> kRung{
    "platform_notice.rang", "update platform_notice set rung = 1 where id = ?1"};

constexpr ControlStatement<void(PlatformNoticeId)> kPlatformForget{
    "platform_notice.forget", "delete from platform_notice where id < ?1"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"kind", ColumnType::text, DataClass::technical, Level::internal},
    {"severity", ColumnType::text, DataClass::technical, Level::internal},
    {"parameters", ColumnType::text, DataClass::technical, Level::internal},
    {"same_key", ColumnType::text, DataClass::technical, Level::internal},
    {"told_count", ColumnType::integer, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"last_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"rung", ColumnType::integer, DataClass::technical, Level::internal},
};

std::string merchant_of(const std::vector<Parameter>& parameters) {
    const auto found = std::find_if(parameters.begin(), parameters.end(),
                                    [](const Parameter& one) { return one.name == "merchant"; });
    return found == parameters.end() ? "" : found->value;
}

}  // namespace

storage::Part platform_part() {
    return {"notify_platform",
            kMigrations,
            {{"platform_notice", kColumns, true}},
            {storage::insert_info<PlatformNoticeRow>(true), storage::info(kPlatformAgain),
             storage::info(kPlatformNewest), storage::info(kNotRung), storage::info(kRung),
             storage::info(kPlatformForget)}};
}

void keep_platform_notice(Notify::State& state, const Notice& notice, bool rung) {
    const NoticeKind* kind = find_notice_kind(notice.kind);
    HANGU_ASSERT(kind != nullptr);
    const Time now = state.world.clock->now();
    const std::int64_t days = state.settings()->get(kNoticesKeptDays);
    state.engine.control([&](storage::ControlTx& tx) {
        const bool again = !notice.key.empty() && tx.run(kPlatformAgain, notice.key, notice.kind,
                                                         now, now.plus_ms(-kHourMs)) > 0;
        if (!again) {
            tx.insert(PlatformNoticeRow{
                state.new_id<PlatformNoticeId>(now), std::string(notice.kind), kind->severity,
                json::to_text(notice.parameters), notice.key, 1, now, now, rung});
            tx.run(kPlatformForget,
                   PlatformNoticeId(IdSource::floor_at(now.unix_ms() - days * kDayMs)));
        }
        return again;
    });
    state.world.log->warning(
        "notice.platform",
        {{"kind", notice.kind}, {"severity", enum_text(kind->severity)}, {"key", notice.key}});
}

void Notify::ring_platform_notices() {
    constexpr std::int64_t kRingMax = 50;
    std::vector<PlatformNoticeRow> waiting;
    state_->engine.control([&](storage::ControlTx& tx) {
        waiting = tx.list(kNotRung, kRingMax);
        for (const PlatformNoticeRow& row : waiting) {
            tx.run(kRung, row.id);
        }
        return true;
    });
    for (const PlatformNoticeRow& row : waiting) {
        const NoticeKind* kind = find_notice_kind(row.kind);
        HANGU_ASSERT(kind != nullptr);
        const std::vector<Parameter> parameters = read_parameters(row.parameters);
        ring_for_merchant(*state_, *kind, merchant_of(parameters), parameters, row.same_key);
    }
}

std::vector<PlatformNotice> Notify::platform_notices(std::int64_t count_max) {
    std::vector<PlatformNotice> list;
    state_->engine.control([&](storage::ControlTx& tx) {
        for (PlatformNoticeRow& row : tx.list(kPlatformNewest, count_max)) {
            const NoticeKind* kind = find_notice_kind(row.kind);
            HANGU_ASSERT(kind != nullptr);
            const std::vector<Parameter> parameters = read_parameters(row.parameters);
            list.push_back({row.id.text(), row.kind, row.severity, merchant_of(parameters),
                            text_of(*kind, parameters, Locale::zh).text,
                            text_of(*kind, parameters, Locale::en).text, row.told_count,
                            row.created_at, row.last_at});
        }
        return true;
    });
    return list;
}

}  // namespace hangu::notify

#include "security/notify/internal/notice_store.hpp"

namespace hangu::notify {

namespace {

using storage::Statement;

#define HANGU_NOTICE_COLUMNS                                                            \
    "id, kind, severity, parameters, account_id, permission, org_path, link, same_key," \
    " told_count, created_at, last_at"

constexpr Statement<NoticeRow(NoticeId)> kFind{
    "notice.find", "select " HANGU_NOTICE_COLUMNS " from notice where tenant_id = ?1 and id = ?2"};

constexpr Statement<NoticeRow(std::string, std::string, std::int64_t, Time)> kSame{
    "notice.same",
    "select " HANGU_NOTICE_COLUMNS
    " from notice where tenant_id = ?1 and same_key = ?2 and kind = ?3 and account_id = ?4"
    " and last_at > ?5 order by last_at desc limit 1"};

constexpr Statement<void(NoticeId, Time)> kAgain{
    "notice.again",
    "update notice set told_count = told_count + 1, last_at = ?3"
    " where tenant_id = ?1 and id = ?2"};

constexpr Statement<NoticeHead(std::int64_t, std::int64_t)> kHeads{
    "notice.heads",
    "select id, account_id, permission, org_path, last_at,"
    " (select r.read_at from notice_read r where r.tenant_id = ?1 and r.notice_id = notice.id"
    "  and r.account_id = ?2) as read_at"
    " from notice where tenant_id = ?1 order by last_at desc limit ?3",
    {"stops at the newest rows by an index"}};

constexpr Statement<void(std::int64_t, NoticeId, Time)> kReadAgain{
    "notice_read.again",
    "update notice_read set read_at = ?4"
    " where tenant_id = ?1 and account_id = ?2 and notice_id = ?3"};

constexpr Statement<void(Time, std::int64_t)> kForgetReads{
    "notice_read.forget",
    "delete from notice_read where tenant_id = ?1 and notice_id in (select id from notice"
    " where tenant_id = ?1 and last_at < ?2 order by last_at limit ?3)",
    {"stops at the oldest rows by an index"}};

constexpr Statement<void(Time, std::int64_t)> kForgetNotices{
    "notice.forget",
    "delete from notice where tenant_id = ?1 and id in (select id from notice"
    " where tenant_id = ?1 and last_at < ?2 order by last_at limit ?3)",
    {"stops at the oldest rows by an index"}};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kNoticeColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"kind", ColumnType::text, DataClass::technical, Level::internal},
    {"severity", ColumnType::text, DataClass::technical, Level::internal},
    {"parameters", ColumnType::sealed, DataClass::contact, Level::sensitive, true},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"permission", ColumnType::text, DataClass::technical, Level::internal},
    {"org_path", ColumnType::text, DataClass::business, Level::internal},
    {"link", ColumnType::text, DataClass::technical, Level::internal},
    {"same_key", ColumnType::text, DataClass::technical, Level::internal},
    {"told_count", ColumnType::integer, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"last_at", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr storage::Column kReadColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"notice_id", ColumnType::integer, DataClass::key, Level::internal},
    {"read_at", ColumnType::integer, DataClass::person, Level::internal},
};

}  // namespace

std::optional<NoticeRow> NoticeStore::find(NoticeId id) {
    return tx_.find(kFind, id);
}

std::optional<NoticeRow> NoticeStore::same(const NoticeRow& as, Time after) {
    return tx_.find(kSame, as.same_key, as.kind, as.account_id, after);
}

void NoticeStore::tell_again(const NoticeRow& row) {
    tx_.run(kAgain, row.id, tx_.now());
}

std::vector<NoticeHead> NoticeStore::heads(std::int64_t account) {
    return tx_.list(kHeads, account, kHeadsCountMax);
}

void NoticeStore::mark_read(const NoticeReadRow& row) {
    if (tx_.run(kReadAgain, row.account_id, row.notice_id, row.read_at) == 0) {
        tx_.insert(row);
    }
}

std::int64_t NoticeStore::forget_before(Time before, std::int64_t count_max) {
    tx_.run(kForgetReads, before, count_max);
    return tx_.run(kForgetNotices, before, count_max);
}

void add_notice_tables(storage::Part& part) {
    part.tables.push_back({"notice", kNoticeColumns});
    part.tables.push_back({"notice_read", kReadColumns});
    const storage::StatementInfo all[] = {
        storage::insert_info<NoticeRow>(),
        storage::insert_info<NoticeReadRow>(),
        storage::info(kFind),
        storage::info(kSame),
        storage::info(kAgain),
        storage::info(kHeads),
        storage::info(kReadAgain),
        storage::info(kForgetReads),
        storage::info(kForgetNotices),
    };
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

}  // namespace hangu::notify

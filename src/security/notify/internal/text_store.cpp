#include "security/notify/internal/text_store.hpp"

namespace hangu::notify {

namespace {

using storage::Statement;

#define HANGU_TEXT_COLUMNS                                                                      \
    "id, kind, recipient, content, locale, about, decoy, state, attempts, next_at, expires_at," \
    " created_at, done_at, reference, words"

constexpr Statement<TextRow(Time, std::int64_t)> kDueTexts{
    "text_message.due",
    "select " HANGU_TEXT_COLUMNS
    " from text_message where tenant_id = ?1 and state = 'waiting' and next_at <= ?2"
    " order by next_at limit ?3"};

constexpr Statement<void(TextId, Time)> kLeaseText{
    "text_message.lease",
    "update text_message set attempts = attempts + 1, next_at = ?3"
    " where tenant_id = ?1 and id = ?2 and state = 'waiting'"};

constexpr Statement<void(TextId, SendState, Time, std::string, std::string)> kFinishText{
    "text_message.finish",
    "update text_message set state = ?3, done_at = ?4, reference = ?5, words = ?6, content = null"
    " where tenant_id = ?1 and id = ?2 and state = 'waiting'"};

constexpr Statement<void(TextId, Time, std::string)> kPostponeText{
    "text_message.postpone",
    "update text_message set next_at = ?3, words = ?4"
    " where tenant_id = ?1 and id = ?2 and state = 'waiting'"};

constexpr Statement<Time()> kNextText{
    "text_message.next",
    "select next_at from text_message where tenant_id = ?1 and state = 'waiting'"
    " order by next_at limit 1"};

constexpr Statement<TextRow(std::int64_t)> kNewestTexts{
    "text_message.newest",
    "select " HANGU_TEXT_COLUMNS
    " from text_message where tenant_id = ?1 and decoy = 0 order by id desc limit ?2",
    {"stops at the newest rows by the primary key"}};

constexpr Statement<void(TextId, std::int64_t)> kForgetTexts{
    "text_message.forget",
    "delete from text_message where tenant_id = ?1 and id in (select id from text_message"
    " where tenant_id = ?1 and id < ?2 order by id limit ?3)",
    {"stops at the oldest rows by the primary key; once in a sweep"}};

constexpr Statement<MailboxRow()> kMailbox{
    "mailbox_message.list",
    "select id, kind, recipient, content, created_at from mailbox_message where tenant_id = ?1"
    " order by id desc limit 100",
    {"at most a hundred rows"}};

constexpr Statement<void(std::int64_t)> kTrimMailbox{
    "mailbox_message.trim",
    "delete from mailbox_message where tenant_id = ?1 and id <= (select id from mailbox_message"
    " where tenant_id = ?1 order by id desc limit 1 offset ?2)",
    {"at most a hundred rows"}};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kTextColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"kind", ColumnType::text, DataClass::technical, Level::internal},
    {"recipient", ColumnType::sealed, DataClass::contact, Level::sensitive, true},
    {"content", ColumnType::sealed, DataClass::credential, Level::secret, true},
    {"locale", ColumnType::text, DataClass::technical, Level::internal},
    {"about", ColumnType::text, DataClass::technical, Level::internal},
    {"decoy", ColumnType::integer, DataClass::technical, Level::internal},
    {"state", ColumnType::text, DataClass::technical, Level::internal},
    {"attempts", ColumnType::integer, DataClass::technical, Level::internal},
    {"next_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"expires_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"done_at", ColumnType::integer, DataClass::technical, Level::internal, true},
    {"reference", ColumnType::text, DataClass::technical, Level::internal},
    {"words", ColumnType::text, DataClass::technical, Level::internal},
};

constexpr storage::Column kMailboxColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"kind", ColumnType::text, DataClass::technical, Level::internal},
    {"recipient", ColumnType::sealed, DataClass::contact, Level::sensitive, true},
    {"content", ColumnType::sealed, DataClass::credential, Level::secret, true},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

std::vector<TextRow> TextStore::due(Time now, std::int64_t count_max) {
    return tx_.list(kDueTexts, now, count_max);
}

void TextStore::lease(TextId id, Time until) {
    tx_.run(kLeaseText, id, until);
}

void TextStore::finish(TextId id, SendState state, const std::string& reference,
                       const std::string& words) {
    tx_.run(kFinishText, id, state, tx_.now(), reference, words);
}

void TextStore::postpone(TextId id, Time until, const std::string& words) {
    tx_.run(kPostponeText, id, until, words);
}

std::optional<Time> TextStore::next_at() {
    return tx_.find(kNextText);
}

std::vector<TextRow> TextStore::newest(std::int64_t count_max) {
    return tx_.list(kNewestTexts, count_max);
}

std::int64_t TextStore::forget_before(Time before, std::int64_t count_max) {
    // Ids grow with time.
    return tx_.run(kForgetTexts, TextId(IdSource::floor_at(before.unix_ms())), count_max);
}

void TextStore::keep(const MailboxRow& row) {
    tx_.insert(row);
    tx_.run(kTrimMailbox, kMailboxCountMax);
}

std::vector<MailboxRow> TextStore::mailbox() {
    return tx_.list(kMailbox);
}

void add_text_tables(storage::Part& part) {
    part.tables.push_back({"text_message", kTextColumns});
    part.tables.push_back({"mailbox_message", kMailboxColumns});
    const storage::StatementInfo all[] = {
        storage::insert_info<TextRow>(), storage::insert_info<MailboxRow>(),
        storage::info(kDueTexts),        storage::info(kLeaseText),
        storage::info(kFinishText),      storage::info(kPostponeText),
        storage::info(kNextText),        storage::info(kNewestTexts),
        storage::info(kForgetTexts),     storage::info(kMailbox),
        storage::info(kTrimMailbox),
    };
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

}  // namespace hangu::notify

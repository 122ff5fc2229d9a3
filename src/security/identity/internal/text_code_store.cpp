#include "security/identity/internal/text_code_store.hpp"

namespace hangu::identity {

namespace {

using storage::Blob;
using storage::ColumnType;
using storage::DataClass;
using storage::Level;
using storage::Statement;

constexpr std::int64_t kSentCountMax = 100;

constexpr Statement<void(Blob, TextPurpose, Time)> kEndEarlier{
    "text_code.end_earlier",
    "update text_code set used_at = ?4"
    " where tenant_id = ?1 and phone_mark = ?2 and purpose = ?3 and used_at is null"};

constexpr Statement<Time(Blob, Time, std::int64_t)> kSent{
    "text_code.sent",
    "select created_at from text_code where tenant_id = ?1 and phone_mark = ?2"
    " and created_at > ?3 order by created_at desc limit ?4"};

constexpr Statement<std::int64_t(Time)> kCountSent{
    "text_code.count",
    "select count(*) as sent from text_code"
    " where tenant_id = ?1 and created_at > ?2 and account_id <> 0"};

constexpr Statement<void(Blob, Time, std::int64_t)> kTry{
    "text_code.try",
    "update text_code set tries = tries + 1 where tenant_id = ?1 and token_hash = ?2"
    " and used_at is null and expires_at > ?3 and tries < ?4"};

constexpr Statement<TextCodeRow(Blob)> kFindTextCode{
    "text_code.find",
    "select id, token_hash, purpose, account_id, phone_mark, code_mark, created_at, expires_at,"
    " tries, used_at from text_code where tenant_id = ?1 and token_hash = ?2"};

constexpr Statement<void(TextCodeId, Time)> kUseTextCode{
    "text_code.use",
    "update text_code set used_at = ?3 where tenant_id = ?1 and id = ?2 and used_at is null"};

constexpr Statement<void(Time)> kForget{
    "text_code.forget", "delete from text_code where tenant_id = ?1 and created_at < ?2"};

constexpr storage::Column kTextCodeColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"token_hash", ColumnType::blob, DataClass::credential, Level::secret},
    {"purpose", ColumnType::text, DataClass::technical, Level::internal},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"phone_mark", ColumnType::blob, DataClass::credential, Level::secret},  // HMAC, like the code
    {"code_mark", ColumnType::blob, DataClass::credential, Level::secret},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"expires_at", ColumnType::integer, DataClass::technical, Level::internal},
    {"tries", ColumnType::integer, DataClass::technical, Level::internal},
    {"used_at", ColumnType::integer, DataClass::technical, Level::internal, true},
};

}  // namespace

void TextCodeStore::add(const TextCodeRow& row) {
    tx_.run(kEndEarlier, row.phone_mark, row.purpose, tx_.now());
    tx_.insert(row);
}

std::vector<Time> TextCodeStore::sent(const std::string& phone_mark, Time since) {
    return tx_.list(kSent, Blob{phone_mark}, since, kSentCountMax);
}

std::int64_t TextCodeStore::count_sent(Time since) {
    return tx_.find(kCountSent, since).value_or(0);
}

std::optional<TextCodeRow> TextCodeStore::try_code(const std::string& token_hash) {
    const bool counted = tx_.run(kTry, Blob{token_hash}, tx_.now(), kTriesMax) == 1;
    return counted ? tx_.find(kFindTextCode, Blob{token_hash}) : std::nullopt;
}

bool TextCodeStore::use(TextCodeId id) {
    return tx_.run(kUseTextCode, id, tx_.now()) == 1;
}

void TextCodeStore::forget_before(Time time) {
    tx_.run(kForget, time);
}

void add_text_code_table(storage::Part& part) {
    part.tables.push_back({"text_code", kTextCodeColumns});
    const storage::StatementInfo all[] = {
        storage::info(kEndEarlier), storage::info(kSent),         storage::info(kCountSent),
        storage::info(kTry),        storage::info(kFindTextCode), storage::info(kUseTextCode),
        storage::info(kForget),
    };
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

}  // namespace hangu::identity

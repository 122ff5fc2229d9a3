// SQL of codes by text message.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/identity/identity.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::identity {

struct TextCodeTag;
using TextCodeId = Id<TextCodeTag>;

struct TextCodeRow {
    static constexpr std::string_view kTable = "text_code";
    TextCodeId id;
    storage::Blob token_hash;
    TextPurpose purpose = TextPurpose::sign_in;
    StaffId account_id;  // 0: nobody has that phone
    storage::Blob phone_mark;
    storage::Blob code_mark;
    Time created_at;
    Time expires_at;
    std::int64_t tries = 0;
    std::optional<Time> used_at;
};
HANGU_STRUCT(TextCodeRow, id, token_hash, purpose, account_id, phone_mark, code_mark, created_at,
             expires_at, tries, used_at)

class TextCodeStore {
 public:
    static constexpr std::int64_t kTriesMax = 5;

    explicit TextCodeStore(storage::Tx& tx) : tx_(tx) {}

    // Earlier codes of the phone for the same purpose end.
    void add(const TextCodeRow& row);
    // When codes were sent to the phone since then, newest first.
    std::vector<Time> sent(const std::string& phone_mark, Time since);
    std::int64_t count_sent(Time since);  // to somebody
    // Counts the try. None: there is no such code, or it has ended.
    std::optional<TextCodeRow> try_code(const std::string& token_hash);
    bool use(TextCodeId id);
    void forget_before(Time time);

 private:
    storage::Tx& tx_;
};

void add_text_code_table(storage::Part& part);

}  // namespace hangu::identity

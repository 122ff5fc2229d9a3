// SQL of text messages on their way and of the development mailbox.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/notify/internal/held.hpp"
#include "security/notify/notify.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::notify {

struct TextTag;
using TextId = Id<TextTag>;
struct MailboxTag;
using MailboxId = Id<MailboxTag>;

enum class SendState { waiting, sent, expired, dead };
HANGU_ENUM(SendState, waiting, sent, expired, dead)

struct TextRow {
    static constexpr std::string_view kTable = "text_message";
    TextId id;
    TextKind kind = TextKind::sign_in_code;
    Sealed<PersonalText> recipient;
    Sealed<SecretText> content;
    Locale locale = Locale::zh;
    std::string about;
    bool decoy = false;
    SendState state = SendState::waiting;
    std::int64_t attempts = 0;
    Time next_at;
    Time expires_at;
    Time created_at;
    std::optional<Time> done_at;
    std::string reference;  // the provider's
    std::string words;      // of the provider, the last time
};
HANGU_STRUCT(TextRow, id, kind, recipient, content, locale, about, decoy, state, attempts, next_at,
             expires_at, created_at, done_at, reference, words)

struct MailboxRow {
    static constexpr std::string_view kTable = "mailbox_message";
    MailboxId id;
    TextKind kind = TextKind::sign_in_code;
    Sealed<PersonalText> recipient;
    Sealed<SecretText> content;
    Time created_at;
};
HANGU_STRUCT(MailboxRow, id, kind, recipient, content, created_at)

class TextStore {
 public:
    static constexpr std::int64_t kMailboxCountMax = 100;
    static constexpr std::int64_t kShownCountMax = 200;

    explicit TextStore(storage::Tx& tx) : tx_(tx) {}

    void add(const TextRow& row) { tx_.insert(row); }
    std::vector<TextRow> due(Time now, std::int64_t count_max);
    void lease(TextId id, Time until);  // counts the attempt
    void finish(TextId id, SendState state, const std::string& reference, const std::string& words);
    void postpone(TextId id, Time until, const std::string& words);
    std::optional<Time> next_at();
    std::vector<TextRow> newest(std::int64_t count_max);  // without decoys
    std::int64_t forget_before(Time before, std::int64_t count_max);

    void keep(const MailboxRow& row);
    std::vector<MailboxRow> mailbox();  // newest first

 private:
    storage::Tx& tx_;
};

void add_text_tables(storage::Part& part);

}  // namespace hangu::notify

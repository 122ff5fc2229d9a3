// What became of text messages, and the development mailbox.
#include "security/notify/internal/notify_routes.hpp"
#include "security/notify/internal/notify_state.hpp"
#include "security/notify/module.hpp"

namespace hangu::notify {

namespace {

using http::Scope;

struct TextView {
    TextId id;
    TextKind kind = TextKind::sign_in_code;
    Masked<Phone> phone;
    SendState state = SendState::waiting;
    std::int64_t attempts = 0;
    std::string reference;
    std::string words;
    Time created_at;
    std::optional<Time> done_at;
};
HANGU_STRUCT(TextView, id, kind, phone, state, attempts, reference, words, created_at, done_at)

struct TextList {
    std::vector<TextView> items;
};
HANGU_STRUCT(TextList, items)

struct MailboxView {
    MailboxId id;
    TextKind kind = TextKind::sign_in_code;
    Masked<Phone> phone;
    Revealed<SecretText> content;
    Time created_at;
};
HANGU_STRUCT(MailboxView, id, kind, phone, content, created_at)

struct Mailbox {
    std::vector<MailboxView> items;
};
HANGU_STRUCT(Mailbox, items)

Masked<Phone> masked(const Sealed<PersonalText>& recipient) {
    return Sealed<Phone>(Phone::from_plain(recipient.shown().text())).masked();
}

Result<TextList> list_texts(Scope& scope) {
    HANGU_CHECK(scope.authorize(kMayViewTexts));
    TextList list;
    for (const TextRow& row : TextStore(scope.tx()).newest(TextStore::kShownCountMax)) {
        list.items.push_back({row.id, row.kind, masked(row.recipient), row.state, row.attempts,
                              row.reference, row.words, row.created_at, row.done_at});
    }
    return list;
}

Result<Mailbox> view_mailbox(Scope& scope) {
    HANGU_CHECK(scope.authorize(kMayReadMailbox));
    if (!uses_mailbox(scope.settings())) {
        return Problem::not_found("mailbox.off");
    }
    Mailbox mailbox;
    for (const MailboxRow& row : TextStore(scope.tx()).mailbox()) {
        mailbox.items.push_back(
            {row.id, row.kind, masked(row.recipient), row.content.shown(), row.created_at});
    }
    return mailbox;
}

http::Route text_route(std::string_view name, std::string_view path, http::Permission permission,
                       std::string_view summary) {
    http::Route route;
    route.name = name;
    route.method = "GET";
    route.path = path;
    route.permission = permission;
    route.guard = http::Guard::tenant;
    route.work = http::Work::read;
    route.per_minute_max = 300;
    route.summary = summary;
    route.tag = "texts";
    return route;
}

}  // namespace

void add_text_routes(http::Routes& routes, Notify::State&) {
    routes.add(text_route("text.list", "/api/v1/texts", kMayViewTexts,
                          "Text messages of late and what became of them"),
               list_texts);
    routes.add(text_route("mailbox.view", "/api/v1/mailbox", kMayReadMailbox,
                          "What would have been sent, where the development mailbox is in use"),
               view_mailbox);
}

}  // namespace hangu::notify

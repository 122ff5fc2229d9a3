// Text messages leave: taken in one transaction, sent by egress, finished in a second one.
#include "security/notify/internal/notify_state.hpp"
#include "security/notify/internal/retry_rules.hpp"

#include "base/text.hpp"

#include <boost/json.hpp>

namespace hangu::notify {

namespace {

constexpr std::int64_t kTextBatch = 16;
constexpr std::size_t kNonceBytes = 16;

void count(Notify::State& state, std::string_view what) {
    state.world.log->info("notify.text", {{"result", what}});
}

std::string parameters_of(const TextRow& row) {
    const std::string content = row.content.shown().text();
    boost::json::object parameters;
    if (row.kind == TextKind::told) {
        const NoticeKind* kind = find_notice_kind(content);
        HANGU_ASSERT(kind != nullptr);
        parameters["what"] = text_of(*kind, {}, row.locale).title;
    } else {
        parameters[row.kind == TextKind::invitation ? "link" : "code"] = content;
    }
    return boost::json::serialize(parameters);
}

// In the development mailbox a text is as people would read it.
std::string mailbox_text(const TextRow& row) {
    const std::string content = row.content.shown().text();
    if (row.kind != TextKind::told) {
        return content;
    }
    const NoticeKind* kind = find_notice_kind(content);
    HANGU_ASSERT(kind != nullptr);
    return text_of(*kind, {}, row.locale).title;
}

void fail_for_good(Notify& notify, storage::Tx& tx, const TextRow& row, const std::string& words,
                   std::vector<AfterCommit>& after) {
    TextStore(tx).finish(row.id, SendState::dead, "", words);
    Notice notice;
    notice.kind = kTextsFailing;
    notice.parameters = {{"reason", words}};
    notice.key = words;
    after.push_back(notify.tell(tx, notice));
}

struct TakenTexts {
    std::vector<TextRow> to_send;
    std::vector<AfterCommit> after;
    bool more = false;
    std::optional<Time> next_at;
};

void take_one(Notify::State& state, storage::Tx& tx, TextSender sender, const TextRow& row,
              TakenTexts& taken) {
    TextStore store(tx);
    if (row.expires_at <= tx.now()) {
        store.finish(row.id, SendState::expired, "", row.words);
        return;
    }
    if (row.decoy) {
        store.finish(row.id, SendState::sent, "", "");
        return;
    }
    store.lease(row.id, tx.now().plus_ms(kLeaseMs));
    if (sender == TextSender::mailbox) {
        store.keep(MailboxRow{state.new_id<MailboxId>(tx.now()), row.kind, row.recipient,
                              Sealed<SecretText>(SecretText(mailbox_text(row))), tx.now()});
        store.finish(row.id, SendState::sent, "", "mailbox");
        return;
    }
    taken.to_send.push_back(row);
}

TakenTexts take(Notify::State& state, TenantId tenant, TextSender sender) {
    TakenTexts taken;
    const Result<void> done =
        state.engine.run(tenant, storage::Work::write, [&](storage::Tx& tx) -> Result<void> {
            taken = TakenTexts();
            TextStore store(tx);
            const std::vector<TextRow> due = store.due(tx.now(), kTextBatch);
            for (const TextRow& row : due) {
                take_one(state, tx, sender, row, taken);
            }
            taken.more = static_cast<std::int64_t>(due.size()) == kTextBatch;
            taken.next_at = store.next_at();
            return {};
        });
    HANGU_ASSERT(done.ok());
    return taken;
}

}  // namespace

// What came of one attempt. Attempts are counted when they are begun, so `row.attempts` is one
// less.
void finish_text(Notify::State& state, TenantId tenant, const TextRow& row, const Reply& reply) {
    std::vector<AfterCommit> after;
    const Result<void> done =
        state.engine.run(tenant, storage::Work::write, [&](storage::Tx& tx) -> Result<void> {
            after.clear();
            TextStore store(tx);
            const std::int64_t attempts = row.attempts + 1;
            const Time again = next_try(kTextRetrySeconds, attempts, tx.now());
            if (reply.verdict == Verdict::sent) {
                store.finish(row.id, SendState::sent, reply.reference, reply.words);
            } else if (reply.verdict == Verdict::never ||
                       attempts >= state.settings()->get(kTextAttemptsMax)) {
                fail_for_good(state.notify, tx, row, reply.words, after);
            } else if (again >= row.expires_at) {
                store.finish(row.id, SendState::expired, "", reply.words);
            } else {
                store.postpone(row.id, again, reply.words);
                state.due_at(tenant, again);
            }
            return {};
        });
    HANGU_ASSERT(done.ok());
    for (const AfterCommit& one : after) {
        one();
    }
    count(state, enum_text(reply.verdict));
}

bool send_due_texts(Notify::State& state, TenantId tenant) {
    const auto settings = state.settings();
    const TextSender sender = text_sender(*settings);
    const TakenTexts taken = take(state, tenant, sender);
    if (taken.next_at) {
        state.due_at(tenant, *taken.next_at);
    }
    for (const TextRow& row : taken.to_send) {
        const std::string& code = aliyun_template(*settings, row.kind);
        if (sender == TextSender::none || code.empty()) {
            finish_text(state, tenant, row,
                        {Verdict::never,
                         sender == TextSender::none ? "text.no_sender" : "text.no_template",
                         {}});
            continue;
        }
        const AliyunText text{aliyun_phone(Phone::from_plain(row.recipient.shown().text())),
                              aliyun_sign_name(*settings), code, parameters_of(row), row.id.text()};
        const std::string nonce = to_hex(state.world.randomness->bytes(kNonceBytes));
        state.begun();
        state.egress.send(aliyun_request(aliyun_account(*settings), send_sms(text), nonce,
                                         state.world.clock->now()),
                          [&state, tenant, row](const egress::Answer& answer) {
                              state.push([&state, tenant, row, reply = aliyun_reply(answer)] {
                                  finish_text(state, tenant, row, reply);
                              });
                              state.ended();
                          });
    }
    return taken.more;
}

}  // namespace hangu::notify

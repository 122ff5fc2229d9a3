// Sign-ins: weighed against habits, entered in the ledger, learnt from.
#include "platform/http/browser.hpp"
#include "platform/http/network.hpp"
#include "security/protection/internal/habit_store.hpp"
#include "security/protection/internal/ledger_store.hpp"
#include "security/protection/internal/protection_state.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::protection {

namespace {

using identity::Judgement;
using identity::SignInResult;
using identity::SignInSeen;

EntryResult result_of(SignInResult result) {
    constexpr EntryResult kResults[] = {EntryResult::opened, EntryResult::challenged,
                                        EntryResult::refused, EntryResult::locked};
    return kResults[static_cast<std::size_t>(result)];
}

EntryReason reason_of(const SignInSeen& seen, SignInResult result,
                      const std::optional<Risk>& risk) {
    if (result == SignInResult::opened || result == SignInResult::challenged) {
        return EntryReason::none;
    }
    if (result == SignInResult::locked) {
        return EntryReason::locked;
    }
    // The judge was asked, so everything that was given was right.
    if (risk) {
        return risk->answer == Answer::refuse ? EntryReason::unusual
                                              : EntryReason::second_factor_missing;
    }
    const std::string_view method = seen.method;
    if (method.starts_with("link") && !method.ends_with("+code")) {
        return EntryReason::wrong_link;
    }
    if (!seen.account) {
        return EntryReason::unknown_account;
    }
    if (method.ends_with("passkey")) {
        return EntryReason::wrong_passkey;
    }
    return method.ends_with("code") ? EntryReason::wrong_code : EntryReason::wrong_password;
}

std::string risks_text(const Risk& risk) {
    std::string text;
    for (const Weighed& weighed : risk.reasons) {
        text += (text.empty() ? "" : " ") + std::string(enum_text(weighed.reason));
    }
    return text;
}

// Who has a usual network or place has used browsers before, though each may be forgotten by now.
Habit some_known_device(Time now) {
    return {Trait::device, "known", kUsualWeightMilli, kUsualDaysCount, Day(), now};
}

}  // namespace

std::optional<KnownPlace> Protection::State::place_of(std::string_view address) const {
    return places == nullptr ? std::nullopt : places->place_of(address);
}

int Protection::State::offset_of(TenantId tenant) const {
    const auto found = tenants.find(tenant);
    return found ? static_cast<int>(found->utc_offset_minutes) : 0;
}

Risk Protection::State::weigh_up(storage::Tx& tx, const SignInSeen& seen) {
    Person person;
    std::string last_network;
    for (const HabitRow& row : HabitStore(tx).habits(*seen.account)) {
        person.habits.push_back(habit_of(row));
        if (row.trait == Trait::network && (!person.last_at || *person.last_at < row.last_at)) {
            person.last_at = row.last_at;
            last_network = person.habits.back().key;
        }
    }
    if (const auto last = place_of(last_network.substr(0, last_network.find('/')))) {
        person.last_position = last->position;
    }
    if (std::any_of(person.habits.begin(), person.habits.end(),
                    [&tx](const Habit& habit) { return is_usual(habit, tx.now()); })) {
        person.habits.push_back(some_known_device(tx.now()));
    }
    SignIn sign_in;
    sign_in.at = tx.now();
    sign_in.network = http::network_of(std::string(seen.address));
    sign_in.hour = hour_of_week(tx.now(), offset_of(tx.tenant()));
    sign_in.device = seen.known_device ? "known" : "new";
    // What strangers did must not count against the owner at her own browser.
    sign_in.failures_before = seen.known_device ? 0 : static_cast<int>(seen.failures_before);
    if (const auto place = place_of(seen.address)) {
        sign_in.place = place->name;
        sign_in.position = place->position;
        sign_in.from_hosting = place->hosting;
    }
    return weigh(sign_in, person, thresholds_of(*world.settings->snapshot()));
}

std::optional<Risk> Protection::State::take_judged(storage::Tx& tx, identity::StaffId account) {
    const std::lock_guard lock(mutex);
    const auto found = judged.find(tx.tenant());
    if (found == judged.end()) {
        return std::nullopt;
    }
    const Judged last = std::move(found->second);
    judged.erase(found);
    const bool of_this = last.account == account && last.at == tx.now();
    return of_this ? std::optional(last.risk) : std::nullopt;
}

Judgement Protection::judge(storage::Tx& tx, const SignInSeen& seen) {
    if (!seen.account) {
        return Judgement::allow;
    }
    const Risk risk = state_->weigh_up(tx, seen);
    {
        const std::lock_guard lock(state_->mutex);
        state_->judged[tx.tenant()] = {*seen.account, tx.now(), risk};
    }
    state_->metrics
        .counter("protection_sign_ins_total", "Sign-ins that were weighed, by what followed.",
                 {{"answer", std::string(enum_text(risk.answer))}})
        .add();
    // A link was made for her a moment ago by somebody who may: it is the way in for who has no
    // second factor, or is too far from home.
    if (seen.method.starts_with("link") || risk.answer == Answer::let_in) {
        return Judgement::allow;
    }
    return risk.answer == Answer::refuse ? Judgement::refuse : Judgement::second_factor;
}

void Protection::State::learn(http::Scope& scope, const SignInEntry& entry) {
    HabitStore store(scope.tx());
    const int offset = offset_of(scope.tenant());
    const std::vector<HabitRow> rows = store.habits(entry.account_id);
    const std::pair<Trait, std::string> seen[] = {{Trait::network, entry.network},
                                                  {Trait::place, entry.place},
                                                  {Trait::hour, hour_of_week(scope.now(), offset)}};
    for (const auto& [trait, value] : seen) {
        if (value.empty()) {
            continue;
        }
        const HabitRow* known = nullptr;
        const HabitRow* oldest = nullptr;  // rows come the latest first
        std::size_t count = 0;
        for (const HabitRow& row : rows) {
            if (row.trait != trait) {
                continue;
            }
            ++count;
            oldest = &row;
            known = row.value.same_as(HabitValue(value)) ? &row : known;
        }
        Habit habit =
            known == nullptr ? Habit{trait, value, 0, 0, Day(), Time()} : habit_of(*known);
        habit = protection::learn(std::move(habit), scope.now(), offset);
        if (known != nullptr) {
            store.save(known->id, habit);
            continue;
        }
        if (trait != Trait::hour && count >= HabitStore::kPerTraitCountMax) {
            store.forget(entry.account_id, oldest->id);
        }
        store.add({scope.new_id<HabitId>(), entry.account_id, trait,
                   Sealed<HabitValue>(HabitValue(value)), habit.weight_milli, habit.days_count,
                   habit.last_day, habit.last_at});
    }
}

void Protection::State::tell_unusual(http::Scope& scope, const SignInEntry& entry,
                                     const Risk& risk) {
    http::AuditFact fact;
    fact.action = "sign_in.unusual";
    fact.subject_kind = "staff";
    fact.subject_id = entry.account_id.text();
    fact.fields = {{"score", "", std::to_string(risk.score)},
                   {"risks", "", entry.risks},
                   {"result", "", std::string(enum_text(entry.result))},
                   {"method", "", entry.method},
                   {"network", "", entry.network},
                   {"place", "", entry.place}};
    scope.audit(std::move(fact));
    Alert alert;
    alert.code = kUnusualSignIn;
    alert.account = entry.account_id.value();
    alert.permission = entry.result == EntryResult::refused ? kMayViewLedger.code : "";
    alert.parameters = {{"place", entry.place.empty() ? entry.network : entry.place},
                        {"network", entry.network}};
    alert.key = entry.account_id.text() + " " + entry.network;
    raise(scope, alert);
}

void Protection::State::tell_locked(http::Scope& scope, const SignInEntry& entry) {
    const Result<identity::Account> account = identity.find(scope.tx(), entry.account_id);
    const std::optional<Time> until = identity.locked_until(scope.tx(), entry.account_id);
    if (!account.ok()) {
        return;
    }
    const std::int64_t left_ms =
        until ? std::max<std::int64_t>(0, until->unix_ms() - scope.now().unix_ms()) : 0;
    Alert alert;
    alert.code = kAccountLocked;
    alert.account = entry.account_id.value();
    alert.permission = kMayViewLocks.code;
    alert.platform = true;
    alert.parameters = {{"name", account->login_name},
                        {"minutes", std::to_string((left_ms + kMinuteMs - 1) / kMinuteMs)}};
    alert.key = entry.account_id.text();
    raise(scope, alert);
}

void Protection::told(http::Scope& scope, const SignInSeen& seen, SignInResult result) {
    const identity::StaffId account = seen.account.value_or(identity::StaffId());
    const std::optional<Risk> risk = state_->take_judged(scope.tx(), account);
    SignInEntry entry;
    entry.id = scope.new_id<EntryId>();
    entry.account_id = account;
    entry.at = scope.now();
    entry.result = result_of(result);
    entry.reason = reason_of(seen, result, risk);
    entry.method = seen.method;
    entry.address = seen.address;
    entry.network = http::network_of(entry.address);
    if (const auto place = state_->place_of(seen.address)) {
        entry.place = place->name;
    }
    entry.user_agent = http::browser_of(seen.user_agent);
    entry.known_device = seen.known_device;
    entry.score = risk ? risk->score : 0;
    entry.risks = risk ? risks_text(*risk) : "";
    LedgerStore(scope.tx()).add(entry);

    if (risk && risk->answer != Answer::let_in) {
        state_->tell_unusual(scope, entry, *risk);
    }
    if (account.is_set() && entry.result == EntryResult::locked) {
        state_->tell_locked(scope, entry);
    }
    if (account.is_set() && entry.result == EntryResult::opened) {
        state_->learn(scope, entry);
    }
    if (entry.result != EntryResult::challenged) {
        SignInAttempt attempt{entry.at, entry.address,
                              account.is_set() ? account.text() : std::string(), entry.user_agent,
                              entry.result == EntryResult::opened};
        scope.after_commit([state = state_.get(), tenant = scope.tenant(),
                            attempt = std::move(attempt)] { state->watch(tenant, attempt); });
    }
}

}  // namespace hangu::protection

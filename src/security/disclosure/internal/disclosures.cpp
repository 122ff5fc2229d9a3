#include "security/disclosure/disclosure.hpp"

#include "base/text.hpp"
#include "security/disclosure/internal/disclosure_store.hpp"
#include "security/disclosure/module.hpp"

#include <set>

namespace hangu::disclosure {

namespace {

constexpr std::int64_t kHourMs = 3'600'000;

std::string digest_of(const std::vector<audit::RecordId>& records) {
    std::string ids;
    for (const audit::RecordId id : records) {
        ids += id.text();
    }
    return std::string(crypto::sha256(ids).view());
}

std::string in_words(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

// What the people who decide are shown.
std::vector<approval::Fact> facts_of(const Disclosure& one) {
    std::vector<approval::Fact> facts{{"requester", one.requester},
                                      {"legal_ground", one.legal_ground},
                                      {"from", time_text(one.selection.from)},
                                      {"to", time_text(one.selection.to)},
                                      {"records_count", std::to_string(one.records_count)},
                                      {"fields", in_words(one.fields)}};
    const auto add = [&facts](std::string_view name, const std::string& value) {
        if (!value.empty()) {
            facts.push_back({std::string(name), value});
        }
    };
    add("action", one.selection.action);
    add("subject_kind", one.selection.subject_kind);
    add("subject_id", one.selection.subject_id);
    add("actor_id", one.selection.actor_id == 0 ? "" : id_text(one.selection.actor_id));
    return facts;
}

http::AuditFact fact_of(std::string_view action, const Disclosure& one) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = "disclosure";
    fact.subject_id = one.id.text();
    fact.subject_label = one.requester;
    return fact;
}

State after(approval::State state) {
    switch (state) {
        case approval::State::approved:
            return State::approved;
        case approval::State::refused:
            return State::refused;
        case approval::State::withdrawn:
            return State::withdrawn;
        default:
            return State::expired;
    }
}

Result<std::vector<audit::RecordId>> records_of(storage::Tx& tx,
                                                const audit::RecordSelection& selection,
                                                std::int64_t count_max) {
    HANGU_TRY(std::vector<audit::RecordId> records,
              audit::select_acts(tx, selection, count_max + 1));
    if (records.empty()) {
        return Problem::invalid("disclosure.no_records");
    }
    if (static_cast<std::int64_t>(records.size()) > count_max) {
        return Problem::invalid("disclosure.too_many_records", std::to_string(count_max));
    }
    return records;
}

}  // namespace

State state_at(const Disclosure& disclosure, Time now) {
    const bool over = disclosure.state == State::approved && now >= *disclosure.available_until;
    return over ? State::lapsed : disclosure.state;
}

Disclosures::Disclosures(approval::Approvals& approvals) : approvals_(approvals) {
    approvals_.define({kApprovalKind,
                       {{"authorise", std::string(kMayAuthorise.code), 1},
                        {"approve", std::string(kMayApprove.code), 1}},
                       kOpenHours.key,
                       this});
}

Result<Disclosure> Disclosures::ask(http::Scope& scope, Wish wish) {
    for (const std::string& field : wish.fields) {
        if (!audit::is_record_field(field)) {
            return Problem::invalid_field("fields", "field.unknown", field);
        }
    }
    // What is asked for is fixed from now on.
    if (wish.selection.to > scope.now()) {
        return Problem::invalid_field("to", "field.in_the_future");
    }
    if (wish.selection.from >= wish.selection.to) {
        return Problem::invalid_field("to", "field.before_its_beginning");
    }
    HANGU_TRY(const std::vector<audit::RecordId> records,
              records_of(scope.tx(), wish.selection, scope.settings().get(kRecordsCountMax)));
    const std::set<std::string> names(wish.fields.begin(), wish.fields.end());
    Disclosure made;
    made.id = scope.new_id<DisclosureId>();
    made.requester = std::move(wish.requester);
    made.legal_ground = std::move(wish.legal_ground);
    made.selection = std::move(wish.selection);
    made.fields.assign(names.begin(), names.end());
    made.records_count = static_cast<std::int64_t>(records.size());
    made.records_digest = digest_of(records);
    made.asked_by = scope.caller().kind == http::ActorKind::staff ? scope.caller().actor_id : 0;
    made.asked_at = scope.now();
    approval::Wish asked;
    asked.kind = kApprovalKind;
    asked.subject_kind = "disclosure";
    asked.subject_id = made.id.text();
    asked.subject_label = made.requester;
    asked.facts = facts_of(made);
    asked.reason = std::move(wish.reason);
    HANGU_TRY(const approval::Request request, approvals_.open(scope, std::move(asked)));
    made.approval_id = request.id;
    DisclosureStore(scope.tx()).add(made);
    http::AuditFact fact = fact_of("disclosure.asked", made);
    for (const approval::Fact& one : facts_of(made)) {
        fact.fields.push_back({one.name, "", one.value});
    }
    scope.audit(std::move(fact));
    return made;
}

Result<Disclosure> Disclosures::find(storage::Tx& tx, DisclosureId id) {
    std::optional<Disclosure> found = DisclosureStore(tx).find(id);
    if (!found) {
        return Problem::not_found("disclosure.not_found");
    }
    return *std::move(found);
}

std::vector<Disclosure> Disclosures::list(storage::Tx& tx, DisclosureId before,
                                          std::int64_t count_max) {
    return DisclosureStore(tx).newest(before, count_max);
}

std::int64_t Disclosures::count(storage::Tx& tx) {
    return DisclosureStore(tx).count();
}

Result<void> Disclosures::closed(http::Scope& scope, const approval::Request& request) {
    const std::optional<DisclosureId> id = DisclosureId::parse(request.subject_id);
    HANGU_ASSERT(id.has_value());
    std::optional<Time> until;
    if (request.state == approval::State::approved) {
        until = scope.now().plus_ms(scope.settings().get(kTakeHours) * kHourMs);
    }
    const bool was_open = DisclosureStore(scope.tx()).close(*id, after(request.state), until);
    HANGU_ASSERT(was_open);
    return {};
}

Result<Taken> Disclosures::take(http::Scope& scope, DisclosureId id) {
    HANGU_TRY(const Disclosure one, find(scope.tx(), id));
    switch (state_at(one, scope.now())) {
        case State::approved:
            break;
        case State::taken:
            return Problem::conflict("disclosure.taken_already");
        case State::lapsed:
            return Problem::conflict("disclosure.lapsed");
        default:
            return Problem::conflict("disclosure.not_approved");
    }
    HANGU_TRY(const std::vector<audit::RecordId> records,
              audit::select_acts(scope.tx(), one.selection, one.records_count + 1));
    if (digest_of(records) != one.records_digest) {
        return Problem::conflict("disclosure.selection_changed");
    }
    const std::set<std::string> fields(one.fields.begin(), one.fields.end());
    HANGU_TRY(audit::Disclosure document, audit::disclose(scope.tx(), records, fields));
    document.disclosure_id = one.id.text();
    document.requester = one.requester;
    document.legal_ground = one.legal_ground;
    Taken taken;
    taken.content = json::to_text(document);
    const crypto::Digest digest = crypto::sha256(taken.content);
    taken.sha256 = to_hex(digest.view());
    const bool first =
        DisclosureStore(scope.tx()).take(id, scope.now(), std::string(digest.view()));
    HANGU_ASSERT(first);
    http::AuditFact fact = fact_of("disclosure.taken", one);
    fact.fields = {{"records_count", "", std::to_string(one.records_count)},
                   {"fields", "", in_words(one.fields)},
                   {"sha256", "", taken.sha256}};
    scope.audit(std::move(fact));
    return taken;
}

}  // namespace hangu::disclosure

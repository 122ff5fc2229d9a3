// Disclosure of audit records to whoever may ask by law: asked for, authorised by the merchant,
// approved by somebody else, and then taken once, with only the chosen fields open and everything
// provable (security/audit/disclosure.hpp).
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/http/scope.hpp"
#include "security/approval/approval.hpp"
#include "security/audit/disclosure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::disclosure {

struct DisclosureTag;
using DisclosureId = Id<DisclosureTag>;

inline constexpr std::string_view kApprovalKind = "audit.disclosure";

enum class State { asked, approved, refused, withdrawn, expired, taken, lapsed };
HANGU_ENUM(State, asked, approved, refused, withdrawn, expired, taken, lapsed)

// Who asks, on which ground, for which records and fields.
struct Wish {
    std::string requester;
    std::string legal_ground;
    std::string reason;
    audit::RecordSelection selection;
    std::vector<std::string> fields;
};

struct Disclosure {
    DisclosureId id;
    std::string requester;
    std::string legal_ground;
    audit::RecordSelection selection;
    std::vector<std::string> fields;
    std::int64_t records_count = 0;
    std::string records_digest;
    approval::RequestId approval_id;
    State state = State::asked;
    std::int64_t asked_by = 0;
    Time asked_at;
    std::optional<Time> available_until;
    std::optional<Time> taken_at;
    std::string content_digest;  // of what was taken
    std::int64_t version = 1;
};

struct Taken {
    std::string content;  // JSON, as its digest says it: to be kept byte by byte
    std::string sha256;   // hex
};

class Disclosures final : public approval::OnClosed {
 public:
    explicit Disclosures(approval::Approvals& approvals);

    // Callers ask their own permission first.
    // 422 "disclosure.no_records", "disclosure.too_many_records", "audit.selection_too_wide", and
    // fields of the input that are wrong; "approval.too_many".
    Result<Disclosure> ask(http::Scope& scope, Wish wish);
    Result<Disclosure> find(storage::Tx& tx, DisclosureId id);  // "disclosure.not_found"
    std::vector<Disclosure> list(storage::Tx& tx, DisclosureId before, std::int64_t count_max);
    std::int64_t count(storage::Tx& tx);
    // Once, while it is available; recorded with the digest of what left.
    // "disclosure.not_approved", "disclosure.taken_already", "disclosure.lapsed",
    // "disclosure.selection_changed", "audit_record.not_sequenced", "audit.not_intact".
    Result<Taken> take(http::Scope& scope, DisclosureId id);

    Result<void> closed(http::Scope& scope, const approval::Request& request) override;

 private:
    approval::Approvals& approvals_;
};

// As it is at this moment.
State state_at(const Disclosure& disclosure, Time now);

}  // namespace hangu::disclosure

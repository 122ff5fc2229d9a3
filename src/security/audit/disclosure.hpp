// A partial export that proves itself: chosen records with chosen fields open and all others as
// commitments, their places in the log, and one signed head for all of them. It verifies offline
// with tools/verify_receipt.py (docs/operations/audit-disclosure.md).
#pragma once

#include "security/audit/receipt.hpp"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::audit {

inline constexpr std::string_view kDisclosureFormat = "hangu-audit-disclosure@v1";

// Records between two moments walked through for a selection: what a lane does in a tenth of a
// second.
inline constexpr std::int64_t kWalkedCountMax = 100'000;

// Acts only: a visit is one commitment and is never disclosed in parts. Empty texts and zeros do
// not filter.
struct RecordSelection {
    Time from;
    Time to;  // before this moment
    std::string action;
    std::string subject_kind;
    std::string subject_id;
    std::int64_t actor_id = 0;
};

struct DisclosedRecord {
    std::string record_id;
    std::int64_t index = 0;           // in the log, from 0
    std::vector<std::string> hashes;  // inclusion proof, base64
    std::vector<ReceiptField> fields;
};
HANGU_STRUCT(DisclosedRecord, record_id, index, hashes, fields)

struct Disclosure {
    std::string format{kDisclosureFormat};
    std::string tenant_id;
    std::string disclosure_id;
    std::string requester;
    std::string legal_ground;
    std::string checkpoint;              // the signed note
    std::vector<std::string> verifiers;  // a claim: whoever checks brings the key from elsewhere
    std::vector<DisclosedRecord> records;
};
HANGU_STRUCT(Disclosure, format, tenant_id, disclosure_id, requester, legal_ground, checkpoint,
             verifiers, records)

// A name that a record's field can have; "~" and a name is a changed field, "~*" all of them.
bool is_record_field(std::string_view name);

// Oldest first. "audit.selection_too_wide" when more than kWalkedCountMax records lie between the
// two moments.
Result<std::vector<RecordId>> select_acts(storage::Tx& tx, const RecordSelection& selection,
                                          std::int64_t count_max);

// The id is always open, so that a record's name is proved. What was erased stays closed.
// "audit_record.not_found", "audit_record.not_sequenced", "audit.not_intact".
Result<Disclosure> disclose(storage::Tx& tx, const std::vector<RecordId>& records,
                            const std::set<std::string>& fields);

}  // namespace hangu::audit

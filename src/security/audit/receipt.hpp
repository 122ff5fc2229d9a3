// The receipt of one record: its fields with their salts, its place in the log, and the signed head
// of the log. It verifies offline, by whoever has the verifier key, with tools/verify_receipt.py
// (docs/operations/audit-receipts.md says it byte by byte).
#pragma once

#include "security/audit/audit_log.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hangu::audit {

inline constexpr std::string_view kReceiptFormat = "hangu-audit-receipt@v1";

// Open: salt and value. Closed (erased, or not disclosed): the commitment alone. All base64.
struct ReceiptField {
    std::string name;
    std::optional<std::string> salt;
    std::optional<std::string> value;
    std::optional<std::string> commitment;
};
HANGU_STRUCT(ReceiptField, name, salt, value, commitment)

struct Receipt {
    std::string format{kReceiptFormat};
    std::string tenant_id;
    std::string record_id;
    std::vector<ReceiptField> fields;
    std::string proof;                   // c2sp.org/tlog-proof@v1: index, hashes, checkpoint
    std::vector<std::string> verifiers;  // a claim: whoever checks brings the key from elsewhere
};
HANGU_STRUCT(Receipt, format, tenant_id, record_id, fields, proof, verifiers)

// "audit_record.not_found", "audit_record.not_sequenced" (no checkpoint holds it yet),
// "audit.not_intact" (record or log are not what was signed). `disclosed`: only these fields are
// open; none given: all that are not erased.
Result<Receipt> receipt_of(storage::Tx& tx, RecordId id,
                           const std::optional<std::set<std::string>>& disclosed = std::nullopt);

}  // namespace hangu::audit

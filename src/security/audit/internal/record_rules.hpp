// How a record becomes a leaf hash. Pure.
//
// commitment = SHA-256(0x10 ‖ schema ‖ length of name ‖ name ‖ salt ‖ value), one per field, in the
// fixed order of kFieldNames and then one per changed field ("~" ‖ its name; value: before and
// after, each with its length). Numbers are 8 bytes, big endian; texts are UTF-8. root = Merkle
// tree over the commitments as in RFC 6962 (nodes are SHA-256(0x01 ‖ left ‖ right)). leaf =
// SHA-256(0x00 ‖ tenant ‖ "audit_record" ‖ root).
//
// Salts: SHA-256(0x20 ‖ seed ‖ n) gives the salts 2n and 2n+1. Whoever learns one salt learns no
// other. A visit is one commitment over all its fields (form 2): it is never disclosed in parts,
// and there are far more visits than acts.
#pragma once

#include "base/id.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/scope.hpp"
#include "security/audit/audit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::audit {

using crypto::Digest;

constexpr std::size_t kSeedBytes = 16;
constexpr std::size_t kChangedCountMax = 64;
constexpr std::size_t kChangedNameBytesMax = 64;
constexpr std::size_t kChangedValueBytesMax = 400;
constexpr std::size_t kLabelBytesMax = 120;
constexpr std::size_t kShortTextBytesMax = 64;

enum class Form : std::uint8_t { per_field = 1, whole = 2, erased_in_part = 3, erased_whole = 4 };

// What the fields blob holds: form ‖ seed ‖ (length ‖ bytes) of name, before, after of each change.
// After a lawful erasure the seed is gone: form ‖ number ‖ (length ‖ bytes) of each commitment's
// salt (16 bytes), or of the commitment itself (32 bytes) where the value was erased ‖ changes.
struct Changes {
    Form form = Form::per_field;
    std::string seed;
    std::vector<http::AuditField> fields;
    std::vector<std::string> kept;  // of an erased record
};
std::string encode_changes(const Changes& changes);
std::optional<Changes> decode_changes(std::string_view blob);
bool has_erased_fields(std::string_view blob);

// Cut at a character's end, with "…" when something was cut.
std::string shortened(std::string_view text, std::size_t bytes_max);

crypto::Digest merkle_root(std::vector<crypto::Digest> leaves);
crypto::Digest leaf_hash(TenantId tenant, const Record& record, std::string_view actor_name,
                         const Changes& changes);

// One field as a receipt shows it. Without salt and value it is closed: erased or withheld.
struct Opening {
    std::string name;
    std::optional<std::string> salt;
    std::optional<std::string> value;
    Digest commitment;
};
std::vector<Opening> openings_of(const Record& record, std::string_view actor_name,
                                 const Changes& changes);
// Merkle root over the commitments, then the leaf.
crypto::Digest leaf_of_openings(TenantId tenant, const std::vector<Opening>& openings);

// One of those that every act has.
bool is_fixed_field(std::string_view name);
// May a person's right make this field go? Who did it (by name), from where, on whom, before and
// after. What was done, when and by which account stays.
bool is_erasable(std::string_view field);
// Takes these fields out of a record, and the salts that would let their values be guessed; the
// leaf stays the same. A visit loses all of them at once, since it is one commitment.
void erase_fields(Record& record, Changes& changes, const std::vector<std::string>& names);

// "ok", "refused" or "failed", as an auditor reads it.
std::string_view result_of(RecordKind kind, std::string_view action, std::int64_t status);

}  // namespace hangu::audit

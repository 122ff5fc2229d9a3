// What an entry is as a leaf, and how a log stands to what was said of it. Pure.
//
// leaf = SHA-256(0x00 ‖ "hangu-head" ‖ tenant, size, time: 8 bytes each, big endian ‖ root).
#pragma once

#include "security/audit/note_rules.hpp"
#include "security/head_log/head_log.hpp"

#include <cstdint>
#include <string_view>

namespace hangu::head_log {

inline constexpr std::string_view kOrigin = "hangu-heads";

audit::Digest leaf_of(const Entry& entry);
// It is what stands at its number in the tree.
bool is_leaf(audit::TileSource& tiles, const Entry& entry);
Standing standing_of(audit::CheckpointVerdict verdict);
// The note is a checkpoint of this log, of this size and root, signed by this key.
bool is_signed_head(std::string_view note, const audit::NoteKey& key, std::int64_t size,
                    const audit::Digest& root);
// A checkpoint that somebody kept, beside the log as it is.
audit::CheckpointVerdict compare(audit::TileSource& tiles, std::int64_t size,
                                 const audit::Digest& root, const audit::NoteKey& key,
                                 std::string_view kept);

}  // namespace hangu::head_log

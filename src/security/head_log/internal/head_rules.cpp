#include "security/head_log/internal/head_rules.hpp"

#include <string>

namespace hangu::head_log {

namespace {

void put_number(std::string& out, std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (int shift = 56; shift >= 0; shift -= 8) {
        out += static_cast<char>((bits >> static_cast<unsigned>(shift)) & 0xFFU);
    }
}

}  // namespace

audit::Digest leaf_of(const Entry& entry) {
    std::string text(1, '\0');
    text += "hangu-head";
    put_number(text, entry.tenant.value());
    put_number(text, entry.size);
    put_number(text, entry.at.unix_ms());
    text += entry.root;
    return crypto::sha256(text);
}

bool is_leaf(audit::TileSource& tiles, const Entry& entry) {
    const std::string_view hashes = tiles.tile({0, entry.number / audit::kTileWidth});
    const auto at = static_cast<std::size_t>(entry.number % audit::kTileWidth) * audit::kHashBytes;
    return hashes.size() >= at + audit::kHashBytes &&
           hashes.substr(at, audit::kHashBytes) == leaf_of(entry).view();
}

Standing standing_of(audit::CheckpointVerdict verdict) {
    switch (verdict) {
        case audit::CheckpointVerdict::same:
        case audit::CheckpointVerdict::extended:
            return Standing::good;
        case audit::CheckpointVerdict::log_shorter:
            return Standing::log_shorter;
        default:
            return Standing::history_changed;
    }
}

bool is_signed_head(std::string_view note, const audit::NoteKey& key, std::int64_t size,
                    const audit::Digest& root) {
    const std::optional<audit::Note> parsed = audit::parse_note(note);
    const auto checkpoint = parsed ? audit::parse_checkpoint(parsed->text) : std::nullopt;
    return checkpoint && checkpoint->origin == kOrigin && checkpoint->size == size &&
           checkpoint->root == root && audit::is_signed_by(*parsed, key);
}

audit::CheckpointVerdict compare(audit::TileSource& tiles, std::int64_t size,
                                 const audit::Digest& root, const audit::NoteKey& key,
                                 std::string_view kept) {
    using audit::CheckpointVerdict;
    const std::optional<audit::Note> note = audit::parse_note(audit::as_written(kept));
    const auto checkpoint = note ? audit::parse_checkpoint(note->text) : std::nullopt;
    if (!checkpoint) {
        return CheckpointVerdict::not_a_note;
    }
    if (checkpoint->origin != kOrigin) {
        return CheckpointVerdict::other_log;
    }
    if (!audit::is_signed_by(*note, key)) {
        return CheckpointVerdict::not_signed;
    }
    if (checkpoint->size > size) {
        return CheckpointVerdict::log_shorter;
    }
    const auto proof = audit::consistency_proof(tiles, checkpoint->size, size);
    if (!audit::verify_consistency(checkpoint->size, checkpoint->root, size, root, proof)) {
        return CheckpointVerdict::history_changed;
    }
    return checkpoint->size == size ? CheckpointVerdict::same : CheckpointVerdict::extended;
}

}  // namespace hangu::head_log

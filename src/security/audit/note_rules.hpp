// Checkpoints as people keep them elsewhere: C2SP tlog-checkpoint in a signed note.
//
//     hangu-audit/0z8k3v5m0c000          origin, which is also the name of the key
//     1283                               size: records in the log
//     9Jw8…=                             root of the Merkle tree, base64
//     time 2026-11-22T10:00:00.000Z
//
//     — hangu-audit/0z8k3v5m0c000 mX0V…  base64 of key id (4 bytes) ‖ Ed25519 signature
//
// The signature is over everything up to and with the empty line's predecessor. Pure.
#pragma once

#include "base/id.hpp"
#include "base/time.hpp"
#include "security/audit/merkle_log.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::audit {

constexpr std::size_t kNoteBytesMax = 4096;
constexpr std::size_t kNoteSignaturesMax = 16;  // as the signed-note specification advises

std::string to_base64(std::string_view bytes);  // RFC 4648 §4, padded
std::optional<std::string> from_base64(std::string_view text);

std::string origin_of(TenantId tenant);

struct NoteKey {
    std::string name;
    std::string public_key;  // 32 bytes

    // First 4 bytes of SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), as 8 hex digits.
    std::string id() const;
    // "name+id+base64(0x01 ‖ key)", which people compare and pin.
    std::string verifier() const;
};

struct Checkpoint {
    std::string origin;
    std::int64_t size = 0;
    Digest root;
    Time at;
};

struct NoteSignature {
    std::string name;
    std::string key_id;  // 8 hex digits
    std::string signature;
};

struct Note {
    std::string text;  // what is signed, with its last line end
    std::vector<NoteSignature> signatures;
};

std::string checkpoint_text(const Checkpoint& checkpoint);
std::optional<Checkpoint> parse_checkpoint(std::string_view text);

std::string signature_line(const NoteKey& key, std::string_view signature);
std::string note_text(std::string_view text, const std::vector<std::string>& signature_lines);
std::optional<Note> parse_note(std::string_view text);
// What copying does to a text is undone: other line ends, and none at the end.
std::string as_written(std::string_view kept);
bool is_signed_by(const Note& note, const NoteKey& key);

}  // namespace hangu::audit

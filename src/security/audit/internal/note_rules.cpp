#include "security/audit/note_rules.hpp"

#include "base/text.hpp"
#include "platform/crypto/ed25519.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hangu::audit {

namespace {

constexpr std::string_view kDash = "— ";
constexpr std::string_view kTimeWord = "time ";
constexpr char kEd25519Kind = '\x01';
constexpr std::size_t kKeyIdBytes = 4;

// The text up to the next line end, which is taken too; nullopt when there is none.
std::optional<std::string_view> take_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

std::optional<std::int64_t> plain_number(std::string_view text) {
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool canonical = text == "0" || (!text.empty() && text[0] >= '1' && text[0] <= '9');
    if (!canonical || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

std::optional<NoteSignature> parse_signature(std::string_view line) {
    if (!line.starts_with(kDash)) {
        return std::nullopt;
    }
    line.remove_prefix(kDash.size());
    const std::size_t blank = line.find(' ');
    if (blank == 0 || blank == std::string_view::npos) {
        return std::nullopt;
    }
    const std::optional<std::string> bytes = from_base64(line.substr(blank + 1));
    if (!bytes || bytes->size() <= kKeyIdBytes) {
        return std::nullopt;
    }
    return NoteSignature{std::string(line.substr(0, blank)), to_hex(bytes->substr(0, kKeyIdBytes)),
                         bytes->substr(kKeyIdBytes)};
}

}  // namespace

std::string to_base64(std::string_view bytes) {
    std::string text = to_base64url(bytes);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::optional<std::string> from_base64(std::string_view text) {
    if (text.size() % 4 != 0 || text.find_first_of("-_") != std::string_view::npos) {
        return std::nullopt;
    }
    std::string url(text);
    for (int i = 0; i < 2 && url.ends_with('='); ++i) {
        url.pop_back();
    }
    std::replace(url.begin(), url.end(), '+', '-');
    std::replace(url.begin(), url.end(), '/', '_');
    std::optional<std::string> bytes = from_base64url(url);
    if (!bytes || to_base64(*bytes) != text) {
        return std::nullopt;  // one text for one value
    }
    return bytes;
}

std::string origin_of(TenantId tenant) {
    return "hangu-audit/" + tenant.text();
}

std::string NoteKey::id() const {
    const Digest digest =
        crypto::sha256({name, "\n", std::string_view(&kEd25519Kind, 1), public_key});
    return to_hex(digest.view().substr(0, kKeyIdBytes));
}

std::string NoteKey::verifier() const {
    return fmt::format("{}+{}+{}", name, id(), to_base64(kEd25519Kind + public_key));
}

std::string checkpoint_text(const Checkpoint& checkpoint) {
    return fmt::format("{}\n{}\n{}\n{}{}\n", checkpoint.origin, checkpoint.size,
                       to_base64(checkpoint.root.view()), kTimeWord, time_text(checkpoint.at));
}

std::optional<Checkpoint> parse_checkpoint(std::string_view text) {
    Checkpoint checkpoint;
    const auto origin = take_line(text);
    const auto size = origin ? take_line(text) : std::nullopt;
    const auto root = size ? take_line(text) : std::nullopt;
    if (!root || origin->empty()) {
        return std::nullopt;
    }
    checkpoint.origin = *origin;
    const std::optional<std::int64_t> number = plain_number(*size);
    const std::optional<std::string> bytes = from_base64(*root);
    if (!number || !bytes || bytes->size() != kHashBytes) {
        return std::nullopt;
    }
    checkpoint.size = *number;
    std::copy(bytes->begin(), bytes->end(), checkpoint.root.bytes.begin());
    while (!text.empty()) {
        const auto line = take_line(text);
        if (!line || line->empty()) {
            return std::nullopt;
        }
        if (line->starts_with(kTimeWord)) {
            checkpoint.at = parse_time(line->substr(kTimeWord.size())).value_or(Time{});
        }
    }
    return checkpoint;
}

std::string signature_line(const NoteKey& key, std::string_view signature) {
    return fmt::format("{}{} {}\n", kDash, key.name,
                       to_base64(*from_hex(key.id()) + std::string(signature)));
}

std::string note_text(std::string_view text, const std::vector<std::string>& signature_lines) {
    std::string note(text);
    note += '\n';
    for (const std::string& line : signature_lines) {
        note += line;
    }
    return note;
}

std::optional<Note> parse_note(std::string_view text) {
    if (text.size() > kNoteBytesMax) {
        return std::nullopt;
    }
    const std::size_t empty_line = text.rfind("\n\n");
    if (empty_line == std::string_view::npos) {
        return std::nullopt;
    }
    Note note;
    note.text = text.substr(0, empty_line + 1);
    std::string_view rest = text.substr(empty_line + 2);
    while (!rest.empty()) {
        const auto line = take_line(rest);
        std::optional<NoteSignature> signature = line ? parse_signature(*line) : std::nullopt;
        if (!signature || note.signatures.size() == kNoteSignaturesMax) {
            return std::nullopt;
        }
        note.signatures.push_back(std::move(*signature));
    }
    return note.signatures.empty() ? std::nullopt : std::optional<Note>(std::move(note));
}

bool is_signed_by(const Note& note, const NoteKey& key) {
    const std::string id = key.id();
    return std::any_of(note.signatures.begin(), note.signatures.end(),
                       [&](const NoteSignature& one) {
                           return one.name == key.name && one.key_id == id &&
                                  crypto::ed25519_verify(key.public_key, note.text, one.signature);
                       });
}

std::string as_written(std::string_view kept) {
    std::string text(kept);
    std::erase(text, '\r');
    if (!text.ends_with('\n')) {
        text += '\n';
    }
    return text;
}

}  // namespace hangu::audit

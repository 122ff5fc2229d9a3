#include "security/audit/internal/record_rules.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hangu::audit {

namespace {

constexpr std::string_view kSchema{"\0\1", 2};
constexpr std::string_view kRecordType = "audit_record";
constexpr std::size_t kFieldsCount = 15;
constexpr std::array<std::string_view, kFieldsCount> kFieldNames = {
    "id",         "kind",   "at",           "actor_kind", "actor_id",
    "actor_name", "action", "subject_kind", "subject_id", "subject_label",
    "org_path",   "route",  "address",      "trace",      "status"};

using NumberBytes = std::array<char, 8>;

NumberBytes number_bytes(std::int64_t value) {
    NumberBytes bytes{};
    auto rest = static_cast<std::uint64_t>(value);
    for (std::size_t i = bytes.size(); i-- > 0;) {
        bytes[i] = static_cast<char>(rest & 0xFFU);
        rest >>= 8U;
    }
    return bytes;
}

std::string_view view(const NumberBytes& bytes) {
    return {bytes.data(), bytes.size()};
}

// A length as LEB128: 7 bits a byte, lowest first.
void put_length(std::string& out, std::size_t value) {
    while (value >= 0x80U) {
        out += static_cast<char>((value & 0x7FU) | 0x80U);
        value >>= 7U;
    }
    out += static_cast<char>(value);
}

void put_text(std::string& out, std::string_view text) {
    put_length(out, text.size());
    out += text;
}

std::optional<std::string_view> take_text(std::string_view& rest) {
    std::size_t length = 0;
    for (unsigned shift = 0;; shift += 7U) {
        if (rest.empty() || shift > 21U) {
            return std::nullopt;
        }
        const auto byte = static_cast<unsigned char>(rest.front());
        rest.remove_prefix(1);
        length |= static_cast<std::size_t>(byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) {
            break;
        }
    }
    if (length > rest.size()) {
        return std::nullopt;
    }
    const std::string_view text = rest.substr(0, length);
    rest.remove_prefix(length);
    return text;
}

constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kDigestBytes = 32;

class Salts {
 public:
    explicit Salts(std::string_view seed) : seed_(seed) {}

    std::string_view next() {
        if (at_ % 2 == 0) {
            const auto block = static_cast<char>(at_ / 2);
            block_ = crypto::sha256({"\x20", seed_, std::string_view(&block, 1)});
        }
        const std::size_t half = at_ % 2;
        ++at_;
        return block_.view().substr(half * 16, 16);
    }

 private:
    std::string_view seed_;
    std::size_t at_ = 0;
    crypto::Digest block_;
};

// The values in the fixed order. Refers to the record; numbers live in it.
class Values {
 public:
    Values(const Record& record, std::string_view actor_name)
        : id_(number_bytes(record.id.value())),
          at_(number_bytes(record.at.unix_ms())),
          actor_id_(number_bytes(record.actor_id)),
          status_(number_bytes(record.status)),
          all_{view(id_),         enum_text(record.kind),
               view(at_),         enum_text(record.actor_kind),
               view(actor_id_),   actor_name,
               record.action,     record.subject_kind,
               record.subject_id, record.subject_label,
               record.org_path,   record.route,
               record.address,    record.trace,
               view(status_)} {}
    Values(const Values&) = delete;
    Values& operator=(const Values&) = delete;

    const std::array<std::string_view, kFieldsCount>& all() const { return all_; }

 private:
    NumberBytes id_;
    NumberBytes at_;
    NumberBytes actor_id_;
    NumberBytes status_;
    std::array<std::string_view, kFieldsCount> all_;
};

// `text` is room to work in, so that a record's commitments share one allocation.
crypto::Digest commitment(std::string& text, std::string_view name, std::string_view salt,
                          std::string_view value) {
    text.clear();
    text += '\x10';
    text += kSchema;
    put_text(text, name);
    text += salt;
    text += value;
    return crypto::sha256(text);
}

bool is_erased(Form form) {
    return form == Form::erased_in_part || form == Form::erased_whole;
}

// Hands name, value and position of every commitment over, in the fixed order.
template <class Visit>
void each_commitment(const Record& record, std::string_view actor_name, const Changes& changes,
                     Visit&& visit) {
    const Values values(record, actor_name);
    std::string name;
    std::string value;
    if (changes.form == Form::whole || changes.form == Form::erased_whole) {
        value.reserve(256);
        for (const std::string_view one : values.all()) {
            put_text(value, one);
        }
        for (const http::AuditField& field : changes.fields) {
            put_text(value, field.name);
            put_text(value, field.before);
            put_text(value, field.after);
        }
        visit(std::size_t{0}, std::string_view("*"), std::string_view(value));
        return;
    }
    for (std::size_t i = 0; i < kFieldsCount; ++i) {
        visit(i, kFieldNames[i], values.all()[i]);
    }
    for (std::size_t i = 0; i < changes.fields.size(); ++i) {
        const http::AuditField& field = changes.fields[i];
        name = "~" + field.name;
        value.clear();
        put_text(value, field.before);
        put_text(value, field.after);
        visit(kFieldsCount + i, std::string_view(name), std::string_view(value));
    }
}

// The salts in order, or what an erasure left in their place.
class SaltsOrKept {
 public:
    explicit SaltsOrKept(const Changes& changes) : changes_(changes), salts_(changes.seed) {}

    std::string_view at(std::size_t position) {
        if (is_erased(changes_.form)) {
            return position < changes_.kept.size() ? std::string_view(changes_.kept[position])
                                                   : std::string_view();
        }
        return changes_.form == Form::whole ? std::string_view(changes_.seed) : salts_.next();
    }

 private:
    const Changes& changes_;
    Salts salts_;
};

// Where a value was erased nothing may stand: no commitment would tell.
bool erased_is_empty(const Record& record, std::string_view actor_name, const Changes& changes) {
    if (!is_erased(changes.form)) {
        return true;
    }
    if (changes.form == Form::erased_whole) {
        return actor_name.empty() && record.address.empty() && record.subject_label.empty();
    }
    bool empty = true;
    each_commitment(record, actor_name, changes,
                    [&](std::size_t position, std::string_view name, std::string_view value) {
                        const bool closed = position < changes.kept.size() &&
                                            changes.kept[position].size() == kDigestBytes;
                        const std::string_view nothing =
                            name.starts_with("~") ? std::string_view("\0\0", 2) : "";
                        empty = empty && (!closed || value == nothing);
                    });
    return empty;
}

Digest as_commitment(std::string_view bytes) {
    Digest digest;
    std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
    return digest;
}

Digest leaf_over(TenantId tenant, std::vector<Digest> commitments) {
    const Digest root = merkle_root(std::move(commitments));
    const NumberBytes number = number_bytes(tenant.value());
    return crypto::sha256({std::string_view("\0", 1), view(number), kRecordType, root.view()});
}

// form ‖ number ‖ salts or commitments, of an erased record.
bool take_kept(std::string_view& blob, Changes& changes) {
    if (blob.empty()) {
        return false;
    }
    const auto count = static_cast<unsigned char>(blob.front());
    blob.remove_prefix(1);
    for (unsigned i = 0; i < count; ++i) {
        const auto one = take_text(blob);
        if (!one || (one->size() != kSaltBytes && one->size() != kDigestBytes)) {
            return false;
        }
        changes.kept.emplace_back(*one);
    }
    return true;
}

}  // namespace

std::string encode_changes(const Changes& changes) {
    std::string blob;
    blob += static_cast<char>(changes.form);
    if (is_erased(changes.form)) {
        blob += static_cast<char>(changes.kept.size());
        for (const std::string& one : changes.kept) {
            put_text(blob, one);
        }
    } else {
        HANGU_ASSERT(changes.seed.size() == kSeedBytes);
        blob += changes.seed;
    }
    for (const http::AuditField& field : changes.fields) {
        put_text(blob, field.name);
        put_text(blob, field.before);
        put_text(blob, field.after);
    }
    return blob;
}

std::optional<Changes> decode_changes(std::string_view blob) {
    if (blob.empty() || blob[0] < 1 || blob[0] > 4) {
        return std::nullopt;
    }
    Changes changes;
    changes.form = static_cast<Form>(blob[0]);
    blob.remove_prefix(1);
    if (is_erased(changes.form)) {
        if (!take_kept(blob, changes)) {
            return std::nullopt;
        }
    } else {
        if (blob.size() < kSeedBytes) {
            return std::nullopt;
        }
        changes.seed = blob.substr(0, kSeedBytes);
        blob.remove_prefix(kSeedBytes);
    }
    while (!blob.empty()) {
        const auto name = take_text(blob);
        const auto before = name ? take_text(blob) : std::nullopt;
        const auto after = before ? take_text(blob) : std::nullopt;
        if (!after || changes.fields.size() >= kChangedCountMax) {
            return std::nullopt;
        }
        changes.fields.push_back({std::string(*name), std::string(*before), std::string(*after)});
    }
    return changes;
}

bool has_erased_fields(std::string_view blob) {
    return !blob.empty() && (blob[0] == static_cast<char>(Form::erased_in_part) ||
                             blob[0] == static_cast<char>(Form::erased_whole));
}

std::string shortened(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) {
        return std::string(text);
    }
    constexpr std::string_view kMore = "…";
    std::size_t end = bytes_max - kMore.size();
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return std::string(text.substr(0, end)) + std::string(kMore);
}

// RFC 6962 level by level: a node without a neighbour moves up unchanged, which gives the same tree
// as splitting at the largest power of two.
crypto::Digest merkle_root(std::vector<crypto::Digest> leaves) {
    HANGU_ASSERT(!leaves.empty());
    std::string node(65, '\x01');
    while (leaves.size() > 1) {
        std::size_t to = 0;
        for (std::size_t from = 0; from < leaves.size(); from += 2) {
            if (from + 1 == leaves.size()) {
                leaves[to++] = leaves[from];
                continue;
            }
            node.replace(1, 32, leaves[from].view());
            node.replace(33, 32, leaves[from + 1].view());
            leaves[to++] = crypto::sha256(node);
        }
        leaves.resize(to);
    }
    return leaves.front();
}

crypto::Digest leaf_hash(TenantId tenant, const Record& record, std::string_view actor_name,
                         const Changes& changes) {
    std::vector<Digest> commitments;
    commitments.reserve(kFieldsCount + changes.fields.size());
    std::string text;
    text.reserve(256);
    SaltsOrKept salts(changes);
    each_commitment(record, actor_name, changes,
                    [&](std::size_t position, std::string_view name, std::string_view value) {
                        const std::string_view salt = salts.at(position);
                        commitments.push_back(salt.size() == kDigestBytes
                                                  ? as_commitment(salt)
                                                  : commitment(text, name, salt, value));
                    });
    return leaf_over(tenant, std::move(commitments));
}

std::vector<Opening> openings_of(const Record& record, std::string_view actor_name,
                                 const Changes& changes) {
    std::vector<Opening> openings;
    std::string text;
    SaltsOrKept salts(changes);
    each_commitment(record, actor_name, changes,
                    [&](std::size_t position, std::string_view name, std::string_view value) {
                        const std::string_view salt = salts.at(position);
                        Opening opening;
                        opening.name = name;
                        if (salt.size() == kDigestBytes) {
                            opening.commitment = as_commitment(salt);
                        } else {
                            opening.salt = std::string(salt);
                            opening.value = std::string(value);
                            opening.commitment = commitment(text, name, salt, value);
                        }
                        openings.push_back(std::move(opening));
                    });
    return openings;
}

crypto::Digest leaf_of_openings(TenantId tenant, const std::vector<Opening>& openings) {
    std::vector<Digest> commitments;
    for (const Opening& opening : openings) {
        commitments.push_back(opening.commitment);
    }
    return leaf_over(tenant, std::move(commitments));
}

bool is_fixed_field(std::string_view name) {
    return std::find(kFieldNames.begin(), kFieldNames.end(), name) != kFieldNames.end();
}

bool is_erasable(std::string_view field) {
    return field == "actor_name" || field == "subject_label" || field == "address" ||
           field.starts_with("~");
}

void erase_fields(Record& record, Changes& changes, const std::vector<std::string>& names) {
    const std::string actor_name = record.actor_name.shown().text();
    const bool whole = changes.form == Form::whole || changes.form == Form::erased_whole;
    const auto goes = [&](std::string_view name) {
        return whole ||
               (is_erasable(name) && std::find(names.begin(), names.end(), name) != names.end());
    };
    std::vector<std::string> kept;
    for (const Opening& opening : openings_of(record, actor_name, changes)) {
        const bool closed = !opening.salt || goes(opening.name);
        kept.emplace_back(closed ? opening.commitment.view() : std::string_view(*opening.salt));
    }
    for (http::AuditField& field : changes.fields) {
        if (goes("~" + field.name)) {
            field.before.clear();
            field.after.clear();
        }
    }
    record.actor_name = goes("actor_name") ? Sealed<PersonName>() : record.actor_name;
    record.subject_label = goes("subject_label") ? "" : record.subject_label;
    record.address = goes("address") ? "" : record.address;
    changes.form = whole ? Form::erased_whole : Form::erased_in_part;
    changes.seed.clear();
    changes.kept = std::move(kept);
    record.fields.bytes = encode_changes(changes);
}

std::string_view result_of(RecordKind kind, std::string_view action, std::int64_t status) {
    if (kind == RecordKind::act) {
        return action.ends_with(".refused") || action.ends_with(".throttled") ? "refused" : "ok";
    }
    if (status < 400) {
        return "ok";
    }
    return status < 500 ? "refused" : "failed";
}

std::optional<crypto::Digest> leaf_of(TenantId tenant, const Record& record) {
    const std::optional<Changes> changes = decode_changes(record.fields.bytes);
    const std::string actor_name = record.actor_name.shown().text();
    if (!changes || !erased_is_empty(record, actor_name, *changes)) {
        return std::nullopt;
    }
    return leaf_hash(tenant, record, actor_name, *changes);
}

bool verify_record(TenantId tenant, const Record& record) {
    const std::optional<crypto::Digest> leaf = leaf_of(tenant, record);
    return leaf && equal_in_constant_time(leaf->view(), record.leaf_hash.bytes);
}

}  // namespace hangu::audit

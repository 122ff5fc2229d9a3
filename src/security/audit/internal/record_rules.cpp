#include "security/audit/internal/record_rules.hpp"

#include "base/text.hpp"

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

crypto::Digest root_per_field(const Record& record, std::string_view actor_name,
                              const Changes& changes) {
    const Values values(record, actor_name);
    std::vector<crypto::Digest> commitments;
    commitments.reserve(kFieldsCount + changes.fields.size());
    std::string text;
    text.reserve(256);
    Salts salts(changes.seed);
    for (std::size_t i = 0; i < kFieldsCount; ++i) {
        commitments.push_back(commitment(text, kFieldNames[i], salts.next(), values.all()[i]));
    }
    std::string value;
    for (const http::AuditField& field : changes.fields) {
        value.clear();
        put_text(value, field.before);
        put_text(value, field.after);
        commitments.push_back(commitment(text, "~" + field.name, salts.next(), value));
    }
    return merkle_root(std::move(commitments));
}

crypto::Digest root_whole(const Record& record, std::string_view actor_name,
                          const Changes& changes) {
    const Values values(record, actor_name);
    std::string all;
    all.reserve(256);
    for (const std::string_view value : values.all()) {
        put_text(all, value);
    }
    for (const http::AuditField& field : changes.fields) {
        put_text(all, field.name);
        put_text(all, field.before);
        put_text(all, field.after);
    }
    std::string text;
    return commitment(text, "*", changes.seed, all);
}

}  // namespace

std::string encode_changes(const Changes& changes) {
    HANGU_ASSERT(changes.seed.size() == kSeedBytes);
    std::string blob;
    blob += static_cast<char>(changes.form);
    blob += changes.seed;
    for (const http::AuditField& field : changes.fields) {
        put_text(blob, field.name);
        put_text(blob, field.before);
        put_text(blob, field.after);
    }
    return blob;
}

std::optional<Changes> decode_changes(std::string_view blob) {
    if (blob.size() < 1 + kSeedBytes || blob[0] < 1 || blob[0] > 2) {
        return std::nullopt;
    }
    Changes changes;
    changes.form = static_cast<Form>(blob[0]);
    changes.seed = blob.substr(1, kSeedBytes);
    blob.remove_prefix(1 + kSeedBytes);
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
    const crypto::Digest root = changes.form == Form::whole
                                    ? root_whole(record, actor_name, changes)
                                    : root_per_field(record, actor_name, changes);
    std::string text(1, '\0');
    text += view(number_bytes(tenant.value()));
    text += kRecordType;
    text += root.view();
    return crypto::sha256(text);
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
    if (!changes) {
        return std::nullopt;
    }
    return leaf_hash(tenant, record, record.actor_name.shown().text(), *changes);
}

bool verify_record(TenantId tenant, const Record& record) {
    const std::optional<crypto::Digest> leaf = leaf_of(tenant, record);
    return leaf && equal_in_constant_time(leaf->view(), record.leaf_hash.bytes);
}

}  // namespace hangu::audit

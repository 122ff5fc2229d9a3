#include "security/audit/internal/archive_rules.hpp"

#include "base/check.hpp"
#include "security/audit/merkle_log.hpp"

#include <zstd.h>

#include <array>
#include <cstdint>

namespace hangu::audit {

namespace {

constexpr int kLevel = 9;
constexpr char kForm = 1;
constexpr std::size_t kColumnsCount = 16;

void put_number(std::string& out, std::uint64_t value, std::size_t bytes) {
    for (std::size_t i = bytes; i-- > 0;) {
        out += static_cast<char>((value >> (8U * i)) & 0xFFU);
    }
}

std::uint64_t number_of(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char byte : bytes) {
        value = (value << 8U) | static_cast<unsigned char>(byte);
    }
    return value;
}

std::string number_text(std::int64_t value) {
    std::string text;
    put_number(text, static_cast<std::uint64_t>(value), 8);
    return text;
}

std::array<std::string, kColumnsCount> columns_of(const StoredRecord& one) {
    return {number_text(one.id.value()),
            one.kind,
            number_text(one.at.unix_ms()),
            one.actor_kind,
            number_text(one.actor_id),
            one.actor_name.bytes,
            one.action,
            one.subject_kind,
            one.subject_id,
            one.subject_label,
            one.org_path,
            one.route,
            one.address,
            one.trace,
            number_text(one.status),
            one.fields.bytes};
}

StoredRecord record_of(std::array<std::string, kColumnsCount> columns, std::string_view leaf) {
    const auto number = [&columns](std::size_t at) {
        return static_cast<std::int64_t>(number_of(columns.at(at)));
    };
    StoredRecord one;
    one.id = RecordId(number(0));
    one.kind = std::move(columns[1]);
    one.at = Time(number(2));
    one.actor_kind = std::move(columns[3]);
    one.actor_id = number(4);
    one.actor_name.bytes = std::move(columns[5]);
    one.action = std::move(columns[6]);
    one.subject_kind = std::move(columns[7]);
    one.subject_id = std::move(columns[8]);
    one.subject_label = std::move(columns[9]);
    one.org_path = std::move(columns[10]);
    one.route = std::move(columns[11]);
    one.address = std::move(columns[12]);
    one.trace = std::move(columns[13]);
    one.status = number(14);
    one.fields.bytes = std::move(columns[15]);
    one.leaf_hash.bytes = leaf;
    return one;
}

std::optional<std::string> unpacked(std::string_view packed) {
    const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN ||
        size > kBundleBytesMax) {
        return std::nullopt;
    }
    std::string plain(static_cast<std::size_t>(size), '\0');
    const std::size_t written =
        ZSTD_decompress(plain.data(), plain.size(), packed.data(), packed.size());
    if (ZSTD_isError(written) != 0 || written != plain.size()) {
        return std::nullopt;
    }
    return plain;
}

}  // namespace

// form ‖ number of records ‖ for each column: for each record: length (4 bytes) and bytes
std::string pack_bundle(const std::vector<StoredRecord>& records) {
    std::vector<std::array<std::string, kColumnsCount>> rows;
    rows.reserve(records.size());
    for (const StoredRecord& record : records) {
        rows.push_back(columns_of(record));
    }
    std::string plain(1, kForm);
    put_number(plain, rows.size(), 4);
    for (std::size_t column = 0; column < kColumnsCount; ++column) {
        for (const auto& row : rows) {
            put_number(plain, row.at(column).size(), 4);
        }
        for (const auto& row : rows) {
            plain += row.at(column);
        }
    }
    ZSTD_CCtx* context = ZSTD_createCCtx();
    HANGU_ASSERT(context != nullptr);
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    std::string packed(ZSTD_compressBound(plain.size()), '\0');
    const std::size_t size =
        ZSTD_compress2(context, packed.data(), packed.size(), plain.data(), plain.size());
    ZSTD_freeCCtx(context);
    HANGU_ASSERT(ZSTD_isError(size) == 0);
    packed.resize(size);
    return packed;
}

std::optional<std::vector<StoredRecord>> unpack_bundle(std::string_view packed,
                                                       std::string_view leaves) {
    const std::optional<std::string> plain = unpacked(packed);
    const std::size_t count = leaves.size() / kHashBytes;
    if (!plain || plain->size() < 5 || plain->front() != kForm ||
        number_of(std::string_view(*plain).substr(1, 4)) != count) {
        return std::nullopt;
    }
    std::vector<std::array<std::string, kColumnsCount>> rows(count);
    std::string_view rest = std::string_view(*plain).substr(5);
    for (std::size_t column = 0; column < kColumnsCount; ++column) {
        if (rest.size() < count * 4) {
            return std::nullopt;
        }
        const std::string_view lengths = rest.substr(0, count * 4);
        rest.remove_prefix(count * 4);
        for (std::size_t row = 0; row < count; ++row) {
            const auto length = static_cast<std::size_t>(number_of(lengths.substr(row * 4, 4)));
            if (length > rest.size()) {
                return std::nullopt;
            }
            rows[row].at(column) = rest.substr(0, length);
            rest.remove_prefix(length);
        }
    }
    std::vector<StoredRecord> records;
    records.reserve(count);
    for (std::size_t row = 0; row < count; ++row) {
        records.push_back(
            record_of(std::move(rows[row]), leaves.substr(row * kHashBytes, kHashBytes)));
    }
    return rest.empty() ? std::optional(std::move(records)) : std::nullopt;
}

}  // namespace hangu::audit

#include "platform/files/internal/sealed_format.hpp"

#include "platform/files/internal/number_bytes.hpp"
#include "platform/files/object_store.hpp"

#include <algorithm>

namespace hangu::files {

namespace {

constexpr std::string_view kMagic = "HGF\x01";

// The head is sealed as a value of the tenant; which object it is of stands inside.
crypto::Place place_of_heads(TenantId tenant) {
    static const std::uint64_t field = crypto::field_id("files.object");
    return {tenant, field, 0};
}

}  // namespace

SealedObject::SealedObject(TenantId tenant, std::string name, std::string key)
    : tenant_(tenant), name_(std::move(name)), key_(std::move(key)), cipher_(key_) {}

SealedObject SealedObject::make(Randomness& randomness, TenantId tenant, std::string name,
                                std::int64_t bytes, std::string content_type) {
    HANGU_ASSERT(bytes >= 0 && bytes <= kObjectBytesMax && content_type.size() <= kTypeBytesMax);
    SealedObject made(tenant, std::move(name), randomness.bytes(crypto::ChunkCipher::kKeyBytes));
    made.bytes_ = bytes;
    made.content_type_ = std::move(content_type);
    return made;
}

std::string SealedObject::seal_head(crypto::TenantKeys& keys) const {
    std::string plain(key_.expose());
    plain += crypto::sha256(name_).view();
    plain += number_bytes(bytes_);
    plain += static_cast<char>(bits_);
    plain += static_cast<char>(content_type_.size());
    plain += content_type_;
    plain.resize(kPlainHeadBytes, '\0');
    const Secret whole(std::move(plain));
    return std::string(kMagic) + keys.seal(KeyClass::file, place_of_heads(tenant_), whole.expose());
}

std::optional<SealedObject> SealedObject::open(crypto::TenantKeys& keys, TenantId tenant,
                                               std::string name, std::string_view head) {
    if (head.size() != kSealedHeadBytes || !head.starts_with(kMagic)) {
        return std::nullopt;
    }
    Secret whole;
    try {
        whole = Secret(keys.open(place_of_heads(tenant), head.substr(kMagic.size())));
    } catch (const crypto::SealBroken&) {
        return std::nullopt;
    }
    const std::string_view plain = whole.expose();
    if (plain.size() != kPlainHeadBytes ||
        !equal_in_constant_time(plain.substr(32, 32), crypto::sha256(name).view())) {
        return std::nullopt;
    }
    const auto bytes = static_cast<std::uint64_t>(number_at(plain.substr(64)));
    const int bits = static_cast<unsigned char>(plain[72]);
    const std::size_t type_bytes = static_cast<unsigned char>(plain[73]);
    if (bytes > static_cast<std::uint64_t>(kObjectBytesMax) || bits < kChunkBitsMin ||
        bits > kChunkBitsMax || type_bytes > kTypeBytesMax) {
        return std::nullopt;
    }
    SealedObject opened(tenant, std::move(name), std::string(plain.substr(0, 32)));
    opened.bytes_ = static_cast<std::int64_t>(bytes);
    opened.bits_ = bits;
    opened.content_type_ = plain.substr(74, type_bytes);
    return opened;
}

std::int64_t SealedObject::chunks() const {
    const auto chunk = static_cast<std::int64_t>(chunk_bytes());
    return std::max<std::int64_t>(1, (bytes_ + chunk - 1) / chunk);
}

std::int64_t SealedObject::place_of(std::int64_t chunk) const {
    const std::size_t stored = chunk_bytes() + crypto::ChunkCipher::kTagBytes;
    return static_cast<std::int64_t>(kSealedHeadBytes) + chunk * static_cast<std::int64_t>(stored);
}

std::int64_t SealedObject::plain_bytes_of(std::int64_t chunk) const {
    const auto size = static_cast<std::int64_t>(chunk_bytes());
    return std::min(size, bytes_ - chunk * size);
}

std::size_t SealedObject::stored_bytes_of(std::int64_t chunk) const {
    return static_cast<std::size_t>(plain_bytes_of(chunk)) + crypto::ChunkCipher::kTagBytes;
}

std::int64_t SealedObject::stored_bytes() const {
    return static_cast<std::int64_t>(kSealedHeadBytes) + bytes_ +
           chunks() * static_cast<std::int64_t>(crypto::ChunkCipher::kTagBytes);
}

// Number and "last" also stand in the nonce; here they bind what a reader of the form expects.
std::string SealedObject::associated_with(std::int64_t chunk) const {
    return "hgf1" + number_bytes(tenant_.value()) + number_bytes(chunk) +
           static_cast<char>(chunk == chunks() - 1 ? 1 : 0) + name_;
}

std::string SealedObject::seal_chunk(std::int64_t chunk, std::string_view plain) const {
    HANGU_ASSERT(static_cast<std::int64_t>(plain.size()) == plain_bytes_of(chunk));
    return cipher_.seal({static_cast<std::uint64_t>(chunk), chunk == chunks() - 1},
                        associated_with(chunk), plain);
}

std::optional<std::string> SealedObject::open_chunk(std::int64_t chunk,
                                                    std::string_view sealed) const {
    if (chunk < 0 || chunk >= chunks() || sealed.size() != stored_bytes_of(chunk)) {
        return std::nullopt;
    }
    return cipher_.open({static_cast<std::uint64_t>(chunk), chunk == chunks() - 1},
                        associated_with(chunk), sealed);
}

}  // namespace hangu::files

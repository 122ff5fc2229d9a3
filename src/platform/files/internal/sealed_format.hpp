// How a sealed object lies in the store. Pure but for the keys. The form is stored and never
// changes under its version; README.md says it byte by byte.
#pragma once

#include "base/id.hpp"
#include "base/randomness.hpp"
#include "platform/crypto/chunk_cipher.hpp"
#include "platform/crypto/crypto.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::files {

inline constexpr std::size_t kTypeBytesMax = 80;
inline constexpr std::size_t kPlainHeadBytes = 32 + 32 + 8 + 1 + 1 + kTypeBytesMax;
inline constexpr std::size_t kSealedHeadBytes = 4 + kPlainHeadBytes + 34;
inline constexpr int kChunkBits = 16;  // 64 KiB of what is written now
inline constexpr int kChunkBitsMin = 10;
inline constexpr int kChunkBitsMax = 22;

// What the sealed head of an object says, and the cipher of its chunks.
class SealedObject {
 public:
    // A new one, under a key of its own.
    static SealedObject make(Randomness& randomness, TenantId tenant, std::string name,
                             std::int64_t bytes, std::string content_type);
    // nullopt: it is no head, was changed, or is another object's or another tenant's.
    static std::optional<SealedObject> open(crypto::TenantKeys& keys, TenantId tenant,
                                            std::string name, std::string_view head);

    std::string seal_head(crypto::TenantKeys& keys) const;

    std::int64_t bytes() const { return bytes_; }
    const std::string& content_type() const { return content_type_; }
    std::size_t chunk_bytes() const { return std::size_t{1} << static_cast<unsigned>(bits_); }
    std::int64_t chunks() const;  // an empty object has one, too
    // Where a chunk begins in the store, and how long it is there.
    std::int64_t place_of(std::int64_t chunk) const;
    std::size_t stored_bytes_of(std::int64_t chunk) const;
    std::int64_t stored_bytes() const;

    std::string seal_chunk(std::int64_t chunk, std::string_view plain) const;
    std::optional<std::string> open_chunk(std::int64_t chunk, std::string_view sealed) const;

 private:
    SealedObject(TenantId tenant, std::string name, std::string key);
    std::string associated_with(std::int64_t chunk) const;
    std::int64_t plain_bytes_of(std::int64_t chunk) const;

    TenantId tenant_;
    std::string name_;
    Secret key_;
    crypto::ChunkCipher cipher_;
    std::int64_t bytes_ = 0;
    int bits_ = kChunkBits;
    std::string content_type_;
};

}  // namespace hangu::files

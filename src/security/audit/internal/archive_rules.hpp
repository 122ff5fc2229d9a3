// How records lie in a bundle: column after column, so that what is alike stands together, then
// compressed (zstd with its checksum). The leaf hashes are not kept: they stand in the log. Pure.
#pragma once

#include "security/audit/internal/audit_store.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::audit {

inline constexpr std::size_t kBundleBytesMax = std::size_t{64} << 20U;  // unpacked

std::string pack_bundle(const std::vector<StoredRecord>& records);
// `leaves`: the hashes of their tile, 32 bytes each. nullopt: it is no bundle of so many records.
std::optional<std::vector<StoredRecord>> unpack_bundle(std::string_view packed,
                                                       std::string_view leaves);

}  // namespace hangu::audit

// What an S3 server says in XML, as far as it matters here. From outside: everything is bounded,
// and what is not understood is left out. Pure.
#pragma once

#include "platform/files/object_store.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hangu::files {

// The text of the first such element, with its entities resolved; "" if there is none.
std::string element_text(std::string_view xml, std::string_view name);

// Of ListObjectsV2. Objects whose names are none of ours are left out. nullopt: it is no listing.
std::optional<Listing> read_listing(std::string_view xml);

// Percent-encoded as a signature wants it (RFC 3986, "/" too).
std::string encode_query(std::string_view text);

}  // namespace hangu::files

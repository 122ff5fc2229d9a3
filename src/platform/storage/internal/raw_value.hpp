// Values of rows whose type nobody here knows: what a move carries.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace hangu::storage {

struct RawValue {
    // In the order of the databases, as far as values of one column go.
    enum class Kind : std::uint8_t { null, number, text, blob };

    Kind kind = Kind::null;
    std::int64_t number = 0;
    std::string bytes;  // compared as bytes, as both engines do

    friend std::strong_ordering operator<=>(const RawValue&, const RawValue&) = default;
    friend bool operator==(const RawValue&, const RawValue&) = default;
};

using RawKey = std::vector<RawValue>;
using RawRow = std::vector<RawValue>;  // without the tenant

}  // namespace hangu::storage

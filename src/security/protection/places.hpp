// Where an address is, from a file of the merchant's own choice: nothing is asked over the network,
// and everything works without it. One range per line, sorted or not, not overlapping:
//
//     # network,place,latitude,longitude,kind
//     192.0.2.0/24,上海,31.23,121.47,
//     2001:db8::/32,北京,39.90,116.40,
//     198.51.100.0/24,,,,hosting
//
// A place without a position is not measured for speed; "hosting" is a computing centre, Tor or
// VPN.
#pragma once

#include "base/result.hpp"
#include "security/protection/risk.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::protection {

struct KnownPlace {
    std::string name;
    std::optional<Position> position;
    bool hosting = false;
};

// Port: who knows where addresses are.
class PlaceSource {
 public:
    virtual ~PlaceSource() = default;
    virtual std::optional<KnownPlace> place_of(std::string_view address) const = 0;
};

class PlaceFile final : public PlaceSource {
 public:
    static constexpr std::size_t kLinesCountMax = 5'000'000;
    static constexpr std::size_t kPlaceBytesMax = 64;

    // "places.unreadable" with the line.
    static Result<std::unique_ptr<PlaceFile>> load(const std::string& path);
    static Result<std::unique_ptr<PlaceFile>> read(std::string_view text);

    std::optional<KnownPlace> place_of(std::string_view address) const override;
    std::size_t ranges_count() const { return ranges_.size(); }

 private:
    using Key = std::array<unsigned char, 16>;
    struct Range {
        Key first;
        Key last;
        std::uint32_t name = 0;
        bool has_position = false;
        bool hosting = false;
        float latitude = 0;
        float longitude = 0;
    };
    static std::optional<Key> key_of(std::string_view address);
    static std::optional<Range> range_of(std::string_view network);
    static bool read_place(const std::vector<std::string_view>& cells, Range& range);

    std::vector<Range> ranges_;  // by first
    std::vector<std::string> names_;
};

}  // namespace hangu::protection

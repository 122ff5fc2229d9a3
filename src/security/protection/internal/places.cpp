#include "security/protection/places.hpp"

#include "base/text.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <unordered_map>

namespace hangu::protection {

namespace {

constexpr std::size_t kAddressBytesMax = 45;
constexpr std::size_t kCellsCount = 5;
constexpr unsigned kMappedBits = 96;  // an IPv4 address stands behind ::ffff:

Problem unreadable(std::size_t line, std::string_view why) {
    return Problem::invalid("places.unreadable", fmt::format("line {}: {}", line, why));
}

std::optional<double> number(std::string_view text, double limit) {
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    return whole && value >= -limit && value <= limit ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<PlaceFile::Key> PlaceFile::key_of(std::string_view address) {
    if (address.empty() || address.size() > kAddressBytesMax) {
        return std::nullopt;
    }
    const std::string text(address);
    Key key{};
    if (text.find(':') != std::string::npos) {
        return ::inet_pton(AF_INET6, text.c_str(), key.data()) == 1 ? std::optional(key)
                                                                    : std::nullopt;
    }
    key[10] = key[11] = 0xff;
    return ::inet_pton(AF_INET, text.c_str(), key.data() + 12) == 1 ? std::optional(key)
                                                                    : std::nullopt;
}

std::optional<PlaceFile::Range> PlaceFile::range_of(std::string_view network) {
    const std::size_t slash = network.find('/');
    const std::string_view address = network.substr(0, slash);
    const std::optional<Key> key = key_of(address);
    if (!key) {
        return std::nullopt;
    }
    const unsigned before = address.find(':') == std::string_view::npos ? kMappedBits : 0;
    unsigned bits = 128 - before;
    if (slash != std::string_view::npos) {
        const std::string_view given = network.substr(slash + 1);
        const auto read = std::from_chars(given.data(), given.data() + given.size(), bits);
        if (read.ec != std::errc() || read.ptr != given.data() + given.size() ||
            bits > 128 - before) {
            return std::nullopt;
        }
    }
    Range range;
    range.first = range.last = *key;
    for (unsigned bit = before + bits; bit < 128; ++bit) {
        const auto mask = static_cast<unsigned char>(0x80U >> (bit % 8));
        range.first[bit / 8] &= static_cast<unsigned char>(~mask);
        range.last[bit / 8] |= mask;
    }
    return range.first == *key ? std::optional(range) : std::nullopt;
}

bool PlaceFile::read_place(const std::vector<std::string_view>& cells, Range& range) {
    range.hosting = cells[4] == "hosting";
    if (cells[1].size() > kPlaceBytesMax || !is_utf8(cells[1]) ||
        has_control_characters(cells[1]) || (!range.hosting && !cells[4].empty())) {
        return false;
    }
    range.has_position = !cells[2].empty() || !cells[3].empty();
    const std::optional<double> latitude = number(cells[2], 90);
    const std::optional<double> longitude = number(cells[3], 180);
    if (range.has_position && (!latitude || !longitude)) {
        return false;
    }
    range.latitude = static_cast<float>(latitude.value_or(0));
    range.longitude = static_cast<float>(longitude.value_or(0));
    return true;
}

Result<std::unique_ptr<PlaceFile>> PlaceFile::load(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) {
        return Problem::invalid("places.unreadable", path + " cannot be read");
    }
    return read(text.str());
}

Result<std::unique_ptr<PlaceFile>> PlaceFile::read(std::string_view text) {
    auto file = std::make_unique<PlaceFile>();
    std::unordered_map<std::string_view, std::uint32_t> known;
    std::size_t number = 0;
    for (std::string_view line : split(text, '\n')) {
        ++number;
        line = trimmed(line);
        if (line.empty() || line.front() == '#') {
            continue;
        }
        const std::vector<std::string_view> cells = split(line, ',');
        std::optional<Range> range =
            cells.size() == kCellsCount ? range_of(cells[0]) : std::optional<Range>();
        if (!range || !read_place(cells, *range)) {
            return unreadable(number, "expected network,place,latitude,longitude,kind");
        }
        if (file->ranges_.size() == kLinesCountMax) {
            return unreadable(number, "too many lines");
        }
        const auto [name, fresh] =
            known.try_emplace(cells[1], static_cast<std::uint32_t>(file->names_.size()));
        if (fresh) {
            file->names_.emplace_back(cells[1]);
        }
        range->name = name->second;
        file->ranges_.push_back(*range);
    }
    std::vector<Range>& ranges = file->ranges_;
    std::sort(ranges.begin(), ranges.end(),
              [](const Range& a, const Range& b) { return a.first < b.first; });
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        if (ranges[i].first <= ranges[i - 1].last) {
            return Problem::invalid("places.unreadable", "two networks overlap");
        }
    }
    return file;
}

std::optional<KnownPlace> PlaceFile::place_of(std::string_view address) const {
    const std::optional<Key> key = key_of(address);
    if (!key) {
        return std::nullopt;
    }
    auto found =
        std::upper_bound(ranges_.begin(), ranges_.end(), *key,
                         [](const Key& at, const Range& range) { return at < range.first; });
    if (found == ranges_.begin() || *key > (--found)->last) {
        return std::nullopt;
    }
    KnownPlace place{names_[found->name], std::nullopt, found->hosting};
    if (found->has_position) {
        place.position = Position{found->latitude, found->longitude};
    }
    return place;
}

}  // namespace hangu::protection

// Ids: 64 bits, made by us, time-ordered, positive. Layout from the top: 1 zero bit, 41 bits of
// milliseconds since 2024-01-01 UTC (until the year 2093), 10 bits of node, 12 bits of sequence.
// As text: 13 characters of Crockford base32 in lower case, which sort as the numbers do.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hangu {

std::string id_text(std::int64_t value);
std::optional<std::int64_t> parse_id(std::string_view text);

template <class Tag>
class Id {
 public:
    constexpr Id() = default;
    constexpr explicit Id(std::int64_t value) : value_(value) {}

    constexpr std::int64_t value() const { return value_; }
    constexpr bool is_set() const { return value_ != 0; }
    std::string text() const { return id_text(value_); }
    static std::optional<Id> parse(std::string_view text) {
        const std::optional<std::int64_t> value = parse_id(text);
        return value ? std::optional<Id>(Id(*value)) : std::nullopt;
    }

    friend constexpr auto operator<=>(Id, Id) = default;

 private:
    std::int64_t value_ = 0;
};

struct TenantTag;
using TenantId = Id<TenantTag>;

// Gives ids. Thread-safe, never the same twice in one process, also when the clock goes back.
class IdSource {
 public:
    explicit IdSource(std::uint32_t node);  // 0..1023

    std::int64_t next(std::int64_t now_ms);
    // Before the first id of a process that learns late which node it is.
    void become(std::uint32_t node);

    // The first id that could be made at that millisecond: for "since" queries.
    static std::int64_t floor_at(std::int64_t unix_ms);

 private:
    std::uint64_t node_bits_;
    std::atomic<std::uint64_t> last_{0};  // milliseconds << 12 | sequence
};

}  // namespace hangu

template <class Tag>
struct std::hash<hangu::Id<Tag>> {
    std::size_t operator()(hangu::Id<Tag> id) const noexcept {
        return static_cast<std::size_t>(static_cast<std::uint64_t>(id.value()) *
                                        0x9E3779B97F4A7C15ULL);
    }
};

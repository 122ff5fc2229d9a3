// Remembers keys by a 64-bit hash and the line they were seen in, 12 bytes a place: millions of
// keys in a bounded amount of memory. Two keys of one hash (one pair in 10^7 among a million) read
// as a repeat.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace hangu::importing {

class KeyLines {
 public:
    // The line where the key was seen before; none: it is remembered now.
    std::optional<std::int64_t> seen_before(std::string_view key, std::int64_t line) {
        if (count_ * 4 >= keys_.size() * 3) {
            grow();
        }
        const std::uint64_t hash = hash_of(key);
        const std::size_t place = find(hash);
        if (keys_[place] == hash) {
            return lines_[place];
        }
        put(place, hash, static_cast<std::uint32_t>(line));
        return std::nullopt;
    }
    bool holds(std::string_view key) const {
        const std::uint64_t hash = hash_of(key);
        return !keys_.empty() && keys_[find(hash)] == hash;
    }
    std::size_t size() const { return count_; }

 private:
    static std::uint64_t hash_of(std::string_view key) {
        const std::uint64_t hash = std::hash<std::string_view>{}(key);
        return hash == 0 ? 1 : hash;  // 0 is an empty place
    }
    std::size_t find(std::uint64_t hash) const {
        std::size_t place = static_cast<std::size_t>(hash) & (keys_.size() - 1);
        while (keys_[place] != 0 && keys_[place] != hash) {
            place = (place + 1) & (keys_.size() - 1);
        }
        return place;
    }
    void put(std::size_t place, std::uint64_t hash, std::uint32_t line) {
        keys_[place] = hash;
        lines_[place] = line;
        ++count_;
    }
    void grow() {
        std::vector<std::uint64_t> keys(keys_.empty() ? 1024 : keys_.size() * 2);
        std::vector<std::uint32_t> lines(keys.size());
        keys.swap(keys_);
        lines.swap(lines_);
        count_ = 0;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (keys[i] != 0) {
                put(find(keys[i]), keys[i], lines[i]);
            }
        }
    }

    std::vector<std::uint64_t> keys_;
    std::vector<std::uint32_t> lines_;
    std::size_t count_ = 0;
};

}  // namespace hangu::importing

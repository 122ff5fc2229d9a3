// Settings: declared once as data, read from a TOML file and the environment, handed out as an
// immutable snapshot (one per request).
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hangu::settings {

using Value = std::variant<bool, std::int64_t, std::string>;

// One declared setting. `key` is the dotted path in hangu.toml ("http.body_bytes_max") and, in
// upper case with HANGU_ before and _ for dots, the environment variable that overrides it.
// A key with a * ("shards.*.host") is one of a family: the operator chooses the names, which are
// [a-z0-9_]{1,32}; a name is there when the file says anything of it.
struct Setting {
    std::string_view key;
    Value fallback;
    std::int64_t min = 0;          // bounds of a number, or of a text's characters
    std::int64_t max = 0;          // a text's 0 stands for 1024
    std::string_view unit;         // "ms", "bytes", "minutes", "" …
    std::string_view description;  // one sentence
    bool secret = false;           // never printed
};

template <class T>
struct Key {
    std::string_view key;
};

class Snapshot {
 public:
    bool get(Key<bool> key) const;
    std::int64_t get(Key<std::int64_t> key) const;
    const std::string& get(Key<std::string> key) const;

    // Of a family: the names that are there, and the value of one of them.
    std::vector<std::string> names(std::string_view family) const;
    std::int64_t get(Key<std::int64_t> key, std::string_view name) const;
    const std::string& get(Key<std::string> key, std::string_view name) const;

 private:
    friend class Settings;
    std::map<std::string, Value, std::less<>> values_;  // of a family with its names
};

class Settings {
 public:
    explicit Settings(std::vector<Setting> declared);

    // Reads the file ("" : none) and the environment over the defaults. Every bad entry at once:
    // unknown keys, wrong types, values out of range ("settings.invalid" with fields).
    Result<void> load(const std::string& file,
                      const std::map<std::string, std::string>& environment);
    // A changed file replaces the snapshot as a whole or not at all.
    Result<void> reload();
    // Command line flags and tests. Takes effect at once; what is not allowed changes nothing and
    // is reported by the next load or reload. A text is read like one of the environment.
    void set(std::string_view key, Value value);

    std::shared_ptr<const Snapshot> snapshot() const;
    std::span<const Setting> declared() const { return declared_; }
    std::string reference_markdown() const;  // docs/settings.md

 private:
    Result<std::shared_ptr<const Snapshot>> read() const;
    void replace(std::shared_ptr<const Snapshot> made);

    std::vector<Setting> declared_;  // by key
    std::mutex change_mutex_;        // one change at a time
    std::string file_;
    std::map<std::string, std::string> environment_;
    std::map<std::string, Value, std::less<>> forced_;
    mutable std::mutex snapshot_mutex_;  // held for a copy of the pointer
    std::shared_ptr<const Snapshot> snapshot_;
};

}  // namespace hangu::settings

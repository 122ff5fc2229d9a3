#include "platform/settings/settings.hpp"

#include "base/check.hpp"
#include "base/text.hpp"
#include "platform/settings/internal/toml_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace hangu::settings {

namespace {

constexpr std::int64_t kTextCharactersMax = 1024;  // where a text setting names no bound

std::string environment_name(std::string_view key) {
    std::string name = "HANGU_";
    for (const char c : key) {
        name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

std::int64_t max_of(const Setting& setting) {
    const bool text = std::holds_alternative<std::string>(setting.fallback);
    return text && setting.max == 0 ? kTextCharactersMax : setting.max;
}

std::string allowed(const Setting& setting) {
    if (std::holds_alternative<bool>(setting.fallback)) {
        return "true or false";
    }
    if (std::holds_alternative<std::string>(setting.fallback)) {
        return fmt::format("a text of {} to {} characters", setting.min, max_of(setting));
    }
    return fmt::format("a whole number from {} to {}{}{}", setting.min, setting.max,
                       setting.unit.empty() ? "" : " ", setting.unit);
}

// The code of what is wrong with a value, or nothing.
std::string_view fault_of(const Setting& setting, const Value& value) {
    if (value.index() != setting.fallback.index()) {
        return "setting.wrong_type";
    }
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return *number < setting.min || *number > setting.max ? "setting.out_of_range" : "";
    }
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (!is_utf8(*text)) {
            return "setting.not_utf8";
        }
        const auto count = static_cast<std::int64_t>(count_characters(*text));
        return count < setting.min || count > max_of(setting) ? "setting.out_of_range" : "";
    }
    return "";
}

// A text from the environment or the command line as the setting's type; a text where it is none.
Value typed(const Setting& setting, const std::string& text) {
    if (std::holds_alternative<bool>(setting.fallback)) {
        if (text == "true" || text == "1") {
            return true;
        }
        if (text == "false" || text == "0") {
            return false;
        }
    } else if (std::holds_alternative<std::int64_t>(setting.fallback)) {
        std::int64_t number = 0;
        const char* end = text.data() + text.size();
        const auto result = std::from_chars(text.data(), end, number);
        if (result.ec == std::errc{} && result.ptr == end) {
            return number;
        }
    }
    return text;
}

std::string text_of(const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) {
        return *flag ? "true" : "false";
    }
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*number);
    }
    return std::get<std::string>(value);
}

// Text as found, short enough and safe to show.
std::string shown(const Setting& setting, std::string_view found) {
    constexpr std::size_t kShownBytesMax = 80;
    if (setting.secret) {
        return "a secret";
    }
    if (!is_utf8(found) || has_control_characters(found)) {
        return "something unreadable";
    }
    return found.size() > kShownBytesMax ? "a text of " + std::to_string(found.size()) + " bytes"
                                         : fmt::format("\"{}\"", found);
}

using Values = std::map<std::string, Value, std::less<>>;

constexpr std::size_t kNameBytesMax = 32;

bool is_family(const Setting& setting) {
    return setting.key.find('*') != std::string_view::npos;
}

// The name that stands in `key` where the pattern has its *, or nothing.
std::string_view name_in(std::string_view pattern, std::string_view key) {
    const std::size_t star = pattern.find('*');
    const std::string_view before = pattern.substr(0, star);
    const std::string_view after = pattern.substr(star + 1);
    if (key.size() <= before.size() + after.size() || !key.starts_with(before) ||
        !key.ends_with(after)) {
        return "";
    }
    const std::string_view name =
        key.substr(before.size(), key.size() - before.size() - after.size());
    const bool fits = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    return fits && name.size() <= kNameBytesMax ? name : "";
}

std::string named(std::string_view pattern, std::string_view name) {
    const std::size_t star = pattern.find('*');
    return fmt::format("{}{}{}", pattern.substr(0, star), name, pattern.substr(star + 1));
}

std::string_view family_of(std::string_view pattern) {
    return pattern.substr(0, pattern.find('.'));
}

// Lays entries over the values and collects what is wrong with them.
class Overlay {
 public:
    Overlay(std::span<const Setting> declared, Values& values)
        : declared_(declared), values_(values) {}

    const Setting* find(std::string_view key) const {
        for (const Setting& setting : declared_) {
            if (setting.key == key || (is_family(setting) && !name_in(setting.key, key).empty())) {
                return is_family(setting) && setting.key == key ? nullptr : &setting;
            }
        }
        return nullptr;
    }

    // `key` is the setting's, or one of its family.
    void put(const Setting& setting, std::string_view key, const Value& value,
             std::string_view found, std::string_view where) {
        const std::string_view fault = fault_of(setting, value);
        if (fault.empty()) {
            values_[std::string(key)] = value;
        } else {
            complain(setting, key, fault, found, where);
        }
    }
    // A value of the command line, where a text may stand for any type.
    void put_given(const Setting& setting, std::string_view key, const Value& value) {
        const std::string* text = std::get_if<std::string>(&value);
        put(setting, key, text == nullptr ? value : typed(setting, *text), text_of(value),
            "command line");
    }
    void complain(const Setting& setting, std::string_view key, std::string_view fault,
                  std::string_view found, std::string_view where) {
        problems_.push_back({std::string(key), std::string(fault),
                             fmt::format("{}: found {}, allowed is {}", where,
                                         shown(setting, found), allowed(setting))});
    }
    void complain_unknown(std::string key, std::string_view where) {
        problems_.push_back({std::move(key), "setting.unknown",
                             fmt::format("{}: no setting has this name", where)});
    }
    std::vector<FieldProblem> take_problems() { return std::move(problems_); }

 private:
    std::span<const Setting> declared_;
    Values& values_;
    std::vector<FieldProblem> problems_;
};

Result<void> lay_file(const std::string& path, Overlay& overlay) {
    HANGU_TRY(const std::vector<TomlEntry> entries, read_toml_file(path));
    for (const TomlEntry& entry : entries) {
        const std::string where = fmt::format("{} line {}", path, entry.line);
        const Setting* setting = overlay.find(entry.key);
        if (setting == nullptr) {
            overlay.complain_unknown(entry.key, where);
        } else if (!entry.value) {
            overlay.complain(*setting, entry.key, "setting.wrong_type", entry.text, where);
        } else {
            overlay.put(*setting, entry.key, *entry.value, entry.text, where);
        }
    }
    return {};
}

// Whoever is named has all settings of the family.
void fill_families(std::span<const Setting> declared, Values& values) {
    std::set<std::pair<std::string, std::string>> there;  // family, name
    for (const Setting& setting : declared) {
        for (const auto& [key, value] : values) {
            if (is_family(setting) && !name_in(setting.key, key).empty()) {
                there.emplace(family_of(setting.key), name_in(setting.key, key));
            }
        }
    }
    for (const Setting& setting : declared) {
        for (const auto& [family, name] : there) {
            if (is_family(setting) && family_of(setting.key) == family) {
                values.emplace(named(setting.key, name), setting.fallback);
            }
        }
    }
}

void lay_environment(Overlay& overlay, const std::map<std::string, std::string>& environment,
                     const Values& values) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : values) {
        keys.push_back(key);
    }
    for (const std::string& key : keys) {
        const std::string name = environment_name(key);
        const auto found = environment.find(name);
        if (found != environment.end()) {
            const Setting& setting = *overlay.find(key);
            overlay.put(setting, key, typed(setting, found->second), found->second, name);
        }
    }
}

template <class T>
const T& value_in(const Values& values, std::string_view key) {
    const auto found = values.find(key);
    const T* value = found == values.end() ? nullptr : std::get_if<T>(&found->second);
    if (value == nullptr) {
        throw Bug("no setting of this type is declared: " + std::string(key));
    }
    return *value;
}

}  // namespace

bool Snapshot::get(Key<bool> key) const {
    return value_in<bool>(values_, key.key);
}
std::int64_t Snapshot::get(Key<std::int64_t> key) const {
    return value_in<std::int64_t>(values_, key.key);
}
const std::string& Snapshot::get(Key<std::string> key) const {
    return value_in<std::string>(values_, key.key);
}
std::int64_t Snapshot::get(Key<std::int64_t> key, std::string_view name) const {
    return value_in<std::int64_t>(values_, named(key.key, name));
}
const std::string& Snapshot::get(Key<std::string> key, std::string_view name) const {
    return value_in<std::string>(values_, named(key.key, name));
}
std::vector<std::string> Snapshot::names(std::string_view family) const {
    std::set<std::string> names;
    for (const auto& [key, value] : values_) {
        const std::vector<std::string_view> parts = split(key, '.');
        if (parts.size() == 3 && parts[0] == family) {
            names.emplace(parts[1]);
        }
    }
    return {names.begin(), names.end()};
}

Settings::Settings(std::vector<Setting> declared) : declared_(std::move(declared)) {
    std::sort(declared_.begin(), declared_.end(),
              [](const Setting& a, const Setting& b) { return a.key < b.key; });
    auto defaults = std::make_shared<Snapshot>();
    std::map<std::string, std::string_view> names;
    for (const Setting& setting : declared_) {
        // Two keys that differ only in "." and "_" would share a variable.
        if (!names.emplace(environment_name(setting.key), setting.key).second) {
            throw Bug("two settings share " + environment_name(setting.key));
        }
        if (!fault_of(setting, setting.fallback).empty()) {
            throw Bug("the default of " + std::string(setting.key) + " is not within its bounds");
        }
        if (!is_family(setting)) {
            defaults->values_.emplace(std::string(setting.key), setting.fallback);
        }
    }
    snapshot_ = std::move(defaults);
}

Result<std::shared_ptr<const Snapshot>> Settings::read() const {
    auto made = std::make_shared<Snapshot>();
    for (const Setting& setting : declared_) {
        if (!is_family(setting)) {
            made->values_.emplace(std::string(setting.key), setting.fallback);
        }
    }
    Overlay overlay(declared_, made->values_);
    if (!file_.empty()) {
        HANGU_CHECK(lay_file(file_, overlay));
    }
    fill_families(declared_, made->values_);
    lay_environment(overlay, environment_, made->values_);
    for (const auto& [key, value] : forced_) {
        const Setting* setting = overlay.find(key);
        if (setting == nullptr) {
            overlay.complain_unknown(key, "command line");
        } else {
            overlay.put_given(*setting, key, value);
        }
    }
    fill_families(declared_, made->values_);
    std::vector<FieldProblem> problems = overlay.take_problems();
    if (!problems.empty()) {
        Problem problem = Problem::invalid("settings.invalid");
        problem.fields = std::move(problems);
        return problem;
    }
    return std::shared_ptr<const Snapshot>(std::move(made));
}

Result<void> Settings::load(const std::string& file,
                            const std::map<std::string, std::string>& environment) {
    const std::lock_guard lock(change_mutex_);
    file_ = file;
    environment_ = environment;
    HANGU_TRY(std::shared_ptr<const Snapshot> made, read());
    replace(std::move(made));
    return {};
}

Result<void> Settings::reload() {
    const std::lock_guard lock(change_mutex_);
    HANGU_TRY(std::shared_ptr<const Snapshot> made, read());
    replace(std::move(made));
    return {};
}

void Settings::set(std::string_view key, Value value) {
    const std::lock_guard lock(change_mutex_);
    forced_.insert_or_assign(std::string(key), value);
    auto made = std::make_shared<Snapshot>(*snapshot());
    Overlay overlay(declared_, made->values_);
    const Setting* setting = overlay.find(key);
    if (setting != nullptr) {
        overlay.put_given(*setting, key, value);
        fill_families(declared_, made->values_);
        replace(std::move(made));
    }
}

std::shared_ptr<const Snapshot> Settings::snapshot() const {
    const std::lock_guard lock(snapshot_mutex_);
    return snapshot_;
}

// The old snapshot is let go outside the lock.
void Settings::replace(std::shared_ptr<const Snapshot> made) {
    const std::lock_guard lock(snapshot_mutex_);
    snapshot_.swap(made);
}

std::string Settings::reference_markdown() const {
    std::string out =
        "# Settings\n\n"
        "Each can stand in `hangu.toml` under its key, or in the environment under its variable, "
        "which wins.\n\n"
        "| key | variable | default | allowed | meaning |\n|---|---|---|---|---|\n";
    for (const Setting& setting : declared_) {
        const std::string fallback = text_of(setting.fallback);
        const std::string shown_fallback = setting.secret     ? "(secret)"
                                           : fallback.empty() ? "(empty)"
                                                              : "`" + fallback + "`";
        out += fmt::format("| `{}` | `{}` | {} | {} | {} |\n", setting.key,
                           environment_name(setting.key), shown_fallback, allowed(setting),
                           setting.description);
    }
    return out;
}

}  // namespace hangu::settings

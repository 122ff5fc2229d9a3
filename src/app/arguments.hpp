// The command line: hangu <noun> [<verb>] [operands] [--flag [value]]…
#pragma once

#include "base/result.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu::app {

// What a command takes. Every command also takes --data DIR, --json, --config FILE.
struct CommandShape {
    std::string_view name;      // "tenant create"
    std::string_view operands;  // for the usage line: "FOLDER"
    std::size_t operands_count = 0;
    std::vector<std::string_view> with_value;  // flags that take a value
    std::vector<std::string_view> switches;
    std::string_view summary;
};

class Arguments {
 public:
    // "usage" with the mend in its detail.
    static Result<Arguments> parse(const std::vector<std::string>& words,
                                   const std::vector<CommandShape>& shapes);

    const std::string& command() const { return command_; }
    const std::vector<std::string>& operands() const { return operands_; }
    bool has(std::string_view flag) const { return values_.contains(flag); }
    std::string value(std::string_view flag, std::string_view fallback = "") const;
    // Of a flag that may stand several times.
    std::vector<std::string> all(std::string_view flag) const;
    Result<std::string> required(std::string_view flag) const;
    // A whole number within bounds; the fallback when the flag is not given.
    Result<std::int64_t> number(std::string_view flag, std::int64_t fallback, std::int64_t min,
                                std::int64_t max) const;
    bool json() const { return has("json"); }
    std::string data() const { return value("data", "data"); }

 private:
    std::string command_;
    std::vector<std::string> operands_;
    std::map<std::string, std::string, std::less<>> values_;  // the last of each
    std::vector<std::pair<std::string, std::string>> given_;
};

std::string usage_text(const std::vector<CommandShape>& shapes);

}  // namespace hangu::app

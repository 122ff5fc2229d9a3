#include "app/arguments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace hangu::app {

namespace {

const CommandShape* shape_of(const std::vector<std::string>& words,
                             const std::vector<CommandShape>& shapes, std::size_t& used) {
    for (const CommandShape& shape : shapes) {
        const bool two = shape.name.find(' ') != std::string_view::npos;
        const std::string name = words.empty()             ? ""
                                 : two && words.size() > 1 ? words[0] + " " + words[1]
                                                           : words[0];
        if (name == shape.name) {
            used = two ? 2 : 1;
            return &shape;
        }
    }
    return nullptr;
}

bool knows(const std::vector<std::string_view>& flags, std::string_view flag) {
    return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

}  // namespace

Result<Arguments> Arguments::parse(const std::vector<std::string>& words,
                                   const std::vector<CommandShape>& shapes) {
    std::size_t at = 0;
    const CommandShape* shape = shape_of(words, shapes, at);
    if (shape == nullptr) {
        return Problem::invalid("usage", usage_text(shapes));
    }
    Arguments arguments;
    arguments.command_ = shape->name;
    for (; at < words.size(); ++at) {
        const std::string& word = words[at];
        if (!word.starts_with("--")) {
            arguments.operands_.push_back(word);
            continue;
        }
        const std::size_t equals = word.find('=');
        const std::string flag = word.substr(2, equals == std::string::npos ? equals : equals - 2);
        const bool is_switch = flag == "json" || knows(shape->switches, flag);
        const bool has_value = flag == "data" || flag == "config" || knows(shape->with_value, flag);
        if (is_switch && equals == std::string::npos) {
            arguments.values_[flag] = "";
        } else if (has_value && equals != std::string::npos) {
            arguments.values_[flag] = word.substr(equals + 1);
        } else if (has_value && at + 1 < words.size()) {
            arguments.values_[flag] = words[++at];
        } else {
            const std::string_view what = has_value ? "needs a value" : "is not known here";
            return Problem::invalid("usage", fmt::format("--{} {} ({})", flag, what, shape->name));
        }
        arguments.given_.emplace_back(flag, arguments.values_[flag]);
    }
    if (arguments.operands_.size() != shape->operands_count) {
        return Problem::invalid("usage",
                                fmt::format("usage: hangu {} {}", shape->name, shape->operands));
    }
    return arguments;
}

std::string Arguments::value(std::string_view flag, std::string_view fallback) const {
    const auto found = values_.find(flag);
    return found == values_.end() ? std::string(fallback) : found->second;
}

std::vector<std::string> Arguments::all(std::string_view flag) const {
    std::vector<std::string> values;
    for (const auto& [name, value] : given_) {
        if (name == flag) {
            values.push_back(value);
        }
    }
    return values;
}

Result<std::string> Arguments::required(std::string_view flag) const {
    if (!has(flag) || value(flag).empty()) {
        return Problem::invalid("usage", fmt::format("hangu {} needs --{}", command_, flag));
    }
    return value(flag);
}

Result<std::int64_t> Arguments::number(std::string_view flag, std::int64_t fallback,
                                       std::int64_t min, std::int64_t max) const {
    if (!has(flag)) {
        return fallback;
    }
    const std::string text = value(flag);
    std::int64_t number = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || number < min ||
        number > max) {
        return Problem::invalid(
            "usage", fmt::format("--{} is a whole number from {} to {}", flag, min, max));
    }
    return number;
}

std::string usage_text(const std::vector<CommandShape>& shapes) {
    std::string text = "usage: hangu <command> [--data DIR] [--config FILE] [--json] …\n";
    for (const CommandShape& shape : shapes) {
        std::string flags;
        for (const std::string_view flag : shape.with_value) {
            flags += fmt::format(" [--{} …]", flag);
        }
        for (const std::string_view flag : shape.switches) {
            flags += fmt::format(" [--{}]", flag);
        }
        text +=
            fmt::format("  hangu {}{}{}{}\n      {}\n", shape.name,
                        shape.operands.empty() ? "" : " ", shape.operands, flags, shape.summary);
    }
    return text;
}

}  // namespace hangu::app

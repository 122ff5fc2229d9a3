#include "tests/story/values.hpp"

#include <fmt/format.h>

#include <cctype>
#include <charconv>

namespace hangu::story {

namespace {

bool is_name_character(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// The length of "order.lines[0].id" at the front of a text; a dot at the end of a sentence is no
// part of it.
std::size_t path_length(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size()) {
        if (is_name_character(text[end])) {
            ++end;
        } else if (text[end] == '.' && end + 1 < text.size() && is_name_character(text[end + 1])) {
            ++end;
        } else if (text[end] == '[') {
            const std::size_t close = text.find(']', end);
            if (close == std::string_view::npos) {
                return end;
            }
            end = close + 1;
        } else {
            break;
        }
    }
    return end;
}

const boost::json::value* member_of(const boost::json::value& value, std::string_view name) {
    const boost::json::object* object = value.if_object();
    return object == nullptr ? nullptr : object->if_contains(name);
}

const boost::json::value* entry_of(const boost::json::value& value, std::string_view index) {
    const boost::json::array* array = value.if_array();
    std::size_t at = 0;
    const auto parsed = std::from_chars(index.data(), index.data() + index.size(), at);
    const bool good = array != nullptr && parsed.ec == std::errc() && at < array->size();
    return good ? &(*array)[at] : nullptr;
}

}  // namespace

const boost::json::value* at_path(const boost::json::value& value, std::string_view path) {
    const boost::json::value* place = &value;
    while (!path.empty() && place != nullptr) {
        if (path.front() == '[') {
            const std::size_t close = path.find(']');
            if (close == std::string_view::npos) {
                return nullptr;
            }
            place = entry_of(*place, path.substr(1, close - 1));
            path.remove_prefix(close + 1);
            continue;
        }
        if (path.front() == '.') {
            path.remove_prefix(1);
        }
        const std::size_t end = path.find_first_of(".[");
        place = member_of(*place, path.substr(0, end));
        path.remove_prefix(end == std::string_view::npos ? path.size() : end);
    }
    return place;
}

std::string as_text(const boost::json::value& value) {
    if (const boost::json::string* text = value.if_string()) {
        return std::string(text->data(), text->size());
    }
    return boost::json::serialize(value);
}

void Values::set(std::string_view path, boost::json::value value) {
    boost::json::object* object = &root_;
    while (true) {
        const std::size_t dot = path.find('.');
        const std::string_view name = path.substr(0, dot);
        if (dot == std::string_view::npos) {
            (*object)[name] = std::move(value);
            return;
        }
        boost::json::value& next = (*object)[name];
        if (!next.is_object()) {
            next = boost::json::object();
        }
        object = &next.as_object();
        path.remove_prefix(dot + 1);
    }
}

const boost::json::value* Values::find(std::string_view path) const {
    const std::size_t end = path.find_first_of(".[");
    const boost::json::value* first = root_.if_contains(path.substr(0, end));
    if (first == nullptr || end == std::string_view::npos) {
        return first;
    }
    return at_path(*first, path.substr(end));
}

const boost::json::value& Values::get(std::string_view path) const {
    const boost::json::value* found = find(path);
    if (found == nullptr) {
        throw StoryFault(fmt::format("the story knows no ${}", path));
    }
    return *found;
}

std::string Values::fill(std::string_view text) const {
    std::string filled;
    while (!text.empty()) {
        const std::size_t dollar = text.find('$');
        filled += text.substr(0, dollar);
        if (dollar == std::string_view::npos) {
            break;
        }
        text.remove_prefix(dollar + 1);
        const std::size_t length = path_length(text);
        if (length == 0) {
            filled += '$';
            continue;
        }
        filled += as_text(get(text.substr(0, length)));
        text.remove_prefix(length);
    }
    return filled;
}

boost::json::value Values::fill(const boost::json::value& value) const {
    if (const boost::json::string* found = value.if_string()) {
        const std::string_view text(found->data(), found->size());
        if (text.starts_with('$') && path_length(text.substr(1)) + 1 == text.size()) {
            return get(text.substr(1));
        }
        return boost::json::string(fill(text));
    }
    if (const boost::json::array* array = value.if_array()) {
        boost::json::array filled;
        for (const boost::json::value& entry : *array) {
            filled.push_back(fill(entry));
        }
        return filled;
    }
    if (const boost::json::object* object = value.if_object()) {
        boost::json::object filled;
        for (const auto& [name, member] : *object) {
            filled[name] = fill(member);
        }
        return filled;
    }
    return value;
}

boost::json::value Values::read(std::string_view text) const {
    if (text.starts_with('$') && path_length(text.substr(1)) + 1 == text.size()) {
        return get(text.substr(1));
    }
    boost::json::error_code error;
    boost::json::value parsed = boost::json::parse(std::string(text), error);
    return error ? boost::json::value(boost::json::string(fill(text))) : fill(parsed);
}

}  // namespace hangu::story

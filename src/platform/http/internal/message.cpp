#include "platform/http/message.hpp"

#include "base/text.hpp"

namespace hangu::http {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

std::optional<std::string> decoded(std::string_view text, bool plus_is_blank) {
    const bool plain = text.find('%') == std::string_view::npos &&
                       (!plus_is_blank || text.find('+') == std::string_view::npos);
    if (plain) {
        return std::string(text);
    }
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '+' && plus_is_blank) {
            out += ' ';
        } else if (c != '%') {
            out += c;
        } else {
            const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            const int byte = high * 16 + low;
            if (high < 0 || low < 0 || byte == 0) {
                return std::nullopt;
            }
            out += static_cast<char>(byte);
            i += 2;
        }
    }
    return out;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() && lower_ascii(a) == lower_ascii(b);
}

}  // namespace

std::string_view Request::header(std::string_view lower_name) const {
    for (const Header& header : headers) {
        if (header.name == lower_name) {
            return header.value;
        }
    }
    return {};
}

std::string_view Request::cookie(std::string_view name) const {
    std::string_view rest = header("cookie");
    while (!rest.empty()) {
        const std::size_t end = rest.find(';');
        std::string_view pair = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        while (!pair.empty() && pair.front() == ' ') {
            pair.remove_prefix(1);
        }
        while (!pair.empty() && pair.back() == ' ') {
            pair.remove_suffix(1);
        }
        if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
            return pair.substr(name.size() + 1);
        }
    }
    return {};
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
    for (const auto& [key, value] : query) {
        if (key == name) {
            return value;
        }
    }
    return std::nullopt;
}

void Response::set(std::string_view name, std::string_view value) {
    for (Header& header : headers) {
        if (equal_ignoring_case(header.name, name)) {
            header.value = value;
            return;
        }
    }
    headers.push_back({std::string(name), std::string(value)});
}

std::optional<std::string> percent_decoded(std::string_view text) {
    return decoded(text, false);
}

std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> pairs;
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (pair.empty()) {
            continue;
        }
        const std::size_t equals = pair.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1);
        std::optional<std::string> decoded_key = decoded(pair.substr(0, equals), true);
        std::optional<std::string> decoded_value = decoded(value, true);
        if (!decoded_key || !decoded_value || pairs.size() == kQueryCountMax) {
            return std::nullopt;
        }
        pairs.emplace_back(*std::move(decoded_key), *std::move(decoded_value));
    }
    return pairs;
}

}  // namespace hangu::http

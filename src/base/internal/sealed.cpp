#include "base/sealed.hpp"

namespace hangu {

std::optional<Phone> Phone::parse(std::string_view text, std::string_view country) {
    std::string digits;
    bool international = false;
    const std::string_view body = trimmed(text);
    for (std::size_t i = 0; i < body.size(); ++i) {
        const char c = body[i];
        if (c >= '0' && c <= '9') {
            digits += c;
        } else if (c == '+' && i == 0) {
            international = true;
        } else if (c != ' ' && c != '-' && c != '(' && c != ')') {
            return std::nullopt;
        }
    }
    if (!international && digits.starts_with("00")) {
        international = true;
        digits.erase(0, 2);
    }
    if (!international) {
        const bool chinese = country == "86";
        if (chinese && (digits.size() != 11 || digits[0] != '1' || digits[1] < '3')) {
            return std::nullopt;
        }
        digits.insert(0, country);
    } else if (digits.starts_with("86") &&
               (digits.size() != 13 || digits[2] != '1' || digits[3] < '3')) {
        return std::nullopt;
    }
    if (digits.size() < 8 || digits.size() > 15 || digits[0] == '0') {
        return std::nullopt;
    }
    return Phone("+" + digits);
}

std::string Phone::national() const {
    return e164_.starts_with("+86") ? e164_.substr(3) : e164_;
}

std::string Phone::masked() const {
    const std::string number = national();
    if (number.size() < 8) {
        return number.empty() ? "" : "****";
    }
    const std::size_t hidden_from = number.size() - 8;
    return number.substr(0, hidden_from) + "****" + number.substr(number.size() - 4);
}

std::optional<Email> Email::parse(std::string_view text) {
    const std::string_view body = trimmed(text);
    const std::size_t at = body.find('@');
    const bool shaped = at != std::string_view::npos && at > 0 && at + 3 < body.size() &&
                        body.find('@', at + 1) == std::string_view::npos &&
                        body.find('.', at + 1) != std::string_view::npos && body.size() <= 254;
    if (!shaped) {
        return std::nullopt;
    }
    for (const char c : body) {
        if (c <= ' ' || c == 0x7F || c == '<' || c == '>' || c == '"') {
            return std::nullopt;
        }
    }
    return Email(lower_ascii(body));
}

std::string Email::masked() const {
    const std::size_t at = text_.find('@');
    return at == std::string::npos ? "" : text_.substr(0, 1) + "***" + text_.substr(at);
}

std::string PersonName::masked() const {
    if (text_.empty()) {
        return "";
    }
    std::size_t length = 1;
    while (length < text_.size() && (static_cast<unsigned char>(text_[length]) & 0xC0U) == 0x80U) {
        ++length;
    }
    return text_.substr(0, length) + "**";
}

}  // namespace hangu

#include "platform/egress/internal/host_rules.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hangu::egress {

std::vector<std::string> hosts_of(std::string_view list) {
    std::vector<std::string> hosts;
    std::string one;
    for (const char c : list) {
        if (c == ',' || c == ' ' || c == '\t' || c == '\n') {
            if (!one.empty()) {
                hosts.push_back(lower_ascii(one));
            }
            one.clear();
        } else {
            one += c;
        }
    }
    if (!one.empty()) {
        hosts.push_back(lower_ascii(one));
    }
    return hosts;
}

bool is_host_pattern(std::string_view text) {
    if (text.starts_with("*.")) {
        text.remove_prefix(2);
        if (text.find('.') == std::string_view::npos) {
            return false;  // "*.com" would be everybody
        }
    }
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    };
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), fits) &&
           text.front() != '.' && text.back() != '.' && text.find("..") == std::string_view::npos;
}

bool is_allowed(const std::vector<std::string>& allowed, std::string_view host) {
    const std::string name = lower_ascii(host);
    return std::any_of(allowed.begin(), allowed.end(), [&name](const std::string& one) {
        if (!one.starts_with("*.")) {
            return one == name;
        }
        const std::string_view tail = std::string_view(one).substr(1);  // ".example.com"
        return name.size() > tail.size() && name.ends_with(tail);
    });
}

}  // namespace hangu::egress

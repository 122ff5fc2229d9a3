// Pure rules of the member list's search.
#pragma once

#include <string>
#include <string_view>

namespace hangu::member {

// "M1000", "m1000" or "1000": the beginning of a code. "" if it is none.
inline std::string code_prefix_of(std::string_view text) {
    std::string_view digits = text;
    if (!digits.empty() && (digits.front() == 'M' || digits.front() == 'm')) {
        digits.remove_prefix(1);
    }
    if (text.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
        return "";
    }
    return "M" + std::string(digits);
}

}  // namespace hangu::member

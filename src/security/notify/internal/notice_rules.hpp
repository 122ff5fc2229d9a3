// Rules of notices: their words, and who of the channels wants them.
#pragma once

#include "security/notify/notify.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hangu::notify {

inline constexpr std::string_view kChannelTest = "channel.test";

struct NoticeText {
    std::string title;
    std::string text;
};

// {names} become values; one that is missing becomes a dash, and a value is never read again.
std::string filled(std::string_view pattern, const std::vector<Parameter>& parameters);
// A parameter "x_zh" or "x_en" is what {x} says in that language.
NoticeText text_of(const NoticeKind& kind, const std::vector<Parameter>& parameters, Locale locale);

// `kinds` are codes separated by blanks; "" : all of that severity and above.
bool wants(Severity severity_min, std::string_view kinds, const NoticeKind& kind);

}  // namespace hangu::notify

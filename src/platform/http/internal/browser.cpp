#include "platform/http/browser.hpp"

#include "platform/observe/observe.hpp"

#include <algorithm>

namespace hangu::http {

std::string browser_of(std::string_view user_agent) {
    constexpr std::size_t kNameBytesMax = 120;
    constexpr std::size_t kReadBytesMax = 512;  // what is cut off in a number's middle stays out
    std::string text(user_agent.substr(0, kReadBytesMax));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    observe::redact(text);
    text.resize(std::min(text.size(), kNameBytesMax));
    return text;
}

}  // namespace hangu::http

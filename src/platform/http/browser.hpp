// What a browser calls itself.
#pragma once

#include <string>
#include <string_view>

namespace hangu::http {

// The first 120 bytes of a User-Agent, in visible ASCII (the rest is "?"), without the phone
// numbers and credentials that somebody wrote into it: fit to be stored and shown.
std::string browser_of(std::string_view user_agent);

}  // namespace hangu::http

// The list of allowed hosts: names, and names that begin with "*." for everything below them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hangu::egress {

// Names separated by commas or blanks, in lower case. Addresses are names here too.
std::vector<std::string> hosts_of(std::string_view list);
bool is_host_pattern(std::string_view text);
// "*.example.com" lets "a.example.com" and "a.b.example.com" pass, not "example.com" itself.
bool is_allowed(const std::vector<std::string>& allowed, std::string_view host);

}  // namespace hangu::egress

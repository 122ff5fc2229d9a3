// What the groups of the API are about: for the OpenAPI document and its readable page.
#pragma once

#include <string>
#include <string_view>

namespace hangu::http {

std::string tag_text(std::string_view tag);

}  // namespace hangu::http

// How a file is handed to a browser. Whoever put it there may have lied about what it is, and a
// browser that believes it runs scripts in our name: so only three kinds of pictures are shown, and
// only when their bytes are that; everything else is saved. Pure.
#pragma once

#include "platform/files/links.hpp"

#include <string>
#include <string_view>

namespace hangu::files {

// The type to answer with: what was said when it was put, where that is harmless.
std::string handed_type(std::string_view said);
// Is it one that may be shown, and do its first bytes say the same?
bool may_be_shown(std::string_view said, std::string_view first_bytes);
// RFC 6266: an ASCII name for the old ones and the true one beside it.
std::string content_disposition(bool shown, std::string_view name);

}  // namespace hangu::files

// What both sides refuse in the same words, before they ask a disk or a server.
#pragma once

#include "platform/files/object_store.hpp"

namespace hangu::files {

inline Problem not_found() {
    return Problem::not_found("files.not_found");
}

// The reason is for the log: it may name folders and hosts.
inline Problem unavailable(std::string note) {
    return Problem::unavailable("files.unavailable").with_note(std::move(note));
}

inline Result<void> check_name(std::string_view name) {
    return is_object_name(name) ? Result<void>()
                                : Result<void>(Problem::invalid("files.name_invalid"));
}

inline Result<void> check_put(std::string_view name, const Source& source) {
    HANGU_CHECK(check_name(name));
    const bool fits = source.bytes() >= 0 && source.bytes() <= kObjectBytesMax;
    return fits ? Result<void>() : Result<void>(Problem::invalid("files.too_large"));
}

inline Result<void> check_get(std::string_view name, std::int64_t from, std::size_t bytes) {
    HANGU_CHECK(check_name(name));
    const bool fits = from >= 0 && from <= kObjectBytesMax && bytes > 0 && bytes <= kGetBytesMax;
    return fits ? Result<void>() : Result<void>(Problem::invalid("files.too_large"));
}

// A prefix is a name, the beginning of one, or a name and "/".
inline Result<void> check_list(const std::string& prefix, const std::string& after,
                               std::int64_t count) {
    const bool sound = (prefix.empty() || is_object_name(prefix + "x")) &&
                       (after.empty() || is_object_name(after)) && count > 0 &&
                       count <= kListCountMax;
    return sound ? Result<void>() : Result<void>(Problem::invalid("files.name_invalid"));
}

}  // namespace hangu::files

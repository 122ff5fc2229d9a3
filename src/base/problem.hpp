// What a caller can cause, and be told about. The code is stable for ever ("order.stale"); the note
// goes to the log and never to the caller.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu {

enum class Kind : std::uint8_t {
    invalid,          // the request can never succeed as it is
    unauthenticated,  // nobody, or a credential that is no longer good
    forbidden,        // known, and may not
    not_found,        // does not exist, or is outside what the caller may know
    conflict,         // would have been right on another state
    limited,          // too much, too often
    unavailable,      // try again later
};

struct FieldProblem {
    std::string field;   // path in the request: "lines[2].quantity"
    std::string code;    // "field.required", "field.too_long", ...
    std::string detail;  // what would be right, for people
};

struct Problem {
    Kind kind = Kind::invalid;
    std::string code;
    std::string detail;  // may be shown; no secret, no personal data
    std::vector<FieldProblem> fields;
    std::string note;  // for the log only

    static Problem invalid(std::string_view code, std::string_view detail = {}) {
        return {Kind::invalid, std::string(code), std::string(detail), {}, {}};
    }
    static Problem invalid_field(std::string_view field, std::string_view code,
                                 std::string_view detail = {}) {
        Problem problem = invalid("input.invalid");
        problem.fields.push_back({std::string(field), std::string(code), std::string(detail)});
        return problem;
    }
    static Problem unauthenticated(std::string_view code, std::string_view detail = {}) {
        return {Kind::unauthenticated, std::string(code), std::string(detail), {}, {}};
    }
    static Problem forbidden(std::string_view code, std::string_view detail = {}) {
        return {Kind::forbidden, std::string(code), std::string(detail), {}, {}};
    }
    static Problem not_found(std::string_view code, std::string_view detail = {}) {
        return {Kind::not_found, std::string(code), std::string(detail), {}, {}};
    }
    static Problem conflict(std::string_view code, std::string_view detail = {}) {
        return {Kind::conflict, std::string(code), std::string(detail), {}, {}};
    }
    static Problem limited(std::string_view code, std::string_view detail = {}) {
        return {Kind::limited, std::string(code), std::string(detail), {}, {}};
    }
    static Problem unavailable(std::string_view code, std::string_view detail = {}) {
        return {Kind::unavailable, std::string(code), std::string(detail), {}, {}};
    }

    Problem&& with_note(std::string text) && {
        note = std::move(text);
        return std::move(*this);
    }
};

}  // namespace hangu

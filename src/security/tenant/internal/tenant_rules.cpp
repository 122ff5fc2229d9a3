#include "security/tenant/internal/tenant_rules.hpp"

#include "base/text.hpp"
#include "security/tenant/tenant.hpp"

#include <algorithm>

namespace hangu::tenant {

namespace {

constexpr std::size_t kCodeBytesMin = 2;
constexpr std::size_t kCodeBytesMax = 32;
constexpr std::size_t kNameCharactersMax = 60;
constexpr std::int64_t kOffsetMin = -12 * 60;
constexpr std::int64_t kOffsetMax = 14 * 60;
constexpr std::size_t kReasonCharactersMin = 2;
constexpr std::size_t kReasonCharactersMax = 200;

bool is_text(std::string_view text, std::size_t characters_min, std::size_t characters_max) {
    if (!is_utf8(text) || has_control_characters(text)) {
        return false;
    }
    const std::size_t characters = count_characters(trimmed(text));
    return characters >= characters_min && characters <= characters_max;
}

}  // namespace

bool is_code(std::string_view code) {
    if (code.size() < kCodeBytesMin || code.size() > kCodeBytesMax || code.front() == '-' ||
        code.back() == '-') {
        return false;
    }
    return std::all_of(code.begin(), code.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

Result<void> check_new_tenant(std::string_view code, std::string_view name,
                              std::int64_t utc_offset_minutes) {
    Problem problem = Problem::invalid("input.invalid");
    if (code == kPlatformCode) {
        problem.fields.push_back({"code", "tenant.code_reserved", "the platform's own"});
    }
    if (!is_code(code)) {
        problem.fields.push_back({"code", "field.wrong_form", "2 to 32 of a-z, 0-9 and -"});
    }
    if (!is_text(name, 1, kNameCharactersMax)) {
        problem.fields.push_back({"name", "field.wrong_length", "1 to 60 characters"});
    }
    if (utc_offset_minutes < kOffsetMin || utc_offset_minutes > kOffsetMax) {
        problem.fields.push_back({"utc_offset_minutes", "field.out_of_range", "-720 to 840"});
    }
    if (!problem.fields.empty()) {
        return problem;
    }
    return {};
}

Result<void> check_reason(std::string_view reason) {
    if (!is_text(reason, kReasonCharactersMin, kReasonCharactersMax)) {
        return Problem::invalid_field("reason", "field.wrong_length", "2 to 200 characters");
    }
    return {};
}

}  // namespace hangu::tenant

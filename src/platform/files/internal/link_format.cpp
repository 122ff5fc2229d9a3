// A link is base64url(payload) "." base64url(HMAC-SHA256). Payload: version 1 ‖ flags (1 shown,
// 2 bound) ‖ tenant(8) ‖ until in ms(8) ‖ length(1) and bytes of the shown name ‖ the file's name.
#include "base/text.hpp"
#include "platform/files/internal/number_bytes.hpp"
#include "platform/files/links.hpp"

namespace hangu::files {

namespace {

constexpr char kVersion = 1;
constexpr char kShown = 1;
constexpr char kBound = 2;
constexpr std::size_t kFixedBytes = 1 + 1 + 8 + 8 + 1;
constexpr std::size_t kLinkBytesMax = 1200;

// The payload's length stands before it, so that no other cut of the same bytes fits.
std::string signature_of(crypto::TenantKeys& keys, std::string_view payload,
                         std::string_view bound_to) {
    const Secret key = keys.derived("files.link");
    const std::string text = number_bytes(static_cast<std::int64_t>(payload.size())) +
                             std::string(payload) + std::string(bound_to);
    return std::string(crypto::hmac_sha256(key.expose(), text).view());
}

}  // namespace

std::string make_link(crypto::TenantKeys& keys, const LinkTerms& terms) {
    HANGU_ASSERT(is_object_name(terms.file.name));
    HANGU_ASSERT(terms.shown_name.size() <= kShownNameBytesMax);
    const bool shown = terms.disposition == Disposition::shown;
    std::string payload;
    payload += kVersion;
    payload += static_cast<char>((shown ? kShown : 0) | (terms.bound_to.empty() ? 0 : kBound));
    payload += number_bytes(terms.file.tenant.value());
    payload += number_bytes(terms.until.unix_ms());
    payload += static_cast<char>(terms.shown_name.size());
    payload += terms.shown_name;
    payload += terms.file.name;
    return "/files/" + to_base64url(payload) + "." +
           to_base64url(signature_of(keys, payload, terms.bound_to));
}

Time link_until(Time now) {
    return Time((now.unix_ms() / kHourMs + 2) * kHourMs);
}

std::string binding_of(const http::Caller& caller) {
    return std::to_string(static_cast<int>(caller.kind)) + ":" + caller.tenant.text() + ":" +
           id_text(caller.actor_id);
}

std::optional<LinkClaim> read_link(std::string_view link) {
    const std::vector<std::string_view> halves = split(link, '.');
    if (link.size() > kLinkBytesMax || halves.size() != 2) {
        return std::nullopt;
    }
    std::optional<std::string> payload = from_base64url(halves[0]);
    std::optional<std::string> signature = from_base64url(halves[1]);
    if (!payload || !signature || payload->size() < kFixedBytes || payload->front() != kVersion) {
        return std::nullopt;
    }
    const std::string_view bytes = *payload;
    const char flags = bytes[1];
    const std::size_t shown_bytes = static_cast<unsigned char>(bytes[kFixedBytes - 1]);
    if ((flags & ~(kShown | kBound)) != 0 || shown_bytes > kShownNameBytesMax ||
        bytes.size() < kFixedBytes + shown_bytes) {
        return std::nullopt;
    }
    LinkClaim claim;
    claim.terms.disposition = (flags & kShown) != 0 ? Disposition::shown : Disposition::attachment;
    claim.is_bound = (flags & kBound) != 0;
    claim.terms.file.tenant = TenantId(number_at(bytes.substr(2)));
    claim.terms.until = Time(number_at(bytes.substr(10)));
    claim.terms.shown_name = bytes.substr(kFixedBytes, shown_bytes);
    claim.terms.file.name = bytes.substr(kFixedBytes + shown_bytes);
    if (!is_object_name(claim.terms.file.name) || !is_utf8(claim.terms.shown_name)) {
        return std::nullopt;
    }
    claim.payload = *std::move(payload);
    claim.signature = *std::move(signature);
    return claim;
}

bool is_signed(crypto::TenantKeys& keys, const LinkClaim& claim, std::string_view bound_to) {
    return claim.is_bound == !bound_to.empty() &&
           equal_in_constant_time(signature_of(keys, claim.payload, bound_to), claim.signature);
}

}  // namespace hangu::files

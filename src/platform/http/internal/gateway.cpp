#include "platform/http/internal/gateway.hpp"

#include <algorithm>

namespace hangu::http {
namespace {

constexpr std::string_view kPrefix = "x-hangu-";
constexpr std::string_view kClient = "x-hangu-client";
constexpr std::string_view kScheme = "x-hangu-scheme";
constexpr std::string_view kHop = "x-hangu-hop";

bool is_gateways(const Header& header) {
    const std::string_view name = header.name;
    return name.starts_with(kPrefix) && (name == kClient || name == kScheme || name == kHop);
}

}  // namespace

Refusal read_gateway_word(const Request& request, GatewayWord& word) {
    word = GatewayWord();
    for (const Header& header : request.headers) {
        if (!is_gateways(header)) {
            continue;
        }
        // One that stands twice came in part from somebody else.
        if (header.name == kClient) {
            const bool again = word.client.has_value();
            word.client = Address::parse(header.value);
            if (again || !word.client) {
                return Refusal::bad_gateway_header;
            }
        } else if (header.name == kScheme) {
            const bool https = header.value == "https";
            if (word.secure || (!https && header.value != "http")) {
                return Refusal::bad_gateway_header;
            }
            word.secure = https;
        } else {
            if (word.hopped || header.value != "1") {
                return Refusal::bad_gateway_header;
            }
            word.hopped = true;
        }
    }
    return word.client || is_health_path(request.path) ? Refusal::none : Refusal::gateway_silent;
}

bool is_by_gateway(const Request& request) {
    return !request.header(kClient).empty();
}

bool is_hopped(const Request& request) {
    return !request.header(kHop).empty();
}

void drop_gateway_headers(Request& request) {
    std::erase_if(request.headers, is_gateways);
}

}  // namespace hangu::http

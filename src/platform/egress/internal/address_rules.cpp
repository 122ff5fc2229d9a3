#include "platform/egress/internal/address_rules.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <string>

namespace hangu::egress {

namespace {

struct Range4 {
    std::uint32_t first;
    int bits;
};

// IANA's special-purpose registry without 127/8, which has a class of its own.
constexpr Range4 kInside4[] = {
    {0x00000000, 8},   // this network
    {0x0A000000, 8},   // private
    {0x64400000, 10},  // shared by carriers; also metadata services of clouds
    {0xA9FE0000, 16},  // link-local; metadata services
    {0xAC100000, 12},  // private
    {0xC0000000, 24},  // IETF protocol assignments
    {0xC0000200, 24},  // documentation
    {0xC0586300, 24},  // 6to4 relays
    {0xC0A80000, 16},  // private
    {0xC6120000, 15},  // benchmarks
    {0xC6336400, 24},  // documentation
    {0xCB007100, 24},  // documentation
    {0xE0000000, 4},   // multicast
    {0xF0000000, 4},   // reserved, broadcast
};

constexpr Range4 kPrivate4[] = {{0x0A000000, 8}, {0xAC100000, 12}, {0xC0A80000, 16}};

constexpr bool within(std::uint32_t address, const Range4& range) {
    return (address ^ range.first) >> (32 - range.bits) == 0;
}

std::uint32_t word_at(const std::array<std::uint8_t, 16>& address, std::size_t at) {
    return static_cast<std::uint32_t>(address[at]) << 24U |
           static_cast<std::uint32_t>(address[at + 1]) << 16U |
           static_cast<std::uint32_t>(address[at + 2]) << 8U | address[at + 3];
}

bool is_private_v4(std::uint32_t address) {
    return std::any_of(std::begin(kPrivate4), std::end(kPrivate4),
                       [address](const Range4& one) { return within(address, one); });
}

std::array<std::uint8_t, 16> bytes_of(const sockaddr& address) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
    return bytes;
}

std::uint32_t word_of(const sockaddr& address) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return ntohl(v4.sin_addr.s_addr);
}

}  // namespace

AddressClass class_of_v4(std::uint32_t address) {
    if (within(address, {0x7F000000, 8})) {
        return AddressClass::loopback;
    }
    const bool inside = std::any_of(std::begin(kInside4), std::end(kInside4),
                                    [address](const Range4& one) { return within(address, one); });
    return inside ? AddressClass::inside : AddressClass::world;
}

AddressClass class_of_v6(const std::array<std::uint8_t, 16>& address) {
    const std::uint32_t a = word_at(address, 0);
    const std::uint32_t b = word_at(address, 4);
    const std::uint32_t c = word_at(address, 8);
    const std::uint32_t d = word_at(address, 12);
    if (a == 0 && b == 0 && c == 0 && d == 1) {
        return AddressClass::loopback;
    }
    if (a == 0 && b == 0 && c == 0x0000FFFF) {  // an IPv4 address in disguise
        return class_of_v4(d);
    }
    if (a == 0x0064FF9B && b == 0 && c == 0) {  // the same behind a translator
        return class_of_v4(d) == AddressClass::world ? AddressClass::world : AddressClass::inside;
    }
    // Only 2000::/3 is given to the world; of it not Teredo, documentation and 6to4.
    const bool global = a >> 29U == 1;
    const bool special = a == 0x20010000 || a == 0x20010DB8 || a >> 16U == 0x2002 ||
                         (a >> 16U == 0x2001 && (a & 0xFFFFU) < 0x0200);
    return global && !special ? AddressClass::world : AddressClass::inside;
}

AddressClass class_of(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        return class_of_v4(word_of(address));
    }
    if (address.sa_family == AF_INET6) {
        return class_of_v6(bytes_of(address));
    }
    return AddressClass::inside;
}

bool is_private(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        return is_private_v4(word_of(address));
    }
    if (address.sa_family != AF_INET6) {
        return false;
    }
    const std::array<std::uint8_t, 16> bytes = bytes_of(address);
    const bool mapped =
        word_at(bytes, 0) == 0 && word_at(bytes, 4) == 0 && word_at(bytes, 8) == 0x0000FFFF;
    return mapped ? is_private_v4(word_at(bytes, 12)) : (bytes[0] & 0xFEU) == 0xFC;
}

std::optional<AddressClass> class_of_text(std::string_view text) {
    const std::string address(text);
    in_addr v4{};
    if (::inet_pton(AF_INET, address.c_str(), &v4) == 1) {
        return class_of_v4(ntohl(v4.s_addr));
    }
    std::array<std::uint8_t, 16> bytes{};
    if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) {
        return class_of_v6(bytes);
    }
    return std::nullopt;
}

}  // namespace hangu::egress

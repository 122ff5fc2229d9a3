#include "platform/http/internal/networks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

namespace hangu::http {
namespace {

constexpr std::size_t kAddressBytesMax = 45;  // the longest IPv6 text
constexpr std::array<std::uint8_t, 12> kFourPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr unsigned kFourPrefixBits = 96;

std::optional<unsigned> read_bits(std::string_view text, unsigned bits_max) {
    unsigned bits = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), bits);
    const bool whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
    const bool plain = text.size() == 1 || !text.starts_with('0');
    return whole && plain && bits <= bits_max ? std::optional(bits) : std::nullopt;
}

bool same_beginning(const Address& a, const Address& b, unsigned bits) {
    const std::size_t whole = bits / 8;
    if (!std::equal(a.bytes.begin(), a.bytes.begin() + static_cast<std::ptrdiff_t>(whole),
                    b.bytes.begin())) {
        return false;
    }
    const unsigned rest = bits % 8;
    return rest == 0 || ((a.bytes[whole] ^ b.bytes[whole]) >> (8 - rest)) == 0;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text) {
    if (text.empty() || text.size() > kAddressBytesMax ||
        text.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string whole(text);
    Address address;
    if (::inet_pton(AF_INET, whole.c_str(), address.bytes.data() + kFourPrefix.size()) == 1) {
        std::copy(kFourPrefix.begin(), kFourPrefix.end(), address.bytes.begin());
        return address;
    }
    if (::inet_pton(AF_INET6, whole.c_str(), address.bytes.data()) == 1) {
        return address;
    }
    return std::nullopt;
}

bool Address::is_four() const {
    return std::equal(kFourPrefix.begin(), kFourPrefix.end(), bytes.begin());
}

std::string Address::text() const {
    std::array<char, INET6_ADDRSTRLEN> out{};
    const bool four = is_four();
    ::inet_ntop(four ? AF_INET : AF_INET6, bytes.data() + (four ? kFourPrefix.size() : 0),
                out.data(), static_cast<socklen_t>(out.size()));
    return out.data();
}

std::string Address::owner() const {
    if (is_four()) {
        return text();
    }
    Address network = *this;
    std::fill(network.bytes.begin() + 8, network.bytes.end(), std::uint8_t{0});
    return network.text() + "/64";
}

Result<void> Networks::read(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        const std::size_t slash = text.find('/');
        const std::optional<Address> address = Address::parse(text.substr(0, slash));
        const bool four = address && text.find(':') == std::string::npos;
        const std::optional<unsigned> bits =
            slash == std::string::npos ? std::nullopt
                                       : read_bits(text.substr(slash + 1), four ? 32 : 128);
        if (!address || !bits) {
            return Problem::invalid("server.bad_network", "A network is not written as one.")
                .with_note(text);
        }
        networks_.push_back({*address, *bits + (four ? kFourPrefixBits : 0), four});
    }
    return {};
}

bool Networks::contain(const Address& address) const {
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        return network.four == address.is_four() &&
               same_beginning(network.address, address, network.bits);
    });
}

}  // namespace hangu::http

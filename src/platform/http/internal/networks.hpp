// Addresses and networks as texts name them: strictly, so that two programs cannot read one text
// in two ways.
#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::http {

// IPv4 is kept as IPv6 holds it (::ffff:a.b.c.d), so one kind is enough.
class Address {
 public:
    // Nothing but an address: no port, no brackets, no zone, no blanks, no leading zeros.
    static std::optional<Address> parse(std::string_view text);

    bool is_four() const;
    std::string text() const;  // the one way to write it; IPv4 with dots
    // Whom connections and requests are counted for: whoever has one IPv6 address has its /64.
    std::string owner() const;

    std::array<std::uint8_t, 16> bytes{};
};

// "10.0.0.0/8", "::1/128".
class Networks {
 public:
    // "server.bad_network" with the text in its note.
    Result<void> read(const std::vector<std::string>& texts);
    bool empty() const { return networks_.empty(); }
    bool contain(const Address& address) const;

 private:
    struct Network {
        Address address;
        unsigned bits = 0;  // of the sixteen bytes
        bool four = false;  // "::/0" is every IPv6 address, and no IPv4 one
    };
    std::vector<Network> networks_;
};

}  // namespace hangu::http

// A merchant for load: a tenant with stores and products, and sessions to order with.
#pragma once

#include "tests/system/client.hpp"
#include "tests/system/server.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hangu::system {

class Shop {
 public:
    // Makes the tenant by the command line (in the serving process, or without one) and signs its
    // owner in.
    Shop(const std::string& data, std::uint16_t port, std::string code);

    void open_stores(std::size_t count);
    // A product of 12.00; `remaining`: only so many are left in the first store.
    void sell(const std::string& code, std::optional<std::int64_t> remaining = std::nullopt);
    void add_member(const std::string& name, const std::string& phone);
    // The cookie of a new person who may do everything with orders.
    std::string new_till();

    // An order of `quantity` of the product, paid in cash.
    std::string order_body(std::size_t store, std::size_t product, int quantity) const;

    Client& owner() { return owner_; }
    const std::string& code() const { return code_; }
    const std::string& id() const { return id_; }
    const std::string& headquarters() const { return headquarters_; }
    const std::vector<std::string>& stores() const { return stores_; }
    const std::vector<std::string>& products() const { return products_; }
    const std::vector<std::string>& specs() const { return specs_; }
    const std::vector<std::string>& members() const { return members_; }

    // Sends as the owner; throws unless the answer is good.
    boost::json::value must(std::string_view method, std::string_view path,
                            const boost::json::value& body = nullptr);

 private:
    std::string code_;
    std::string id_;
    Client owner_;
    std::uint16_t port_;
    std::string headquarters_;
    std::vector<std::string> stores_;
    std::vector<std::string> products_;
    std::vector<std::string> specs_;
    std::vector<std::string> members_;
    std::string category_;
    std::string till_role_;
    int tills_ = 0;
};

std::string text_at(const boost::json::value& value, std::string_view member);
boost::json::object order_of(const std::string& store, const std::string& spec, int quantity);

}  // namespace hangu::system

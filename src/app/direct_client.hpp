// Calls the product's own routes inside this process, as the system: the demo chain and the benches
// are made through the same use cases as a person's clicks.
#pragma once

#include "app/house.hpp"
#include "platform/http/route.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hangu::app {

class DirectClient {
 public:
    DirectClient(House& house, std::vector<http::RouteEntry> routes, http::Caller caller);

    // Answers the JSON of a success; throws std::runtime_error with the problem otherwise.
    boost::json::value call(std::string_view method, const std::string& path,
                            const std::string& body = "");
    // The same without looking at the answer's JSON; the text of the body.
    std::string call_text(std::string_view method, const std::string& path,
                          const std::string& body = "");

    const http::Caller& caller() const { return caller_; }

 private:
    const http::RouteEntry& entry_of(std::string_view method, std::string_view path,
                                     http::PathParameters& parameters) const;

    House& house_;
    std::vector<http::RouteEntry> routes_;
    http::Caller caller_;
};

}  // namespace hangu::app

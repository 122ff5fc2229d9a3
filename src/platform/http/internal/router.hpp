// Finds the route of a method and a path. Literal segments go before parameters.
#pragma once

#include "platform/http/route.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::http {

struct Match {
    const RouteEntry* entry = nullptr;  // null: not found, or another method
    std::size_t index = 0;
    PathParameters parameters;
    bool path_known = false;
    std::string allowed;  // methods of that path, for 405
};

class Router {
 public:
    // Throws Bug when two routes want the same place or a name stands twice.
    explicit Router(std::vector<RouteEntry> entries);

    Match find(std::string_view method, std::string_view path) const;
    const std::vector<RouteEntry>& entries() const { return entries_; }

 private:
    struct Node {
        std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
        std::unique_ptr<Node> parameter;
        std::map<std::string, std::size_t, std::less<>> methods;
    };
    void place(std::size_t index);
    const Node* walk(const Node& node, const std::vector<std::string_view>& segments,
                     std::size_t at, std::vector<std::string_view>& values) const;

    std::vector<RouteEntry> entries_;
    std::vector<std::vector<std::string_view>> parameter_names_;
    Node root_;
};

}  // namespace hangu::http

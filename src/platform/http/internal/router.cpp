#include "platform/http/internal/router.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <set>

namespace hangu::http {

namespace {

bool is_parameter(std::string_view segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

}  // namespace

Router::Router(std::vector<RouteEntry> entries) : entries_(std::move(entries)) {
    std::set<std::string_view> names;
    parameter_names_.resize(entries_.size());
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (!names.insert(entries_[i].route.name).second) {
            throw Bug(fmt::format("two routes are named {}", entries_[i].route.name));
        }
        place(i);
    }
}

void Router::place(std::size_t index) {
    const Route& route = entries_[index].route;
    Node* node = &root_;
    for (const std::string_view segment : split(route.path, '/')) {
        std::unique_ptr<Node>* next = nullptr;
        if (is_parameter(segment)) {
            parameter_names_[index].push_back(segment.substr(1, segment.size() - 2));
            next = &node->parameter;
        } else {
            next = &node->literals[std::string(segment)];
        }
        if (!*next) {
            *next = std::make_unique<Node>();
        }
        node = next->get();
    }
    if (!node->methods.emplace(route.method, index).second) {
        throw Bug(fmt::format("two routes want {} {}", route.method, route.path));
    }
}

const Router::Node* Router::walk(const Node& node, const std::vector<std::string_view>& segments,
                                 std::size_t at, std::vector<std::string_view>& values) const {
    if (at == segments.size()) {
        return node.methods.empty() ? nullptr : &node;
    }
    const auto literal = node.literals.find(segments[at]);
    if (literal != node.literals.end()) {
        if (const Node* found = walk(*literal->second, segments, at + 1, values)) {
            return found;
        }
    }
    if (node.parameter && !segments[at].empty()) {
        values.push_back(segments[at]);
        if (const Node* found = walk(*node.parameter, segments, at + 1, values)) {
            return found;
        }
        values.pop_back();
    }
    return nullptr;
}

Match Router::find(std::string_view method, std::string_view path) const {
    Match match;
    const std::vector<std::string_view> segments = split(path, '/');
    constexpr std::size_t kSegmentsCountMax = 16;
    if (segments.size() > kSegmentsCountMax) {
        return match;
    }
    std::vector<std::string_view> values;
    const Node* node = walk(root_, segments, 0, values);
    if (node == nullptr) {
        return match;
    }
    match.path_known = true;
    const auto found = node->methods.find(method == "HEAD" ? std::string_view("GET") : method);
    if (found == node->methods.end()) {
        for (const auto& [allowed, index] : node->methods) {
            match.allowed += match.allowed.empty() ? allowed : ", " + allowed;
        }
        return match;
    }
    match.index = found->second;
    match.entry = &entries_[match.index];
    for (std::size_t i = 0; i < values.size(); ++i) {
        match.parameters.emplace_back(parameter_names_[match.index][i], std::string(values[i]));
    }
    return match;
}

}  // namespace hangu::http

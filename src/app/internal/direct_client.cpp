#include "app/direct_client.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace hangu::app {

DirectClient::DirectClient(House& house, std::vector<http::RouteEntry> routes, http::Caller caller)
    : house_(house), routes_(std::move(routes)), caller_(std::move(caller)) {}

const http::RouteEntry& DirectClient::entry_of(std::string_view method, std::string_view path,
                                               http::PathParameters& parameters) const {
    const std::vector<std::string_view> wanted = split(path, '/');
    for (const http::RouteEntry& entry : routes_) {
        const std::vector<std::string_view> pattern = split(entry.route.path, '/');
        if (entry.route.method != method || pattern.size() != wanted.size()) {
            continue;
        }
        parameters.clear();
        bool same = true;
        for (std::size_t i = 0; i < pattern.size() && same; ++i) {
            const std::string_view segment = pattern[i];
            if (segment.starts_with('{')) {
                parameters.emplace_back(segment.substr(1, segment.size() - 2), wanted[i]);
            } else {
                same = segment == wanted[i];
            }
        }
        if (same && entry.handle) {
            return entry;
        }
    }
    throw Bug(fmt::format("no route {} {}", method, path));
}

std::string DirectClient::call_text(std::string_view method, const std::string& path,
                                    const std::string& body) {
    const std::size_t question = path.find('?');
    http::Request request;
    request.method = method;
    request.target = path;
    request.path = path.substr(0, question);
    request.body = body;
    if (!body.empty()) {
        request.headers.push_back({"content-type", "application/json"});
    }
    if (question != std::string::npos) {
        request.query = http::parse_query(path.substr(question + 1))
                            .value_or(std::vector<std::pair<std::string, std::string>>());
    }
    http::PathParameters parameters;
    const http::RouteEntry& entry = entry_of(method, request.path, parameters);
    const Result<http::Response> answer = http::run_use_case(
        *house_.engine, house_.world, caller_, entry.route.work,
        [&](http::Scope& scope) { return entry.handle(scope, request, parameters); });
    if (!answer.ok()) {
        std::string text = fmt::format("{} {}: {} {}", method, path, answer.problem().code,
                                       answer.problem().detail);
        for (const FieldProblem& field : answer.problem().fields) {
            text += fmt::format(" [{} {} {}]", field.field, field.code, field.detail);
        }
        throw std::runtime_error(text);
    }
    const std::string* text = std::get_if<std::string>(&answer->body);
    return text == nullptr ? "" : *text;
}

boost::json::value DirectClient::call(std::string_view method, const std::string& path,
                                      const std::string& body) {
    const std::string text = call_text(method, path, body);
    return text.empty() ? boost::json::value() : boost::json::parse(text);
}

}  // namespace hangu::app

// Calls a route's handler with JSON in and out, in a transaction of its own, as the pipeline would:
// also a guarded route that never asked is found.
#pragma once

#include "platform/http/route.hpp"
#include "tests/support/test_world.hpp"

#include <boost/json.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hangu::testing {

class RouteCaller {
 public:
    RouteCaller(TestWorld& world, http::Routes routes) : world_(world), entries_(routes.take()) {}

    // `path` are the parameters of the path and of the query; `body` is JSON, "" for none.
    Result<boost::json::value> call(const http::Caller& caller, std::string_view name,
                                    const std::vector<std::pair<std::string, std::string>>& path,
                                    const std::string& body = "") {
        const http::RouteEntry& entry = find(name);
        http::Request request;
        request.method = entry.route.method;
        request.body = body;
        request.headers.push_back({"content-type", "application/json"});
        http::PathParameters parameters;
        for (const auto& [key, value] : path) {
            const std::string marker = "{" + key + "}";
            if (entry.route.path.find(marker) != std::string_view::npos) {
                parameters.emplace_back(key, value);
            } else {
                request.query.emplace_back(key, value);
            }
        }
        Result<std::string> answer = http::run_use_case(
            *world_.engine, world_.world, caller, entry.route.work,
            [&](http::Scope& scope) -> Result<std::string> {
                if (!scope.holds(entry.route.permission)) {
                    return Problem::forbidden("permission.denied");
                }
                HANGU_TRY(const http::Response response, entry.handle(scope, request, parameters));
                const bool must_ask = entry.route.guard == http::Guard::organisation;
                HANGU_ASSERT(!must_ask || scope.was_guarded());
                return std::get<std::string>(response.body);
            });
        if (!answer.ok()) {
            return std::move(answer).problem();
        }
        return answer->empty() ? boost::json::value() : boost::json::parse(*answer);
    }

    // As the system, with success.
    boost::json::value ok(std::string_view name,
                          const std::vector<std::pair<std::string, std::string>>& path,
                          const std::string& body = "") {
        return ok_as(world_.system(), name, path, body);
    }
    boost::json::value ok_as(const http::Caller& caller, std::string_view name,
                             const std::vector<std::pair<std::string, std::string>>& path,
                             const std::string& body = "") {
        Result<boost::json::value> answer = call(caller, name, path, body);
        if (!answer.ok()) {
            std::string text = std::string(name) + ": " + answer.problem().code;
            for (const FieldProblem& field : answer.problem().fields) {
                text += " " + field.field + "=" + field.code;
            }
            throw std::runtime_error(text);
        }
        return *std::move(answer);
    }
    // The code of the problem, or "" for success.
    std::string code(const http::Caller& caller, std::string_view name,
                     const std::vector<std::pair<std::string, std::string>>& path,
                     const std::string& body = "") {
        const Result<boost::json::value> answer = call(caller, name, path, body);
        return answer.ok() ? "" : answer.problem().code;
    }

    const std::vector<http::RouteEntry>& entries() const { return entries_; }

 private:
    const http::RouteEntry& find(std::string_view name) const {
        for (const http::RouteEntry& entry : entries_) {
            if (entry.route.name == name) {
                return entry;
            }
        }
        throw std::runtime_error("no route " + std::string(name));
    }

    TestWorld& world_;
    std::vector<http::RouteEntry> entries_;
};

// Text of a string member: text(order, "number").
inline std::string text(const boost::json::value& value, std::string_view member) {
    return std::string(value.at(member).as_string());
}
inline std::int64_t number(const boost::json::value& value, std::string_view member) {
    return value.at(member).to_number<std::int64_t>();
}

}  // namespace hangu::testing

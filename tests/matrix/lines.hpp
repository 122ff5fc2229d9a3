// What is expected of every route. A route without a line fails the matrix; so does a line without
// a route.
#pragma once

#include "tests/matrix/ground.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace hangu::matrix {

// How the other merchant's people fare, with every right in their own house.
enum class Foreign {
    missing,  // the call names something of amber: 404 or 403, as if it did not exist
    field,    // the same in a field of the body: 422 with that field
    own,      // it works, on their own things; nothing of amber shows
};

// How someone fares who holds the permission, but only at store AMB-2, when the call is about
// AMB-1.
enum class Outside {
    refused,      // 403 permission.outside_scope, or 404
    hidden,       // it works, and nothing of AMB-1 shows
    tenant_wide,  // it works: the thing belongs to the whole merchant
};

struct Line {
    std::string_view route;
    Foreign foreign;
    Outside outside;
    // A good request about amber's things at store AMB-1, made anew for each cell.
    std::function<Call(Ground&)> call;
    // Words that must not show to someone outside (Outside::hidden).
    std::vector<std::string> hidden = {"AMB-1"};
    // Instead of `call`, for what concerns the caller's own things.
    std::function<Call(Ground&, Person&)> own_call = nullptr;
    // What the call asks for besides the route's own permission.
    std::vector<std::string> also = {};

    Call made_for(Ground& ground, Person& person) const {
        return own_call ? own_call(ground, person) : call(ground);
    }
};

Call get(std::string target);
Call post(std::string target);
Call post(std::string target, boost::json::object body);

const std::vector<Line>& lines();
std::vector<Line> security_lines();
std::vector<Line> notify_lines();
std::vector<Line> delivery_lines();
std::vector<Line> commerce_lines();

}  // namespace hangu::matrix

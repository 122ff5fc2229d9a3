// Destinations of events, and what did not arrive there.
#include "tests/matrix/lines.hpp"

namespace hangu::matrix {

namespace {

using boost::json::object;

Call call(std::string method, std::string target, boost::json::value body = nullptr) {
    return {std::move(method), "/api/v1" + std::move(target), std::move(body), {}};
}

std::string destination(Ground& ground) {
    return "/destinations/" + ground.fresh_destination();
}

std::string letter(Ground& ground) {
    return "/dead-letters/" + ground.fresh_letter();
}

}  // namespace

std::vector<Line> delivery_lines() {
    return {
        {"destination.list",
         Foreign::own,
         Outside::hidden,
         [](Ground& ground) {
             ground.fresh_destination();
             return call("GET", "/destinations");
         },
         {"amber-n"}},
        {"destination.create", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             ground.clear_destinations();
             return call("POST", "/destinations",
                         object{{"name", ground.fresh_name()},
                                {"events", {"order.*"}},
                                {"node_id", ground.value("node.AMB-1")}});
         }},
        {"destination.edit", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return call("PATCH", destination(ground), object{{"active", false}, {"version", 1}});
         }},
        {"destination.remove", Foreign::missing, Outside::refused,
         [](Ground& ground) { return call("DELETE", destination(ground) + "?version=1"); }},
        {"destination.replay", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return call("POST", destination(ground) + "/replay",
                         object{{"from_at", "2026-11-01T00:00:00Z"}, {"version", 1}});
         }},
        {"dead_letter.list", Foreign::missing, Outside::refused,
         [](Ground& ground) { return call("GET", destination(ground) + "/dead-letters"); }},
        {"dead_letter.view", Foreign::missing, Outside::refused,
         [](Ground& ground) { return call("GET", letter(ground)); }},
        {"dead_letter.replay", Foreign::missing, Outside::refused,
         [](Ground& ground) { return call("POST", letter(ground) + "/replay"); }},
        {"dead_letter.replay_all", Foreign::missing, Outside::refused,
         [](Ground& ground) { return call("POST", destination(ground) + "/dead-letters/replay"); }},
        {"dead_letter.discard", Foreign::missing, Outside::refused,
         [](Ground& ground) {
             return call("POST", letter(ground) + "/discard", object{{"reason", "a test till"}});
         }},
    };
}

}  // namespace hangu::matrix

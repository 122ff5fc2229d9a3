#include "tests/story/at_platform.hpp"

#include "tests/story/setting_up.hpp"

namespace hangu::story {

namespace {

void enter(World& world, Person& person, const boost::json::value& token) {
    person.at_platform = true;
    must(world, person, "POST", "/api/v1/session/redeem", boost::json::object{{"token", token}});
    const boost::json::value me = must(world, person, "GET", "/api/v1/session");
    person.tenant = "platform";
    person.id = parse_id(as_text(me.at("staff").at("id"))).value();
}

}  // namespace

void begin_at_platform(World& world, Person& person) {
    const World::CommandAnswer made =
        world.command({"platform", "init", "--login", person.name, "--json"});
    if (made.status != 0) {
        throw StoryFault("no way in was made: " + made.notes);
    }
    const boost::json::value link = boost::json::parse(made.lines);
    enter(world, person, link.at("sign_in_token"));
}

void join_platform(World& world, Person& maker, Person& person,
                   const std::vector<std::string>& permissions) {
    const boost::json::array codes(permissions.begin(), permissions.end());
    const boost::json::value role =
        must(world, maker, "POST", "/api/v1/roles",
             boost::json::object{{"name", person.name}, {"permissions", codes}});
    const boost::json::value nodes = must(world, maker, "GET", "/api/v1/org-nodes");
    const boost::json::value made =
        must(world, maker, "POST", "/api/v1/staff",
             boost::json::object{{"name", person.name},
                                 {"login_name", person.name},
                                 {"node_id", nodes.at("items").at(0).at("id")},
                                 {"role_ids", {role.at("id")}}});
    enter(world, person, made.at("sign_in_link_token"));
}

}  // namespace hangu::story

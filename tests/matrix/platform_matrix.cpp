// Every route of the platform's own listener × everybody who must not call it, and that a person
// without a single right gets nowhere. Who may is told by the stories.
#include "tests/matrix/platform_matrix.hpp"

#include "tests/story/authenticator.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <regex>

namespace hangu::matrix {
namespace {

using http::Guard;
using http::RouteEntry;

// Any values: whoever is refused here is refused before they are looked at.
Call call_of(const RouteEntry& entry) {
    Call call;
    call.method = entry.route.method;
    call.target = std::regex_replace(std::string(entry.route.path), std::regex("\\{code\\}"),
                                     std::string("amber"));
    call.target =
        std::regex_replace(call.target, std::regex("\\{[a-z_]+\\}"), std::string("0000000000001"));
    if (call.method != "GET") {
        call.body = boost::json::object{{"reason", "the matrix"}};
    }
    return call;
}

struct Cell {
    PlatformGround& ground;
    const RouteEntry& entry;
};

void expect_refused(Cell& cell, Person& person, int status, std::string_view code,
                    std::string_view origin = "https://hangu.test") {
    Call call = call_of(cell.entry);
    call.origin = origin;
    story::World& world = cell.ground.ground.world;
    story::TablesReader& tables = cell.ground.ground.tables;
    const story::Tables before = tables.read();
    world.take_heard();
    const Answer answer = cell.ground.ground.send(person, call);
    EXPECT_EQ(answer.status, status) << call.method << " " << call.target << answer.shown();
    EXPECT_EQ(answer.code(), code) << call.method << " " << call.target << answer.shown();
    EXPECT_EQ(story::difference(before, tables.read()), "") << call.target << answer.shown();
    EXPECT_TRUE(world.take_heard().empty()) << call.target;
    EXPECT_EQ(answer.header("set-cookie"), "");
}

void nobody(Cell& cell) {
    Person& person = cell.ground.ground.nobody();
    person.at_platform = true;
    expect_refused(cell, person, 401, "session.required");
}

// All rights of her own house are none here, whatever name her cookie is sent under.
void merchants_owner(Cell& cell) {
    Person& person = cell.ground.ground.nobody();
    person.cookies = cell.ground.ground.amber.owner().cookies;
    person.at_platform = true;
    expect_refused(cell, person, 401, "session.required");
    for (const auto& [name, value] : cell.ground.ground.amber.owner().cookies) {
        if (name == "__Host-hangu_merchant") {
            person.cookies["__Host-hangu_platform"] = value;
        }
    }
    ASSERT_TRUE(person.cookies.contains("__Host-hangu_platform"));
    expect_refused(cell, person, 401, "session.required");
}

void application_key(Cell& cell) {
    expect_refused(cell, *cell.ground.key, 401, "session.required");
}

void other_site(Cell& cell) {
    if (cell.entry.route.method != "GET") {
        expect_refused(cell, cell.ground.keeper, 403, "origin.refused", "https://evil.test");
    }
}

void without_permission(Cell& cell) {
    if (!cell.entry.route.permission.code.empty()) {
        expect_refused(cell, cell.ground.without_rights, 403, "permission.denied");
    }
}

// The merchants' listener knows neither the route nor the operator.
void at_the_merchants(Cell& cell) {
    Person& person = cell.ground.ground.nobody();
    person.cookies = cell.ground.keeper.cookies;
    const std::vector<RouteEntry>& theirs = cell.ground.ground.world.routes();
    const bool shared = std::any_of(theirs.begin(), theirs.end(), [&](const RouteEntry& one) {
        return one.route.path == cell.entry.route.path &&
               one.route.method == cell.entry.route.method;
    });
    const bool platforms = cell.entry.route.path.starts_with("/api/v1/platform/");
    EXPECT_EQ(shared, !platforms) << cell.entry.route.path;
    if (!shared) {
        expect_refused(cell, person, 404, "route.not_found");
        return;
    }
    expect_refused(cell, person, 401, "session.required");
    for (const auto& [name, value] : cell.ground.keeper.cookies) {
        if (name == "__Host-hangu_platform") {
            person.cookies["__Host-hangu_merchant"] = value;
        }
    }
    expect_refused(cell, person, 401, "session.required");
}

using Column = void (*)(Cell&);
constexpr std::pair<std::string_view, Column> kColumns[] = {
    {"nobody", nobody},
    {"merchants_owner", merchants_owner},
    {"application_key", application_key},
    {"other_site", other_site},
    {"without_permission", without_permission},
    {"at_the_merchants", at_the_merchants},
};

class CellTest : public ::testing::Test {
 public:
    CellTest(Cell cell, Column column) : cell_(cell), column_(column) {}
    void TestBody() override {
        cell_.ground.ground.world.clock.advance_ms(1000);
        cell_.ground.be_there();
        cell_.ground.ground.world.house->audit->flush_visits_and_wait();
        column_(cell_);
    }

 private:
    Cell cell_;
    Column column_;
};

}  // namespace

PlatformGround::PlatformGround(Ground& of)
    : ground(of),
      keeper(of.world.person("platformkeeper")),
      without_rights(of.world.person("platformguest")) {}

void PlatformGround::be_there() {
    if (key == nullptr) {
        story::begin_at_platform(ground.world, keeper);
        story::set_up_app(ground.world, keeper);
        story::join_platform(ground.world, keeper, without_rights, {});
        story::set_up_app(ground.world, without_rights);
        key = &ground.application("amber", ground.all_permissions());
        key->at_platform = true;
    }
    for (Person* person : {&keeper, &without_rights}) {
        ground.send(*person, {"GET", "/api/v1/session", {}, {}});
    }
}

void register_platform_matrix(PlatformGround& ground) {
    for (const RouteEntry& entry : ground.ground.world.platform_routes()) {
        if (entry.route.guard == Guard::open) {
            continue;  // signing in; the same code as the merchants', told by stories
        }
        std::string suite = "platform_matrix_" + std::string(entry.route.name);
        std::replace(suite.begin(), suite.end(), '.', '_');
        for (const auto& [name, column] : kColumns) {
            ::testing::RegisterTest(
                suite.c_str(), std::string(name).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                [&ground, &entry, does = column]() -> ::testing::Test* {
                    return std::make_unique<CellTest>(Cell{ground, entry}, does).release();
                });
        }
    }
}

}  // namespace hangu::matrix

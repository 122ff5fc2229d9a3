// The tree and its stores: rules, and routes on a real engine.
#include "commerce/organisation/internal/organisation_rules.hpp"
#include "commerce/organisation/module.hpp"
#include "commerce/organisation/paging.hpp"
#include "tests/support/route_call.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hangu::organisation {
namespace {

using testing::number;
using testing::text;

TEST(OrganisationRules, paths_sort_as_their_labels) {
    EXPECT_EQ(child_path("", 1), "0001/");
    EXPECT_EQ(child_path("0001/", 31), "0001/000z/");
    EXPECT_EQ(child_path("0001/", 32), "0001/0010/");
    EXPECT_EQ(child_path("0001/", kChildrenCountMax), "0001/zzzz/");
    for (std::int64_t label = 1; label < 3000; ++label) {
        EXPECT_LT(child_path("0001/", label), child_path("0001/", label + 1));
        EXPECT_LT(child_path("0001/", label) + "zzzz/", child_path("0001/", label + 1));
    }
}

TEST(OrganisationRules, stores_have_no_children) {
    EXPECT_TRUE(may_have_child(NodeKind::headquarters, 0).ok());
    EXPECT_TRUE(may_have_child(NodeKind::region, 5).ok());
    EXPECT_FALSE(may_have_child(NodeKind::region, 6).ok());
    EXPECT_FALSE(may_have_child(NodeKind::store, 1).ok());
}

TEST(OrganisationRules, codes_and_times) {
    EXPECT_TRUE(is_store_code("SH-001_a"));
    EXPECT_FALSE(is_store_code(""));
    EXPECT_FALSE(is_store_code("SH 1"));
    EXPECT_FALSE(is_store_code("\xE4\xB8\x8A"));
    const auto hours = [](const char* opens, const char* closes) {
        return std::vector<OpeningHours>{{1, Text<5, 5>(opens), Text<5, 5>(closes)}};
    };
    EXPECT_FALSE(wrong_time_field(hours("07:00", "22:30")));
    EXPECT_FALSE(wrong_time_field(hours("20:00", "24:00")));
    EXPECT_EQ(wrong_time_field(hours("7:000", "22:30")), "opening_hours[0].opens");
    EXPECT_EQ(wrong_time_field(hours("07:00", "24:01")), "opening_hours[0].closes");
    EXPECT_EQ(hours_of(hours_text(hours("07:00", "22:30"))).front().closes.str(), "22:30");
}

TEST(Paging, patterns_and_cursors) {
    EXPECT_EQ(like_pattern(std::string_view("")), "%");
    EXPECT_EQ(like_pattern(std::string_view("5%_!")), "%5!%!_!!%");
    EXPECT_EQ(*key_of(Text<1, 120>(cursor_of("SH001"))), "SH001");
    EXPECT_FALSE(key_of(Text<1, 120>("*")).ok());
    EXPECT_EQ(*id_before(Text<1, 120>(cursor_of(id_text(77)))), 77);
    EXPECT_FALSE(id_before(Text<1, 120>(cursor_of("SH001"))).ok());
}

struct Chain {
    Chain() : world({part()}, permissions()), routes(world, all_routes()) {
        top = seed().id.text();
        north = make_region(top, "North");
        south = make_region(top, "South");
    }
    http::Routes all_routes() {
        http::Routes all;
        add_routes(all, organisation);
        return all;
    }
    NodePlace seed() {
        return *world.tx([this](storage::Tx& tx) -> Result<NodePlace> {
            return organisation.seed(tx, world.ids, "Cloud Tea");
        });
    }
    std::string make_region(const std::string& parent, const std::string& name) {
        return text(routes.ok("org.create", {},
                              fmt::format(R"({{"parent_id":"{}","name":"{}"}})", parent, name)),
                    "id");
    }
    std::string store_body(const std::string& parent, std::string_view code) {
        return fmt::format(R"({{"parent_id":"{}","code":"{}","name":"Shop {}"}})", parent, code,
                           code);
    }
    std::string path_of(const std::string& store) {
        return world
            .tx([&](storage::Tx& tx) { return organisation.store(tx, *StoreId::parse(store)); })
            ->path;
    }

    Organisation organisation;
    testing::TestWorld world;
    testing::RouteCaller routes;
    std::string top, north, south;
};

TEST(Organisation, begins_with_one_headquarters) {
    Chain chain;
    EXPECT_EQ(chain.seed().id.text(), chain.top);
    const auto nodes = chain.routes.ok("org.list", {});
    ASSERT_EQ(nodes.at("items").as_array().size(), 3u);
    EXPECT_EQ(text(nodes.at("items").at(0), "kind"), "headquarters");
    EXPECT_TRUE(nodes.at("items").at(0).at("parent_id").is_null());
    EXPECT_EQ(text(nodes.at("items").at(1), "name"), "North");
}

TEST(Organisation, stores_stand_in_the_tree) {
    Chain chain;
    const auto store = chain.routes.ok(
        "store.create", {},
        fmt::format(R"({{"parent_id":"{}","code":"SH001","name":"Bund","phone":"021-5555 0100",)"
                    R"("opening_hours":[{{"weekday":1,"opens":"07:00","closes":"22:00"}}]}})",
                    chain.north));
    EXPECT_EQ(text(store, "parent_name"), "North");
    EXPECT_EQ(text(store, "state"), "open");
    EXPECT_EQ(text(store.at("opening_hours").at(0), "closes"), "22:00");
    EXPECT_EQ(chain.path_of(text(store, "id")), "0001/0001/");
    const auto edited = chain.routes.ok("store.edit", {{"store_id", text(store, "id")}},
                                        R"({"name":"The Bund","state":"paused","version":1})");
    EXPECT_EQ(text(edited, "name"), "The Bund");
    EXPECT_EQ(number(edited, "version"), 2);
    const auto nodes = chain.routes.ok("org.list", {});
    EXPECT_EQ(text(nodes.at("items").at(2), "name"), "The Bund");
    EXPECT_EQ(chain.world.audit.seen().back().action, "store.edited");
    EXPECT_EQ(chain.world.audit.seen().back().fields.size(), 2u);
}

TEST(Organisation, refusals_leave_nothing_behind) {
    Chain chain;
    const std::string store =
        text(chain.routes.ok("store.create", {}, chain.store_body(chain.north, "SH001")), "id");
    const std::string node = text(chain.routes.ok("store.view", {{"store_id", store}}), "node_id");
    const auto before = chain.world.audit.seen().size();
    const auto code = [&chain](std::string_view route,
                               const std::vector<std::pair<std::string, std::string>>& path,
                               const std::string& body) {
        return chain.routes.code(chain.world.system(), route, path, body);
    };
    EXPECT_EQ(code("store.create", {}, chain.store_body(chain.south, "SH001")), "store.code_taken");
    EXPECT_EQ(code("store.create", {}, chain.store_body(chain.south, "SH 2")), "input.invalid");
    EXPECT_EQ(code("store.create", {}, chain.store_body(node, "SH002")), "input.invalid");
    EXPECT_EQ(code("org.create", {}, fmt::format(R"({{"parent_id":"{}","name":"x"}})", node)),
              "input.invalid");
    EXPECT_EQ(code("org.rename", {{"node_id", node}}, R"({"name":"x","version":1})"),
              "input.invalid");
    EXPECT_EQ(code("org.rename", {{"node_id", chain.north}}, R"({"name":"x","version":9})"),
              "org.stale");
    EXPECT_EQ(code("store.edit", {{"store_id", store}}, R"({"name":"x","version":2})"),
              "store.stale");
    EXPECT_EQ(chain.world.audit.seen().size(), before);
    EXPECT_EQ(chain.routes.ok("org.list", {}).at("items").as_array().size(), 4u);
}

TEST(Organisation, people_see_their_part) {
    Chain chain;
    for (const char* const code : {"N1", "N2"}) {
        chain.routes.ok("store.create", {}, chain.store_body(chain.north, code));
    }
    const std::string south_store =
        text(chain.routes.ok("store.create", {}, chain.store_body(chain.south, "S1")), "id");
    const http::Caller manager =
        chain.world.staff({"org.view", "org.edit", "store.view", "store.edit"}, {"0001/"});
    const auto stores = chain.routes.ok_as(manager, "store.list", {});
    EXPECT_EQ(number(stores, "total"), 2);
    EXPECT_EQ(text(stores.at("items").at(0), "code"), "N1");
    EXPECT_EQ(chain.routes.ok_as(manager, "org.list", {}).at("items").as_array().size(), 3u);
    EXPECT_EQ(chain.routes.code(manager, "store.view", {{"store_id", south_store}}),
              "permission.outside_scope");
    EXPECT_EQ(chain.routes.code(manager, "store.create", {}, chain.store_body(chain.south, "S2")),
              "permission.outside_scope");
    EXPECT_EQ(chain.routes.code(manager, "store.create", {}, chain.store_body(chain.top, "T1")),
              "permission.outside_scope");
    EXPECT_EQ(chain.routes.code(manager, "store.create", {}, chain.store_body(chain.north, "N3")),
              "");
}

TEST(Organisation, stores_are_listed_by_code_and_found) {
    Chain chain;
    for (int i = 1; i <= 5; ++i) {
        chain.routes.ok(
            "store.create", {},
            chain.store_body(i % 2 == 0 ? chain.south : chain.north, fmt::format("S{}", i)));
    }
    const auto first = chain.routes.ok("store.list", {{"limit", "3"}});
    EXPECT_EQ(number(first, "total"), 5);
    const auto rest =
        chain.routes.ok("store.list", {{"limit", "3"}, {"cursor", text(first, "next_cursor")}});
    ASSERT_EQ(rest.at("items").as_array().size(), 2u);
    EXPECT_EQ(text(rest.at("items").at(0), "code"), "S4");
    EXPECT_EQ(number(chain.routes.ok("store.list", {{"region_id", chain.south}}), "total"), 2);
    EXPECT_EQ(number(chain.routes.ok("store.list", {{"q", "Shop S3"}}), "total"), 1);
    EXPECT_EQ(number(chain.routes.ok("store.list", {{"q", "_3"}}), "total"), 0);
}

}  // namespace
}  // namespace hangu::organisation

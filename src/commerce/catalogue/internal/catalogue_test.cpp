// Products through their routes on a real engine.
#include "commerce/catalogue/module.hpp"
#include "commerce/organisation/module.hpp"
#include "tests/support/route_call.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hangu::catalogue {
namespace {

using testing::number;
using testing::text;

std::vector<http::PermissionNode> both_permissions() {
    std::vector<http::PermissionNode> all = permissions();
    const auto more = organisation::permissions();
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

struct Shelf {
    Shelf()
        : world({organisation::part(), part()}, both_permissions()), routes(world, all_routes()) {
        const auto top = world.tx([this](storage::Tx& tx) -> Result<organisation::NodePlace> {
            return organisation.seed(tx, world.ids, "Cloud Tea");
        });
        store = text(routes.ok("store.create", {},
                               fmt::format(R"({{"parent_id":"{}","code":"S1","name":"One"}})",
                                           top->id.text())),
                     "id");
        category = text(routes.ok("category.create", {}, R"({"name":"Tea"})"), "id");
        tea = routes.ok("product.create", {}, draft("TEA", "TEA-M", "TEA-L"));
    }
    http::Routes all_routes() {
        http::Routes all;
        add_routes(all, catalogue, organisation);
        organisation::add_routes(all, organisation);
        return all;
    }
    std::string draft(std::string_view code, std::string_view medium, std::string_view large) {
        return fmt::format(R"({{"code":"{}","name":"Green tea","category_id":"{}","specs":[)"
                           R"({{"code":"{}","name":"M","price_fen":1500}},)"
                           R"({{"code":"{}","name":"L","price_fen":1800}}],"modifier_groups":[)"
                           R"({{"name":"Sugar","kind":"choice","min":1,"max":1,"options":[)"
                           R"({{"name":"Full","price_fen":0,"default":true}},)"
                           R"({{"name":"Half","price_fen":0,"default":false}}]}}]}})",
                           code, category, medium, large);
    }
    boost::json::value edit(std::string_view body) {
        tea = routes.ok("product.edit", {{"product_id", text(tea, "id")}},
                        fmt::format(R"({{{},"version":{}}})", body, number(tea, "version")));
        return tea;
    }
    std::string edit_code(std::string_view body, std::int64_t version) {
        return routes.code(world.system(), "product.edit", {{"product_id", text(tea, "id")}},
                           fmt::format(R"({{{},"version":{}}})", body, version));
    }

    organisation::Organisation organisation;
    Catalogue catalogue;
    testing::TestWorld world;
    testing::RouteCaller routes;
    std::string store, category;
    boost::json::value tea;
};

TEST(Catalogue, a_product_is_made_and_shown) {
    Shelf shelf;
    EXPECT_EQ(number(shelf.tea, "price_fen"), 1500);
    EXPECT_EQ(number(shelf.tea, "price_max_fen"), 1800);
    EXPECT_EQ(number(shelf.tea, "specs_count"), 2);
    EXPECT_TRUE(shelf.tea.at("available").as_bool());
    EXPECT_TRUE(shelf.tea.at("remaining").is_null());
    const auto& options = shelf.tea.at("modifier_groups").at(0).at("options");
    EXPECT_TRUE(options.at(0).at("default").as_bool());
    EXPECT_EQ(text(options.at(1), "name"), "Half");
    const auto list = shelf.routes.ok("product.list", {{"q", "green"}});
    EXPECT_EQ(number(list, "total"), 1);
    EXPECT_EQ(text(list.at("items").at(0), "category_name"), "Tea");
    EXPECT_EQ(number(shelf.routes.ok("product.list", {{"q", "100%"}}), "total"), 0);
    EXPECT_EQ(number(shelf.routes.ok("product.list", {{"state", "off"}}), "total"), 0);
    EXPECT_EQ(number(shelf.routes.ok("category.list", {}).at("items").at(0), "products_count"), 1);
}

TEST(Catalogue, codes_are_unique_and_nothing_is_left_behind) {
    Shelf shelf;
    const auto before = shelf.world.audit.seen().size();
    const auto code = [&shelf](const std::string& body) {
        return shelf.routes.code(shelf.world.system(), "product.create", {}, body);
    };
    EXPECT_EQ(code(shelf.draft("TEA", "X-M", "X-L")), "product.code_taken");
    EXPECT_EQ(code(shelf.draft("TEA2", "X-M", "TEA-L")), "product.spec_code_taken");
    EXPECT_EQ(code(shelf.draft("TEA2", "X-M", "X-M")), "input.invalid");
    EXPECT_EQ(shelf.routes.code(shelf.world.system(), "category.create", {}, R"({"name":"Tea"})"),
              "category.name_taken");
    EXPECT_EQ(shelf.world.audit.seen().size(), before);
    EXPECT_EQ(number(shelf.routes.ok("product.list", {}), "total"), 1);
    EXPECT_EQ(code(shelf.draft("TEA2", "X-M", "X-L")), "");
}

TEST(Catalogue, specs_and_options_keep_their_ids) {
    Shelf shelf;
    const std::string medium = text(shelf.tea.at("specs").at(0), "id");
    const std::string large = text(shelf.tea.at("specs").at(1), "id");
    const auto& group = shelf.tea.at("modifier_groups").at(0);
    const std::string group_id = text(group, "id");
    const std::string half = text(group.at("options").at(1), "id");
    shelf.edit(fmt::format(
        R"("specs":[{{"id":"{}","code":"TEA-M","name":"Medium","price_fen":1600}},)"
        R"({{"code":"TEA-S","name":"S","price_fen":1200}}],)"
        R"("modifier_groups":[{{"id":"{}","name":"Sugar","kind":"choice","min":0,"max":1,)"
        R"("options":[{{"id":"{}","name":"Half sugar","price_fen":10,"default":false}}]}}])",
        medium, group_id, half));
    ASSERT_EQ(shelf.tea.at("specs").as_array().size(), 2u);
    EXPECT_EQ(text(shelf.tea.at("specs").at(0), "id"), medium);
    EXPECT_EQ(text(shelf.tea.at("specs").at(0), "name"), "Medium");
    EXPECT_EQ(text(shelf.tea.at("modifier_groups").at(0).at("options").at(0), "id"), half);
    // A spec that comes back by its code is the one it was.
    shelf.edit(R"("specs":[{"code":"TEA-L","name":"L","price_fen":1900}])");
    EXPECT_EQ(text(shelf.tea.at("specs").at(0), "id"), large);
    EXPECT_EQ(number(shelf.tea, "specs_count"), 1);
    EXPECT_EQ(number(shelf.tea, "version"), 3);
    EXPECT_EQ(shelf.edit_code(R"("name":"Late")", 2), "product.stale");
    EXPECT_EQ(shelf.edit_code(R"("specs":[{"id":"0000000000001","code":"Q","name":"Q",)"
                              R"("price_fen":1}])",
                              3),
              "input.invalid");
    EXPECT_EQ(
        number(shelf.routes.ok("product.view", {{"product_id", text(shelf.tea, "id")}}), "version"),
        3);
}

TEST(Catalogue, a_store_differs_where_it_says_so) {
    Shelf shelf;
    const std::string medium = text(shelf.tea.at("specs").at(0), "id");
    const std::string large = text(shelf.tea.at("specs").at(1), "id");
    const auto set = [&shelf](const std::string& spec, const std::string& body) {
        return shelf.routes.ok("product.set_store_price",
                               {{"store_id", shelf.store}, {"spec_id", spec}}, body);
    };
    const auto row = set(medium, R"({"price_fen":1400,"available":true,"remaining":7})");
    EXPECT_EQ(number(row, "remaining"), 7);
    set(large, R"({"price_fen":null,"available":false,"remaining":null})");
    const auto shown = shelf.routes.ok(
        "product.view", {{"product_id", text(shelf.tea, "id")}, {"store_id", shelf.store}});
    EXPECT_EQ(number(shown.at("specs").at(0), "price_fen"), 1400);
    EXPECT_EQ(number(shown.at("specs").at(0), "base_price_fen"), 1500);
    EXPECT_FALSE(shown.at("specs").at(1).at("available").as_bool());
    EXPECT_TRUE(shown.at("available").as_bool());
    set(medium, R"({"available":true,"remaining":0})");
    const auto list = shelf.routes.ok("product.list", {{"store_id", shelf.store}});
    EXPECT_FALSE(list.at("items").at(0).at("available").as_bool());
    const auto base = shelf.routes.ok("product.list", {});
    EXPECT_TRUE(base.at("items").at(0).at("available").as_bool());
    EXPECT_EQ(shelf.routes.code(shelf.world.system(), "product.set_store_price",
                                {{"store_id", shelf.store}, {"spec_id", "0000000000001"}},
                                R"({"available":true})"),
              "product.spec_not_found");
}

TEST(Catalogue, the_menu_says_what_can_be_sold) {
    Shelf shelf;
    const SpecId medium = *SpecId::parse(text(shelf.tea.at("specs").at(0), "id"));
    const StoreId store = *StoreId::parse(shelf.store);
    const auto& options = shelf.tea.at("modifier_groups").at(0).at("options");
    std::vector<OptionId> many(40, *OptionId::parse(text(options.at(0), "id")));
    for (std::int64_t i = 1; i <= 20; ++i) {
        many.emplace_back(i);
    }
    many.push_back(*OptionId::parse(text(options.at(1), "id")));
    const std::vector<SpecId> specs = {medium, medium, SpecId(5)};
    const auto menu = shelf.world.tx([&](storage::Tx& tx) -> Result<Menu> {
        return shelf.catalogue.menu(tx, store, specs, many);
    });
    ASSERT_EQ(menu->specs.size(), 1u);
    EXPECT_EQ(menu->specs[0].required_groups, 1);
    EXPECT_FALSE(menu->specs[0].counted);
    EXPECT_EQ(menu->options.size(), 2u);
    EXPECT_EQ(menu->options[0].group_max, 1);
    shelf.edit(R"("state":"off")");
    const auto off = shelf.world.tx([&](storage::Tx& tx) -> Result<Menu> {
        return shelf.catalogue.menu(tx, store, specs, {});
    });
    EXPECT_FALSE(off->specs[0].on_sale);
}

TEST(Catalogue, who_may_not_cannot) {
    Shelf shelf;
    const http::Caller elsewhere =
        shelf.world.staff({"product.view", "product.store_price"}, {"zzzz/"});
    const auto before = shelf.world.audit.seen().size();
    EXPECT_EQ(shelf.routes.code(elsewhere, "product.list", {}), "");
    EXPECT_EQ(shelf.routes.code(elsewhere, "product.list", {{"store_id", shelf.store}}),
              "permission.outside_scope");
    EXPECT_EQ(shelf.routes.code(
                  elsewhere, "product.set_store_price",
                  {{"store_id", shelf.store}, {"spec_id", text(shelf.tea.at("specs").at(0), "id")}},
                  R"({"available":false})"),
              "permission.outside_scope");
    EXPECT_EQ(shelf.routes.code(elsewhere, "category.create", {}, R"({"name":"X"})"),
              "permission.denied");
    EXPECT_EQ(shelf.world.audit.seen().size(), before);
}

}  // namespace
}  // namespace hangu::catalogue

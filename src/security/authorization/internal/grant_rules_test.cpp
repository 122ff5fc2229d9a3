#include "security/authorization/internal/grant_rules.hpp"

#include <gtest/gtest.h>

#include <random>

namespace hangu::authorization {
namespace {

using Paths = std::vector<std::string>;

const http::PermissionCatalogue& catalogue() {
    using http::PermissionKind;
    static const http::PermissionCatalogue made({
        {PermissionKind::menu, "orders", "", "订单", "Orders"},
        {PermissionKind::page, "order.view", "orders", "订单", "Orders"},
        {PermissionKind::button, "order.cancel", "order.view", "取消", "Cancel"},
        {PermissionKind::button, "order.refund", "order.view", "退款", "Refund"},
    });
    return made;
}

TEST(GrantRules, places_inside_others_say_nothing_new) {
    EXPECT_EQ(coalesced({"0102", "01", "03", "0102", "010203"}), (Paths{"01", "03"}));
    EXPECT_EQ(coalesced({"03", ""}), Paths{""});
    EXPECT_EQ(coalesced({}), Paths{});
}

TEST(GrantRules, ranges_hold_the_subtree_and_nothing_beside_it) {
    const Ranges ranges = ranges_of({"01", "0302"});
    for (const std::string inside : {"01", "0101", "01zz", "0302", "030201"}) {
        EXPECT_TRUE(covers(ranges, inside)) << inside;
    }
    for (const std::string outside : {"", "00", "02", "03", "0301", "0303"}) {
        EXPECT_FALSE(covers(ranges, outside)) << outside;
    }
    EXPECT_TRUE(covers(ranges_of({""}), ""));
    EXPECT_FALSE(covers(Ranges{}, ""));
    EXPECT_TRUE(covers_subtree(ranges, "0101"));
    EXPECT_FALSE(covers_subtree(ranges, "03"));
    EXPECT_FALSE(covers_subtree(ranges, ""));
    EXPECT_TRUE(covers_subtree(ranges_of({""}), ""));
}

TEST(GrantRules, nobody_gives_what_she_does_not_hold) {
    const auto held = catalogue().set_of({"order.view", "order.cancel"});
    EXPECT_TRUE(check_ceiling(held, catalogue().set_of({"order.cancel"})).ok());
    EXPECT_TRUE(check_ceiling(held, {}).ok());
    EXPECT_EQ(check_ceiling(held, catalogue().set_of({"order.refund"})).problem().code,
              "role.ceiling");
}

TEST(GrantRules, codes_are_checked_and_ordered) {
    EXPECT_EQ(*text_of_codes(catalogue(), {"order.refund", "order.view", "order.refund"}),
              "order.view order.refund");
    const auto bad = text_of_codes(catalogue(), {"order.view", "orders", "order.fly"});
    ASSERT_FALSE(bad.ok());
    ASSERT_EQ(bad.problem().fields.size(), 2u);
    EXPECT_EQ(bad.problem().fields[0].field, "permissions[1]");
    EXPECT_EQ(permissions_of_text(catalogue(), "*"), catalogue().all());
    EXPECT_EQ(permissions_of_text(catalogue(), "").count(), 0u);
    EXPECT_EQ(permissions_of_text(catalogue(), "order.view gone.code").count(), 1u);
}

// A tree of nodes with parents, and paths made of two characters per level.
struct Tree {
    std::vector<std::size_t> parents;  // of the root: itself
    Paths paths;
};

Tree random_tree(std::mt19937& random) {
    Tree tree{{0}, {""}};
    const std::size_t count = 2 + random() % 24;
    std::vector<int> children(1, 0);
    while (tree.paths.size() < count) {
        const std::size_t parent = random() % tree.paths.size();
        const int label = children[parent]++;
        constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
        std::string path = tree.paths[parent];
        path += kDigits[static_cast<std::size_t>(label) / 32 % 32];
        path += kDigits[static_cast<std::size_t>(label) % 32];
        tree.parents.push_back(parent);
        tree.paths.push_back(std::move(path));
        children.push_back(0);
    }
    return tree;
}

bool stands_below(const Tree& tree, std::size_t node, std::size_t top) {
    while (node != top) {
        if (node == 0) {
            return false;
        }
        node = tree.parents[node];
    }
    return true;
}

// 100,000 random grants in random trees against an oracle that walks from child to parent.
TEST(GrantRules, random_trees_and_grants_agree_with_brute_force) {
    std::mt19937 random(20261122);
    Tree tree;
    for (int i = 0; i < 100'000; ++i) {
        if (i % 100 == 0) {
            tree = random_tree(random);
        }
        std::vector<std::size_t> granted;
        Paths places;
        for (std::size_t n = random() % 5; n > 0; --n) {
            granted.push_back(random() % tree.paths.size());
            places.push_back(tree.paths[granted.back()]);
        }
        const Ranges ranges = ranges_of(places);
        const std::size_t node = random() % tree.paths.size();
        const bool expected = std::any_of(granted.begin(), granted.end(), [&](std::size_t top) {
            return stands_below(tree, node, top);
        });
        ASSERT_EQ(covers(ranges, tree.paths[node]), expected)
            << "case " << i << " path " << tree.paths[node];
        ASSERT_EQ(covers_subtree(ranges, tree.paths[node]), expected) << "case " << i;
        const Paths fewest = coalesced(places);
        for (std::size_t at = 1; at < fewest.size(); ++at) {
            ASSERT_FALSE(is_below(fewest[at], fewest[at - 1])) << "case " << i;
        }
    }
}

}  // namespace
}  // namespace hangu::authorization

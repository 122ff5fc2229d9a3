#include "security/authorization/internal/grant_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
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

GrantRule rule(const std::vector<std::string>& codes, const Paths& places) {
    return {catalogue().set_of(codes), places_of(places), {}, {}, false};
}

TEST(GrantRules, nobody_gives_what_she_does_not_hold) {
    const http::Rights held = rights_at(
        {rule({"order.view", "order.cancel"}, {"01"}), rule({"order.view"}, {"02"})}, Time(5));
    const auto check = [&held](const std::vector<std::string>& codes, const Paths& places) {
        const Result<void> checked =
            check_ceiling(held, catalogue().set_of(codes), places_of(places));
        return checked.ok() ? "" : checked.problem().code;
    };
    EXPECT_EQ(check({"order.cancel"}, {"01"}), "");
    EXPECT_EQ(check({"order.view"}, {"0101", "02"}), "");
    EXPECT_EQ(check({}, {"03"}), "");
    EXPECT_EQ(check({"order.refund"}, {"01"}), "role.ceiling");
    EXPECT_EQ(check({"order.view", "order.cancel"}, {"02"}), "permission.outside_scope");
    EXPECT_EQ(check({"order.view"}, {""}), "permission.outside_scope");
    EXPECT_TRUE(check_ceiling(held, catalogue().set_of({"order.cancel"})).ok());
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

// --- Compiled rights against an oracle that knows nothing of paths.

constexpr std::size_t kBits = 12;
constexpr std::size_t kWorlds = 5000;

// A tree of nodes with parents, and paths as organisation makes them.
struct Tree {
    std::vector<std::size_t> parents;  // of the root: itself
    Paths paths;
};

Tree random_tree(std::mt19937& random) {
    constexpr std::string_view kDigits = "0123456789abcdefghjkmnpqrstvwxyz";
    Tree tree{{0}, {""}};
    const std::size_t count = 2 + random() % 40;
    // Labels begin anywhere, so that neighbours cross digits.
    std::vector<std::size_t> labels(1, 1 + random() % 1100);
    while (tree.paths.size() < count) {
        const std::size_t parent = random() % std::min<std::size_t>(tree.paths.size(), 6);
        const std::size_t label = labels[parent]++;
        std::string path = tree.paths[parent];
        for (int shift = 15; shift >= 0; shift -= 5) {
            path += kDigits[label >> static_cast<unsigned>(shift) & 31U];
        }
        path += '/';
        tree.parents.push_back(parent);
        tree.paths.push_back(std::move(path));
        labels.push_back(1 + random() % 1100);
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

// A grant by node numbers: at a subtree without others, or at a group.
struct Given {
    std::size_t role = 0;
    std::vector<std::size_t> nodes;
    std::vector<std::size_t> except;
    std::optional<Time> from, until;
};

Given random_grant(std::mt19937& random, const Tree& tree) {
    Given given;
    given.role = random() % 4;
    const std::size_t nodes = tree.paths.size();
    given.nodes.push_back(random() % nodes);
    if (random() % 3 == 0) {
        for (std::size_t n = random() % 5; n > 0; --n) {
            given.nodes.push_back(random() % nodes);
        }
    } else {
        for (std::size_t n = random() % 4; n > 0; --n) {
            const std::size_t hole = random() % nodes;
            if (hole != given.nodes[0] && stands_below(tree, hole, given.nodes[0])) {
                given.except.push_back(hole);
            }
        }
    }
    if (random() % 3 == 0) {
        given.from = Time(static_cast<std::int64_t>(random() % 10));
    }
    if (random() % 3 == 0) {
        given.until = Time(static_cast<std::int64_t>(random() % 10));
    }
    return given;
}

struct RandomWorld {
    explicit RandomWorld(std::mt19937& random) : tree(random_tree(random)) {
        for (http::PermissionSet& role : roles) {
            role = http::PermissionSet(random() % (1U << kBits));
        }
        for (std::size_t n = random() % 6; n > 0; --n) {
            grants.push_back(random_grant(random, tree));
        }
        now = Time(static_cast<std::int64_t>(random() % 10));
    }

    std::vector<GrantRule> rules() const {
        std::vector<GrantRule> rules;
        for (const Given& given : grants) {
            Paths except;
            for (const std::size_t node : given.except) {
                except.push_back(tree.paths[node]);
            }
            Paths nodes;
            for (const std::size_t node : given.nodes) {
                nodes.push_back(tree.paths[node]);
            }
            rules.push_back({roles[given.role],
                             nodes.size() == 1 ? places_of(nodes[0], except) : places_of(nodes),
                             given.from, given.until, false});
        }
        return rules;
    }

    bool may(std::size_t bit, std::size_t node) const {
        return std::any_of(grants.begin(), grants.end(), [&](const Given& given) {
            const auto below = [&](std::size_t top) { return stands_below(tree, node, top); };
            const bool live =
                (!given.from || now >= *given.from) && (!given.until || now < *given.until);
            return live && roles[given.role].test(bit) &&
                   std::any_of(given.nodes.begin(), given.nodes.end(), below) &&
                   std::none_of(given.except.begin(), given.except.end(), below);
        });
    }

    Tree tree;
    std::array<http::PermissionSet, 4> roles;
    std::vector<Given> grants;
    Time now;
};

// Questions of one node and permission, as authorize asks them, more than a million; and of whole
// subtrees, as the ceiling asks them.
TEST(GrantRules, compiled_rights_agree_with_brute_force) {
    std::mt19937 random(20261122);
    std::size_t cases = 0;
    std::size_t too_many = 0;
    for (std::size_t i = 0; i < kWorlds; ++i) {
        const RandomWorld world(random);
        const http::Rights rights = rights_at(world.rules(), world.now);
        for (std::size_t bit = 0; bit < kBits; ++bit) {
            const bool cut = rights.too_many_places().test(bit);
            too_many += cut ? 1 : 0;
            const auto places = rights.places(bit);
            std::vector<char> may(world.tree.paths.size());
            for (std::size_t node = 0; node < may.size(); ++node, ++cases) {
                may[node] = world.may(bit, node) ? 1 : 0;
                const bool held = rights.holds(bit, world.tree.paths[node]);
                // What does not fit is not granted; never is more granted.
                ASSERT_TRUE(cut ? held <= (may[node] != 0) : held == (may[node] != 0))
                    << "world " << i << " bit " << bit << " node " << world.tree.paths[node];
                ASSERT_EQ(storage::covers(*places, world.tree.paths[node]), held);
            }
            for (std::size_t top = 0; top < may.size() && !cut; ++top) {
                bool all = true;
                for (std::size_t node = 0; node < may.size(); ++node) {
                    all = all && (may[node] != 0 || !stands_below(world.tree, node, top));
                }
                // Children that are still to come are part of a subtree, so it may ask for more.
                const bool covers = rights.covers(bit, storage::subtree(world.tree.paths[top]));
                ASSERT_TRUE(covers <= all) << "world " << i << " top " << world.tree.paths[top];
            }
        }
    }
    EXPECT_GT(cases, 1'000'000u);
    EXPECT_LT(too_many, kWorlds);
}

// What one may give is never more than what one holds, at any node.
TEST(GrantRules, lacking_agrees_with_brute_force) {
    std::mt19937 random(7);
    for (std::size_t i = 0; i < 2000; ++i) {
        RandomWorld mine(random);
        RandomWorld theirs = mine;
        theirs.grants.clear();
        for (std::size_t n = random() % 4; n > 0; --n) {
            theirs.grants.push_back(random_grant(random, mine.tree));
        }
        const http::Rights held = rights_at(mine.rules(), mine.now);
        const http::Rights wanted = rights_at(theirs.rules(), theirs.now);
        const http::PermissionSet lacking = held.lacking(wanted);
        for (std::size_t bit = 0; bit < kBits; ++bit) {
            for (std::size_t node = 0; node < mine.tree.paths.size() && !lacking.test(bit);
                 ++node) {
                const std::string& path = mine.tree.paths[node];
                ASSERT_TRUE(!wanted.holds(bit, path) || held.holds(bit, path)) << i << path;
            }
        }
        ASSERT_TRUE(held.lacking(held).none());
        ASSERT_TRUE(held.lacking({}).none());
    }
}

}  // namespace
}  // namespace hangu::authorization

// Members through their routes on a real engine.
#include "commerce/member/internal/member_rules.hpp"
#include "commerce/member/module.hpp"
#include "commerce/organisation/module.hpp"
#include "tests/support/route_call.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace hangu::member {
namespace {

using testing::number;
using testing::text;

std::vector<http::PermissionNode> both_permissions() {
    std::vector<http::PermissionNode> all = permissions();
    const auto more = organisation::permissions();
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

struct Club {
    Club()
        : world({organisation::part(), part()}, both_permissions()), routes(world, all_routes()) {
        lin = routes.ok("member.create", {},
                        R"({"phone":"138 1234 5678","name":"Lin Yue","birthday":"1990-05-17",)"
                        R"("gender":"female"})");
    }
    http::Routes all_routes() {
        http::Routes all;
        add_routes(all, members, organisation);
        return all;
    }

    organisation::Organisation organisation;
    Members members;
    testing::TestWorld world;
    testing::RouteCaller routes;
    boost::json::value lin;
};

TEST(MemberRules, codes_are_told_from_names) {
    EXPECT_EQ(code_prefix_of("M1000"), "M1000");
    EXPECT_EQ(code_prefix_of("m10"), "M10");
    EXPECT_EQ(code_prefix_of("10"), "M10");
    EXPECT_EQ(code_prefix_of("m"), "M");
    EXPECT_EQ(code_prefix_of("Ma"), "");
    EXPECT_EQ(code_prefix_of(""), "");
}

TEST(Members, a_member_is_registered_and_shown) {
    Club club;
    EXPECT_EQ(text(club.lin, "code"), "M100001");
    EXPECT_EQ(text(club.lin, "phone_masked"), "138****5678");
    EXPECT_EQ(text(club.lin, "name"), "Lin Yue");
    EXPECT_EQ(text(club.lin, "birthday"), "1990-05-17");
    EXPECT_EQ(text(club.lin, "gender"), "female");
    EXPECT_EQ(text(club.lin, "level"), "standard");
    EXPECT_TRUE(club.lin.at("store_id").is_null());
    const auto shown = club.routes.ok("member.view", {{"member_id", text(club.lin, "id")}});
    EXPECT_EQ(boost::json::serialize(shown), boost::json::serialize(club.lin));
    for (const auto& fact : club.world.audit.seen()) {
        for (const auto& field : fact.fields) {
            EXPECT_EQ(field.after.find("12345678"), std::string::npos);
            EXPECT_EQ(field.after.find("Yue"), std::string::npos);
        }
    }
}

TEST(Members, a_phone_belongs_to_one) {
    Club club;
    const auto before = club.world.audit.seen().size();
    EXPECT_EQ(club.routes.code(club.world.system(), "member.create", {},
                               R"({"phone":"+8613812345678","name":"Other"})"),
              "member.phone_taken");
    EXPECT_EQ(club.routes.code(club.world.system(), "member.create", {},
                               R"({"phone":"+8613812345679","store_id":"0000000000001"})"),
              "store.not_found");
    EXPECT_EQ(club.world.audit.seen().size(), before);
    EXPECT_EQ(number(club.routes.ok("member.list", {}), "total"), 1);
    // The refused one took no code.
    EXPECT_EQ(text(club.routes.ok("member.create", {}, R"({"phone":"13900000001"})"), "code"),
              "M100002");
}

TEST(Members, are_found_by_phone_code_and_name) {
    Club club;
    for (int i = 0; i < 5; ++i) {
        club.routes.ok("member.create", {},
                       fmt::format(R"({{"phone":"1390000000{}","name":"Wu {}"}})", i, i));
    }
    const auto total = [&club](std::string key, std::string value) {
        return number(club.routes.ok("member.list", {{std::move(key), std::move(value)}}), "total");
    };
    EXPECT_EQ(total("phone", "13812345678"), 1);
    EXPECT_EQ(total("phone", "+8613812345678"), 1);
    EXPECT_EQ(total("phone", "13812345679"), 0);
    EXPECT_EQ(total("q", "M100001"), 1);
    EXPECT_EQ(total("q", "1000"), 6);
    EXPECT_EQ(total("q", "Wu"), 5);
    EXPECT_EQ(total("q", "u"), 0);
    const auto first = club.routes.ok("member.list", {{"q", "Wu"}, {"limit", "2"}});
    EXPECT_EQ(text(first.at("items").at(0), "name"), "Wu 4");
    EXPECT_EQ(text(first.at("items").at(1), "name"), "Wu 3");
    const auto next = club.routes.ok(
        "member.list", {{"q", "Wu"}, {"limit", "2"}, {"cursor", text(first, "next_cursor")}});
    EXPECT_EQ(text(next.at("items").at(0), "name"), "Wu 2");
    const auto all = club.routes.ok("member.list", {{"limit", "5"}});
    const auto rest =
        club.routes.ok("member.list", {{"limit", "5"}, {"cursor", text(all, "next_cursor")}});
    ASSERT_EQ(rest.at("items").as_array().size(), 1u);
    EXPECT_EQ(text(rest.at("items").at(0), "name"), "Lin Yue");
    EXPECT_TRUE(rest.at("next_cursor").is_null());
}

TEST(Members, an_edit_needs_the_version_it_saw) {
    Club club;
    const std::string id = text(club.lin, "id");
    const auto edited =
        club.routes.ok("member.edit", {{"member_id", id}}, R"({"name":"Lin Y","version":1})");
    EXPECT_EQ(text(edited, "name"), "Lin Y");
    EXPECT_EQ(text(edited, "birthday"), "1990-05-17");
    EXPECT_EQ(number(edited, "version"), 2);
    EXPECT_EQ(club.routes.code(club.world.system(), "member.edit", {{"member_id", id}},
                               R"({"name":"Late","version":1})"),
              "member.stale");
    EXPECT_EQ(text(club.routes.ok("member.view", {{"member_id", id}}), "name"), "Lin Y");
}

TEST(Members, a_revealed_phone_leaves_a_record) {
    Club club;
    const std::string id = text(club.lin, "id");
    const http::Caller clerk = club.world.staff({"member.view", "member.reveal_phone"}, {"0002/"});
    const auto answer = club.routes.ok_as(clerk, "member.reveal_phone", {{"member_id", id}},
                                          R"({"reason":"parcel came back"})");
    EXPECT_EQ(text(answer, "phone"), "+8613812345678");
    const auto fact = club.world.audit.seen().back();
    EXPECT_EQ(fact.action, "member.phone_revealed");
    EXPECT_EQ(fact.subject_id, id);
    EXPECT_EQ(fact.fields.at(0).after, "parcel came back");
    EXPECT_EQ(fact.fields.at(1).after, "138****5678");
    const auto before = club.world.audit.seen().size();
    EXPECT_EQ(club.routes.code(club.world.staff({"member.view"}, {"0002/"}), "member.reveal_phone",
                               {{"member_id", id}}, R"({"reason":"curious"})"),
              "permission.denied");
    EXPECT_EQ(
        club.routes.code(clerk, "member.reveal_phone", {{"member_id", id}}, R"({"reason":"?"})"),
        "input.invalid");
    EXPECT_EQ(club.world.audit.seen().size(), before);
}

}  // namespace
}  // namespace hangu::member

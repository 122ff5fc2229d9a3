// Makes the system handle every kind of secret in every way we can think of, so that the scan at
// the end has something to find.
#include "tests/story/database.hpp"
#include "tests/system/collected.hpp"
#include "tests/system/shop.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>

namespace hangu::system {
namespace {

constexpr const char* kPhone = "13812345678";
constexpr const char* kPassword = "Quiet-Harbour-7";

std::string body(const boost::json::object& object) {
    return boost::json::serialize(object);
}

std::string hex(const std::string& bytes) {
    std::string text;
    for (const char c : bytes) {
        text += fmt::format("{:02x}", static_cast<unsigned char>(c));
    }
    return text;
}

void remember_root_key(const std::string& file) {
    std::string key = read_file(file);
    ASSERT_NE(key, "");
    while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) {
        key.pop_back();
    }
    Collected::all().secret("root key", key, Source::nowhere);
    Collected::all().secret("root key in hex", hex(key), Source::nowhere);
}

// Personal data in all the wrong places: paths, queries, unknown fields, headers.
void misplace(Client& client) {
    const std::string phone = kPhone;
    client.request("GET", "/members/" + phone);
    client.request("GET", "/members?phone=" + phone + "&phone=" + phone);
    client.request("GET", "/members?phone=" + phone);
    client.request("GET", "/members?q=" + phone);
    client.request("GET", "/" + phone);
    client.request("GET", "/members?" + phone + "=1");
    client.request("POST", "/members", body({{"phone", phone}, {"name", "again"}}));
    client.request("POST", "/members", body({{"phone", phone}, {phone, phone}}));
    client.request("POST", "/members", body({{"phone", 1}, {"name", phone}, {"gender", phone}}));
    client.request("POST", "/members", "{\"phone\":\"" + phone + "\",");
    client.request("POST", "/categories", body({{"name", "x"}}), {{"X-Note", phone}});
    client.request("POST", "/orders", body({{"remark", phone}}), {{"Idempotency-Key", phone}});
}

void fail_to_sign_in(std::uint16_t port) {
    Client client(port);
    for (const char* login : {"owner", kPhone, "nobody"}) {
        client.request(
            "POST", "/session",
            body({{"tenant_code", "secretive"}, {"login_name", login}, {"password", kPassword}}),
            {{"User-Agent", "agent " + std::string(kPhone)}});
    }
    client.request("POST", "/session/redeem", body({{"token", kPassword}}));
    client.request("GET", "/session", "",
                   {{"Authorization", "Bearer hgk_" + std::string(43, 'a')}});
}

void use_keys(Shop& shop, std::uint16_t port) {
    const boost::json::value made = shop.must(
        "POST", "/app-keys",
        boost::json::object{{"name", "till"},
                            {"node_id", shop.headquarters()},
                            {"permissions", boost::json::array{"product.view", "order.place"}}});
    Client till(port);
    till.bearer = text_at(made, "secret");
    Collected::all().secret("application key", till.bearer, Source::issue);
    EXPECT_EQ(till.request("GET", "/products")->status, 200);
    till.request("GET", "/staff");
    till.request("GET", "/products?" + till.bearer + "=1");
    till.request("GET", "/" + till.bearer);
    shop.must("DELETE", "/app-keys/" + text_at(made.at("app_key"), "id"));
    till.request("GET", "/products");
    shop.must("GET", "/app-keys");
}

// A session that comes from another browser ends, and what that one calls itself is not told.
void move_a_session(Shop& shop, std::uint16_t port) {
    Client elsewhere(port);
    elsewhere.cookie = shop.new_till();
    const Headers named = {{"User-Agent", "agent " + std::string(kPhone)}};
    EXPECT_EQ(elsewhere.request("GET", "/session")->status, 200);
    EXPECT_EQ(elsewhere.request("GET", "/session", "", named)->status, 401);
}

// Visits are written at the end at the latest: a new server shows them all.
void read_the_records(Shop& shop, const Place& place) {
    Server server(place.data(), place.path() + "/stderr");
    shop.owner().use_port(server.port());
    std::string cursor;
    do {
        const boost::json::value page = shop.must("GET", "/audit-records?limit=100" + cursor);
        const boost::json::value& next = page.at("next_cursor");
        cursor = next.is_null() ? "" : "&cursor=" + text_at(page, "next_cursor");
    } while (!cursor.empty());
    EXPECT_EQ(server.stop(60'000), 0);
}

TEST(Secrets, are_handled_in_every_way) {
    const Place place;
    Server server(place.data(), place.path() + "/stderr");
    remember_root_key(place.data() + ".root.key");
    Shop shop(place.data(), server.port(), "secretive");
    shop.open_stores(1);
    shop.sell("tea");
    shop.add_member("zhao", kPhone);
    Collected::all().secret("password", kPassword, Source::nowhere);
    shop.must("POST", "/session/password", boost::json::object{{"new_password", kPassword}});
    const boost::json::value revealed =
        shop.must("POST", "/members/" + shop.members()[0] + "/phone",
                  boost::json::object{{"reason", "she asked"}});
    EXPECT_NE(boost::json::serialize(revealed).find("13812345678"), std::string::npos);
    misplace(shop.owner());
    fail_to_sign_in(server.port());
    use_keys(shop, server.port());
    move_a_session(shop, server.port());
    const Outcome key =
        run({"key", "create", "--tenant", "secretive", "--data", place.data(), "--json"});
    Collected::all().secret("application key", text_at(boost::json::parse(key.out), "key"),
                            Source::command);
    for (const char* path : {"/audit-records?limit=100", "/members", "/orders", "/staff",
                             "/session", "/app-keys", "/openapi.json", "/api"}) {
        shop.owner().request("GET", path);
    }
    EXPECT_EQ(server.stop(60'000), 0);
    read_the_records(shop, place);
    for (const char* secret : {kPhone, kPassword}) {
        EXPECT_FALSE(story::folder_holds(place.data(), secret)) << secret;
    }
    run({"doctor", "--data", place.data()});
    run({"data", "check", "--data", place.data()});
}

}  // namespace
}  // namespace hangu::system

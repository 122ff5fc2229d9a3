#include "security/audit/module.hpp"
#include "security/open_api/internal/app_key_store.hpp"
#include "security/open_api/module.hpp"
#include "security/tenant/module.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

namespace hangu::open_api {
namespace {

using hangu::testing::TestWorld;
using http::PermissionKind;
using http::Scope;

std::vector<http::PermissionNode> nodes() {
    std::vector<http::PermissionNode> all = audit::permissions();
    for (const http::PermissionNode& node : permissions()) {
        all.push_back(node);
    }
    return all;
}

// A gate of another realm that takes any request with a cookie.
class CookieGate final : public http::Gate {
 public:
    std::optional<http::Credential> credential(const http::Request& request) const override {
        if (request.cookie("c").empty()) {
            return std::nullopt;
        }
        return http::Credential{http::Realm::merchant, TenantId(1), "c", true};
    }
    std::shared_ptr<const http::Caller> known(const http::Credential&, Time) override {
        return std::make_shared<http::Caller>();
    }
    Result<std::shared_ptr<const http::Caller>> recognise(storage::Tx&,
                                                          const http::Credential&) override {
        return Problem::unauthenticated("cookie.gate");
    }
};

class OpenApiTest : public ::testing::Test {
 protected:
    OpenApiTest()
        : world_({tenant::part(), part()}, nodes()),
          tenants_(*world_.engine, world_.ids, world_.clock, world_.log),
          ring_(Secret(std::string(32, 'r')), tenants_, world_.random),
          open_api_(*world_.engine, tenants_, world_.world) {
        world_.engine->set_key_ring(ring_);
        tenants_.set_key_ring(ring_);
        tea_ = tenants_.create("tea", "Tea", 480)->id;
        cake_ = tenants_.create("cake", "Cake", 480)->id;
        world_.tenant = tea_;
    }

    Result<NewKey> make(const http::Caller& caller, const std::vector<std::string>& codes,
                        const std::string& place) {
        return world_.as(
            caller, [&](Scope& scope) { return open_api_.create(scope, "till", codes, place); });
    }
    static http::Request with_key(const std::string& text) {
        http::Request request;
        request.headers.push_back({"authorization", "Bearer " + text});
        return request;
    }
    bool is_remembered(const std::string& text) {
        const auto credential = open_api_.credential(with_key(text));
        return credential && open_api_.known(*credential, world_.clock.now()) != nullptr;
    }
    Result<std::shared_ptr<const http::Caller>> caller_of(const std::string& text) {
        const auto credential = open_api_.credential(with_key(text));
        if (!credential) {
            return Problem::unauthenticated("no.credential");
        }
        if (auto known = open_api_.known(*credential, world_.clock.now())) {
            return known;
        }
        return world_.engine->run(credential->tenant, storage::Work::read, [&](storage::Tx& tx) {
            return open_api_.recognise(tx, *credential);
        });
    }
    AppKeyRow row(AppKeyId id) {
        return **world_.engine->run(tea_, storage::Work::read,
                                    [&](storage::Tx& tx) -> Result<std::optional<AppKeyRow>> {
                                        return AppKeyStore(tx).find(id);
                                    });
    }

    TestWorld world_;
    tenant::Tenants tenants_;
    crypto::KeyRing ring_;
    OpenApi open_api_;
    TenantId tea_;
    TenantId cake_;
};

TEST_F(OpenApiTest, a_key_acts_with_its_own_rights_in_its_own_place) {
    const auto made = make(world_.system(), {"audit.view"}, "0102");
    ASSERT_TRUE(made.ok());
    const auto caller = caller_of(made->secret);
    ASSERT_TRUE(caller.ok());
    EXPECT_EQ((*caller)->kind, http::ActorKind::application);
    EXPECT_EQ((*caller)->realm, http::Realm::application);
    EXPECT_EQ((*caller)->actor_id, made->key.id.value());
    EXPECT_EQ((*caller)->actor_name, "till");
    EXPECT_EQ((*caller)->rights.anywhere().count(), 1u);
    EXPECT_EQ((*caller)->places, std::vector<std::string>{"0102"});
    const std::size_t bit = *world_.permissions_.bit("audit.view");
    EXPECT_TRUE((*caller)->rights.holds(bit, "010203"));
    EXPECT_FALSE((*caller)->rights.holds(bit, "0103"));
    EXPECT_TRUE(is_remembered(made->secret));
    EXPECT_EQ(row(made->key.id).secret_hash.bytes.find(made->secret.substr(32)), std::string::npos);
    EXPECT_EQ(made->key.prefix, made->secret.substr(0, 31));
}

TEST_F(OpenApiTest, wrong_keys_open_nothing) {
    const auto made = make(world_.system(), {"audit.view"}, "");
    std::string other_secret = made->secret;
    other_secret.back() = other_secret.back() == 'A' ? 'B' : 'A';
    EXPECT_EQ(caller_of(other_secret).problem().code, "session.required");
    const std::string other_tenant = "hgk_" + cake_.text() + made->secret.substr(17);
    EXPECT_EQ(caller_of(other_tenant).problem().code, "session.required");
    const auto second = make(world_.system(), {"audit.view"}, "");
    const std::string other_key = second->secret.substr(0, 31) + made->secret.substr(31);
    EXPECT_EQ(caller_of(other_key).problem().code, "session.required");
    EXPECT_EQ(caller_of("hgk_x").problem().code, "no.credential");
    const auto credential = open_api_.credential(with_key(made->secret));
    const auto crossed = world_.engine->run(cake_, storage::Work::read, [&](storage::Tx& tx) {
        return open_api_.recognise(tx, *credential);
    });
    EXPECT_EQ(crossed.problem().code, "session.required");
}

TEST_F(OpenApiTest, the_creator_gives_only_what_she_holds) {
    const http::Caller manager = world_.staff({"app_key.edit"}, {"01"});
    EXPECT_EQ(make(manager, {"audit.view"}, "01").problem().code, "role.ceiling");
    EXPECT_EQ(make(manager, {"app_key.edit"}, "").problem().code, "permission.outside_scope");
    EXPECT_EQ(make(manager, {"app_key.edit"}, "02").problem().code, "permission.outside_scope");
    EXPECT_EQ(make(manager, {"no.such"}, "01").problem().code, "input.invalid");
    EXPECT_TRUE(make(manager, {"app_key.edit"}, "0101").ok());
}

TEST_F(OpenApiTest, a_revoked_key_is_refused_at_once) {
    const auto made = make(world_.system(), {"audit.view"}, "");
    ASSERT_TRUE(caller_of(made->secret).ok());
    ASSERT_TRUE(is_remembered(made->secret));
    const auto revoke = [&] {
        return world_.use_case([&](Scope& scope) { return open_api_.revoke(scope, made->key.id); });
    };
    EXPECT_EQ(revoke()->state, KeyState::revoked);
    EXPECT_FALSE(is_remembered(made->secret));
    EXPECT_EQ(caller_of(made->secret).problem().code, "session.required");
    EXPECT_EQ(revoke()->version, 2);
}

TEST_F(OpenApiTest, a_frozen_tenants_keys_are_refused) {
    const auto made = make(world_.system(), {"audit.view"}, "");
    ASSERT_TRUE(caller_of(made->secret).ok());
    ASSERT_TRUE(tenants_.freeze(tea_, "unpaid").ok());
    EXPECT_EQ(caller_of(made->secret).problem().code, "tenant.frozen");
}

TEST_F(OpenApiTest, last_used_is_written_seldom) {
    const auto made = make(world_.system(), {"audit.view"}, "");
    ASSERT_TRUE(caller_of(made->secret).ok());
    open_api_.flush_last_used();
    EXPECT_EQ(row(made->key.id).last_used_at, world_.clock.now());
    const Time first = world_.clock.now();
    world_.clock.advance_ms(30 * kSecondMs);
    ASSERT_TRUE(caller_of(made->secret).ok());
    open_api_.flush_last_used();
    EXPECT_EQ(row(made->key.id).last_used_at, first);
}

TEST_F(OpenApiTest, a_list_holds_the_keys_of_the_callers_places) {
    for (const std::string place : {"01", "0101", "02"}) {
        ASSERT_TRUE(make(world_.system(), {"audit.view"}, place).ok());
    }
    const auto list =
        world_.as(world_.staff({"app_key.view"}, {"01"}), [&](Scope& scope) -> Result<KeyList> {
            HANGU_TRY(const storage::DataScope places, scope.within({"app_key.view"}));
            return open_api_.list(scope.tx(), places, AppKeyId(), 1);
        });
    ASSERT_TRUE(list.ok());
    EXPECT_EQ(list->total, 2);
    ASSERT_EQ(list->items.size(), 1u);
    EXPECT_EQ(list->items[0].node_path, "0101");
    EXPECT_TRUE(list->next.has_value());
}

TEST_F(OpenApiTest, several_gates_answer_for_their_realms) {
    CookieGate cookies;
    Gates gates({{http::Realm::application, &open_api_}, {http::Realm::merchant, &cookies}});
    const auto made = make(world_.system(), {"audit.view"}, "");
    http::Request request = with_key(made->secret);
    request.headers.push_back({"cookie", "c=1"});
    const auto both = gates.credential(request);
    ASSERT_TRUE(both.has_value());
    EXPECT_EQ(both->realm, http::Realm::application);
    EXPECT_EQ(gates.known(*both, world_.clock.now()), nullptr);
    http::Request cookie_only;
    cookie_only.headers.push_back({"cookie", "c=1"});
    const auto cookie = gates.credential(cookie_only);
    EXPECT_EQ(cookie->realm, http::Realm::merchant);
    EXPECT_NE(gates.known(*cookie, world_.clock.now()), nullptr);
    EXPECT_FALSE(gates.credential(http::Request()).has_value());
    http::Credential customer = *cookie;
    customer.realm = http::Realm::customer;
    EXPECT_EQ(gates.known(customer, world_.clock.now()), nullptr);
}

TEST(OpenApiSchema, statements_and_columns_are_sound) {
    const std::vector<storage::Part> parts = {part()};
    EXPECT_EQ(storage::statement_faults(parts), std::vector<std::string>());
}

}  // namespace
}  // namespace hangu::open_api

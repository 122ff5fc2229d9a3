// Two tenants with real keys, an identity over them, and a grant source that tests set.
#pragma once

#include "platform/runtime/runtime.hpp"
#include "security/audit/audit.hpp"
#include "security/audit/module.hpp"
#include "security/identity/internal/identity_state.hpp"
#include "security/identity/internal/identity_store.hpp"
#include "security/identity/module.hpp"
#include "security/tenant/module.hpp"

#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>

namespace hangu::identity {

class FixedGrants final : public GrantSource {
 public:
    explicit FixedGrants(const http::PermissionCatalogue& catalogue) : catalogue_(catalogue) {}
    ActorGrants grants_of(storage::Tx&, http::ActorKind, std::int64_t) override {
        ++asked;
        ActorGrants grants;
        grants.rights = http::Rights::at(catalogue_.set_of({"role.view"}), "01");
        grants.places = {"01"};
        return grants;
    }
    int asked = 0;

 private:
    const http::PermissionCatalogue& catalogue_;
};

class IdentityHouse {
 public:
    IdentityHouse()
        : world({tenant::part(), audit::part(), part()},
                {{http::PermissionKind::menu, "organisation", "", "组织", "Organisation"},
                 {http::PermissionKind::page, "role.view", "organisation", "角色", "Roles"}},
                settings()),
          tenants(*world.engine, world.ids, world.clock, world.log),
          ring(Secret(std::string(32, 'r')), tenants, world.random),
          pool(2, 64),
          grants(world.permissions_) {
        world.engine->set_key_ring(ring);
        tenants.set_key_ring(ring);
        tea = tenants.create("tea-house", "Tea House", 480)->id;
        cake = tenants.create("cake", "Cake", 480)->id;
        Identity::Options options;
        options.password_cost = {1024, 1, 1};  // tests sign in often
        identity = std::make_unique<Identity>(*world.engine, tenants, world.world, pool, options);
        identity->set_grant_source(grants);
    }

    template <class F>
    auto in(TenantId tenant, F&& body) {
        return http::run_use_case(*world.engine, world.world, world.system_of(tenant),
                                  storage::Work::write, body);
    }
    template <class F>
    auto read(TenantId tenant, F&& body) {
        return *world.engine->run(
            tenant, storage::Work::read,
            [&](storage::Tx& tx) -> Result<decltype(body(tx))> { return body(tx); });
    }

    StaffId staff(TenantId tenant, const std::string& login, const std::string& password = "") {
        const StaffId id(world.ids.next(world.clock.now().unix_ms()));
        const auto made = in(tenant, [&](http::Scope& scope) -> Result<void> {
            HANGU_CHECK(identity->create_account(scope, id, login, PersonName("Li " + login)));
            if (!password.empty()) {
                IdentityStore(scope.tx())
                    .set_password(
                        id, crypto::hash_password(Secret(password), {1024, 1, 1}, world.random));
            }
            return {};
        });
        EXPECT_TRUE(made.ok());
        return id;
    }

    std::string link(TenantId tenant, StaffId staff) {
        return in(tenant,
                  [&](http::Scope& scope) { return identity->make_sign_in_link(scope, staff); })
            ->token;
    }

    static http::Request with_cookie(const std::string& token) {
        http::Request request;
        request.headers.push_back(
            {"cookie", std::string(cookie_names(http::Realm::merchant).session) + "=" + token});
        request.remote_address = "192.0.2.1";
        return request;
    }

    // As the pipeline does it: from memory, else from the database.
    Result<std::shared_ptr<const http::Caller>> caller_of(const std::string& token) {
        const auto credential = identity->credential(with_cookie(token));
        if (!credential) {
            return Problem::unauthenticated("no.credential");
        }
        if (auto known = identity->known(*credential, world.clock.now())) {
            return known;
        }
        return world.engine->run(credential->tenant, storage::Work::read, [&](storage::Tx& tx) {
            return identity->recognise(tx, *credential);
        });
    }
    bool is_remembered(const std::string& token) {
        return identity->known(*identity->credential(with_cookie(token)), world.clock.now()) !=
               nullptr;
    }

    std::vector<std::string> audited() const {
        std::vector<std::string> actions;
        for (const auto& seen : world.audit.seen()) {
            actions.push_back(seen.action);
        }
        return actions;
    }

    testing::TestWorld world;
    tenant::Tenants tenants;
    crypto::KeyRing ring;
    crypto::HashPool pool;
    FixedGrants grants;
    std::unique_ptr<Identity> identity;
    TenantId tea;
    TenantId cake;
};

}  // namespace hangu::identity

// The delivery module in a whole world, with the broker that the test says.
#pragma once

#include "platform/egress/egress.hpp"
#include "security/delivery/delivery.hpp"
#include "security/delivery/module.hpp"
#include "security/notify/module.hpp"
#include "security/notify/notify.hpp"
#include "security/tenant/module.hpp"
#include "security/tenant/tenant.hpp"
#include "tests/support/route_call.hpp"
#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hangu::testing {

class MaybeFresh final : public notify::Freshness {
 public:
    Result<void> require_fresh(http::Scope&) override {
        if (!fresh) {
            return Problem::forbidden("session.step_up_required");
        }
        return {};
    }
    bool fresh = true;
};

// Node 1 stands at "01", node 2 at "02".
class TwoPlaces final : public delivery::Places {
 public:
    Result<std::string> path_of_node(storage::Tx&, std::int64_t node) override {
        if (node != 1 && node != 2) {
            return Problem::invalid_field("node_id", "field.unknown");
        }
        return "0" + std::to_string(node);
    }
};

inline std::vector<http::PermissionNode> delivery_nodes() {
    using http::PermissionKind;
    std::vector<http::PermissionNode> all{
        {PermissionKind::menu, "safety", "", "安全", "Safety"},
        {PermissionKind::page, "order.view", "safety", "订单", "Orders"}};
    for (http::PermissionNode& node : delivery::permissions()) {
        all.push_back(node);
    }
    return all;
}

inline std::vector<settings::Setting> delivery_settings() {
    std::vector<settings::Setting> all = delivery::settings();
    for (settings::Setting& one : egress::settings()) {
        all.push_back(one);
    }
    for (settings::Setting& one : notify::settings()) {
        all.push_back(one);
    }
    return all;
}

class DeliveryHouse {
 public:
    explicit DeliveryHouse(events::Carrier* carrier)
        : world({tenant::part(), notify::part(), notify::platform_part(), delivery::part()},
                delivery_nodes(), delivery_settings()),
          tenants(*world.engine, world.ids, world.clock, world.log),
          out(world.settings, world.log, world.metrics, world.clock, egress::Egress::Options{}),
          notify(*world.engine, tenants, world.world, out) {
        world.settings.set("delivery.attempts_max", std::int64_t{3});
        begin(carrier);
    }
    ~DeliveryHouse() {
        deliveries->stop();
        notify.stop();
    }

    // As when the process is started again.
    void begin(events::Carrier* carrier) {
        deliveries = std::make_unique<delivery::Deliveries>(delivery::Deliveries::Services{
            *world.engine,
            world.world,
            notify,
            world.metrics,
            carrier,
            {"order.placed", "order.paid", "order.refunded", "approval.opened"}});
        deliveries->set_places(places);
        deliveries->set_freshness(fresh);
        http::Routes routes;
        delivery::add_routes(routes, *deliveries);
        caller = std::make_unique<RouteCaller>(world, std::move(routes));
    }

    std::string add(const std::string& events = R"(["order.*"])", const std::string& more = "") {
        const auto made = caller->ok("destination.create", {},
                                     R"({"name":"ERP","events":)" + events + more + "}");
        queue = text(made, "queue");
        deliveries->settle_and_wait();
        return text(made, "id");
    }
    void happen(const std::string& name, const std::string& subject,
                const std::string& path = "01") {
        std::vector<events::Event> told;
        const auto done = world.tx([&](storage::Tx& tx) -> Result<void> {
            events::Event event{
                events::EventId(world.ids.next(tx.now().unix_ms())), name,     path,   "order.view",
                R"({"what":")" + name + " " + subject + R"("})",     tx.now(), subject};
            events::append(tx, event);
            told = {event};
            return {};
        });
        ASSERT_TRUE(done.ok());
        world.hub.publish(world.tenant, told);
    }
    void settle() { deliveries->settle_and_wait(); }
    void pass(std::int64_t ms) {
        world.clock.advance_ms(ms);
        deliveries->sweep();
        settle();
    }
    boost::json::value shown() { return caller->ok("destination.list", {}).at("items").at(0); }
    boost::json::value letters(const std::string& id) {
        return caller->ok("dead_letter.list", {{"destination_id", id}}).at("items");
    }

    TestWorld world;
    tenant::Tenants tenants;
    egress::Egress out;
    notify::Notify notify;
    MaybeFresh fresh;
    TwoPlaces places;
    std::unique_ptr<delivery::Deliveries> deliveries;
    std::unique_ptr<RouteCaller> caller;
    std::string queue;
};

}  // namespace hangu::testing

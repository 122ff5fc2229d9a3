// A house in a folder of its own with tenants that can sell: a store, a menu, members.
#pragma once

#include "app/direct_client.hpp"
#include "app/house.hpp"

#include <memory>
#include <string>
#include <vector>

namespace hangu::bench {

struct BenchTenant {
    std::shared_ptr<const tenant::Tenant> tenant;
    std::shared_ptr<const http::Caller> caller;
    std::string store_id;
    std::vector<std::string> spec_ids;
    std::vector<std::string> option_ids;  // one per spec
    std::vector<std::string> member_ids;
};

class BenchHouse {
 public:
    // `menu` products per tenant; 0 leaves the tenants empty. With shards the tenants are on them,
    // one after another.
    BenchHouse(std::size_t tenants, std::size_t menu,
               const std::vector<storage::ShardOptions>& shards = {});
    ~BenchHouse();

    app::House& house() { return *house_; }
    const std::string& folder() const { return folder_; }
    std::vector<BenchTenant>& tenants() { return tenants_; }
    const std::vector<http::RouteEntry>& routes() const { return routes_; }
    const http::RouteEntry& route(std::string_view name) const;

    BenchTenant add_tenant(const std::string& code, std::size_t menu,
                           const std::string& place = "");
    // A counter order of three lines with a member, paid at once.
    std::string order_body(const BenchTenant& tenant, std::size_t turn) const;
    // A one-time sign-in link of the tenant's owner, whom it makes.
    std::string owner_link(const BenchTenant& tenant);
    void close();  // lets go of the data folder, for a server of its own

 private:
    std::string folder_;
    std::unique_ptr<app::House> house_;
    std::unique_ptr<runtime::Runtime> runtime_;
    std::vector<http::RouteEntry> routes_;
    std::vector<BenchTenant> tenants_;
};

// The program that stands in the same folder as this bench.
std::string program_beside(const std::string& bench);

}  // namespace hangu::bench

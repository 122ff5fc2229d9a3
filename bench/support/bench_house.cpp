#include "bench_house.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

namespace hangu::bench {

namespace {

std::string text_of(const boost::json::value& object, const char* key) {
    return std::string(object.at(key).as_string().c_str());
}

// In the build folder rather than in /tmp, which may be memory.
std::string make_folder() {
    std::string folder = (std::filesystem::current_path() / "bench-data-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        throw std::runtime_error("cannot make a folder for the bench");
    }
    return folder;
}

}  // namespace

BenchHouse::BenchHouse(std::size_t tenants, std::size_t menu,
                       const std::vector<storage::ShardOptions>& shards)
    : folder_(make_folder()) {
    app::HouseOptions options;
    options.shards = shards;
    options.data = folder_ + "/data";
    options.log_level = observe::Level::error;
    Result<std::unique_ptr<app::House>> opened = app::House::open(options);
    if (!opened.ok()) {
        throw std::runtime_error(opened.problem().code + " " + opened.problem().detail + " " +
                                 opened.problem().note);
    }
    house_ = std::move(opened).value();
    runtime_ = std::make_unique<runtime::Runtime>(1);
    routes_ = house_->routes(*runtime_);
    for (std::size_t i = 0; i < tenants; ++i) {
        const std::string place = shards.empty() ? "" : shards[i % shards.size()].name;
        tenants_.push_back(add_tenant(fmt::format("bench-{}", i), menu, place));
    }
}

BenchHouse::~BenchHouse() {
    close();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void BenchHouse::close() {
    routes_.clear();
    runtime_.reset();
    house_.reset();
}

const http::RouteEntry& BenchHouse::route(std::string_view name) const {
    for (const http::RouteEntry& entry : routes_) {
        if (entry.route.name == name) {
            return entry;
        }
    }
    throw std::runtime_error("no route " + std::string(name));
}

BenchTenant BenchHouse::add_tenant(const std::string& code, std::size_t menu,
                                   const std::string& place) {
    const Result<tenant::Tenant> made = house_->tenants->create(code, code, 480, place);
    if (!made.ok()) {
        throw std::runtime_error(made.problem().code + " " + made.problem().detail);
    }
    BenchTenant tenant;
    tenant.tenant = house_->tenants->find_by_code(code);
    tenant.caller =
        std::make_shared<const http::Caller>(house_->system_of(*tenant.tenant, "bench"));
    if (menu == 0) {
        return tenant;
    }
    app::DirectClient client(*house_, routes_, *tenant.caller);
    const boost::json::value nodes = client.call("GET", "/api/v1/org-nodes");
    const std::string top = text_of(nodes.at("items").as_array().front(), "id");
    tenant.store_id =
        text_of(client.call("POST", "/api/v1/stores",
                            fmt::format(R"({{"parent_id":"{}","code":"S1","name":"Store"}})", top)),
                "id");
    const std::string category =
        text_of(client.call("POST", "/api/v1/categories", R"({"name":"Tea"})"), "id");
    for (std::size_t i = 0; i < menu; ++i) {
        const boost::json::value product =
            client.call("POST", "/api/v1/products",
                        fmt::format(R"({{"code":"P{0}","name":"Product {0}","category_id":"{1}",)"
                                    R"("description":"","state":"on",
                "specs":[{{"code":"P{0}-M","name":"Regular","price_fen":{2}}}],
                "modifier_groups":[{{"name":"Topping","kind":"topping","min":0,"max":1,"options":[
                {{"name":"Pearl","price_fen":200,"default":false}}]}}]}})",
                                    i, category, 1000 + i * 10));
        tenant.spec_ids.push_back(text_of(product.at("specs").as_array().front(), "id"));
        tenant.option_ids.push_back(text_of(
            product.at("modifier_groups").as_array().front().at("options").as_array().front(),
            "id"));
    }
    for (std::size_t i = 0; i < 10; ++i) {
        tenant.member_ids.push_back(
            text_of(client.call("POST", "/api/v1/members",
                                fmt::format(R"({{"phone":"1390000{:04}","name":"Member"}})", i)),
                    "id"));
    }
    return tenant;
}

std::string BenchHouse::owner_link(const BenchTenant& tenant) {
    const auto link = http::run_use_case(
        *house_->engine, house_->world, *tenant.caller, storage::Work::write,
        [&](http::Scope& scope) { return house_->staff->create_owner(scope, "owner", "Owner"); });
    if (!link.ok()) {
        throw std::runtime_error(link.problem().code);
    }
    return link->token;
}

std::string program_beside(const std::string& bench) {
    return (std::filesystem::absolute(bench).parent_path() / "hangu").string();
}

std::string BenchHouse::order_body(const BenchTenant& tenant, std::size_t turn) const {
    std::string lines;
    std::int64_t total = 0;
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t at = (turn * 7 + i * 3) % tenant.spec_ids.size();
        lines += fmt::format(R"({}{{"spec_id":"{}","quantity":1,"option_ids":["{}"]}})",
                             i == 0 ? "" : ",", tenant.spec_ids[at], tenant.option_ids[at]);
        total += 1000 + static_cast<std::int64_t>(at) * 10 + 200;
    }
    return fmt::format(R"({{"store_id":"{}","mode":"pick_up","member_id":"{}","lines":[{}],)"
                       R"("payment":{{"tender":"cash","amount_fen":{}}}}})",
                       tenant.store_id, tenant.member_ids[turn % tenant.member_ids.size()], lines,
                       total);
}

}  // namespace hangu::bench

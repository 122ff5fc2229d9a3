// The demo chain: a tea chain made through the product's own use cases, with two weeks of orders,
// so that every page has something to look at.
#include "app/commands.hpp"
#include "app/direct_client.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace hangu::app {

namespace {

constexpr int kDays = 15;  // up to and with today
constexpr std::string_view kCode = "demo";

struct DemoProduct {
    std::string_view code;
    std::string_view name;
    std::string_view category;
    int medium_fen;
    int large_fen;
    int weight;  // how often it is ordered
};

constexpr DemoProduct kMenu[] = {
    {"T01", "茉莉绿茶", "原叶茶", 900, 1100, 5},  {"T02", "桂花乌龙", "原叶茶", 1000, 1200, 4},
    {"T03", "凤凰单丛", "原叶茶", 1400, 1600, 3}, {"T04", "正山小种", "原叶茶", 1200, 1400, 2},
    {"M01", "招牌奶茶", "奶茶", 1300, 1500, 12},  {"M02", "黑糖珍珠鲜奶", "奶茶", 1600, 1800, 9},
    {"M03", "伯牙绝弦", "奶茶", 1500, 1700, 10},  {"M04", "芋泥波波奶茶", "奶茶", 1700, 1900, 7},
    {"F01", "满杯红柚", "果茶", 1700, 1900, 8},   {"F02", "杨枝甘露", "果茶", 1900, 2100, 9},
    {"F03", "芒果冰沙", "果茶", 1800, 2000, 5},   {"F04", "柠檬绿茶", "果茶", 1200, 1400, 8},
    {"F05", "多肉葡萄", "果茶", 1900, 2200, 7},   {"C01", "生椰拿铁", "咖啡", 1600, 1800, 6},
    {"C02", "美式咖啡", "咖啡", 1100, 1300, 4},   {"S01", "抹茶麻薯", "小食", 800, 0, 3},
    {"S02", "芝士蛋挞", "小食", 700, 0, 4},       {"S03", "海盐卷", "小食", 900, 0, 2},
};

struct DemoStore {
    std::string_view region;
    std::string_view code;
    std::string_view name;
    std::string_view address;
    int orders_per_day;
};

constexpr DemoStore kStores[] = {
    {"华东区", "SH01", "人民广场店", "上海市黄浦区西藏中路 268 号", 26},
    {"华东区", "SH02", "静安寺店", "上海市静安区南京西路 1686 号", 22},
    {"华东区", "HZ01", "湖滨店", "杭州市上城区湖滨路 28 号", 16},
    {"华南区", "SZ01", "海岸城店", "深圳市南山区文心五路 33 号", 20},
    {"华南区", "GZ01", "天河城店", "广州市天河区天河路 208 号", 14},
};

constexpr std::string_view kSurnames[] = {"陈", "林", "黄", "周", "吴", "徐", "孙", "马",
                                          "朱", "胡", "郭", "何", "高", "罗", "郑", "梁"};
constexpr std::string_view kGiven[] = {"思远", "雨桐", "子涵", "若曦", "浩然", "佳怡",
                                       "明轩", "欣妍", "俊杰", "诗涵", "一诺", "梓萱"};

// How busy each hour of the day is.
constexpr int kHours[24] = {2,  1,  1, 1,  1,  1, 1, 2, 3, 5, 6, 8,
                            12, 10, 9, 12, 11, 8, 7, 8, 7, 4, 3, 2};

std::string text_of(const boost::json::value& object, const char* key) {
    return std::string(object.at(key).as_string().c_str());
}

class Demo {
 public:
    Demo(ManualClock& clock, Output& output, DirectClient client)
        : clock_(clock), output_(output), client_(std::move(client)) {}

    // Everything the chain begins with is as old as the clock says now; orders come up to `until`.
    void make(Time until) {
        make_organisation();
        make_menu();
        make_people();
        make_members();
        make_orders(until);
    }

 private:
    std::size_t pick(std::size_t count) { return random_.number() % count; }

    std::size_t pick_weighted(std::span<const int> weights) {
        int total = 0;
        for (const int weight : weights) {
            total += weight;
        }
        int at = static_cast<int>(pick(static_cast<std::size_t>(total)));
        for (std::size_t i = 0; i < weights.size(); ++i) {
            at -= weights[i];
            if (at < 0) {
                return i;
            }
        }
        return weights.size() - 1;
    }

    void make_organisation() {
        const boost::json::value nodes = client_.call("GET", "/api/v1/org-nodes");
        headquarters_ = text_of(nodes.at("items").as_array().front(), "id");
        std::map<std::string_view, std::string> regions;
        for (const DemoStore& store : kStores) {
            if (!regions.contains(store.region)) {
                const boost::json::value region =
                    client_.call("POST", "/api/v1/org-nodes",
                                 fmt::format(R"({{"parent_id":"{}","name":"{}"}})", headquarters_,
                                             store.region));
                regions[store.region] = text_of(region, "id");
            }
            std::string hours;
            for (int day = 1; day <= 7; ++day) {
                hours += fmt::format(R"({}{{"weekday":{},"opens":"07:30","closes":"22:00"}})",
                                     day == 1 ? "" : ",", day);
            }
            const boost::json::value made = client_.call(
                "POST", "/api/v1/stores",
                fmt::format(R"({{"parent_id":"{}","code":"{}","name":"{}","address":"{}",)"
                            R"("phone":"021-5555 01{:02}","opening_hours":[{}]}})",
                            regions[store.region], store.code, store.name, store.address,
                            stores_.size(), hours));
            stores_.push_back(text_of(made, "id"));
            store_nodes_.push_back(text_of(made, "node_id"));
        }
        regions_ = {regions["华东区"], regions["华南区"]};
    }

    std::string modifier_groups(const DemoProduct& product) const {
        if (product.large_fen == 0) {
            return "[]";
        }
        return R"([{"name":"糖度","kind":"choice","min":1,"max":1,"options":[
            {"name":"标准糖","price_fen":0,"default":true},{"name":"少糖","price_fen":0,"default":false},
            {"name":"半糖","price_fen":0,"default":false},
            {"name":"不另加糖","price_fen":0,"default":false}]},
            {"name":"温度","kind":"choice","min":1,"max":1,"options":[
            {"name":"正常冰","price_fen":0,"default":true},{"name":"少冰","price_fen":0,"default":false},
            {"name":"去冰","price_fen":0,"default":false},
            {"name":"热","price_fen":0,"default":false}]},
            {"name":"加料","kind":"topping","min":0,"max":3,"options":[
            {"name":"珍珠","price_fen":200,"default":false},
            {"name":"椰果","price_fen":200,"default":false},
            {"name":"芋圆","price_fen":300,"default":false},
            {"name":"奶盖","price_fen":400,"default":false}]}])";
    }

    void make_menu() {
        std::map<std::string_view, std::string> categories;
        for (const DemoProduct& product : kMenu) {
            if (!categories.contains(product.category)) {
                const boost::json::value made =
                    client_.call("POST", "/api/v1/categories",
                                 fmt::format(R"({{"name":"{}"}})", product.category));
                categories[product.category] = text_of(made, "id");
            }
            std::string specs =
                fmt::format(R"([{{"code":"{}-M","name":"{}","price_fen":{}}})", product.code,
                            product.large_fen == 0 ? "份" : "中杯", product.medium_fen);
            if (product.large_fen != 0) {
                specs += fmt::format(R"(,{{"code":"{}-L","name":"大杯","price_fen":{}}})",
                                     product.code, product.large_fen);
            }
            const boost::json::value made = client_.call(
                "POST", "/api/v1/products",
                fmt::format(R"({{"code":"{}","name":"{}","category_id":"{}","description":"",)"
                            R"("state":"on","specs":{}],"modifier_groups":{}}})",
                            product.code, product.name, categories[product.category], specs,
                            modifier_groups(product)));
            products_.push_back(made);
            weights_.push_back(product.weight);
        }
        // What differs in a store: the metropolis is dearer, some things are gone or counted.
        set_store_price(0, 5, R"({"price_fen":1800,"available":true,"remaining":null})");
        set_store_price(2, 8, R"({"price_fen":null,"available":false,"remaining":null})");
        set_store_price(1, 16, R"({"price_fen":null,"available":true,"remaining":400})");
    }

    void set_store_price(std::size_t store, std::size_t product, const std::string& body) {
        const std::string spec = text_of(products_[product].at("specs").as_array().front(), "id");
        client_.call("PUT", fmt::format("/api/v1/stores/{}/specs/{}", stores_[store], spec), body);
    }

    std::string make_role(std::string_view name, const std::string& permissions) {
        const boost::json::value made =
            client_.call("POST", "/api/v1/roles",
                         fmt::format(R"({{"name":"{}","permissions":[{}]}})", name, permissions));
        return text_of(made, "id");
    }

    void make_staff(std::string_view name, std::string_view login, const std::string& node,
                    const std::string& role) {
        client_.call(
            "POST", "/api/v1/staff",
            fmt::format(R"({{"name":"{}","login_name":"{}","phone":"139{:08}","node_id":"{}",)"
                        R"("role_ids":["{}"]}})",
                        name, login, 10000000 + pick(89999999), node, role));
    }

    void make_people() {
        const std::string cashier = make_role(
            "收银员", R"("order.view","order.place","order.advance","order.cancel","product.view",)"
                      R"("member.view","member.edit","store.view")");
        const std::string manager = make_role(
            "店长",
            R"("dashboard.view","report.sales","order.view","order.place","order.advance",)"
            R"("order.cancel","order.refund","product.view","product.store_price",)"
            R"("member.view","member.edit","member.reveal_phone","store.view","staff.view")");
        const std::string regional = make_role(
            "区域经理",
            R"("dashboard.view","report.sales","order.view","order.refund","product.view",)"
            R"("member.view","org.view","store.view","store.edit","staff.view",)"
            R"("staff.edit","staff.suspend","staff.invite","role.view")");
        const std::string auditor = make_role(
            "审计员", R"("audit.view","dashboard.view","report.sales","org.view","store.view")");
        make_staff("许文华", "xu.wenhua", regions_[0], regional);
        make_staff("谭志明", "tan.zhiming", regions_[1], regional);
        make_staff("沈静", "shen.jing", headquarters_, auditor);
        for (std::size_t i = 0; i < stores_.size(); ++i) {
            const std::string suffix = lower_ascii(kStores[i].code);
            make_staff(person_name(), "manager." + suffix, store_nodes_[i], manager);
            make_staff(person_name(), "cashier." + suffix, store_nodes_[i], cashier);
        }
    }

    std::string person_name() {
        return std::string(kSurnames[pick(std::size(kSurnames))]) +
               std::string(kGiven[pick(std::size(kGiven))]);
    }

    void make_members() {
        constexpr std::size_t kMembers = 60;
        for (std::size_t i = 0; i < kMembers; ++i) {
            const boost::json::value made = client_.call(
                "POST", "/api/v1/members",
                fmt::format(
                    R"({{"phone":"138{:04}{:04}","name":"{}","gender":"{}","store_id":"{}",)"
                    R"("birthday":"19{}-{:02}-{:02}"}})",
                    i, pick(10000), person_name(), pick(2) == 0 ? "female" : "male",
                    stores_[pick(stores_.size())], 80 + pick(20), 1 + pick(12), 1 + pick(28)));
            members_.push_back(text_of(made, "id"));
            output_.progress("members", i + 1, kMembers);
        }
    }

    std::string line_json(std::size_t product_at) {
        const boost::json::value& product = products_[product_at];
        const boost::json::array& specs = product.at("specs").as_array();
        const boost::json::value& spec = specs[pick(specs.size())];
        std::string options;
        for (const boost::json::value& group : product.at("modifier_groups").as_array()) {
            const boost::json::array& choices = group.at("options").as_array();
            const bool topping = text_of(group, "kind") == "topping";
            if (topping && pick(10) < 6) {
                continue;
            }
            const std::size_t chosen = !topping && pick(10) < 6 ? 0 : pick(choices.size());
            options +=
                fmt::format("{}\"{}\"", options.empty() ? "" : ",", text_of(choices[chosen], "id"));
        }
        return fmt::format(R"({{"spec_id":"{}","quantity":{},"option_ids":[{}]}})",
                           text_of(spec, "id"), pick(10) < 8 ? 1 : 2, options);
    }

    void make_orders(Time now) {
        const Day today = Day::at(now, 480);
        struct Moment {
            Time at;
            std::size_t store;
        };
        std::vector<Moment> moments;
        for (int back = kDays - 1; back >= 0; --back) {
            const Day day = today.plus_days(-back);
            for (std::size_t store = 0; store < stores_.size(); ++store) {
                const bool weekend = day.weekday() >= 6;
                const int orders = kStores[store].orders_per_day * (weekend ? 13 : 10) / 10 +
                                   static_cast<int>(pick(6));
                for (int i = 0; i < orders; ++i) {
                    const auto hour = static_cast<std::int64_t>(pick_weighted(kHours));
                    const Time at = day.start(480).plus_ms(
                        hour * kHourMs + static_cast<std::int64_t>(pick(kHourMs)));
                    if (at < now) {
                        moments.push_back({at, store});
                    }
                }
            }
        }
        std::sort(moments.begin(), moments.end(),
                  [](const Moment& a, const Moment& b) { return a.at < b.at; });
        for (std::size_t i = 0; i < moments.size(); ++i) {
            clock_.set(moments[i].at);
            make_order(moments[i].store);
            output_.progress("orders", i + 1, moments.size());
        }
        clock_.set(now);
    }

    void make_order(std::size_t store) {
        std::string lines = line_json(pick_weighted(weights_));
        for (std::size_t more = pick(3); more > 0; --more) {
            lines += "," + line_json(pick_weighted(weights_));
        }
        const std::string member =
            pick(10) < 6 ? fmt::format(R"("member_id":"{}",)", members_[pick(members_.size())])
                         : "";
        const std::string draft =
            fmt::format(R"("store_id":"{}","mode":"{}",{}"lines":[{}])", stores_[store],
                        pick(3) == 0 ? "dine_in" : "pick_up", member, lines);
        try {
            const boost::json::value priced =
                client_.call("POST", "/api/v1/orders/preview", "{" + draft + "}");
            const std::int64_t total = priced.at("total_fen").as_int64();
            const bool cash = pick(10) < 2;
            const std::string payment =
                cash ? fmt::format(R"({{"tender":"cash","amount_fen":{}}})", total)
                     : fmt::format(
                           R"({{"tender":"external","reference":"WX{:012}","amount_fen":{}}})",
                           pick(1'000'000'000'000), total);
            const boost::json::value order = client_.call(
                "POST", "/api/v1/orders", fmt::format("{{{},\"payment\":{}}}", draft, payment));
            carry_on(text_of(order, "id"), order.at("version").as_int64());
        } catch (const std::runtime_error& refused) {
            // Some things are sold out or not offered at a store; a guest then goes without.
            const std::string_view what = refused.what();
            const bool expected = what.find("order.unavailable") != std::string_view::npos ||
                                  what.find("order.sold_out") != std::string_view::npos;
            if (!expected) {
                throw;
            }
        }
    }

    // What becomes of an order: most are made and handed over, a few are cancelled or refunded.
    void carry_on(const std::string& id, std::int64_t version) {
        const std::size_t fate = pick(100);
        if (fate < 3) {
            client_.call("POST", fmt::format("/api/v1/orders/{}/cancel", id),
                         fmt::format(R"({{"reason":"顾客改变主意","version":{}}})", version));
            return;
        }
        const Time placed = clock_.now();
        for (const char* step : {"accepted", "making", "ready", "handed_over"}) {
            clock_.advance_ms(static_cast<std::int64_t>(45'000 + pick(120'000)));
            const boost::json::value order =
                client_.call("POST", fmt::format("/api/v1/orders/{}/advance", id),
                             fmt::format(R"({{"production":"{}","version":{}}})", step, version));
            version = order.at("version").as_int64();
        }
        if (fate < 5) {
            client_.call("POST", fmt::format("/api/v1/orders/{}/refund", id),
                         fmt::format(R"({{"reason":"口味不符","version":{}}})", version));
        }
        clock_.set(placed);
    }

    ManualClock& clock_;
    Output& output_;
    DirectClient client_;
    SeededRandomness random_{1949};
    std::string headquarters_;
    std::vector<std::string> regions_;
    std::vector<std::string> stores_;
    std::vector<std::string> store_nodes_;
    std::vector<boost::json::value> products_;
    std::vector<int> weights_;
    std::vector<std::string> members_;
};

struct DemoMade {
    std::string tenant;
    std::string owner_login;
    std::string sign_in_token;
};
HANGU_STRUCT(DemoMade, tenant, owner_login, sign_in_token)

}  // namespace

int make_demo(const Arguments& arguments, Output& output) {
    const runtime::SystemClock system;
    ManualClock clock(system.now());
    HouseOptions options = house_options(arguments);
    options.clock = &clock;
    Result<std::unique_ptr<House>> opened = House::open(options);
    if (!opened.ok()) {
        explain(opened.problem(), arguments.json(), output);
        return 1;
    }
    House& house = **opened;
    if (house.tenants->find_by_code(kCode)) {
        explain(Problem::conflict("tenant.code_taken", "this data folder has a demo already"),
                arguments.json(), output);
        return 1;
    }
    const Time now = clock.now();
    clock.set(now.plus_ms(-std::int64_t{kDays + 1} * kDayMs));
    const Result<tenant::Tenant> made = house.tenants->create(kCode, "云岫茶", 480);
    if (!made.ok()) {
        explain(made.problem(), arguments.json(), output);
        return 1;
    }
    const http::Caller system_caller = house.system_of(*made, "demo");
    runtime::Runtime runtime(1);
    Demo demo(clock, output, DirectClient(house, house.routes(runtime), system_caller));
    const auto owner = http::run_use_case(
        *house.engine, house.world, system_caller, storage::Work::write,
        [&](http::Scope& scope) { return house.staff->create_owner(scope, "owner", "林知夏"); });
    if (!owner.ok()) {
        explain(owner.problem(), arguments.json(), output);
        return 1;
    }
    demo.make(now);
    const DemoMade shown{std::string(kCode), "owner", ""};
    output.line(arguments.json() ? json::to_text(shown)
                                 : "The demo chain \"demo\" is ready: 5 stores, 18 products, "
                                   "60 members, two weeks of orders.");
    return 0;
}

}  // namespace hangu::app

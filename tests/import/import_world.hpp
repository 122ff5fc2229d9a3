// For the tests of imports: an empty tenant with everything an import writes to, and folders of
// files.
#pragma once

#include "commerce/catalogue/module.hpp"
#include "commerce/importing/module.hpp"
#include "commerce/member/module.hpp"
#include "commerce/order/module.hpp"
#include "commerce/organisation/module.hpp"
#include "commerce/staff/module.hpp"
#include "platform/events/events.hpp"
#include "security/audit/module.hpp"
#include "security/authorization/module.hpp"
#include "security/identity/module.hpp"
#include "security/tenant/module.hpp"
#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::importing {

inline std::vector<http::PermissionNode> import_permissions() {
    std::vector<http::PermissionNode> all;
    for (const auto& nodes :
         {organisation::permissions(), staff::permissions(), member::permissions(),
          catalogue::permissions(), order::permissions(), audit::permissions(),
          authorization::permissions(), identity::permissions()}) {
        all.insert(all.end(), nodes.begin(), nodes.end());
    }
    return all;
}

class ImportWorld {
 public:
    ImportWorld()
        : world({tenant::part(), audit::part(), identity::part(), authorization::part(),
                 organisation::part(), staff::part(), member::part(), catalogue::part(),
                 order::part(), part()},
                import_permissions(), identity::settings()),
          tenants(*world.engine, world.ids, world.clock, world.log),
          pool(1, 8),
          identity(*world.engine, tenants, world.world, pool, {}),
          authorization(world.permissions_, identity),
          staff(identity, authorization, organisation),
          orders(organisation, members, catalogue) {
        identity.set_grant_source(authorization);
        const auto seeded = world.tx([this](storage::Tx& tx) -> Result<void> {
            organisation.seed(tx, world.ids, "Headquarters");
            authorization.seed_owner_role(tx, world.ids);
            return {};
        });
        HANGU_ASSERT(seeded.ok());
    }

    Importer importer() {
        return Importer(
            {*world.engine, world.world, organisation, staff, catalogue, members, orders});
    }
    Result<ImportReport> run(const ImportOptions& options) {
        return importer().run(world.system(), options);
    }
    // Fails the test when there is a problem.
    ImportReport import(const ImportOptions& options) {
        Result<ImportReport> report = run(options);
        if (!report.ok()) {
            ADD_FAILURE() << report.problem().code << ": " << report.problem().detail << " "
                          << report.problem().note;
            return {};
        }
        return *std::move(report);
    }

    order::Sales sales(order::SalesBy by, Day from, Day to) {
        auto sales = world.engine->run(world.tenant, storage::Work::report, [&](storage::Tx& tx) {
            return orders.sales_report(tx, storage::DataScope::whole_tenant(), {by, from, to, {}});
        });
        return sales.ok() ? *std::move(sales) : order::Sales{};
    }
    std::size_t events_count() {
        const auto count = [](storage::Tx& tx) -> Result<std::size_t> {
            return events::since(tx, events::EventId(0), 1'000'000).size();
        };
        return world.engine->run(world.tenant, storage::Work::read, count).value();
    }
    // Committed transactions that could write, for "nothing was written".
    std::uint64_t writes() const { return world.engine->figures().requests; }

    testing::TestWorld world;
    tenant::Tenants tenants;
    crypto::HashPool pool;
    identity::Identity identity;
    authorization::Authorization authorization;
    organisation::Organisation organisation;
    staff::Staff staff;
    catalogue::Catalogue catalogue;
    member::Members members;
    order::Orders orders;
};

// A folder with a mapping and small files, which tests change.
class SourceFolder {
 public:
    SourceFolder() {
        std::filesystem::create_directories(data());
        write_mapping(kMapping);
        write("stores.csv", kStores);
        write("staff.csv", kStaff);
        write("goods.csv", kGoods);
        write("members.csv", kMembers);
        write("sales.csv", kSales);
    }
    std::string data() const { return folder_.path() + "/data"; }
    void write(const std::string& name, std::string_view text) const {
        std::ofstream(data() + "/" + name, std::ios::binary) << text;
    }
    void write_mapping(std::string_view text) const {
        std::ofstream(folder_.path() + "/map.toml", std::ios::binary) << text;
    }
    ImportOptions options() const {
        ImportOptions options;
        options.mapping_file = folder_.path() + "/map.toml";
        options.folder = data();
        return options;
    }
    ImportOptions dry_run() const {
        ImportOptions made = options();
        made.dry_run = true;
        return made;
    }
    ImportOptions skip_bad() const {
        ImportOptions made = options();
        made.skip_bad = true;
        return made;
    }

    static constexpr std::string_view kMapping = R"(format = 1
source = "old-till"

[roles]
"Manager" = { permissions = ["order.view", "store.view"] }

[stores]
file = "stores.csv"
ref = "id"
kind = { column = "type", map = { shop = "store", depot = "place", closed = "skip" } }
name = "name"
phone = "phone"

[staff]
file = "staff.csv"
ref = "id"
name = "name"
login_name = "login"
place = { column = "where", map = { HQ = "@headquarters" } }
role = { column = "job", map = { boss = "Manager" }, otherwise = "" }

[products]
file = "goods.csv"
ref = "sku"
code = "code"
name = "name"
category = "kind"
spec_name = "size"
price = "price"

[members]
file = "members.csv"
ref = "id"
phone = "phone"
name = "name"
birthday = "born"
gender = { column = "sex", map = { F = "female", M = "male", "" = "unknown" } }
store = "shop"

[orders]
file = "sales.csv"
key = ["day", "shop", "number"]
store = "shop"
day = "day"
time = "time"
staff = "cashier"
member = { column = "member", map = { "0" = "" } }
mode = { column = "mode", map = { in = "dine_in", out = "pick_up" } }

[orders.line]
ref = "line"
product = "sku"
quantity = "count"
unit_price = "price"
amount = "paid"
above_price = "raise_unit_price"
)";
    static constexpr std::string_view kStores =
        "id,type,name,phone\n1,shop,Bund,021-5555\n2,depot,Depot,\n3,closed,Old,\n4,shop,Canton,\n";
    static constexpr std::string_view kStaff =
        "id,name,login,where,job\n7,Li Lei,li.lei,1,boss\n8,Han Mei,han.mei,HQ,clerk\n"
        "9,Wang Wu,wang.wu,2,clerk\n";
    static constexpr std::string_view kGoods =
        "sku,code,name,kind,size,price\n100,TEA,Oolong,Tea,M,\"\xEF\xBF\xA5"
        "15.00\"\n"
        "101,TEA,Oolong,Tea,L,$18.00 \n200,CAKE,\"Cake, \"\"big\"\"\",Food,piece,\"1,200.5\"\n";
    static constexpr std::string_view kMembers =
        "id,phone,name,born,sex,shop\n1,13812345678,Zhang San,1990-02-03,F,1\n"
        "2,138 1234 0002,Li Si,,,4\n";
    static constexpr std::string_view kSales =
        "day,time,shop,number,cashier,member,mode,line,sku,count,price,paid\n"
        "2019-04-01,08:00:00,1,1,7,1,in,1,100,2,15.00,30.00\n"
        "2019-04-01,08:00:00,1,1,7,1,in,2,200,1,1200.50,1000.00\n"
        "2019-04-01,09:30:00,4,1,8,0,out,1,101,1,18.00,18.00\n"
        "2019-04-02,09:30:00,1,1,7,2,out,1,101,3,18.00,57.00\n";

 private:
    testing::TemporaryFolder folder_;
};

inline std::vector<std::string> texts_of(const std::vector<ImportBadRow>& rows) {
    std::vector<std::string> texts;
    for (const ImportBadRow& row : rows) {
        texts.push_back(row.file + ":" + std::to_string(row.line) + " " + row.column + " " +
                        row.code);
    }
    return texts;
}

}  // namespace hangu::importing

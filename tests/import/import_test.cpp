// A whole small import: what it makes of each file, and that a dry run makes nothing.
#include "tests/import/import_world.hpp"

namespace hangu::importing {
namespace {

const Day kFirst = *Day::of(2019, 4, 1);
const Day kSecond = *Day::of(2019, 4, 2);

TEST(Import, makes_everything_of_a_folder) {
    ImportWorld world;
    const SourceFolder source;
    const ImportReport report = world.import(source.options());
    EXPECT_EQ(report.outcome, ImportOutcome::applied);
    EXPECT_EQ(texts_of(report.bad_rows), std::vector<std::string>{});
    EXPECT_EQ(report.stores.read, 4);
    EXPECT_EQ(report.stores.created, 3);
    EXPECT_EQ(report.stores.skipped, 1);
    EXPECT_EQ(report.staff.created, 3);
    EXPECT_EQ(report.products.created, 3);
    EXPECT_EQ(report.members.created, 2);
    EXPECT_EQ(report.receipts.read, 3);
    EXPECT_EQ(report.receipts.created, 3);
    EXPECT_EQ(report.lines_count, 4);
    ASSERT_EQ(report.sales.size(), 2u);
    EXPECT_EQ(report.sales[0].store, "1");
    EXPECT_EQ(report.sales[0].net_fen, Money(3000 + 100000 + 5700));
    EXPECT_EQ(report.sales[0].discount_fen, Money(20050));
    EXPECT_EQ(report.sales[1].net_fen, Money(1800));

    const order::Sales sales = world.sales(order::SalesBy::store, kFirst, kSecond);
    ASSERT_EQ(sales.rows.size(), 2u);
    EXPECT_EQ(sales.rows[0].name, "Bund");
    EXPECT_EQ(sales.rows[0].net_fen, Money(108700));
    // 57.00 for three at 18.00 is above the price: the unit price is 19.00, and nothing is off.
    EXPECT_EQ(sales.rows[0].gross_fen, Money(3000 + 120050 + 5700));
    EXPECT_EQ(sales.rows[0].discount_fen, Money(20050));
    EXPECT_EQ(sales.total.net_fen, Money(110500));
    EXPECT_EQ(sales.total.orders_count, 3);
    EXPECT_EQ(sales.total.lines_count, 4);
    const order::Sales days = world.sales(order::SalesBy::day, kFirst, kSecond);
    ASSERT_EQ(days.rows.size(), 2u);
    EXPECT_EQ(days.rows[0].net_fen, Money(104800));
    EXPECT_EQ(days.rows[1].net_fen, Money(5700));
}

TEST(Import, makes_places_people_products_and_members) {
    ImportWorld world;
    const SourceFolder source;
    world.import(source.options());
    const auto seen = world.world.use_case([&](http::Scope& scope) -> Result<void> {
        storage::Tx& tx = scope.tx();
        const auto store = world.organisation.find_store_by_code(tx, "1");
        EXPECT_TRUE(store && store->name == "Bund");
        EXPECT_FALSE(world.organisation.find_store_by_code(tx, "3").has_value());

        const auto boss = world.identity.find_by_login(tx, "li.lei");
        EXPECT_TRUE(boss && boss->state == identity::AccountState::active);
        EXPECT_FALSE(boss->password_set);
        const auto grants =
            world.authorization.grants(tx, {http::ActorKind::staff, boss->id.value()});
        EXPECT_EQ(grants.size(), 1u);
        EXPECT_EQ(grants.at(0).role_name, "Manager");
        EXPECT_EQ(grants.at(0).what.place.node_path, store->path);
        const auto clerk = world.identity.find_by_login(tx, "han.mei");
        EXPECT_TRUE(
            world.authorization.grants(tx, {http::ActorKind::staff, clerk->id.value()}).empty());

        const auto tea = world.catalogue.find_product_by_code(tx, "TEA");
        EXPECT_EQ(world.catalogue.specs_of(tx, tea->id).size(), 2u);
        EXPECT_EQ(world.catalogue.find_spec_by_code(tx, "101")->price_fen, Money(1800));
        EXPECT_EQ(world.catalogue.find_product_by_code(tx, "CAKE")->name, "Cake, \"big\"");
        EXPECT_EQ(world.catalogue.find_spec_by_code(tx, "200")->price_fen, Money(120050));

        const auto member = world.members.find_by_phone(tx, *Phone::parse("13812345678"));
        EXPECT_TRUE(member.has_value());
        EXPECT_EQ(member->name.shown().text(), "Zhang San");
        EXPECT_EQ(member->gender, member::Gender::female);
        EXPECT_EQ(member->birthday.shown().text(), "1990-02-03");
        EXPECT_EQ(member->home_store_id, store->id);
        EXPECT_EQ(member->orders_count, 1);
        EXPECT_EQ(member->spent_fen, Money(103000));
        return {};
    });
    EXPECT_TRUE(seen.ok());
}

TEST(Import, dry_run_counts_and_writes_nothing) {
    ImportWorld world;
    const SourceFolder source;
    const std::uint64_t writes = world.writes();
    const ImportReport report = world.import(source.dry_run());
    EXPECT_EQ(report.outcome, ImportOutcome::planned);
    EXPECT_EQ(report.stores.created, 3);
    EXPECT_EQ(report.staff.created, 3);
    EXPECT_EQ(report.products.created, 3);
    EXPECT_EQ(report.members.created, 2);
    EXPECT_EQ(report.receipts.created, 3);
    EXPECT_EQ(report.sales.size(), 2u);
    EXPECT_EQ(world.writes(), writes);
    EXPECT_TRUE(world.world.audit.seen().empty());
    EXPECT_EQ(world.events_count(), 0u);
}

TEST(Import, reads_gbk_byte_order_marks_and_every_line_end) {
    const auto with = [](std::string text, std::string_view end) {
        for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos;
             at += end.size()) {
            text.replace(at, 1, end);
        }
        return text;
    };
    ImportWorld world;
    const SourceFolder source;
    source.write("stores.csv", "\xEF\xBB\xBF" + with(std::string(SourceFolder::kStores), "\r\n"));
    source.write("sales.csv", with(std::string(SourceFolder::kSales), "\r"));
    // "岩茶" in GBK.
    source.write("goods.csv",
                 "sku,code,name,kind,size,price\r\n100,TEA,\xD1\xD2\xB2\xE8,Tea,M,15\r\n"
                 "101,TEA,\xD1\xD2\xB2\xE8,Tea,L,18\r\n200,CAKE,Cake,Food,piece,9.99");
    const ImportReport report = world.import(source.options());
    EXPECT_EQ(report.outcome, ImportOutcome::applied);
    EXPECT_EQ(report.receipts.created, 3);
    const auto name = world.world.tx([&](storage::Tx& tx) -> Result<std::string> {
        return world.catalogue.find_product_by_code(tx, "TEA")->name;
    });
    EXPECT_EQ(*name, "\xE5\xB2\xA9\xE8\x8C\xB6");
}

TEST(Import, tells_what_is_wrong_with_the_mapping_and_the_folder) {
    ImportWorld world;
    const SourceFolder source;
    const auto code_of = [&](const ImportOptions& options) {
        const Result<ImportReport> report = world.run(options);
        return report.ok() ? "none" : report.problem().code;
    };
    ImportOptions elsewhere = source.options();
    elsewhere.folder += "/nowhere";
    EXPECT_EQ(code_of(elsewhere), "import.file_missing");
    ImportOptions unmapped = source.options();
    unmapped.mapping_file += "x";
    EXPECT_EQ(code_of(unmapped), "import.mapping_unreadable");
    source.write("goods.csv", "sku,code,title,kind,size,price\n");
    const Result<ImportReport> report = world.run(source.options());
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.problem().code, "import.column_missing");
    EXPECT_EQ(report.problem().detail,
              "products.name: goods.csv has no column \"name\"; it has: sku, code, title, kind, "
              "size, price");
    source.write("goods.csv", "a,b,a\n");
    EXPECT_EQ(code_of(source.options()), "import.header_bad");
    source.write("goods.csv", "");
    EXPECT_EQ(code_of(source.options()), "import.header_bad");
    source.write("goods.csv", std::string_view("\xFF\xFE"
                                               "a\0",
                                               4));
    EXPECT_EQ(code_of(source.options()), "import.encoding");
    std::string mapping(SourceFolder::kMapping);
    mapping.replace(mapping.find("\"store.view\""), 12, "\"store.fly\"");
    source.write_mapping(mapping);
    EXPECT_EQ(code_of(source.options()), "import.mapping_invalid");
    EXPECT_TRUE(world.world.audit.seen().empty());
}

}  // namespace
}  // namespace hangu::importing

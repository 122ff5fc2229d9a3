// Twice changes nothing; what changed in the source changes here, or is told; a stopped import goes
// on.
#include "tests/import/import_world.hpp"

#include <fmt/format.h>

namespace hangu::importing {
namespace {

const Day kFirstDay = *Day::of(2019, 4, 1);
const Day kLast = *Day::of(2019, 4, 30);

TEST(ImportRepeat, twice_changes_nothing_and_leaves_no_trace) {
    ImportWorld world;
    const SourceFolder source;
    world.import(source.options());
    const std::uint64_t writes = world.writes();
    const std::size_t facts = world.world.audit.seen().size();
    const std::size_t events = world.events_count();
    const ImportReport again = world.import(source.options());
    EXPECT_EQ(again.outcome, ImportOutcome::applied);
    for (const ImportCounts& counts :
         {again.stores, again.staff, again.products, again.members, again.receipts}) {
        EXPECT_EQ(counts.created + counts.changed + counts.linked + counts.kept + counts.bad, 0);
        EXPECT_EQ(counts.unchanged, counts.read - counts.skipped);
    }
    EXPECT_EQ(again.receipts.unchanged, 3);
    EXPECT_EQ(world.world.audit.seen().size(), facts);
    EXPECT_EQ(world.events_count(), events);
    EXPECT_EQ(world.writes(), writes);
}

TEST(ImportRepeat, what_changed_in_the_source_changes_or_is_told) {
    ImportWorld world;
    const SourceFolder source;
    world.import(source.options());
    source.write("goods.csv",
                 "sku,code,name,kind,size,price\n100,TEA,Oolong,Tea,M,16.00\n"
                 "101,TEA,Oolong,Tea,L,18.00\n102,TEA,Oolong,Tea,XL,21.00\n"
                 "200,CAKE,\"Cake, \"\"big\"\"\",Food,piece,\"1,200.5\"\n300,NEW,New,Food,x,1\n");
    source.write("members.csv",
                 "id,phone,name,born,sex,shop\n"
                 "1,13812345678,Zhang Changed,1990-02-03,F,1\n"
                 "2,138 1234 0002,Li Si,,,4\n3,13812340003,New,,,4\n");
    std::string sales(SourceFolder::kSales);
    sales += "2019-04-03,09:30:00,1,1,7,3,out,1,102,1,21.00,21.00\n";
    source.write("sales.csv", sales);
    const ImportReport report = world.import(source.options());
    EXPECT_EQ(report.outcome, ImportOutcome::applied);
    EXPECT_EQ(report.products.changed, 3);  // the rows of TEA
    EXPECT_EQ(report.products.unchanged, 1);
    EXPECT_EQ(report.products.created, 1);
    EXPECT_EQ(report.members.kept, 1);
    EXPECT_EQ(report.members.created, 1);
    EXPECT_EQ(report.receipts.unchanged, 3);
    EXPECT_EQ(report.receipts.created, 1);
    const auto price = world.world.tx([&](storage::Tx& tx) -> Result<Money> {
        return world.catalogue.find_spec_by_code(tx, "100")->price_fen;
    });
    EXPECT_EQ(*price, Money(1600));

    sales.replace(sales.find("30.00"), 5, "29.00");
    source.write("sales.csv", sales);
    const ImportReport refused = world.import(source.options());
    EXPECT_EQ(refused.outcome, ImportOutcome::refused);
    EXPECT_EQ(texts_of(refused.bad_rows), std::vector<std::string>{"sales.csv:2  order.differs"});
}

TEST(ImportRepeat, what_is_here_already_is_linked_by_code_phone_and_login_name) {
    ImportWorld world;
    const auto made = world.world.use_case([&](http::Scope& scope) -> Result<void> {
        const auto top = world.organisation.headquarters(scope.tx());
        organisation::NewStore store;
        store.parent_id = top->id;
        store.code = Text<1, 16>("1");
        store.name = Text<1, 60>("Our own name");
        HANGU_CHECK(world.organisation.create_store(scope, store));
        member::NewMember member;
        member.phone = Phone::parse("13812345678");
        member.name = "Our member";
        HANGU_CHECK(world.members.create(scope, member));
        return {};
    });
    ASSERT_TRUE(made.ok());
    const SourceFolder source;
    const ImportReport report = world.import(source.options());
    EXPECT_EQ(report.stores.linked, 1);
    EXPECT_EQ(report.stores.created, 2);
    EXPECT_EQ(report.members.linked, 1);
    const auto seen = world.world.tx([&](storage::Tx& tx) -> Result<void> {
        EXPECT_EQ(world.organisation.find_store_by_code(tx, "1")->name, "Our own name");
        const auto member = world.members.find_by_phone(tx, *Phone::parse("13812345678"));
        EXPECT_EQ(member->name.shown().text(), "Our member");
        EXPECT_EQ(member->orders_count, 1);
        return {};
    });
    EXPECT_TRUE(seen.ok());
    const ImportReport again = world.import(source.options());
    EXPECT_EQ(again.stores.unchanged, 3);
    EXPECT_EQ(again.members.unchanged, 2);
}

void write_many(const SourceFolder& source, int receipts) {
    std::string sales = "day,time,shop,number,cashier,member,mode,line,sku,count,price,paid\n";
    for (int i = 0; i < receipts; ++i) {
        const int day = i % 28 + 1;
        sales += fmt::format("2019-04-{:02},08:00:00,{},{},7,{},in,1,100,2,15.00,{}.00\n", day,
                             i % 2 == 0 ? 1 : 4, i, i % 3, i % 30);
        sales += fmt::format("2019-04-{:02},08:00:00,{},{},7,{},in,2,101,1,18.00,18.00\n", day,
                             i % 2 == 0 ? 1 : 4, i, i % 3);
    }
    source.write("sales.csv", sales);
}

std::string figures(ImportWorld& world) {
    std::string text;
    for (const order::SalesBy by :
         {order::SalesBy::store, order::SalesBy::day, order::SalesBy::product}) {
        for (const order::SalesRow& row : world.sales(by, kFirstDay, kLast).rows) {
            text += fmt::format("{} {} {} {} {}\n", row.name, row.orders_count, row.gross_fen.fen(),
                                row.discount_fen.fen(), row.net_fen.fen());
        }
    }
    const auto members = world.world.tx([&](storage::Tx& tx) -> Result<std::string> {
        std::string counters;
        for (const std::string_view phone : {"13812345678", "13812340002"}) {
            const auto member = world.members.find_by_phone(tx, *Phone::parse(phone));
            counters += fmt::format("{} {}\n", member->orders_count, member->spent_fen.fen());
        }
        return counters;
    });
    return text + *members;
}

TEST(ImportRepeat, stopped_in_the_middle_and_resumed_equals_an_uninterrupted_one) {
    constexpr int kReceipts = 900;
    const SourceFolder source;
    write_many(source, kReceipts);
    ImportWorld whole;
    EXPECT_EQ(whole.import(source.options()).receipts.created, kReceipts);

    ImportWorld stopped;
    bool importing_orders = false;
    int batches = 0;
    ImportOptions options = source.options();
    options.on_progress = [&](std::string_view what, std::int64_t, std::int64_t) {
        importing_orders = what == "importing orders";
    };
    options.stop_asked = [&] { return importing_orders && ++batches == 2; };
    const ImportReport half = stopped.import(options);
    EXPECT_EQ(half.outcome, ImportOutcome::stopped);
    EXPECT_EQ(half.receipts.created, 400);
    EXPECT_EQ(stopped.sales(order::SalesBy::store, kFirstDay, kLast).total.orders_count, 400);

    const ImportReport rest = stopped.import(source.options());
    EXPECT_EQ(rest.outcome, ImportOutcome::applied);
    EXPECT_EQ(rest.receipts.unchanged, 400);
    EXPECT_EQ(rest.receipts.created, kReceipts - 400);
    EXPECT_EQ(rest.sales.size(), 2u);
    EXPECT_EQ(figures(stopped), figures(whole));
    EXPECT_EQ(stopped.import(source.options()).receipts.unchanged, kReceipts);
}

TEST(ImportRepeat, stopped_while_checking_writes_nothing) {
    ImportWorld world;
    const SourceFolder source;
    const std::uint64_t writes = world.writes();
    ImportOptions options = source.options();
    options.stop_asked = [] { return true; };
    EXPECT_EQ(world.import(options).outcome, ImportOutcome::stopped);
    EXPECT_EQ(world.writes(), writes);
}

}  // namespace
}  // namespace hangu::importing

// The real files of a coffee chain, where they are at hand: HANGU_COFFEE_CHAIN names their folder,
// or they stand in ../shared/data/coffee-chain beside the project. The data is not part of the
// project.
#include "tests/import/import_world.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>

namespace hangu::importing {
namespace {

std::string coffee_chain_folder() {
    const char* named = std::getenv("HANGU_COFFEE_CHAIN");
    const std::string folder = named != nullptr ? std::string(named)
                                                : HANGU_IMPORT_TESTS
                                   "/../../../shared/data/coffee-chain";
    return std::filesystem::exists(folder + "/sales_receipts_2019-04.csv") ? folder : "";
}

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::string row_text(const order::SalesRow& row) {
    return fmt::format("{} {} receipts {} lines gross {} discount {} net {}", row.name,
                       row.orders_count, row.lines_count, yuan_text(row.gross_fen),
                       yuan_text(row.discount_fen), yuan_text(row.net_fen));
}

class CoffeeChain : public ::testing::Test {
 protected:
    void SetUp() override {
        if (folder_.empty()) {
            std::printf("the coffee chain's files are not here: skipped\n");
            GTEST_SKIP();
        }
        options_.mapping_file = HANGU_IMPORT_TESTS "/coffee-chain.toml";
        options_.folder = folder_;
    }

    std::string folder_ = coffee_chain_folder();
    ImportOptions options_;
    const Day from_ = *Day::of(2019, 4, 1);
    const Day to_ = *Day::of(2019, 4, 30);
};

void expect_counts(const ImportReport& report, bool again) {
    const auto expect = [again](const ImportCounts& counts, std::int64_t records) {
        EXPECT_EQ(counts.bad, 0);
        EXPECT_EQ(counts.created, again ? 0 : records);
        EXPECT_EQ(counts.unchanged, again ? records : 0);
        EXPECT_EQ(counts.read, records);
    };
    expect(report.stores, 9);
    expect(report.staff, 55);
    expect(report.products, 88);
    expect(report.members, 2246);
    expect(report.receipts, 39271);
    EXPECT_EQ(report.lines_count, 49894);
    EXPECT_EQ(texts_of(report.bad_rows), std::vector<std::string>{});
    for (const std::string& note : report.notes) {
        ADD_FAILURE() << note;
    }
}

TEST_F(CoffeeChain, is_imported_to_the_cent_and_twice_changes_nothing) {
    ImportWorld world;
    ImportOptions dry = options_;
    dry.dry_run = true;
    expect_counts(world.import(dry), false);

    const double start = cpu_seconds();
    const ImportReport report = world.import(options_);
    const double seconds = cpu_seconds() - start;
    std::printf("49,894 lines in %.2f s of CPU, %.0f lines/s\n", seconds, 49894.0 / seconds);
    EXPECT_EQ(report.outcome, ImportOutcome::applied);
    expect_counts(report, false);

    const order::Sales sales = world.sales(order::SalesBy::store, from_, to_);
    std::vector<std::string> rows;
    for (const order::SalesRow& row : sales.rows) {
        if (row.orders_count > 0) {
            rows.push_back(row_text(row));
        }
    }
    EXPECT_EQ(rows,
              (std::vector<std::string>{
                  "Hell's Kitchen 13699 receipts 17071 lines gross 79528.25 discount 0.00 net "
                  "79528.25",
                  "Astoria 13585 receipts 16829 lines gross 77482.73 discount 269.50 net 77213.23",
                  "Lower Manhattan 11987 receipts 15994 lines gross 77217.07 discount 322.60 net "
                  "76894.47"}));
    EXPECT_EQ(sales.total.net_fen, Money(23363595));
    EXPECT_EQ(sales.total.discount_fen, Money(59210));
    EXPECT_EQ(sales.total.items_count, 71758);
    // The business day of a receipt is the day printed on it.
    const order::Sales days = world.sales(order::SalesBy::day, from_, to_);
    ASSERT_EQ(days.rows.size(), 29u);
    EXPECT_EQ(days.rows.front().key, "2019-04-01");
    EXPECT_EQ(days.rows.front().net_fen, Money(746200));
    EXPECT_EQ(days.rows.back().key, "2019-04-29");
    EXPECT_EQ(days.rows.back().net_fen, Money(644240));

    const std::uint64_t writes = world.writes();
    const std::size_t facts = world.world.audit.seen().size();
    expect_counts(world.import(options_), true);
    EXPECT_EQ(world.writes(), writes);
    EXPECT_EQ(world.world.audit.seen().size(), facts);
    EXPECT_EQ(world.events_count(), 0u);
}

TEST_F(CoffeeChain, members_carry_their_purchases) {
    ImportWorld world;
    world.import(options_);
    const auto seen = world.world.tx([&](storage::Tx& tx) -> Result<void> {
        const auto member = world.members.find_by_phone(tx, *Phone::parse("+19084242890"));
        EXPECT_TRUE(member.has_value());
        EXPECT_EQ(member->name.shown().text(), "Kelly Key");
        EXPECT_EQ(member->birthday.shown().text(), "1950-05-29");
        EXPECT_EQ(member->orders_count, 7);
        EXPECT_EQ(member->spent_fen, Money(2920));
        const auto store = world.organisation.find_store_by_code(tx, "3");
        EXPECT_EQ(member->home_store_id, store->id);
        EXPECT_EQ(store->name, "Astoria");
        const auto boss = world.identity.find_by_login(tx, "xena.rahim");
        const auto grants =
            world.authorization.grants(tx, {http::ActorKind::staff, boss->id.value()});
        EXPECT_EQ(grants.at(0).role_name, "Store Manager");
        EXPECT_EQ(grants.at(0).what.place.node_path, store->path);
        return {};
    });
    EXPECT_TRUE(seen.ok());
}

}  // namespace
}  // namespace hangu::importing

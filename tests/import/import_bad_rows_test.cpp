// Every kind of bad row is listed with its file, line, column and reason; none is half imported.
#include "tests/import/import_world.hpp"

namespace hangu::importing {
namespace {

using Texts = std::vector<std::string>;

// The report of a dry run with one file replaced.
Texts faults_with(const std::string& file, std::string_view text) {
    static ImportWorld world;
    const SourceFolder source;
    source.write(file, text);
    return texts_of(world.import(source.dry_run()).bad_rows);
}

const std::string kHead = "day,time,shop,number,cashier,member,mode,line,sku,count,price,paid\n";

TEST(ImportBadRows, of_stores) {
    EXPECT_EQ(faults_with("stores.csv",
                          "id,type,name,phone\n1,shop,Bund,\n1,shop,Twice,\n"
                          "4,kiosk,Canton,\n2,depot,,\nA B,shop,Space,\n4,shop,x,\n"),
              (Texts{"stores.csv:3 id value.repeated", "stores.csv:4 type value.unknown",
                     "stores.csv:5 name value.missing", "stores.csv:6 id store.code_malformed",
                     "stores.csv:7 id value.repeated", "staff.csv:4 where staff.place_unknown",
                     "members.csv:3 shop member.store_unknown",
                     "sales.csv:4 shop order.store_unknown", "sales.csv:5  order.member_unknown"}));
}

TEST(ImportBadRows, of_staff) {
    EXPECT_EQ(
        faults_with("staff.csv",
                    "id,name,login,where,job\n7,Li Lei,li lei,1,boss\n"
                    "8,,han.mei,HQ,clerk\n8,X,han.mei,moon,clerk\n"),
        (Texts{"staff.csv:2 login staff.login_malformed", "staff.csv:3 name value.missing",
               "staff.csv:4 id value.repeated", "staff.csv:4 login value.repeated",
               "staff.csv:4 where staff.place_unknown", "sales.csv:2 cashier order.staff_unknown",
               "sales.csv:3 cashier order.staff_unknown", "sales.csv:4 cashier order.staff_unknown",
               "sales.csv:5 cashier order.staff_unknown"}));
}

TEST(ImportBadRows, of_products) {
    EXPECT_EQ(
        faults_with("goods.csv",
                    "sku,code,name,kind,size,price\n100,TEA,Oolong,Tea,M,15.005\n"
                    "101,TEA,Oolong,Tea,L,abc\n200,CAKE,Cake,Food,piece,-1\n"
                    "300,A,Name,Food,x,1\n301,A,Other,Food,y,1\n"),
        (Texts{"goods.csv:2 price money.too_precise", "goods.csv:3 price money.malformed",
               "goods.csv:4 price money.negative", "goods.csv:6 name product.rows_disagree",
               "sales.csv:2 sku order.product_unknown", "sales.csv:3 sku order.product_unknown",
               "sales.csv:4 sku order.product_unknown", "sales.csv:5 sku order.product_unknown"}));
}

TEST(ImportBadRows, of_members_never_repeat_personal_values) {
    static ImportWorld world;
    const SourceFolder source;
    source.write("members.csv",
                 "id,phone,name,born,sex,shop\n1,12,Zhang Secret,1990-02-03,F,1\n"
                 "2,13812340002,Li Si,1990-02-30,,4\n3,13812340003,A,,X,4\n"
                 "4,13812340004,B,,,9\n5,138-1234-0002,C,,,4\n2,13812340006,D,,,4\n");
    const ImportReport report = world.import(source.dry_run());
    EXPECT_EQ(texts_of(report.bad_rows),
              (Texts{"members.csv:2 phone phone.malformed", "members.csv:3 born date.impossible",
                     "members.csv:4 sex value.unknown", "members.csv:5 shop member.store_unknown",
                     "members.csv:6 phone value.repeated", "members.csv:7 id value.repeated",
                     "sales.csv:2  order.member_unknown", "sales.csv:5  order.member_unknown"}));
    EXPECT_EQ(report.members.read, 6);
    EXPECT_EQ(report.members.bad, 6);
    for (const ImportBadRow& row : report.bad_rows) {
        EXPECT_EQ(row.detail.find("Secret"), std::string::npos);
        EXPECT_EQ(row.detail.find("1990"), std::string::npos);
        EXPECT_EQ(row.detail.find("1234"), std::string::npos);
    }
}

TEST(ImportBadRows, of_receipt_values) {
    EXPECT_EQ(
        faults_with("sales.csv", kHead + "2019-04-31,08:00:00,1,1,7,1,in,1,100,2,15.00,30.00\n"
                                         "2019-04-01,25:00:00,1,2,7,1,in,1,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,9,3,7,1,in,1,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,4,99,1,in,1,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,5,7,77,in,1,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,6,7,1,air,1,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,7,7,1,in,1,999,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,8,7,1,in,1,100,0,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,9,7,1,in,1,100,2.5,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,10,7,1,in,1,100,2,1 5,30.00\n"
                                         "2019-04-01,08:00:00,1,11,7,1,in,1,100,2,15.00,\n"
                                         "2019-04-01,08:00:00,1,12,7,1,in,1,100,2,15.00,30.01\n"
                                         "2999-04-01,08:00:00,1,13,7,1,in,1,100,2,15.00,30.00\n"),
        (Texts{"sales.csv:2 day date.impossible", "sales.csv:3 time date.impossible",
               "sales.csv:4 shop order.store_unknown", "sales.csv:5 cashier order.staff_unknown",
               "sales.csv:7 mode value.unknown", "sales.csv:8 sku order.product_unknown",
               "sales.csv:9 count number.out_of_range", "sales.csv:10 count number.malformed",
               "sales.csv:11 price money.malformed", "sales.csv:12 paid money.malformed",
               "sales.csv:13 paid line.amount_not_divisible",
               "sales.csv:14 day order.in_the_future", "sales.csv:6  order.member_unknown"}));
}

TEST(ImportBadRows, of_receipts_that_do_not_hold_together) {
    EXPECT_EQ(
        faults_with("sales.csv", kHead + "2019-04-01,08:00:00,1,1,7,1,in,1,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:01,1,1,7,1,in,2,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,2,7,1,in,1,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,2,7,2,in,1,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,3,7,1,in,1,100,2,15.00,30.00\n"
                                         "2019-04-01,08:00:00,1,1,7,1,in,3,100,2,15.00,30.00\n"),
        (Texts{"sales.csv:3 time order.lines_disagree", "sales.csv:5 member order.lines_disagree",
               "sales.csv:5 line order.line_repeated", "sales.csv:7  order.key_apart"}));
}

TEST(ImportBadRows, of_files_that_are_broken) {
    // Truncated in the middle of a row: the row may be the rest of the receipt before it.
    EXPECT_EQ(faults_with("sales.csv", kHead + "2019-04-01,08:00:00,1,1,7,1,in,1,100,2,15.00,30\n"
                                               "2019-04-01,08:00:00,1,1,7,1,in"),
              (Texts{"sales.csv:3  csv.truncated", "sales.csv:2  order.beside_broken_row"}));
    EXPECT_EQ(faults_with("sales.csv", kHead + "2019-04-01,08:00:00,1,1,7,1,in,1,100,2,15.00,30\n"
                                               "2019-04-01,08:00:00,1,2,7,\"1,in,1,100,2,15.00,30\n"
                                               "2019-04-01,08:00:00,1,3,7,1,in,1,100,2,15.00,30\n"),
              (Texts{"sales.csv:3 member csv.unterminated_quote",
                     "sales.csv:2  order.beside_broken_row"}));
    EXPECT_EQ(
        faults_with("sales.csv", kHead + "2019-04-01,08:00:00,1,1,7,1,in,1,100,2,15.00,30,extra\n"
                                         "2019-04-01,08:00:00,1,2,7,1,in,1,100,2,15.00,30\n"
                                         "2019-04-01,08:00:00,1,3,7,1,in,1,100,2,15.00,30\n"),
        (Texts{"sales.csv:2  csv.column_count", "sales.csv:3  order.beside_broken_row"}));
    EXPECT_EQ(faults_with("members.csv",
                          "id,phone,name,born,sex,shop\n1,13812345678,\"A\"B,,,1\n"
                          "2,13812340002,\xB2\xE8,,,1\n\xE8\x8C\xB6,1,2,3,4,5\n"),
              (Texts{"members.csv:2 name csv.text_after_quote", "members.csv:3 name csv.encoding",
                     "members.csv:4 phone phone.malformed", "members.csv:4 born date.malformed",
                     "members.csv:4 sex value.unknown", "members.csv:4 shop member.store_unknown",
                     "sales.csv:2  order.member_unknown", "sales.csv:5  order.member_unknown"}));
}

TEST(ImportBadRows, wrong_totals_are_found_where_the_file_has_them) {
    static ImportWorld world;
    const SourceFolder source;
    std::string mapping(SourceFolder::kMapping);
    mapping.replace(mapping.find("mode = {"), 0, "total = \"sum\"\n");
    mapping.replace(mapping.find("above_price"), 0, "discount = \"off\"\n");
    source.write_mapping(mapping);
    const std::string head =
        "day,time,shop,number,cashier,member,mode,line,sku,count,price,paid,"
        "off,sum\n";
    source.write("sales.csv", head +
                                  "2019-04-01,08:00:00,1,1,7,1,in,1,100,2,15.00,28.00,2.00,46.00\n"
                                  "2019-04-01,08:00:00,1,1,7,1,in,2,101,1,18.00,18.00,0,46.00\n"
                                  "2019-04-01,08:00:00,1,2,7,1,in,1,100,2,15.00,28.00,2.00,29.00\n"
                                  "2019-04-01,08:00:00,1,3,7,1,in,1,100,2,15.00,28.00,1.00,28.00\n"
                                  "2019-04-01,08:00:00,1,4,7,1,in,1,100,2,15.00,28.00,2.00,46.00\n"
                                  "2019-04-01,08:00:00,1,4,7,1,in,2,101,1,18.00,18.00,0,47.00\n"
                                  "2019-04-01,08:00:00,1,5,7,1,in,1,101,1,18.00,18.00,0,18.00\n");
    const ImportReport report = world.import(source.dry_run());
    EXPECT_EQ(texts_of(report.bad_rows),
              (Texts{"sales.csv:4  order.total_differs", "sales.csv:5 paid line.total_differs",
                     "sales.csv:7 sum order.lines_disagree"}));
    EXPECT_EQ(report.receipts.created, 2);
    EXPECT_EQ(report.receipts.bad, 3);
}

TEST(ImportBadRows, stop_the_import_unless_they_are_left_out) {
    ImportWorld world;
    const SourceFolder source;
    source.write("sales.csv", kHead +
                                  "2019-04-01,08:00:00,1,1,7,1,in,1,100,2,15.00,30.00\n"
                                  "2019-04-01,08:00:00,1,1,7,1,in,2,100,2,15.00,oops\n"
                                  "2019-04-01,08:00:00,1,2,7,1,in,1,100,2,15.00,30.00\n"
                                  "2019-04-01,08:00:00,1,3,7,1,in,1,100,2,15.00,30.00\n"
                                  "2019-04-01,08:00:00,1,4,7,1,in,1,100,2,15.00,30.00\n"
                                  "2019-04-01,08:00:00,1,3,7,1,in,2,100,2,15.00,30.00\n");
    source.write("members.csv", "id,phone,name,born,sex,shop\n1,13812345678,A,,,1\n2,no,B,,,1\n");
    const std::uint64_t writes = world.writes();
    std::vector<ImportBadRow> told;
    ImportOptions options = source.options();
    options.on_bad_row = [&told](const ImportBadRow& row) { told.push_back(row); };
    const ImportReport refused = world.import(options);
    EXPECT_EQ(refused.outcome, ImportOutcome::refused);
    EXPECT_EQ(refused.faults_count, 3);
    EXPECT_EQ(texts_of(told), texts_of(refused.bad_rows));
    EXPECT_EQ(world.writes(), writes);
    EXPECT_TRUE(world.world.audit.seen().empty());

    const ImportReport left_out = world.import(source.skip_bad());
    EXPECT_EQ(left_out.outcome, ImportOutcome::applied);
    EXPECT_EQ(left_out.faults_count, 3);
    EXPECT_EQ(left_out.members.created, 1);
    // Of the receipts, 1 has a bad line, and 3 stands in two places: neither is imported in part.
    EXPECT_EQ(left_out.receipts.created, 2);
    const Day day = *Day::of(2019, 4, 1);
    EXPECT_EQ(world.sales(order::SalesBy::store, day, day).total.net_fen, Money(6000));
}

}  // namespace
}  // namespace hangu::importing

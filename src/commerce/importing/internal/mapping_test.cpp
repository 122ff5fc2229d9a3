// The mapping file: what it says, and every fault with its key and line.
#include "commerce/importing/internal/mapping.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace hangu::importing {
namespace {

constexpr std::string_view kWhole = R"(format = 1
source = "old-till"

[defaults]
encoding = "gbk"
separator = ";"
utc_offset = "-03:30"
day = "M/d/yyyy"
time = "HH:mm"
phone_country = "1"
phone_national = false
money = { unit = "fen", thousands = "" }

[roles]
"Store Manager" = { permissions = ["order.view", "order.place"] }

[stores]
file = "shops.csv"
ref = "id"
name = { columns = ["city", "street"], join = ", " }
kind = { column = "type", map = { retail = "store", warehouse = "place" }, otherwise = "skip" }

[products]
file = "goods.csv"
encoding = "utf-8"
money = { unit = "yuan" }
ref = "id"
name = "name"
category = { constant = "All" }
price = "price"

[orders]
file = "sales.csv"
key = ["day", "shop", "number"]
store = "shop"
day = { column = "day", pattern = "yyyyMMdd" }
time = "time"
member = { column = "customer", map = { "0" = "" } }

[orders.line]
product = "sku"
quantity = "count"
unit_price = "price"
amount = "paid"
above_price = "raise_unit_price"
)";

TEST(ImportMapping, is_read) {
    const Result<Mapping> mapping = parse_mapping(kWhole);
    ASSERT_TRUE(mapping.ok()) << mapping.problem().detail;
    EXPECT_EQ(mapping->source, "old-till");
    EXPECT_EQ(mapping->utc_offset_minutes, -210);
    EXPECT_EQ(mapping->phone_country, "1");
    EXPECT_FALSE(mapping->phone_national);
    EXPECT_EQ(mapping->day_pattern.text(), "M/d/yyyy");
    ASSERT_EQ(mapping->roles.size(), 1u);
    EXPECT_EQ(mapping->roles[0].name, "Store Manager");
    EXPECT_EQ(mapping->roles[0].permissions,
              (std::vector<std::string>{"order.view", "order.place"}));
    const StoresMapping& stores = mapping->stores.value();
    EXPECT_EQ(stores.form.file, "shops.csv");
    EXPECT_EQ(stores.form.encoding, Encoding::gbk);
    EXPECT_EQ(stores.form.separator, ';');
    EXPECT_EQ(stores.form.money.unit, MoneyUnit::fen);
    EXPECT_EQ(stores.name.columns, (std::vector<std::string>{"city", "street"}));
    EXPECT_EQ(stores.name.join, ", ");
    EXPECT_EQ(stores.kind->values.find("retail")->second, "store");
    EXPECT_EQ(stores.kind->otherwise, "skip");
    EXPECT_FALSE(stores.code.has_value());
    EXPECT_EQ(mapping->products->form.encoding, Encoding::utf8);
    EXPECT_EQ(mapping->products->form.money.unit, MoneyUnit::yuan);
    EXPECT_EQ(mapping->products->form.money.thousands, '\0');
    EXPECT_EQ(mapping->products->category.constant, "All");
    const OrdersMapping& orders = mapping->orders.value();
    EXPECT_EQ(orders.key, (std::vector<std::string>{"day", "shop", "number"}));
    EXPECT_EQ(orders.day.pattern->text(), "yyyyMMdd");
    EXPECT_EQ(orders.member->values.find("0")->second, "");
    EXPECT_EQ(orders.line.above_price, AbovePrice::raise_unit_price);
    EXPECT_EQ(orders.line.product.key, "orders.line.product");
    EXPECT_FALSE(mapping->members.has_value());
}

std::vector<std::string> faults_of(std::string_view text) {
    const Result<Mapping> mapping = parse_mapping(text);
    std::vector<std::string> found;
    if (!mapping.ok()) {
        EXPECT_EQ(mapping.problem().code, "import.mapping_invalid");
        for (const FieldProblem& field : mapping.problem().fields) {
            found.push_back(field.field + " " + field.code + " " +
                            field.detail.substr(0, field.detail.find(':')));
        }
    }
    return found;
}

using Faults = std::vector<std::string>;

std::string changed(std::string_view from, std::string_view to) {
    std::string text(kWhole);
    const std::size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

TEST(ImportMapping, unknown_and_missing_keys_are_told_with_their_lines) {
    EXPECT_EQ(faults_of(changed("quantity = \"count\"", "quantty = \"count\"")),
              (Faults{"orders.line.quantity mapping.missing_key line 40",
                      "orders.line.quantty mapping.unknown_key line 42"}));
    EXPECT_EQ(faults_of(changed("[stores]", "[shops]")),
              (Faults{"shops mapping.unknown_key line 17"}));
    EXPECT_EQ(faults_of(changed("join = \", \"", "glue = \", \"")),
              (Faults{"stores.name.glue mapping.unknown_key line 20"}));
    EXPECT_EQ(faults_of("format = 1\nsource = \"x\"\n"),
              (Faults{"stores mapping.missing_key line 1"}));
    EXPECT_EQ(faults_of("[orders]\n").size(), 7u);
}

TEST(ImportMapping, wrong_values_are_told_with_their_lines) {
    EXPECT_EQ(faults_of(changed("format = 1", "format = 2")),
              (Faults{"format mapping.wrong_value line 1"}));
    EXPECT_EQ(faults_of(changed("old-till", "Old Till")),
              (Faults{"source mapping.wrong_value line 2"}));
    EXPECT_EQ(faults_of(changed("\"gbk\"", "\"big5\"")),
              (Faults{"defaults.encoding mapping.wrong_value line 5"}));
    EXPECT_EQ(faults_of(changed("\";\"", "\"ab\"")),
              (Faults{"defaults.separator mapping.wrong_value line 6"}));
    EXPECT_EQ(faults_of(changed("-03:30", "New York")),
              (Faults{"defaults.utc_offset mapping.wrong_value line 7"}));
    EXPECT_EQ(faults_of(changed("\"M/d/yyyy\"", "\"M/d\"")),
              (Faults{"defaults.day mapping.wrong_value line 8"}));
    EXPECT_EQ(faults_of(changed("\"fen\"", "\"cent\"")),
              (Faults{"defaults.money.unit mapping.wrong_value line 12"}));
    EXPECT_EQ(faults_of(changed("shops.csv", "../shops.csv")),
              (Faults{"stores.file mapping.wrong_value line 18"}));
    EXPECT_EQ(faults_of(changed("{ constant = \"All\" }", "{ constant = \"A\", column = \"b\" }")),
              (Faults{"products.category mapping.missing_key line 29"}));
    EXPECT_EQ(faults_of(changed("price = \"price\"", "price = 12")),
              (Faults{"products.price mapping.wrong_type line 30"}));
    EXPECT_EQ(faults_of(changed("amount = \"paid\"", "")),
              (Faults{"orders.line.amount mapping.missing_key line 40"}));
    EXPECT_EQ(faults_of(changed("[\"day\", \"shop\", \"number\"]", "[]")),
              (Faults{"orders.key mapping.wrong_type line 34"}));
}

TEST(ImportMapping, broken_toml_is_told_with_its_line) {
    EXPECT_EQ(faults_of("format = 1\nsource = \n"), (Faults{" mapping.syntax line 2"}));
    EXPECT_EQ(faults_of("a = 1\na = 2\n"), (Faults{" mapping.syntax line 2"}));
    EXPECT_EQ(faults_of("a = 1\n[!stores]\n"), (Faults{" mapping.syntax line 2"}));
    EXPECT_EQ(faults_of(std::string(300'000, '#')), (Faults{" mapping.syntax line 1"}));
}

}  // namespace
}  // namespace hangu::importing

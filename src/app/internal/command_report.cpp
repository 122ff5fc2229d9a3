#include "app/commands.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

#include <map>

namespace hangu::app {

namespace {

// Rows as a terminal and a script see them. For stores the key is the store's code.
struct ReportRow {
    std::string code;
    std::string name;
    std::int64_t orders_count = 0;
    std::int64_t lines_count = 0;
    std::int64_t items_count = 0;
    Money gross_fen;
    Money discount_fen;
    Money refund_fen;
    Money net_fen;
    std::string net;  // "77213.23"
};
HANGU_STRUCT(ReportRow, code, name, orders_count, lines_count, items_count, gross_fen, discount_fen,
             refund_fen, net_fen, net)

struct ReportAnswer {
    order::SalesBy by = order::SalesBy::store;
    Day from;
    Day to;
    std::vector<ReportRow> rows;
    ReportRow total;
};
HANGU_STRUCT(ReportAnswer, by, from, to, rows, total)

Result<Day> day_of(const Arguments& arguments, std::string_view flag) {
    HANGU_TRY(const std::string text, arguments.required(flag));
    const std::optional<Day> day = Day::parse(text);
    if (!day) {
        return Problem::invalid("usage", fmt::format("--{} is a day such as 2019-04-01", flag));
    }
    return *day;
}

Result<ReportAnswer> ask(House& house, storage::Tx& tx, const order::SalesQuery& query) {
    const storage::DataScope everything = storage::DataScope::whole_tenant();
    HANGU_TRY(const order::Sales sales, house.orders->sales_report(tx, everything, query));
    std::map<std::string, std::string> codes;
    for (const organisation::StorePlace& store : house.organisation.stores_within(tx, everything)) {
        codes[store.id.text()] = store.code;
    }
    ReportAnswer answer{query.by, query.from, query.to, {}, {}};
    const auto row = [](const auto& from, std::string code, std::string name) {
        return ReportRow{std::move(code),        std::move(name),  from.orders_count,
                         from.lines_count,       from.items_count, from.gross_fen,
                         from.discount_fen,      from.refund_fen,  from.net_fen,
                         yuan_text(from.net_fen)};
    };
    for (const order::SalesRow& one : sales.rows) {
        const auto code = codes.find(one.key);
        answer.rows.push_back(row(one, code == codes.end() ? one.key : code->second, one.name));
    }
    answer.total = row(sales.total, "", "total");
    return answer;
}

}  // namespace

Result<void> report_sales(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string tenant_code, arguments.required("tenant"));
    HANGU_TRY(const auto found, house.tenant_by_code(tenant_code));
    order::SalesQuery query;
    const auto by = parse_enum<order::SalesBy>(arguments.value("by", "store"));
    if (!by) {
        return Problem::invalid("usage", "--by is store, day or product");
    }
    query.by = *by;
    HANGU_TRY(query.from, day_of(arguments, "from"));
    HANGU_TRY(query.to, day_of(arguments, "to"));
    const std::string store_code = arguments.value("store");
    HANGU_TRY(const ReportAnswer answer,
              house.engine->run(
                  found->id, storage::Work::report, [&](storage::Tx& tx) -> Result<ReportAnswer> {
                      if (!store_code.empty()) {
                          const auto store = house.organisation.find_store_by_code(tx, store_code);
                          if (!store) {
                              return Problem::not_found("store.not_found", store_code);
                          }
                          query.store_id = store->id;
                      }
                      return ask(house, tx, query);
                  }));
    if (arguments.json()) {
        output.line(json::to_text(answer));
        return {};
    }
    const auto print = [&output](const ReportRow& row) {
        output.line(fmt::format("{:<14} {:<28} {:>8} {:>8} {:>12} {:>10} {:>10} {:>12}", row.code,
                                row.name, row.orders_count, row.lines_count,
                                yuan_text(row.gross_fen), yuan_text(row.discount_fen),
                                yuan_text(row.refund_fen), row.net));
    };
    output.line(fmt::format("{:<14} {:<28} {:>8} {:>8} {:>12} {:>10} {:>10} {:>12}", "CODE", "NAME",
                            "ORDERS", "LINES", "GROSS", "DISCOUNT", "REFUND", "NET"));
    for (const ReportRow& row : answer.rows) {
        print(row);
    }
    print(answer.total);
    return {};
}

}  // namespace hangu::app

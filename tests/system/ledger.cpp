#include "tests/system/ledger.hpp"

#include "base/id.hpp"
#include "tests/story/database.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace hangu::system {

namespace {

using story::query;

// Each must find nothing.
const std::pair<const char*, const char*> kNever[] = {
    {"orders whose lines do not add up",
     "select number from order_head o where lines_count <> (select count(*) from order_line l"
     " where l.tenant_id = o.tenant_id and l.order_id = o.id) or gross_fen <>"
     " (select coalesce(sum(l.gross_fen), -1) from order_line l where l.tenant_id = o.tenant_id"
     " and l.order_id = o.id) or total_fen <> (select coalesce(sum(l.net_fen), -1) from order_line "
     "l"
     " where l.tenant_id = o.tenant_id and l.order_id = o.id)"},
    {"paid orders whose payments do not add up",
     "select number from order_head o where payment_state = 'paid' and total_fen <>"
     " (select coalesce(sum(amount_fen), -1) from payment p where p.tenant_id = o.tenant_id"
     " and p.order_id = o.id)"},
    {"lines whose gross is not unit times quantity",
     "select id from order_line where gross_fen <> unit_fen * quantity"
     " or net_fen <> gross_fen - discount_fen"},
    {"lines without an order",
     "select id from order_line l where not exists (select 1 from order_head o"
     " where o.tenant_id = l.tenant_id and o.id = l.order_id)"},
    {"payments without an order",
     "select id from payment p where not exists (select 1 from order_head o"
     " where o.tenant_id = p.tenant_id and o.id = p.order_id)"},
    {"pick-up numbers given twice on one day in one store",
     "select pick_up_number from order_head group by store_id, business_day, pick_up_number"
     " having count(*) > 1"},
    {"order numbers given twice",
     "select number from order_head group by number"
     " having count(*) > 1"},
};

struct Ledger {
    std::map<std::string, std::pair<std::string, std::string>> orders;  // id -> number, pick-up
    std::multiset<std::string> placed;                                  // audit: subject ids
    std::size_t told = 0;                                               // outbox
    std::size_t kept = 0;                                               // idempotency
};

void read_file(const std::string& file, Ledger& ledger, std::vector<std::string>& faults) {
    for (const auto& [what, sql] : kNever) {
        const auto rows = query(file, sql);
        if (!rows.empty()) {
            faults.push_back(fmt::format("{} {}: {} …", rows.size(), what, rows[0][0]));
        }
    }
    const auto integrity = query(file, "pragma integrity_check");
    if (integrity.size() != 1 || integrity[0][0] != "ok") {
        faults.push_back("integrity: " + integrity[0][0]);
    }
    for (const auto& row : query(file, "select id, number, pick_up_number from order_head")) {
        ledger.orders[id_text(std::stoll(row[0]))] = {row[1], row[2]};
    }
    for (const auto& row : query(file,
                                 "select subject_id from audit_record where kind = 'act'"
                                 " and action = 'order.placed'")) {
        ledger.placed.insert(row[0]);
    }
    ledger.told += query(file, "select id from outbox where name = 'order.placed'").size();
    ledger.kept += query(file, "select id from idempotency").size();
}

void compare(const Ledger& ledger, const std::map<std::string, Acknowledged>& acknowledged,
             std::vector<std::string>& faults) {
    std::set<std::string> ids;
    for (const auto& [key, order] : acknowledged) {
        const auto found = ledger.orders.find(order.id);
        if (found == ledger.orders.end()) {
            faults.push_back(fmt::format("acknowledged and gone: {} ({})", order.number, key));
        } else if (found->second != std::pair(order.number, order.pick_up_number)) {
            faults.push_back(fmt::format("other than acknowledged: {}", order.number));
        }
        if (!ids.insert(order.id).second) {
            faults.push_back(fmt::format("two keys, one order: {}", order.number));
        }
    }
    for (const auto& [id, order] : ledger.orders) {
        if (!ids.contains(id)) {
            faults.push_back(fmt::format("nobody's order: {}", order.first));
        }
        const std::size_t records = ledger.placed.count(id);
        if (records != 1) {
            faults.push_back(fmt::format("{} audit records of {}", records, order.first));
        }
    }
    if (ledger.placed.size() != ledger.orders.size() || ledger.told != ledger.orders.size() ||
        ledger.kept != ledger.orders.size()) {
        faults.push_back(fmt::format("{} orders, {} audit records, {} events, {} kept answers",
                                     ledger.orders.size(), ledger.placed.size(), ledger.told,
                                     ledger.kept));
    }
}

}  // namespace

std::vector<std::string> faults_of_orders(const std::string& data,
                                          const std::map<std::string, Acknowledged>& acknowledged) {
    std::vector<std::string> faults;
    Ledger ledger;
    for (const std::string& file : story::tenant_files(data)) {
        read_file(file, ledger, faults);
    }
    compare(ledger, acknowledged, faults);
    return faults;
}

}  // namespace hangu::system

// Orders of the past: stored as they were, once.
#include "commerce/order/internal/order_rules.hpp"
#include "commerce/order/internal/order_store.hpp"

#include <fmt/format.h>

namespace hangu::order {

namespace {

constexpr std::size_t kPastLinesMax = 200;
constexpr std::int64_t kPastQuantityMax = 10'000;
constexpr std::size_t kExternalRefBytesMax = 120;
constexpr int kIdAttemptsMax = 64;

Result<void> check_line(const PastLine& line, std::size_t at) {
    const auto field = [at](std::string_view name) {
        return fmt::format("lines[{}].{}", at, name);
    };
    if (line.quantity < 1 || line.quantity > kPastQuantityMax) {
        return Problem::invalid_field(field("quantity"), "field.out_of_range");
    }
    if (line.unit < Money(0) || line.unit > Money(catalogue::kPriceFenMax)) {
        return Problem::invalid_field(field("unit"), "field.out_of_range");
    }
    if (line.discount < Money(0) || line.discount > line.unit * line.quantity) {
        return Problem::invalid_field(field("discount"), "order.discount_too_large");
    }
    return {};
}

Result<void> check(const PastOrder& order, Time now) {
    if (order.external_ref.empty() || order.external_ref.size() > kExternalRefBytesMax) {
        return Problem::invalid_field("external_ref", "field.wrong_length");
    }
    if (order.lines.empty() || order.lines.size() > kPastLinesMax) {
        return Problem::invalid_field("lines", "field.wrong_length");
    }
    if (order.placed_at > now) {
        return Problem::invalid_field("placed_at", "order.in_the_future");
    }
    for (std::size_t i = 0; i < order.lines.size(); ++i) {
        HANGU_CHECK(check_line(order.lines[i], i));
    }
    return {};
}

HeadRow make_head(http::Scope& scope, const PastOrder& order) {
    HeadRow head;
    head.number = order.external_ref;
    head.store_id = order.store.id;
    head.org_path = order.store.path;
    head.mode = order.mode;
    head.set({PaymentState::paid, ProductionState::handed_over, FulfilmentState::picked});
    head.business_day = Day::at(order.placed_at, scope.utc_offset_minutes());
    head.member_id = order.member_id;
    head.lines_count = static_cast<std::int64_t>(order.lines.size());
    for (const PastLine& line : order.lines) {
        head.items_count += line.quantity;
        head.gross_fen += line.unit * line.quantity;
        head.discount_fen += line.discount;
    }
    head.total_fen = head.gross_fen - head.discount_fen;
    head.remark = order.remark;
    head.placed_at = order.placed_at;
    head.external_ref = order.external_ref;
    return head;
}

// Under the id of its time; orders of the same moment stand beside each other.
void insert_head(OrderStore& store, HeadRow& head) {
    const std::uint64_t hash = stable_hash(*head.external_ref);
    for (int attempt = 0; attempt < kIdAttemptsMax; ++attempt) {
        head.id =
            OrderId(past_order_id(head.placed_at, hash + static_cast<std::uint64_t>(attempt)));
        if (store.try_insert(head)) {
            return;
        }
    }
    throw_bug("no free id for an order of the past", __FILE__, __LINE__);
}

}  // namespace

Result<Recorded> Orders::record_past(http::Scope& scope, const PastOrder& order) const {
    HANGU_CHECK(check(order, scope.now()));
    OrderStore store(scope.tx());
    if (store.find_by_external_ref(order.external_ref)) {
        return Recorded::exists;
    }
    HeadRow head = make_head(scope, order);
    if (order.member_id) {
        HANGU_CHECK(members_.add_purchase(scope.tx(), *order.member_id, 1, head.total_fen));
    }
    insert_head(store, head);
    std::vector<LineRow> lines;
    for (const PastLine& line : order.lines) {
        const Money gross = line.unit * line.quantity;
        lines.push_back({head.id, scope.new_id<LineId>(), line.product_id, line.spec_id,
                         line.product_name, line.spec_name, json::to_text(line.options),
                         line.quantity, line.unit, gross, line.discount, gross - line.discount,
                         false, ""});
    }
    store.insert_all(lines);
    store.insert(PaymentRow{head.id, scope.new_id<PaymentId>(), order.tender, order.reference,
                            head.total_fen, order.placed_at});
    return Recorded::added;
}

}  // namespace hangu::order

// POST /orders/preview and POST /orders. Placing is the hot path: few statements, nothing read
// twice, and the answer is made from what was just written.
#include "commerce/order/internal/order_acts.hpp"
#include "commerce/order/internal/order_rules.hpp"
#include "commerce/order/internal/order_view.hpp"
#include "commerce/order/internal/routes.hpp"
#include "commerce/order/module.hpp"

namespace hangu::order {

struct OrderLineInput {
    SpecId spec_id;
    Number<1, pricing::kQuantityMax> quantity;
    List<catalogue::OptionId, 0, pricing::kOptionsPerLineMax> option_ids;
    std::optional<Text<0, 100>> remark;
};
HANGU_STRUCT(OrderLineInput, spec_id, quantity, option_ids, remark)

using OrderLineInputs = List<OrderLineInput, 1, pricing::kLinesCountMax>;

struct OrderDraft {
    StoreId store_id;
    OrderMode mode = OrderMode::retail;
    std::optional<MemberId> member_id;
    std::optional<Text<0, 200>> remark;
    OrderLineInputs lines;
};
HANGU_STRUCT(OrderDraft, store_id, mode, member_id, remark, lines)

struct PaymentInput {
    Tender tender = Tender::cash;
    std::optional<Text<0, 64>> reference;
    Money amount_fen;
};
HANGU_STRUCT(PaymentInput, tender, reference, amount_fen)

struct OrderPlaceInput {
    StoreId store_id;
    OrderMode mode = OrderMode::retail;
    std::optional<MemberId> member_id;
    std::optional<Text<0, 200>> remark;
    OrderLineInputs lines;
    PaymentInput payment;
};
HANGU_STRUCT(OrderPlaceInput, store_id, mode, member_id, remark, lines, payment)

struct PricedLine {
    SpecId spec_id;
    std::string product_name;
    std::string spec_name;
    std::vector<pricing::PricedOption> options;
    std::int64_t quantity = 1;
    Money unit_fen;
    Money gross_fen;
    Money discount_fen;
    Money net_fen;
};
HANGU_STRUCT(PricedLine, spec_id, product_name, spec_name, options, quantity, unit_fen, gross_fen,
             discount_fen, net_fen)

struct Priced {
    std::vector<PricedLine> lines;
    Money gross_fen;
    Money discount_fen;
    Money total_fen;
};
HANGU_STRUCT(Priced, lines, gross_fen, discount_fen, total_fen)

namespace {

using organisation::StorePlace;

Result<pricing::Priced> price_lines(const Orders& orders, storage::Tx& tx, StoreId store,
                                    const OrderLineInputs& lines) {
    pricing::Draft draft;
    std::vector<SpecId> specs;
    std::vector<catalogue::OptionId> options;
    draft.lines.reserve(lines.size());
    specs.reserve(lines.size());
    for (const OrderLineInput& line : lines) {
        draft.lines.push_back({line.spec_id, line.quantity, line.option_ids});
        specs.push_back(line.spec_id);
        options.insert(options.end(), line.option_ids.begin(), line.option_ids.end());
    }
    return pricing::price(draft, orders.catalogue().menu(tx, store, specs, options));
}

Result<Priced> preview_order(const Orders& orders, http::Scope& scope, const OrderDraft& input) {
    HANGU_TRY(const StorePlace store, orders.organisation().store(scope.tx(), input.store_id));
    HANGU_CHECK(scope.authorize(kMayPlace, store.path));
    if (input.member_id && !orders.members().find_brief(scope.tx(), *input.member_id)) {
        return Problem::not_found("member.not_found");
    }
    HANGU_TRY(pricing::Priced priced, price_lines(orders, scope.tx(), store.id, input.lines));
    Priced answer;
    for (pricing::PricedLine& line : priced.lines) {
        answer.lines.push_back({line.spec_id, std::move(line.product_name),
                                std::move(line.spec_name), std::move(line.options), line.quantity,
                                line.unit, line.gross, line.discount, line.net});
    }
    answer.gross_fen = priced.gross;
    answer.discount_fen = priced.discount;
    answer.total_fen = priced.total;
    return answer;
}

// One update for each counted spec, also when it stands in several lines.
Result<void> take_stock(const Orders& orders, storage::Tx& tx, StoreId store,
                        const pricing::Priced& priced) {
    for (std::size_t i = 0; i < priced.lines.size(); ++i) {
        const pricing::PricedLine& line = priced.lines[i];
        bool first = line.counted;
        std::int64_t quantity = 0;
        for (std::size_t j = 0; j < priced.lines.size(); ++j) {
            if (priced.lines[j].spec_id == line.spec_id) {
                first = first && j >= i;
                quantity += priced.lines[j].quantity;
            }
        }
        if (first) {
            HANGU_CHECK(orders.catalogue().take_stock(tx, store, line.spec_id, quantity));
        }
    }
    return {};
}

HeadRow make_head(http::Scope& scope, const StorePlace& store, const OrderPlaceInput& input,
                  const pricing::Priced& priced, std::int64_t sequence) {
    HeadRow head;
    head.id = scope.new_id<OrderId>();
    head.store_id = store.id;
    head.org_path = store.path;
    head.mode = input.mode;
    head.payment_state = PaymentState::paid;
    head.business_day = scope.today();
    head.number = order_number_of(head.business_day, store.code, sequence);
    head.pick_up_number = pick_up_number_of(sequence);
    head.member_id = input.member_id;
    head.placed_by_kind = scope.caller().kind;
    head.placed_by_id = scope.caller().actor_id;
    head.placed_by_name = actor_name(scope);
    head.gross_fen = priced.gross;
    head.discount_fen = priced.discount;
    head.total_fen = priced.total;
    head.lines_count = static_cast<std::int64_t>(priced.lines.size());
    head.items_count = priced.items_count;
    head.remark = input.remark ? input.remark->str() : "";
    head.placed_at = scope.now();
    return head;
}

std::vector<LineRow> make_lines(http::Scope& scope, OrderId order, const OrderPlaceInput& input,
                                pricing::Priced& priced) {
    std::vector<LineRow> rows;
    rows.reserve(priced.lines.size());
    for (std::size_t i = 0; i < priced.lines.size(); ++i) {
        pricing::PricedLine& line = priced.lines[i];
        const std::optional<Text<0, 100>>& remark = input.lines[i].remark;
        rows.push_back({order, scope.new_id<LineId>(), line.product_id, line.spec_id,
                        std::move(line.product_name), std::move(line.spec_name),
                        json::to_text(line.options), line.quantity, line.unit, line.gross,
                        line.discount, line.net, line.counted, remark ? remark->str() : ""});
    }
    return rows;
}

void record(http::Scope& scope, const HeadRow& head, const PaymentRow& payment) {
    scope.audit({"order.placed",
                 "order",
                 head.id.text(),
                 head.number,
                 {{"total_fen", "", std::to_string(head.total_fen.fen())},
                  {"pick_up_number", "", head.pick_up_number}},
                 head.org_path});
    scope.audit({"order.paid",
                 "order",
                 head.id.text(),
                 head.number,
                 {{"tender", "", std::string(enum_text(payment.tender))},
                  {"amount_fen", "", std::to_string(payment.amount_fen.fen())}},
                 head.org_path});
    publish<OrderPlaced>(scope, head);
    publish<OrderPaid>(scope, head);
}

Result<http::Created<Order>> place_order(const Orders& orders, http::Scope& scope,
                                         const OrderPlaceInput& input) {
    HANGU_TRY(const StorePlace store, orders.organisation().store(scope.tx(), input.store_id));
    HANGU_CHECK(scope.authorize(kMayPlace, store.path));
    if (store.state != organisation::StoreState::open) {
        Problem problem = Problem::conflict("order.unavailable");
        problem.fields.push_back({"store_id", "store.not_open", ""});
        return problem;
    }
    HANGU_TRY(pricing::Priced priced, price_lines(orders, scope.tx(), store.id, input.lines));
    if (input.payment.amount_fen != priced.total) {
        return Problem::conflict("order.price_changed", "the total is " + yuan_text(priced.total));
    }
    HANGU_CHECK(take_stock(orders, scope.tx(), store.id, priced));
    OrderParts parts;
    if (input.member_id) {
        HANGU_CHECK(orders.members().add_purchase(scope.tx(), *input.member_id, 1, priced.total));
        parts.member = orders.members().find_brief(scope.tx(), *input.member_id);
    }
    OrderStore rows(scope.tx());
    const std::int64_t sequence = rows.next_sequence(store.id, scope.today());
    parts.head = make_head(scope, store, input, priced, sequence);
    rows.insert(parts.head);
    parts.lines = make_lines(scope, parts.head.id, input, priced);
    rows.insert_all(parts.lines);
    parts.payments.push_back({parts.head.id, scope.new_id<PaymentId>(), input.payment.tender,
                              input.payment.reference ? input.payment.reference->str() : "",
                              priced.total, scope.now()});
    rows.insert(parts.payments.front());
    record(scope, parts.head, parts.payments.front());
    parts.store_name = store.name;
    parts.may = rights_on(scope, store.path);
    return http::Created<Order>{view_of(std::move(parts))};
}

}  // namespace

void add_place_routes(http::Routes& routes, const Orders& orders) {
    const http::Realms realms = http::Realm::merchant | http::Realm::application;
    routes.add_with<Priced, OrderDraft>({.name = "order.preview",
                                         .method = "POST",
                                         .path = "/api/v1/orders/preview",
                                         .permission = kMayPlace,
                                         .realms = realms,
                                         .work = http::Work::read,
                                         .per_minute_max = 6000,
                                         .summary = "What an order would cost",
                                         .tag = "orders"},
                                        [&orders](http::Scope& scope, const OrderDraft& input) {
                                            return preview_order(orders, scope, input);
                                        });
    routes.add_with<http::Created<Order>, OrderPlaceInput>(
        {.name = "order.place",
         .method = "POST",
         .path = "/api/v1/orders",
         .permission = kMayPlace,
         .realms = realms,
         .idempotent = true,
         .per_minute_max = 6000,
         .summary = "Place an order that is paid at once",
         .tag = "orders"},
        [&orders](http::Scope& scope, const OrderPlaceInput& input) {
            return place_order(orders, scope, input);
        });
}

}  // namespace hangu::order

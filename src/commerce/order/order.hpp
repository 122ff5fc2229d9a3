// Orders: placed, paid, made, handed over, cancelled, refunded. The state is three axes that move
// by an explicit table (internal/order_rules.hpp). Every line keeps its exact share of discounts.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/money.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "commerce/catalogue/catalogue.hpp"
#include "commerce/member/member.hpp"
#include "commerce/organisation/organisation.hpp"
#include "commerce/pricing/pricing.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/data_scope.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::order {

using catalogue::ProductId;
using catalogue::SpecId;
using member::MemberId;
using organisation::StoreId;

struct OrderTag;
using OrderId = Id<OrderTag>;

enum class OrderMode { dine_in, pick_up, retail };
HANGU_ENUM(OrderMode, dine_in, pick_up, retail)
enum class PaymentState { pending, paid, refunded, closed };
HANGU_ENUM(PaymentState, pending, paid, refunded, closed)
enum class ProductionState { received, accepted, making, ready, handed_over, rejected };
HANGU_ENUM(ProductionState, received, accepted, making, ready, handed_over, rejected)
enum class FulfilmentState { waiting, called, picked, cancelled };
HANGU_ENUM(FulfilmentState, waiting, called, picked, cancelled)
enum class Tender { cash, external };
HANGU_ENUM(Tender, cash, external)

// Where an order stands on its three axes.
struct OrderState {
    PaymentState payment = PaymentState::pending;
    ProductionState production = ProductionState::received;
    FulfilmentState fulfilment = FulfilmentState::waiting;
    friend bool operator==(const OrderState&, const OrderState&) = default;
};

// ---- orders of the past, for imports: paid and handed over elsewhere ----

struct PastLine {
    ProductId product_id;
    SpecId spec_id;
    std::string product_name;
    std::string spec_name;
    std::vector<pricing::PricedOption> options;
    std::int64_t quantity = 1;  // 1 to 10,000
    Money unit;
    Money discount;  // this line's; pricing::shares_of divides one of the whole order
};

struct PastOrder {
    std::string external_ref;  // unique in the tenant, 1 to 120 bytes
    organisation::StorePlace store;
    OrderMode mode = OrderMode::retail;
    std::optional<MemberId> member_id;  // her counters grow
    Time placed_at;
    Tender tender = Tender::external;
    std::string reference;  // of the payment; "" none
    std::string remark;
    std::vector<PastLine> lines;  // 1 to 200
};

enum class Recorded { added, exists };

// ---- what was sold ----

enum class SalesBy { store, day, product };
HANGU_ENUM(SalesBy, store, day, product)

// Definitions: see README, "Figures".
struct SalesTotal {
    std::int64_t orders_count = 0;
    std::int64_t lines_count = 0;
    std::int64_t items_count = 0;
    Money gross_fen;
    Money discount_fen;
    Money refund_fen;
    Money net_fen;  // gross − discount − refund
};
HANGU_STRUCT(SalesTotal, orders_count, lines_count, items_count, gross_fen, discount_fen,
             refund_fen, net_fen)

struct SalesRow {
    std::string key;   // id of the store or product, or the day
    std::string name;  // what people call it
    std::int64_t orders_count = 0;
    std::int64_t lines_count = 0;
    std::int64_t items_count = 0;
    Money gross_fen;
    Money discount_fen;
    Money refund_fen;
    Money net_fen;
};
HANGU_STRUCT(SalesRow, key, name, orders_count, lines_count, items_count, gross_fen, discount_fen,
             refund_fen, net_fen)

inline constexpr int kReportDaysMax = 400;

struct SalesQuery {
    SalesBy by = SalesBy::store;
    Day from;
    Day to;  // inclusive
    std::optional<StoreId> store_id;
};

struct Sales {
    std::vector<SalesRow> rows;  // by net, the largest first; days in their order
    SalesTotal total;
};

class Orders {
 public:
    Orders(const organisation::Organisation& organisation, const member::Members& members,
           const catalogue::Catalogue& catalogue)
        : organisation_(organisation), members_(members), catalogue_(catalogue) {}

    // Stores a finished, paid order; touches neither stock nor pick-up numbers. The same
    // external_ref again: unchanged, `exists`. Does not audit each order: the import records the
    // whole. "input.invalid" with fields
    Result<Recorded> record_past(http::Scope& scope, const PastOrder& order) const;

    // "report.range" when to < from or more than kReportDaysMax days.
    Result<Sales> sales_report(storage::Tx& tx, const storage::DataScope& within,
                               const SalesQuery& query) const;

    const organisation::Organisation& organisation() const { return organisation_; }
    const member::Members& members() const { return members_; }
    const catalogue::Catalogue& catalogue() const { return catalogue_; }

 private:
    const organisation::Organisation& organisation_;
    const member::Members& members_;
    const catalogue::Catalogue& catalogue_;
};

}  // namespace hangu::order

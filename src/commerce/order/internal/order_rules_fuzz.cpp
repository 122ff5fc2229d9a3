// Acts in any order on an order of any content: states stay within the tables, money adds up.
#include "commerce/order/internal/order_rules.hpp"

#include <cstdlib>

namespace hangu::order {
namespace {

class Bytes {
 public:
    Bytes(const unsigned char* data, std::size_t size) : data_(data), size_(size) {}
    std::uint8_t next() { return at_ < size_ ? data_[at_++] : 0; }
    bool more() const { return at_ < size_; }

 private:
    const unsigned char* data_;
    std::size_t size_;
    std::size_t at_ = 0;
};

void must(bool fact) {
    if (!fact) {
        std::abort();
    }
}

catalogue::Menu menu_of(Bytes& bytes) {
    catalogue::Menu menu;
    for (int i = 1; i <= 4; ++i) {
        menu.specs.push_back({SpecId(i), ProductId(i % 2 + 1), "p", "s", Money(bytes.next() * 37),
                              bytes.next() % 8 != 0, false, bytes.next() % 2});
    }
    for (int i = 1; i <= 4; ++i) {
        menu.options.push_back({catalogue::OptionId(i), catalogue::GroupId(i % 3 + 1),
                                ProductId(i % 2 + 1), "o", Money(bytes.next()),
                                bytes.next() % 8 != 0, bytes.next() % 2, bytes.next() % 3});
    }
    return menu;
}

void price_something(Bytes& bytes) {
    const catalogue::Menu menu = menu_of(bytes);
    pricing::Draft draft;
    for (int lines = bytes.next() % 60; lines > 0; --lines) {
        pricing::DraftLine line{SpecId(bytes.next() % 6), bytes.next() - 20, {}};
        for (int options = bytes.next() % 24; options > 0; --options) {
            line.option_ids.emplace_back(bytes.next() % 6);
        }
        draft.lines.push_back(std::move(line));
    }
    draft.discount = Money(bytes.next() * 100 - 1000);
    const Result<pricing::Priced> priced = pricing::price(draft, menu);
    if (!priced.ok()) {
        must(!priced.problem().fields.empty());
        return;
    }
    Money net;
    for (const pricing::PricedLine& line : priced->lines) {
        must(line.discount >= Money(0) && line.discount <= line.gross);
        net += line.net;
    }
    must(net == priced->total && priced->gross - priced->discount == priced->total);
}

void live(Bytes& bytes) {
    OrderState state{bytes.next() % 2 == 0 ? PaymentState::paid : PaymentState::pending, {}, {}};
    bool paid_back = false;
    while (bytes.more()) {
        const std::uint8_t act = bytes.next();
        const OrderState before = state;
        const Result<OrderState> after =
            act % 8 == 6   ? cancelled(state)
            : act % 8 == 7 ? refunded(state)
                           : advanced(state, static_cast<ProductionState>(act % 6));
        if (!after.ok()) {
            continue;
        }
        state = *after;
        must(!(state == before));
        const bool refund =
            before.payment == PaymentState::paid && state.payment == PaymentState::refunded;
        must(!(refund && paid_back));  // money goes back once
        paid_back = paid_back || refund;
        must(before.payment == PaymentState::paid || before.payment == PaymentState::pending);
        must(before.production != ProductionState::rejected);
    }
}

}  // namespace
}  // namespace hangu::order

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    hangu::order::Bytes bytes(data, size);
    if (bytes.next() % 2 == 0) {
        hangu::order::price_something(bytes);
    } else {
        hangu::order::live(bytes);
    }
    return 0;
}

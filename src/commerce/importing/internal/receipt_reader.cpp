#include "commerce/importing/internal/receipt_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::importing {

namespace {

constexpr std::size_t kExternalRefBytesMax = 120;
constexpr std::int64_t kQuantityMax = 10'000;

}  // namespace

Result<ReceiptReader> ReceiptReader::open(const Source& source, const References& known, Time now,
                                          const KeyLines* left_out) {
    const OrdersMapping& mapping = *source.mapping.orders;
    HANGU_TRY(SourceFile file, SourceFile::open(source.folder, mapping.form, source.mapping,
                                                Echo::values, source.bad));
    ReceiptReader reader(std::move(file));
    reader.known_ = &known;
    reader.left_out_ = left_out;
    reader.above_price_ = mapping.line.above_price;
    reader.utc_offset_minutes_ = source.utc_offset_minutes;
    reader.now_ = now;
    reader.key_bytes_max_ = kExternalRefBytesMax - source.mapping.source.size() - 1;
    HANGU_CHECK(reader.bind(mapping));
    return reader;
}

Result<void> ReceiptReader::bind(const OrdersMapping& mapping) {
    FieldSource key;
    key.key = "orders.key";
    key.columns = mapping.key;
    HANGU_TRY(const BoundField bound_key, file_.bind(key));
    key_columns_ = bound_key.columns;
    HANGU_TRY(store_, file_.bind(mapping.store));
    HANGU_TRY(day_, file_.bind(mapping.day));
    HANGU_TRY(time_, file_.bind(mapping.time));
    HANGU_TRY(staff_, file_.bind(mapping.staff));
    HANGU_TRY(member_, file_.bind(mapping.member));
    HANGU_TRY(mode_, file_.bind(mapping.mode));
    HANGU_TRY(tender_, file_.bind(mapping.tender));
    HANGU_TRY(total_, file_.bind(mapping.total));
    HANGU_TRY(remark_, file_.bind(mapping.remark));
    HANGU_TRY(line_ref_, file_.bind(mapping.line.ref));
    HANGU_TRY(product_, file_.bind(mapping.line.product));
    HANGU_TRY(quantity_, file_.bind(mapping.line.quantity));
    HANGU_TRY(unit_price_, file_.bind(mapping.line.unit_price));
    HANGU_TRY(amount_, file_.bind(mapping.line.amount));
    HANGU_TRY(discount_, file_.bind(mapping.line.discount));
    return {};
}

// "2019-04-01:3:7"; a colon inside a value is written "\:", so that no two keys read the same.
std::string ReceiptReader::key_of_row() const {
    std::string key;
    for (const std::size_t column : key_columns_) {
        key += key.empty() ? "" : ":";
        for (const char c : file_.field(column)) {
            if (c == ':' || c == '\\') {
                key += '\\';
            }
            key += c;
        }
    }
    return key;
}

void ReceiptReader::spoil(std::int64_t line, std::string_view code, std::string_view detail) {
    file_.complain_of_row(line, code, detail);
    good_ = false;
}

void ReceiptReader::read_head(SourceReceipt& receipt) {
    receipt.store = file_.text(store_, kRefCharactersMax, true);
    if (!receipt.store.empty() && !known_->has_store(receipt.store)) {
        file_.complain(store_, "order.store_unknown", "no such store");
    }
    if (const std::optional<Time> at = file_.moment(day_, time_, utc_offset_minutes_)) {
        receipt.placed_at = *at;
        if (*at > now_) {
            file_.complain(day_, "order.in_the_future", "later than now");
        }
    }
    receipt.staff = file_.text(staff_, kRefCharactersMax, false);
    if (!receipt.staff.empty() && !known_->has_staff(receipt.staff)) {
        file_.complain(staff_, "order.staff_unknown", "no such person");
    }
    receipt.member = file_.text(member_, kRefCharactersMax, false);
    receipt.mode = file_.choice(mode_, order::OrderMode::retail);
    receipt.tender = file_.choice(tender_, order::Tender::external);
    receipt.remark = file_.text(remark_, 200, false);
    if (total_.is_set()) {
        const Money total = file_.money(total_);
        if (total_of_receipt_ && *total_of_receipt_ != total) {
            file_.complain(total_, "order.lines_disagree", "another total than in its first line");
        }
        total_of_receipt_ = total_of_receipt_.value_or(total);
    }
}

void ReceiptReader::begin(std::string key) {
    current_ = SourceReceipt{};
    current_.line = file_.line();
    current_.key = std::move(key);
    line_refs_.clear();
    total_of_receipt_.reset();
    good_ = true;
    file_.judge_anew();
    if (file_.broke_before()) {
        spoil(file_.line(), "order.beside_broken_row",
              "the row before could not be read and may belong to this receipt");
    }
    if (current_.key.size() > key_bytes_max_) {
        spoil(file_.line(), "order.key_too_long", fmt::format("{} bytes at most", key_bytes_max_));
    }
    if (left_out_ != nullptr) {
        good_ = good_ && !left_out_->holds(current_.key);
    } else if (const auto before = seen_.seen_before(current_.key, file_.line())) {
        apart_.seen_before(current_.key, *before);
        spoil(file_.line(), "order.key_apart",
              fmt::format("receipt {} began in line {}; the lines of a receipt stand together",
                          current_.key, *before));
    }
}

// Whatever is said of the receipt as a whole must be the same in all of its lines: a wrong key
// shows here.
void ReceiptReader::compare_head() {
    const auto differs = [this](const BoundField& field, bool same) {
        if (!same) {
            file_.complain(field, "order.lines_disagree",
                           fmt::format("another value than in line {} of the same receipt {}",
                                       current_.line, current_.key));
        }
    };
    differs(store_, head_.store == current_.store);
    differs(time_.is_set() ? time_ : day_, head_.placed_at == current_.placed_at);
    differs(staff_, head_.staff == current_.staff);
    differs(member_, head_.member == current_.member);
    differs(mode_, head_.mode == current_.mode);
    differs(tender_, head_.tender == current_.tender);
}

void ReceiptReader::settle_amount(SourceLine& line, Money amount) {
    const Money gross = line.unit * line.quantity;
    if (amount <= gross) {
        if (discount_.is_set() && line.discount != gross - amount) {
            file_.complain(amount_, "line.total_differs",
                           fmt::format("quantity × unit price − discount is {}",
                                       yuan_text(gross - line.discount)));
        }
        line.discount = gross - amount;
        return;
    }
    if (above_price_ == AbovePrice::refuse) {
        file_.complain(amount_, "line.amount_above_price",
                       fmt::format("quantity × unit price is {}; see above_price in the mapping",
                                   yuan_text(gross)));
    } else if (amount.fen() % line.quantity != 0) {
        file_.complain(amount_, "line.amount_not_divisible",
                       "above quantity × unit price, and no whole price per piece");
    } else {
        line.unit = Money(amount.fen() / line.quantity);
        line.discount = Money(0);
    }
}

void ReceiptReader::read_amounts(SourceLine& line) {
    line.quantity = file_.count(quantity_, 1, kQuantityMax);
    line.unit = file_.money(unit_price_);
    if (line.unit.fen() > catalogue::kPriceFenMax) {
        file_.complain(unit_price_, "money.too_large", "100,000.00 at most");
    }
    if (discount_.is_set()) {
        line.discount = file_.money(discount_);
    }
    const Money amount = amount_.is_set() ? file_.money(amount_) : Money();
    if (!file_.good()) {
        return;
    }
    if (amount_.is_set()) {
        settle_amount(line, amount);
    } else if (line.discount > line.unit * line.quantity) {
        file_.complain(discount_, "line.discount_above_price", "more than quantity × unit price");
    }
    if (line.unit.fen() > catalogue::kPriceFenMax) {
        file_.complain(unit_price_, "money.too_large", "100,000.00 at most");
    }
}

void ReceiptReader::read_line() {
    if (current_.lines.size() == kReceiptLinesMax) {
        if (good_) {
            spoil(file_.line(), "order.too_many_lines",
                  fmt::format("{} at most", kReceiptLinesMax));
        }
        return;
    }
    if (line_ref_.is_set()) {
        std::string ref = file_.raw(line_ref_);
        if (std::find(line_refs_.begin(), line_refs_.end(), ref) != line_refs_.end()) {
            file_.complain(line_ref_, "order.line_repeated",
                           "this line stands in the receipt already");
        }
        line_refs_.push_back(std::move(ref));
    }
    SourceLine line;
    line.product = file_.text(product_, kRefCharactersMax, true);
    if (!line.product.empty() && !known_->has_product(line.product)) {
        file_.complain(product_, "order.product_unknown", "no such product");
    }
    read_amounts(line);
    current_.lines.push_back(std::move(line));
    good_ = good_ && file_.good();
}

bool ReceiptReader::finish(SourceReceipt& receipt, ImportCounts& counts) {
    ++counts.read;
    if (good_ && total_of_receipt_) {
        Money sum;
        for (const SourceLine& line : current_.lines) {
            sum += line.net();
        }
        if (sum != *total_of_receipt_) {
            spoil(current_.line, "order.total_differs",
                  fmt::format("its lines add up to {}, its total is {}", yuan_text(sum),
                              yuan_text(*total_of_receipt_)));
        }
    }
    if (!good_) {
        ++counts.bad;
        return false;
    }
    std::swap(receipt, current_);
    return true;
}

bool ReceiptReader::next(SourceReceipt& receipt, ImportCounts& counts, std::int64_t& lines_count) {
    bool open = false;
    while (!at_end_) {
        if (!row_waits_) {
            at_end_ = !file_.next();
        }
        const bool broke = !row_waits_ && file_.broke_before();
        row_waits_ = false;
        if (open && broke) {
            spoil(current_.last_line, "order.beside_broken_row",
                  "the row behind could not be read and may belong to this receipt");
        }
        if (at_end_) {
            break;
        }
        std::string key = key_of_row();
        if (open && key != current_.key) {
            row_waits_ = true;
            if (finish(receipt, counts)) {
                return true;
            }
            open = false;
            continue;
        }
        ++lines_count;
        head_ = SourceReceipt{};
        if (!open) {
            begin(std::move(key));
            read_head(current_);
            open = true;
        } else {
            read_head(head_);
            compare_head();
        }
        current_.last_line = file_.line();
        read_line();
        good_ = good_ && file_.good();
    }
    return open && finish(receipt, counts);
}

}  // namespace hangu::importing

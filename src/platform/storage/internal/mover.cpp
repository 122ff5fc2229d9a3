#include "platform/storage/internal/mover.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <fmt/format.h>

namespace hangu::storage {

namespace {

constexpr std::size_t kFewChanges = 200;  // that may be carried while requests wait
constexpr int kRoundsMax = 50;
constexpr std::int64_t kTellRows = 2000;

const std::string& encoded(const RawRow& row, std::string& out) {
    out.clear();
    for (const RawValue& value : row) {
        out += fmt::format("{}:{}:{}:", static_cast<int>(value.kind), value.number,
                           value.bytes.size());
        out += value.bytes;
    }
    return out;
}

}  // namespace

Result<void> Mover::tell(MoveStage stage, std::string_view table, std::int64_t rows_read) {
    if (watch_.progress) {
        watch_.progress({stage, table, rows_read, report.rows_written});
    }
    if (watch_.cancelled && watch_.cancelled()) {
        return Problem::conflict("move.cancelled",
                                 "what was copied so far is kept and gone on with");
    }
    return {};
}

Result<void> Mover::bring() {
    // First the ear, then the rows: what changes behind the reader is heard of.
    source_.changes().begin();
    for (const TableShape& shape : shapes_) {
        HANGU_CHECK(copy_table(shape));
    }
    HANGU_CHECK(follow());
    HANGU_CHECK(compare());
    return follow();
}

void Mover::put_soon(const TableShape& shape, RawRow row) {
    coming_.push_back(std::move(row));
    if (coming_.size() >= RawRows::kPutMax) {
        put_now(shape);
    }
}

void Mover::put_now(const TableShape& shape) {
    if (!coming_.empty()) {
        target_.begin();
        target_.rows().put(shape, coming_);
        report.rows_written += static_cast<std::int64_t>(coming_.size());
        coming_.clear();
    }
}

// Both sides in the order of their keys; visit(from, to) gets the rows of one key, null where there
// is none.
template <class Visit>
Result<void> Mover::walk(const TableShape& shape, Visit&& visit) {
    RowStream here(source_.rows(), shape, [this] { source_.rest(); });
    RowStream there(target_.rows(), shape, [this] { target_.rest(); });
    while (true) {
        const RawRow* from = here.row();
        const RawRow* to = there.row();
        if (from == nullptr && to == nullptr) {
            return {};
        }
        if (from != nullptr && to != nullptr) {
            const auto order = shape.key_of(*from) <=> shape.key_of(*to);
            from = order > 0 ? nullptr : from;
            to = order < 0 ? nullptr : to;
        }
        HANGU_CHECK(visit(from, to));
        if (from != nullptr) {
            here.next();
        }
        if (to != nullptr) {
            there.next();
        }
    }
}

// What is missing or different over there is put, what is too much is removed: of a first attempt
// that is everything, of a later one what changed meanwhile.
Result<void> Mover::copy_table(const TableShape& shape) {
    std::int64_t rows_read = 0;
    const auto carry_one = [&](const RawRow* from, const RawRow* to) -> Result<void> {
        if (from == nullptr) {
            target_.begin();
            target_.rows().remove(shape, shape.key_of(*to));
            return {};
        }
        if (to == nullptr || *from != *to) {
            put_soon(shape, *from);
        }
        if (++rows_read % kTellRows != 0) {
            return {};
        }
        put_now(shape);
        target_.commit();
        return tell(MoveStage::copying, shape.name, rows_read);
    };
    HANGU_CHECK(walk(shape, carry_one));
    put_now(shape);
    target_.commit();
    return tell(MoveStage::copying, shape.name, rows_read);
}

void Mover::carry(const Changed& changed) {
    target_.begin();
    for (const auto& [table, key] : changed) {
        const TableShape& shape = shapes_[table];
        const std::optional<RawRow> row = source_.rows().find(shape, key);
        if (row) {
            target_.rows().put(shape, std::span(&*row, 1));
            ++report.rows_written;
        } else {
            target_.rows().remove(shape, key);
        }
    }
    source_.rest();
    target_.commit();
}

Result<void> Mover::follow() {
    for (int round = 0; round < kRoundsMax; ++round) {
        const Changed changed = source_.changes().take();
        carry(changed);
        HANGU_CHECK(tell(MoveStage::following, "", static_cast<std::int64_t>(changed.size())));
        if (changed.size() < kFewChanges) {
            break;
        }
    }
    return {};
}

bool Mover::is_same(std::size_t table, const RawKey& key) {
    const std::optional<RawRow> from = source_.rows().find(shapes_[table], key);
    const std::optional<RawRow> to = target_.rows().find(shapes_[table], key);
    source_.rest();
    target_.rest();
    return from == to;
}

Result<void> Mover::compare_table(std::size_t table, Changed& different) {
    const TableShape& shape = shapes_[table];
    std::string text;
    std::int64_t rows_read = 0;
    const auto compare_one = [&](const RawRow* from, const RawRow* to) -> Result<void> {
        if (from == nullptr || to == nullptr || *from != *to) {
            different.emplace(table, shape.key_of(from == nullptr ? *to : *from));
        }
        if (from == nullptr) {
            return {};
        }
        ++report.rows;
        digest_ = crypto::sha256({digest_.view(), encoded(*from, text)});
        return ++rows_read % kTellRows == 0 ? tell(MoveStage::comparing, shape.name, rows_read)
                                            : Result<void>();
    };
    HANGU_CHECK(walk(shape, compare_one));
    return tell(MoveStage::comparing, shape.name, rows_read);
}

// A difference is one when nobody changed the row meanwhile.
Result<void> Mover::compare() {
    Changed different;
    report.rows = 0;
    digest_ = {};
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
        HANGU_CHECK(compare_table(i, different));
    }
    report.digest = to_hex(digest_.view());
    Changed changed = source_.changes().take();
    carry(changed);
    for (const auto& one : different) {
        if (changed.contains(one) || is_same(one.first, one.second)) {
            continue;
        }
        Changed late = source_.changes().take();  // between the two looks
        carry(late);
        if (!late.contains(one)) {
            return differs(one.first);
        }
        changed.merge(late);
    }
    return {};
}

Result<void> Mover::bring_last() {
    const Changed changed = source_.changes().take();
    carry(changed);
    for (const auto& [table, key] : changed) {
        if (!is_same(table, key)) {
            return differs(table);
        }
    }
    return {};
}

Problem Mover::differs(std::size_t table) const {
    return Problem::conflict("move.differs",
                             fmt::format("a row of {} is not the same at the target, although "
                                         "nobody changed it meanwhile",
                                         shapes_[table].name));
}

}  // namespace hangu::storage

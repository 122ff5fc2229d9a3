#include "platform/storage/internal/tenant_fill.hpp"

#include "platform/storage/internal/tx_session.hpp"
#include "platform/storage/internal/upgrade_store.hpp"

#include <fmt/format.h>

namespace hangu::storage {

namespace {

// The rows that other programs may add while it fills, as a multiple of those that were there.
constexpr std::int64_t kGrowthMax = 8;

// The text's address is the statement's key.
Cursor& bound(Tx& tx, const Step& step, std::string_view sql) {
    Cursor& cursor = TxSession::of(tx).prepare(sql.data(), step.name, sql);
    cursor.bind_integer(1, tx.tenant().value());
    return cursor;
}

std::int64_t rows_left(Tx& tx, const Step& step, const FillText& text) {
    Cursor& cursor = bound(tx, step, text.left);
    const detail::Using use(cursor);
    return cursor.step() ? cursor.integer(0) : 0;
}

std::int64_t fill_some(Tx& tx, const Step& step, const FillText& text, std::int64_t rows_max) {
    if (step.fill != nullptr) {
        return step.fill(tx, rows_max);
    }
    std::int64_t rows = 0;
    for (const std::string_view sql : text.batches) {
        Cursor& cursor = bound(tx, step, sql);
        const detail::Using use(cursor);
        cursor.bind_integer(2, rows_max);
        cursor.step();
        rows += cursor.changed();
    }
    return rows;
}

// One batch. When there was nothing to fill, the step is done, if its own count says so.
Result<std::int64_t> one_batch(Tx& tx, const Step& step, const FillText& text,
                               std::int64_t rows_max) {
    TenantStepRow row = tenant_step(tx, step.full_name()).value_or(TenantStepRow{});
    row.step = step.full_name();
    row.checksum = step.checksum;
    const std::int64_t rows = fill_some(tx, step, text, rows_max);
    if (rows == 0) {
        if (const std::int64_t left = rows_left(tx, step, text); left > 0) {
            return Problem::conflict(
                "migration.unfinished",
                fmt::format("step {}: nothing more is filled, and {} rows are left",
                            step.full_name(), left));
        }
        row.finished_at = tx.now();
    }
    row.rows_done += rows;
    save_tenant_step(tx, row);
    return rows;
}

}  // namespace

bool is_filled(Tx& tx, const Step& step) {
    const std::optional<TenantStepRow> row = tenant_step(tx, step.full_name());
    return row && row->finished_at && row->checksum == step.checksum;
}

Result<std::int64_t> fill(const Step& step, bool again, std::int64_t rows_max,
                          const FillWatch& watch) {
    const FillText text = fill_text(step.sql);
    bool done = false;
    HANGU_TRY(const std::int64_t left, watch.write([&](Tx& tx) -> Result<std::int64_t> {
        done = !again && is_filled(tx, step);
        return rows_left(tx, step, text);
    }));
    const std::int64_t all_max = left * kGrowthMax + 1000 * rows_max;
    std::int64_t all = 0;
    while (!done) {
        if (!watch.goes_on()) {
            return Problem::conflict("migration.interrupted");
        }
        HANGU_TRY(const std::int64_t rows,
                  watch.write([&](Tx& tx) { return one_batch(tx, step, text, rows_max); }));
        watch.told(rows);
        done = rows == 0;
        all += rows;
        if (all > all_max) {
            return Problem::conflict(
                "migration.no_end",
                fmt::format("step {} has filled {} rows where {} were to be filled: it does not "
                            "know what it has done already",
                            step.full_name(), all, left));
        }
    }
    return all;
}

std::vector<std::string> fill_faults(Session& session, const Steps& steps) {
    std::vector<std::string> faults;
    for (const Step& step : steps.steps) {
        if (step.head.phase != Phase::migrate) {
            continue;
        }
        FillText text = fill_text(step.sql);
        text.batches.push_back(text.left);
        for (const std::string_view sql : text.batches) {
            try {
                session.prepare(sql.data(), step.name, sql).finish();
            } catch (const StorageFault& fault) {
                faults.push_back(fmt::format("step {}: {}", step.full_name(), fault.what()));
            }
        }
    }
    return faults;
}

}  // namespace hangu::storage

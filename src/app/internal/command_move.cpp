#include "app/commands.hpp"
#include "app/internal/tenant_moves.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

namespace hangu::app {

namespace {

constexpr std::int64_t kMoveLookMs = 1000;

struct MoveLine {
    std::string tenant;
    std::string from;
    std::string to;
    std::string stage;
    bool running = false;
    Time started_at;
};
HANGU_STRUCT(MoveLine, tenant, from, to, stage, running, started_at)

struct Moved {
    std::string tenant;
    std::string place;
    std::int64_t rows = 0;
    std::int64_t rows_written = 0;
    std::int64_t paused_us = 0;
    std::string digest;
};
HANGU_STRUCT(Moved, tenant, place, rows, rows_written, paused_us, digest)

}  // namespace

Result<void> tenant_move(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, house.tenant_by_code(arguments.operands()[0]));
    HANGU_TRY(const std::string target, arguments.required("to"));
    TenantMoves::State state = house.moves->look(0);
    const bool mine = state.tenant == found->id && state.target == target;
    if (!mine || (!state.running && !state.ended)) {
        HANGU_CHECK(house.moves->begin(found->id, target));
    }
    state = house.moves->look(kMoveLookMs);
    if (state.running) {
        return Problem::unavailable(
            kGoingOn,
            fmt::format("{}: {} {} {} rows read, {} written", found->code, enum_text(state.stage),
                        state.table, state.rows_read, state.rows_written));
    }
    house.moves->forget_end();
    HANGU_TRY(const storage::MoveReport report, *std::move(state.ended));
    const Moved moved{found->code,         target,           report.rows,
                      report.rows_written, report.paused_us, report.digest};
    if (arguments.json()) {
        output.line(json::to_text(moved));
    } else if (moved.digest.empty()) {
        output.line(
            fmt::format("{} is on {}: that was decided before, what was left of the move is "
                        "done now.",
                        moved.tenant, moved.place));
    } else {
        output.line(
            fmt::format("{} is on {} now: {} rows, compared one by one (SHA-256 {}…). Its "
                        "requests waited {} ms.",
                        moved.tenant, moved.place, moved.rows, moved.digest.substr(0, 16),
                        (moved.paused_us + 999) / 1000));
    }
    return {};
}

Result<void> tenant_moves(House& house, const Arguments& arguments, Output& output) {
    std::vector<MoveLine> lines;
    const TenantMoves::State state = house.moves->look(0);
    for (const storage::UnfinishedMove& one : house.engine->unfinished_moves()) {
        lines.push_back({code_of(house, one.tenant), one.source, one.target,
                         std::string(enum_text(one.stage)),
                         state.running && state.tenant == one.tenant, one.started_at});
    }
    if (arguments.json()) {
        output.line(json::to_text(lines));
        return {};
    }
    output.line(fmt::format("{:<20} {:<10} {:<10} {:<10} {:<8} {}", "CODE", "FROM", "TO", "STAGE",
                            "RUNS", "SINCE"));
    for (const MoveLine& line : lines) {
        output.line(fmt::format("{:<20} {:<10} {:<10} {:<10} {:<8} {}", line.tenant, line.from,
                                line.to, line.stage, line.running ? "yes" : "no",
                                time_text(line.started_at)));
    }
    return {};
}

Result<void> tenant_abandon_move(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, house.tenant_by_code(arguments.operands()[0]));
    const TenantMoves::State state = house.moves->look(0);
    if (state.running && state.tenant == found->id) {
        house.moves->stop();
    }
    HANGU_CHECK(house.engine->abandon_move(found->id));
    output.line(arguments.json() ? "{}"
                                 : fmt::format("{} stays on {}.", found->code,
                                               house.engine->place_of(found->id)));
    return {};
}

}  // namespace hangu::app

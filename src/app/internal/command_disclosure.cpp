#include "app/commands.hpp"
#include "base/json.hpp"

#include <fmt/format.h>

namespace hangu::app {

namespace {

constexpr std::int64_t kShownCountMax = 200;

struct DisclosureLine {
    disclosure::DisclosureId id;
    disclosure::State state = disclosure::State::asked;
    std::string requester;
    std::string legal_ground;
    std::int64_t records_count = 0;
    Time asked_at;
    std::optional<Time> available_until;
};
HANGU_STRUCT(DisclosureLine, id, state, requester, legal_ground, records_count, asked_at,
             available_until)

}  // namespace

Result<void> audit_disclosures(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    HANGU_TRY(const auto found, house.tenant_by_code(code));
    const auto read = [&](storage::Tx& tx) -> Result<std::vector<disclosure::Disclosure>> {
        return house.disclosures->list(tx, disclosure::DisclosureId(), kShownCountMax);
    };
    HANGU_TRY(const std::vector<disclosure::Disclosure> all,
              house.engine->run(found->id, storage::Work::report, read));
    std::vector<DisclosureLine> lines;
    for (const disclosure::Disclosure& one : all) {
        lines.push_back({one.id, disclosure::state_at(one, house.clock.now()), one.requester,
                         one.legal_ground, one.records_count, one.asked_at, one.available_until});
    }
    if (arguments.json()) {
        output.line(json::to_text(lines));
        return {};
    }
    for (const DisclosureLine& line : lines) {
        output.line(fmt::format("{}  {:9}  {}  {} records  {} ({})", line.id.text(),
                                enum_text(line.state), time_text(line.asked_at), line.records_count,
                                line.requester, line.legal_ground));
    }
    return {};
}

// The merchant's people have authorised and approved it; that the operator takes it is recorded.
Result<void> audit_disclose(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    HANGU_TRY(const auto found, house.tenant_by_code(code));
    HANGU_TRY(const std::string text, arguments.required("id"));
    const std::optional<disclosure::DisclosureId> id = disclosure::DisclosureId::parse(text);
    if (!id) {
        return Problem::invalid("usage", "--id is the id of a disclosure");
    }
    house.audit_log->sequence_now(found->id);
    const http::Caller system = house.system_of(*found, "operator");
    HANGU_TRY(const disclosure::Taken taken,
              http::run_use_case(
                  *house.engine, house.world, system, storage::Work::write,
                  [&](http::Scope& scope) { return house.disclosures->take(scope, *id); }));
    output.line(taken.content);
    output.note("sha256 " + taken.sha256);
    return {};
}

}  // namespace hangu::app

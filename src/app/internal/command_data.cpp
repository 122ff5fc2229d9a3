#include "app/commands.hpp"
#include "base/json.hpp"
#include "security/audit/audit.hpp"

#include <fmt/format.h>

namespace hangu::app {

namespace {

struct CheckedTenant {
    std::string code;
    std::string integrity;
    std::int64_t audit_records = 0;
    std::int64_t audit_broken = 0;
    bool good = false;
};
HANGU_STRUCT(CheckedTenant, code, integrity, audit_records, audit_broken, good)

}  // namespace

Result<void> check_data(House& house, const Arguments& arguments, Output& output) {
    const std::string only = arguments.value("tenant");
    std::vector<CheckedTenant> checked;
    bool good = true;
    for (const auto& one : house.tenants->list()) {
        if (!only.empty() && one->code != only) {
            continue;
        }
        if (!house.engine->bring(one->id, storage::Engine::kBringMsMax)) {
            return Problem::unavailable("tenant.elsewhere", one->code);
        }
        CheckedTenant line;
        line.code = one->code;
        line.integrity = house.engine->check_integrity(one->id);
        const auto counted = audit::verify_all(*house.engine, one->id);
        line.audit_records = counted.records;
        line.audit_broken = counted.broken;
        line.good = line.integrity == "ok" && line.audit_broken == 0;
        good = good && line.good;
        if (!arguments.json()) {
            output.line(fmt::format("{:<20} integrity {}, {} audit records, {} broken", line.code,
                                    line.integrity, line.audit_records, line.audit_broken));
        }
        checked.push_back(std::move(line));
    }
    if (arguments.json()) {
        output.line(json::to_text(checked));
    }
    if (!good) {
        return Problem::conflict("data.damaged", "restore the named tenants from a backup");
    }
    return {};
}

}  // namespace hangu::app

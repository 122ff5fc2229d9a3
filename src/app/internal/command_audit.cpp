#include "app/commands.hpp"
#include "base/json.hpp"
#include "security/audit/audit_log.hpp"
#include "security/audit/receipt.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace hangu::app {

namespace {

constexpr std::int64_t kRecordsPerRead = 10'000;

struct Verified {
    std::string tenant;
    bool good = false;
    std::int64_t records = 0;
    std::int64_t erased_count = 0;
    std::int64_t faults_count = 0;
    std::vector<audit::LogFault> faults;
    std::optional<audit::LogHead> head;
    std::int64_t waiting_count = 0;
    std::optional<audit::CheckpointComparison> since;
};
HANGU_STRUCT(Verified, tenant, good, records, erased_count, faults_count, faults, head,
             waiting_count, since)

Result<std::shared_ptr<const tenant::Tenant>> wanted_tenant(House& house,
                                                            const Arguments& arguments) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    return house.tenant_by_code(code);
}

Result<std::string> kept_checkpoint(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    if (!in) {
        return Problem::invalid("usage",
                                path +
                                    " cannot be read; while a server runs it reads the file, "
                                    "so give the whole path");
    }
    return text.str();
}

void check_everything(House& house, TenantId tenant, Output& output, Verified& verified) {
    std::optional<std::int64_t> next = 0;
    while (next && !output.stop_asked()) {
        const auto read = [&](storage::Tx& tx) -> Result<audit::LogCheck> {
            return audit::check_log(tx, *next, kRecordsPerRead);
        };
        const Result<audit::LogCheck> part = house.engine->run(tenant, storage::Work::report, read);
        verified.records += part->records;
        verified.erased_count += part->erased_count;
        verified.faults_count += part->faults_count;
        for (const audit::LogFault& fault : part->faults) {
            if (static_cast<std::int64_t>(verified.faults.size()) < audit::kFaultsShownMax) {
                verified.faults.push_back(fault);
            }
        }
        verified.head = part->head;
        next = part->next;
        if (next) {
            output.progress("records", static_cast<std::size_t>(part->to),
                            static_cast<std::size_t>(part->head->size));
        }
    }
}

void print(const Verified& verified, Output& output) {
    if (verified.head) {
        output.line(fmt::format("{}: {} records in the log, root {}", verified.tenant,
                                verified.head->size, verified.head->root));
        output.line(fmt::format("  signed {} by key {}", time_text(verified.head->at),
                                verified.head->key_id));
    } else {
        output.line(fmt::format("{}: the log is empty", verified.tenant));
    }
    output.line(
        fmt::format("  {} records read, {} faults", verified.records, verified.faults_count));
    for (const audit::LogFault& fault : verified.faults) {
        output.line(fmt::format("  FAULT {} sequence {} record {} near {}", enum_text(fault.kind),
                                fault.sequence ? std::to_string(*fault.sequence) : "-",
                                fault.record_id.value_or("-"),
                                fault.near_at ? time_text(*fault.near_at) : "-"));
    }
    if (verified.since) {
        output.line(fmt::format("  since the kept checkpoint ({} records): {}",
                                verified.since->size, enum_text(verified.since->verdict)));
    }
    if (verified.waiting_count > 0) {
        output.line(
            fmt::format("  {} newer records wait for their checkpoint", verified.waiting_count));
    }
    output.line(verified.good ? "  nothing was changed, removed or inserted" : "  NOT INTACT");
}

}  // namespace

Result<void> audit_verify(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, wanted_tenant(house, arguments));
    Verified verified;
    verified.tenant = found->code;
    std::string kept;
    if (arguments.has("since")) {
        HANGU_TRY(kept, kept_checkpoint(arguments.value("since")));
    }
    house.audit_log->sequence_now(found->id);
    check_everything(house, found->id, output, verified);
    const auto read = [&](storage::Tx& tx) -> Result<void> {
        verified.waiting_count = audit::log_status(tx).waiting_count;
        if (arguments.has("since")) {
            verified.since = audit::compare_checkpoint(tx, kept);
        }
        return {};
    };
    HANGU_CHECK(house.engine->run(found->id, storage::Work::report, read));
    verified.good = verified.faults_count == 0 && (!verified.since || verified.since->good);
    if (arguments.json()) {
        output.line(json::to_text(verified));
    } else {
        print(verified, output);
    }
    if (!verified.good) {
        return Problem::conflict("audit.not_intact",
                                 "keep the files as they are and compare with a backup");
    }
    return {};
}

Result<void> audit_checkpoint(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, wanted_tenant(house, arguments));
    house.audit_log->sequence_now(found->id);
    const auto read = [](storage::Tx& tx) -> Result<audit::LogStatus> {
        return audit::log_status(tx);
    };
    HANGU_TRY(const audit::LogStatus status,
              house.engine->run(found->id, storage::Work::report, read));
    if (arguments.json()) {
        output.line(json::to_text(status));
        return {};
    }
    if (!status.head) {
        return Problem::not_found("audit.no_checkpoint", "the log is empty");
    }
    std::string text = status.head->checkpoint;
    text.pop_back();  // the line brings its own end
    output.line(text);
    for (const audit::LogKeyView& key : status.keys) {
        output.note("verifier key: " + key.verifier);
    }
    return {};
}

Result<void> audit_receipt(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, wanted_tenant(house, arguments));
    HANGU_TRY(const std::string text, arguments.required("record"));
    const std::optional<audit::RecordId> record = audit::RecordId::parse(text);
    if (!record) {
        return Problem::invalid("usage", "--record is the id of an audit record");
    }
    house.audit_log->sequence_now(found->id);
    const auto read = [&](storage::Tx& tx) { return audit::receipt_of(tx, *record); };
    HANGU_TRY(const audit::Receipt receipt,
              house.engine->run(found->id, storage::Work::report, read));
    output.line(json::to_text(receipt));
    return {};
}

Result<void> audit_erase(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, wanted_tenant(house, arguments));
    HANGU_TRY(const std::string text, arguments.required("record"));
    HANGU_TRY(const std::string names, arguments.required("fields"));
    HANGU_TRY(const std::string reason, arguments.required("reason"));
    const std::optional<audit::RecordId> record = audit::RecordId::parse(text);
    if (!record) {
        return Problem::invalid("usage", "--record is the id of an audit record");
    }
    std::vector<std::string> fields;
    std::stringstream rest(names);
    for (std::string name; std::getline(rest, name, ',');) {
        fields.push_back(name);
    }
    const http::Caller system = house.system_of(*found, "operator");
    HANGU_CHECK(http::run_use_case(
        *house.engine, house.world, system, storage::Work::write,
        [&](http::Scope& scope) { return audit::erase_values(scope, *record, fields, reason); }));
    house.audit_log->sequence_now(found->id);
    output.line(arguments.json() ? fmt::format("{{\"erased\":\"{}\"}}", record->text())
                                 : fmt::format("{} lost {}.", record->text(), names));
    return {};
}

Result<void> audit_rotate_key(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const auto found, wanted_tenant(house, arguments));
    HANGU_TRY(const std::string reason, arguments.required("reason"));
    const http::Caller system = house.system_of(*found, "operator");
    HANGU_TRY(const std::string made,
              http::run_use_case(*house.engine, house.world, system, storage::Work::write,
                                 [&](http::Scope& scope) -> Result<std::string> {
                                     std::string id =
                                         audit::rotate_log_key(scope.tx(), scope.randomness());
                                     scope.audit({.action = "audit.key_rotated",
                                                  .subject_kind = "audit_key",
                                                  .subject_id = id,
                                                  .subject_label = id,
                                                  .fields = {{"reason", "", reason}}});
                                     return id;
                                 }));
    house.audit_log->sequence_now(found->id);
    output.line(arguments.json() ? fmt::format("{{\"key_id\":\"{}\"}}", made)
                                 : fmt::format("{} signs from now on.", made));
    return {};
}

}  // namespace hangu::app

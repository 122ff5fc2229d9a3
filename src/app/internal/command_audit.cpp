#include "app/commands.hpp"
#include "app/internal/verification.hpp"
#include "base/json.hpp"
#include "security/audit/audit_log.hpp"
#include "security/audit/receipt.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace hangu::app {

namespace {

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

}  // namespace

Result<void> audit_verify(House& house, const Arguments& arguments, Output& output) {
    std::string kept;
    if (arguments.has("since")) {
        HANGU_TRY(kept, kept_checkpoint(arguments.value("since")));
    }
    if (arguments.has("all")) {
        return verify_all_tenants(house, arguments, kept, output);
    }
    HANGU_TRY(const auto found, wanted_tenant(house, arguments));
    Verified verified = verify_tenant(house, *found, output);
    if (arguments.has("since")) {
        const auto compare = [&](storage::Tx& tx) -> Result<audit::CheckpointComparison> {
            return audit::compare_checkpoint(tx, kept);
        };
        HANGU_TRY(verified.since, house.engine->run(found->id, storage::Work::report, compare));
        verified.good = verified.good && verified.since->good;
    }
    if (arguments.json()) {
        output.line(json::to_text(verified));
    } else {
        print(verified, output);
    }
    return verified.good ? Result<void>() : not_intact();
}

Result<void> audit_checkpoint(House& house, const Arguments& arguments, Output& output) {
    if (arguments.has("all")) {
        return print_checkpoint_of_heads(house, arguments, output);
    }
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

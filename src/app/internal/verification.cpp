#include "app/internal/verification.hpp"

#include "base/json.hpp"

#include <fmt/format.h>

#include <set>

namespace hangu::app {

namespace {

constexpr std::int64_t kRecordsPerRead = 10'000;

struct VerifiedHeads {
    std::int64_t size = 0;
    std::string root;
    std::vector<std::int64_t> changed;
    bool tree_good = false;
    std::optional<audit::CheckpointVerdict> since;
    std::vector<std::string> tenants_missing;  // with entries, and no file
};
HANGU_STRUCT(VerifiedHeads, size, root, changed, tree_good, since, tenants_missing)

struct VerifiedAll {
    bool good = false;
    VerifiedHeads heads;
    std::vector<Verified> tenants;
};
HANGU_STRUCT(VerifiedAll, good, heads, tenants)

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

VerifiedHeads verify_heads(House& house, const std::string& kept, bool& good) {
    const head_log::Checked checked =
        house.head_log->check(kept.empty() ? std::nullopt : std::optional(kept));
    good = good && checked.good();
    VerifiedHeads heads{checked.size,      checked.root,  checked.changed,
                        checked.tree_good, checked.since, {}};
    for (const TenantId tenant : house.head_log->tenants()) {
        if (house.head_log->standing(tenant) == head_log::Standing::missing) {
            heads.tenants_missing.push_back(tenant.text());
            good = false;
        }
    }
    return heads;
}

void print(const VerifiedHeads& heads, Output& output) {
    output.line(fmt::format("log of heads: {} entries, root {}", heads.size, heads.root));
    for (const std::int64_t number : heads.changed) {
        output.line(fmt::format("  FAULT entry {} is not what was hashed", number));
    }
    if (!heads.tree_good) {
        output.line("  FAULT the tree is not the one that was signed");
    }
    for (const std::string& tenant : heads.tenants_missing) {
        output.line("  FAULT tenant " + tenant + " has entries and no file");
    }
    if (heads.since) {
        output.line(fmt::format("  since the kept checkpoint: {}", enum_text(*heads.since)));
    }
}

}  // namespace

Problem not_intact() {
    return Problem::conflict("audit.not_intact",
                             "keep the files as they are and compare with a backup");
}

Verified verify_tenant(House& house, const tenant::Tenant& tenant, Output& output) {
    Verified verified;
    verified.tenant = tenant.code;
    verified.heads = house.head_log->standing(tenant.id);
    house.audit_log->sequence_now(tenant.id);
    check_everything(house, tenant.id, output, verified);
    const auto read = [](storage::Tx& tx) -> Result<audit::LogStatus> {
        return audit::log_status(tx);
    };
    const Result<audit::LogStatus> status =
        house.engine->run(tenant.id, storage::Work::report, read);
    verified.waiting_count = status->waiting_count;
    verified.good = verified.faults_count == 0 && (verified.heads == head_log::Standing::none ||
                                                   verified.heads == head_log::Standing::good);
    return verified;
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
    if (verified.heads == head_log::Standing::log_shorter ||
        verified.heads == head_log::Standing::history_changed) {
        output.line(fmt::format("  beside the log of heads: {}: an older file was put back",
                                enum_text(verified.heads)));
    }
    output.line(verified.good ? "  nothing was changed, removed or inserted" : "  NOT INTACT");
}

Result<void> verify_all_tenants(House& house, const Arguments& arguments, const std::string& kept,
                                Output& output) {
    VerifiedAll all;
    all.good = true;
    for (const auto& tenant : house.tenants->list()) {
        if (!house.engine->bring(tenant->id, storage::Engine::kBringMsMax)) {
            return Problem::unavailable("tenant.elsewhere", tenant->code);
        }
        Verified verified = verify_tenant(house, *tenant, output);
        all.good = all.good && verified.good;
        if (!arguments.json()) {
            print(verified, output);
        }
        all.tenants.push_back(std::move(verified));
    }
    all.heads = verify_heads(house, kept, all.good);
    if (arguments.json()) {
        output.line(json::to_text(all));
    } else {
        print(all.heads, output);
        output.line(all.good ? "nothing was changed, removed, inserted or put back" : "NOT INTACT");
    }
    return all.good ? Result<void>() : not_intact();
}

Result<void> print_checkpoint_of_heads(House& house, const Arguments& arguments, Output& output) {
    for (const auto& tenant : house.tenants->list()) {
        if (!house.engine->bring(tenant->id, storage::Engine::kBringMsMax)) {
            return Problem::unavailable("tenant.elsewhere", tenant->code);
        }
        house.audit_log->sequence_now(tenant->id);
    }
    house.head_log->enter_and_wait();
    const head_log::Checked checked = house.head_log->check(std::nullopt);
    if (checked.checkpoint.empty()) {
        return Problem::not_found("audit.no_checkpoint", "the log of heads is empty");
    }
    std::string text = checked.checkpoint;
    text.pop_back();  // the line brings its own end
    output.line(arguments.json()
                    ? fmt::format("{{\"size\":{},\"root\":\"{}\"}}", checked.size, checked.root)
                    : text);
    output.note("verifier key: " + checked.verifier);
    return {};
}

}  // namespace hangu::app

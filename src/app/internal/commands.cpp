#include "app/commands.hpp"

#include "app/internal/archiving.hpp"
#include "base/json.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace hangu::app {

namespace {

const std::vector<Command> kCommands{
    {{"serve",
      "",
      0,
      {"port", "address", "platform-port", "metrics-port", "console", "log"},
      {},
      "Serve the console, the storefront's API and the open API over TLS."}},
    {{"demo", "", 0, {}, {}, "Make a demo chain through the product's own use cases."}},
    {{"tenant create",
      "CODE",
      1,
      {"name", "owner", "utc-offset-minutes", "on"},
      {},
      "Open a tenant with its owner; prints a one-time sign-in link."},
     &tenant_create},
    {{"tenant list", "", 0, {}, {}, "List tenants, and where they are."}, &tenant_list},
    {{"tenant move",
      "CODE",
      1,
      {"to"},
      {},
      "Take a tenant to a shard, or to files, while it works; again: go on with it or watch it."},
     &tenant_move},
    {{"tenant moves", "", 0, {}, {}, "List moves that run or are not finished."}, &tenant_moves},
    {{"tenant abandon-move",
      "CODE",
      1,
      {},
      {},
      "Give up a move that is not decided, and remove what it has copied."},
     &tenant_abandon_move},
    {{"shard init",
      "NAME",
      1,
      {"admin-user", "admin-password-file", "clients"},
      {},
      "Make the database and the accounts of a shard that hangu.toml names."}},
    {{"shard check", "", 0, {}, {}, "Say whether every shard can be reached."}},
    {{"cluster status", "", 0, {}, {}, "Show nodes, leases, shards and lag."}, &cluster_status},
    {{"cluster join",
      "",
      0,
      {},
      {},
      "Bring this folder's control database to the shard of cluster.control, for several nodes."}},
    {{"cluster dissolve",
      "",
      0,
      {},
      {},
      "Bring the control database back into this folder, with all nodes stopped."}},
    {{"cluster forget", "NODE", 1, {}, {}, "Forget a node that is gone for good."},
     &cluster_forget},
    {{"tenant freeze",
      "CODE",
      1,
      {"reason"},
      {},
      "Refuse a tenant's people and keys from now on; its data stays."},
     &tenant_freeze},
    {{"tenant thaw", "CODE", 1, {"reason"}, {}, "Let a frozen tenant work again."}, &tenant_thaw},
    {{"platform init",
      "",
      0,
      {"login", "minutes", "utc-offset-minutes"},
      {},
      "Make the first of the platform's own people, or a new one-time link for one."},
     &platform_init},
    {{"sign-in-link",
      "",
      0,
      {"tenant", "login", "minutes"},
      {},
      "Make a one-time sign-in link for a person."},
     &sign_in_link},
    {{"staff remove-factors",
      "",
      0,
      {"tenant", "login", "reason"},
      {},
      "Remove a person's second factors and end her sessions; the way out when the only owner lost "
      "them."},
     &staff_remove_factors},
    {{"key create",
      "",
      0,
      {"tenant", "name", "permissions"},
      {},
      "Make an application key; prints it once."},
     &key_create},
    {{"import",
      "FOLDER",
      1,
      {"tenant", "map"},
      {"dry-run", "skip-bad"},
      "Import another system's CSV files; resumable, and twice changes nothing."},
     &import_folder},
    {{"report sales",
      "",
      0,
      {"tenant", "by", "from", "to", "store"},
      {},
      "Sales by store, day or product."},
     &report_sales},
    {{"data check",
      "",
      0,
      {"tenant"},
      {},
      "Read every page of the tenants' files and verify the audit records."},
     &check_data},
    {{"audit verify",
      "",
      0,
      {"tenant", "since"},
      {"all"},
      "Prove that no audit record was changed, removed or inserted; --since FILE: and that history "
      "only grew since that checkpoint; --all: every tenant, and the log of their heads, which "
      "shows "
      "a file that was put back."},
     &audit_verify},
    {{"audit checkpoint",
      "",
      0,
      {"tenant"},
      {"all"},
      "Print the newest signed checkpoint of the audit log, to be kept elsewhere; --all: of the "
      "log "
      "of all tenants' heads."},
     &audit_checkpoint},
    {{"audit receipt",
      "",
      0,
      {"tenant", "record"},
      {},
      "Print the receipt of one audit record, which verifies offline (tools/verify_receipt.py)."},
     &audit_receipt},
    {{"audit erase",
      "",
      0,
      {"tenant", "record", "fields", "reason"},
      {},
      "Erase values of one audit record as the law may ask (actor_name, address, subject_label, "
      "~field); the proof stays, and the erasure is recorded."},
     &audit_erase},
    {{"audit archive",
      "",
      0,
      {"tenant", "before"},
      {},
      "Move audit records older than the online time, or than --before TIME, into sealed bundles."},
     &audit_archive},
    {{"audit disclosures",
      "",
      0,
      {"tenant"},
      {},
      "Disclosures of the audit log that were asked for, and what became of them."},
     &audit_disclosures},
    {{"audit disclose",
      "",
      0,
      {"tenant", "id"},
      {},
      "Take an approved disclosure: print it, once (docs/operations/audit-disclosure.md)."},
     &audit_disclose},
    {{"audit rotate-key",
      "",
      0,
      {"tenant", "reason"},
      {},
      "Retire the key that signs a tenant's checkpoints and make the next."},
     &audit_rotate_key},
    {{"safety ledger",
      "",
      0,
      {"tenant", "login", "result", "limit"},
      {},
      "List attempts to sign in, the newest first."},
     &safety_ledger},
    {{"safety locks", "", 0, {"tenant"}, {}, "List locked accounts: for whom, until when, why."},
     &safety_locks},
    {{"safety unlock",
      "",
      0,
      {"tenant", "login", "reason"},
      {},
      "End every lock of an account; also the way out when the only owner is locked."},
     &safety_unlock},
    {{"safety attacks", "", 0, {"tenant"}, {}, "List attacks on sign-in that were seen."},
     &safety_attacks},
    {{"text test",
      "",
      0,
      {"tenant", "phone"},
      {},
      "Send the code 000000 to a phone, to see whether text messages arrive."},
     &text_test},
    {{"notice list", "", 0, {}, {}, "What the platform's own people were told."}, &notice_list},
    {{"upgrade plan",
      "",
      0,
      {"canary"},
      {},
      "Say which steps the merchants' data would have, and in which order they come."},
     &upgrade_plan},
    {{"upgrade start",
      "",
      0,
      {"canary"},
      {"by-wave"},
      "Fill every tenant while it works, canaries first; stops at the first that fails."},
     &upgrade_start},
    {{"upgrade status", "", 0, {}, {}, "List tenants and how far each one is."}, &upgrade_status},
    {{"upgrade pause", "", 0, {}, {}, "Let the upgrade rest after the tenant that it is at."},
     &upgrade_pause},
    {{"upgrade resume", "", 0, {}, {}, "Go on, also with what had failed."}, &upgrade_resume},
    {{"upgrade stop", "", 0, {"reason"}, {}, "Stop the upgrade; what was filled stays."},
     &upgrade_stop},
    {{"upgrade canary",
      "CODE",
      1,
      {},
      {"off"},
      "Let a tenant be among the first of every upgrade, or no more."},
     &upgrade_canary},
    {{"upgrade quarantine",
      "CODE",
      1,
      {"reason"},
      {},
      "Leave a tenant out of the upgrade; nothing is removed from it either."},
     &upgrade_quarantine},
    {{"upgrade contract",
      "",
      0,
      {},
      {},
      "Remove what no living program needs any more; no older version can come back."},
     &upgrade_contract},
    {{"upgrade rehearse",
      "CODE[,CODE…]",
      1,
      {},
      {},
      "Do it all on copies of tenants' files, and say how long it took and what differs."},
     &upgrade_rehearse},
    {{"deploy nginx",
      "",
      0,
      {"node", "name", "listen", "listen-platform", "listen-plain", "certificates", "nodes-ca",
       "nodes-name", "folder", "out"},
      {},
      "Print the configuration of an nginx in front of the nodes; --node NAME=ADDRESS:PORT and "
      "--name SERVER_NAME may stand several times."}},
    {{"deploy systemd",
      "",
      0,
      {"program", "unit-config", "console", "out"},
      {},
      "Print the unit that runs a node; --out FOLDER."}},
    {{"doctor", "", 0, {}, {}, "Say what is missing or unsafe here, with the mend."}},
    {{"docs",
      "settings|permissions|problems|columns|openapi|platform-openapi|routes",
      1,
      {},
      {},
      "Print a generated document."}},
    {{"version", "", 0, {}, {}, "Print the version."}},
};

}  // namespace

const std::vector<Command>& all_commands() {
    return kCommands;
}

std::vector<CommandShape> all_shapes() {
    std::vector<CommandShape> shapes;
    for (const Command& command : all_commands()) {
        shapes.push_back(command.shape);
    }
    return shapes;
}

const Command* find_command(std::string_view name) {
    for (const Command& command : all_commands()) {
        if (command.shape.name == name) {
            return &command;
        }
    }
    return nullptr;
}

HouseOptions house_options(const Arguments& arguments) {
    HouseOptions options;
    options.data = arguments.data();
    options.config = arguments.value("config");
    options.log_level = observe::Level::warning;
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        const std::size_t equals = text.find('=');
        if (text.starts_with("HANGU_") && equals != std::string_view::npos) {
            options.environment[std::string(text.substr(0, equals))] = text.substr(equals + 1);
        }
    }
    return options;
}

void explain(const Problem& problem, bool json, Output& output) {
    if (json) {
        std::string text = "{\"error\":{\"code\":";
        json::write_text(text, problem.code);
        text += ",\"detail\":";
        json::write_text(text, problem.detail);
        text += ",\"fields\":[";
        for (std::size_t i = 0; i < problem.fields.size(); ++i) {
            text += i == 0 ? "{\"field\":" : ",{\"field\":";
            json::write_text(text, problem.fields[i].field);
            text += ",\"code\":";
            json::write_text(text, problem.fields[i].code);
            text += ",\"detail\":";
            json::write_text(text, problem.fields[i].detail);
            text += '}';
        }
        output.line(text + "]}}");
        return;
    }
    output.note(fmt::format("hangu: {}{}{}", problem.code, problem.detail.empty() ? "" : ": ",
                            problem.detail));
    for (const FieldProblem& field : problem.fields) {
        output.note(fmt::format("  {}: {} {}", field.field, field.code, field.detail));
    }
    if (!problem.note.empty()) {
        output.note("  " + problem.note);
    }
}

}  // namespace hangu::app

// The commands that work on an opened house. They run in their own process or, when a server holds
// the data folder, inside that server through its admin plane.
#pragma once

#include "app/arguments.hpp"
#include "app/house.hpp"
#include "app/output.hpp"

#include <vector>

namespace hangu::app {

using CommandFunction = Result<void> (*)(House& house, const Arguments& arguments, Output& output);

struct Command {
    CommandShape shape;
    CommandFunction run = nullptr;  // null: main handles it (serve, doctor, shard, deploy, docs…)
};

const std::vector<Command>& all_commands();
std::vector<CommandShape> all_shapes();
const Command* find_command(std::string_view name);

std::string code_of(const House& house, TenantId tenant);  // as people say it

Result<void> tenant_create(House& house, const Arguments& arguments, Output& output);
Result<void> tenant_list(House& house, const Arguments& arguments, Output& output);
Result<void> tenant_move(House& house, const Arguments& arguments, Output& output);
Result<void> tenant_moves(House& house, const Arguments& arguments, Output& output);
Result<void> tenant_abandon_move(House& house, const Arguments& arguments, Output& output);
Result<void> cluster_status(House& house, const Arguments& arguments, Output& output);
Result<void> cluster_forget(House& house, const Arguments& arguments, Output& output);
Result<void> tenant_freeze(House& house, const Arguments& arguments, Output& output);
Result<void> tenant_thaw(House& house, const Arguments& arguments, Output& output);
Result<void> platform_init(House& house, const Arguments& arguments, Output& output);
Result<void> sign_in_link(House& house, const Arguments& arguments, Output& output);
Result<void> staff_remove_factors(House& house, const Arguments& arguments, Output& output);
Result<void> key_create(House& house, const Arguments& arguments, Output& output);
Result<void> import_folder(House& house, const Arguments& arguments, Output& output);
Result<void> report_sales(House& house, const Arguments& arguments, Output& output);
Result<void> audit_verify(House& house, const Arguments& arguments, Output& output);
Result<void> audit_checkpoint(House& house, const Arguments& arguments, Output& output);
Result<void> audit_receipt(House& house, const Arguments& arguments, Output& output);
Result<void> audit_erase(House& house, const Arguments& arguments, Output& output);
Result<void> audit_disclosures(House& house, const Arguments& arguments, Output& output);
Result<void> audit_disclose(House& house, const Arguments& arguments, Output& output);
Result<void> audit_rotate_key(House& house, const Arguments& arguments, Output& output);
Result<void> safety_ledger(House& house, const Arguments& arguments, Output& output);
Result<void> safety_locks(House& house, const Arguments& arguments, Output& output);
Result<void> safety_unlock(House& house, const Arguments& arguments, Output& output);
Result<void> safety_attacks(House& house, const Arguments& arguments, Output& output);
Result<void> text_test(House& house, const Arguments& arguments, Output& output);
Result<void> notice_list(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_plan(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_start(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_status(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_pause(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_resume(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_stop(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_canary(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_quarantine(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_contract(House& house, const Arguments& arguments, Output& output);
Result<void> upgrade_rehearse(House& house, const Arguments& arguments, Output& output);
Result<void> check_data(House& house, const Arguments& arguments, Output& output);

// --- not on a house
int serve(const Arguments& arguments, Output& output);
int doctor(const Arguments& arguments, Output& output);
int shard_init(const Arguments& arguments, Output& output);
int shard_check(const Arguments& arguments, Output& output);
int cluster_join(const Arguments& arguments, Output& output);
int cluster_dissolve(const Arguments& arguments, Output& output);
int deploy_nginx(const Arguments& arguments, Output& output);
int deploy_systemd(const Arguments& arguments, Output& output);
int make_demo(const Arguments& arguments, Output& output);  // with a clock of its own

// Options of a house from the command line and the environment.
HouseOptions house_options(const Arguments& arguments);

int print_document(const Arguments& arguments, Output& output);

// What a command answers that is not at its end: it is asked again with the same words.
inline constexpr std::string_view kGoingOn = "command.going_on";
inline constexpr int kGoingOnStatus = 75;

// --- the admin plane: a loopback listener of a serving process, whose address and token stand in
// <data>/admin.json (0600).
// Runs the words in the serving process; nullopt when none serves this data folder.
std::optional<int> run_in_server(const std::vector<std::string>& words, const Arguments& arguments,
                                 Output& output);

// Prints a problem as people and scripts need it: the reason and the mend.
void explain(const Problem& problem, bool json, Output& output);

}  // namespace hangu::app

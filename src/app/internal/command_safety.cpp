#include "app/commands.hpp"
#include "base/json.hpp"
#include "security/protection/protection.hpp"

#include <fmt/format.h>

#include <limits>

namespace hangu::app {

namespace {

using identity::StaffId;

constexpr std::int64_t kEntriesMax = 1'000;
constexpr std::int64_t kAttacksMax = 100;

struct LedgerLine {
    Time at;
    std::string login_name;
    protection::EntryResult result = protection::EntryResult::refused;
    protection::EntryReason reason = protection::EntryReason::none;
    std::string method;
    std::string address;
    std::string place;
    std::int64_t score = 0;
    std::string risks;
};
HANGU_STRUCT(LedgerLine, at, login_name, result, reason, method, address, place, score, risks)

struct LockLine {
    std::string login_name;
    protection::LockKind kind = protection::LockKind::strangers;
    std::optional<Time> since;
    std::optional<Time> until;
    std::int64_t failures_count = 0;
    std::string last_route;
    std::string last_address;
};
HANGU_STRUCT(LockLine, login_name, kind, since, until, failures_count, last_route, last_address)

struct AttackLine {
    Time at;
    protection::Attack attack = protection::Attack::stuffing;
    bool in_progress = false;
    std::string subject;
    std::int64_t attempts_count = 0;
    std::int64_t accounts_count = 0;
    std::int64_t sources_count = 0;
};
HANGU_STRUCT(AttackLine, at, attack, in_progress, subject, attempts_count, accounts_count,
             sources_count)

std::string login_of(House& house, storage::Tx& tx, StaffId id) {
    const Result<identity::Account> account = house.identity->find(tx, id);
    return account.ok() ? account->login_name : "";
}

// Reads within the merchant of --tenant.
template <class T, class F>
Result<T> read_of(House& house, const Arguments& arguments, F read) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    HANGU_TRY(const auto found, house.tenant_by_code(code));
    return house.engine->run(found->id, storage::Work::report,
                             [&](storage::Tx& tx) -> Result<T> { return read(tx); });
}

Result<StaffId> account_of(House& house, storage::Tx& tx, const std::string& login) {
    const auto account = house.identity->find_by_login(tx, login);
    if (!account) {
        return Problem::not_found("staff.not_found", "nobody has the login name " + login);
    }
    return account->id;
}

template <class Line, class Words>
void print(const std::vector<Line>& lines, const Arguments& arguments, Output& output,
           Words words) {
    if (arguments.json()) {
        std::string text;
        json::write(text, lines);
        output.line(text);
        return;
    }
    for (const Line& line : lines) {
        output.line(words(line));
    }
    if (lines.empty()) {
        output.note("none");
    }
}

}  // namespace

Result<void> safety_ledger(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::int64_t limit, arguments.number("limit", 50, 1, kEntriesMax));
    const std::string result = arguments.value("result");
    if (!result.empty() && !parse_enum<protection::EntryResult>(result)) {
        return Problem::invalid("usage", "--result is opened, challenged, refused or locked");
    }
    using Lines = std::vector<LedgerLine>;
    HANGU_TRY(const Lines lines,
              read_of<Lines>(house, arguments, [&](storage::Tx& tx) -> Result<Lines> {
                  protection::EntryFilter filter;
                  filter.result = result;
                  filter.id_before = std::numeric_limits<std::int64_t>::max();
                  if (arguments.has("login")) {
                      HANGU_TRY(filter.account, account_of(house, tx, arguments.value("login")));
                  }
                  Lines all;
                  for (const auto& entry : protection::sign_in_entries(tx, filter, limit)) {
                      all.push_back({entry.at, login_of(house, tx, entry.account_id), entry.result,
                                     entry.reason, entry.method, entry.address, entry.place,
                                     entry.score, entry.risks});
                  }
                  return all;
              }));
    print(lines, arguments, output, [](const LedgerLine& line) {
        return fmt::format("{}  {:<10} {:<22} {:<16} {:<16} {:<16} {}  {}", time_text(line.at),
                           enum_text(line.result), enum_text(line.reason),
                           line.login_name.empty() ? "-" : line.login_name, line.method,
                           line.address, line.score, line.risks);
    });
    return {};
}

Result<void> safety_locks(House& house, const Arguments& arguments, Output& output) {
    using Lines = std::vector<LockLine>;
    HANGU_TRY(const Lines lines,
              read_of<Lines>(house, arguments, [&](storage::Tx& tx) -> Result<Lines> {
                  Lines all;
                  for (const auto& lock : protection::lock_outs(*house.protection, tx)) {
                      all.push_back({login_of(house, tx, lock.account_id), lock.kind, lock.since,
                                     lock.until, lock.failures_count, lock.route, lock.address});
                  }
                  return all;
              }));
    print(lines, arguments, output, [](const LockLine& line) {
        return fmt::format("{:<16} {:<12} until {}  {} failures  {} {}", line.login_name,
                           enum_text(line.kind),
                           line.until ? time_text(*line.until) : "unlocked by somebody",
                           line.failures_count, line.last_route, line.last_address);
    });
    return {};
}

Result<void> safety_unlock(House& house, const Arguments& arguments, Output& output) {
    HANGU_TRY(const std::string code, arguments.required("tenant"));
    HANGU_TRY(const std::string login, arguments.required("login"));
    HANGU_TRY(const std::string reason, arguments.required("reason"));
    HANGU_TRY(const auto found, house.tenant_by_code(code));
    const http::Caller system = house.system_of(*found, "operator");
    HANGU_CHECK(http::run_use_case(
        *house.engine, house.world, system, storage::Work::write,
        [&](http::Scope& scope) -> Result<void> {
            HANGU_TRY(const StaffId account, account_of(house, scope.tx(), login));
            return protection::unlock(*house.protection, scope, account, reason);
        }));
    output.line(arguments.json() ? fmt::format("{{\"unlocked\":\"{}\"}}", login)
                                 : login + " may sign in again.");
    return {};
}

Result<void> safety_attacks(House& house, const Arguments& arguments, Output& output) {
    using Lines = std::vector<AttackLine>;
    HANGU_TRY(const Lines lines,
              read_of<Lines>(house, arguments, [&](storage::Tx& tx) -> Result<Lines> {
                  Lines all;
                  for (const auto& seen : protection::seen_attacks(tx, kAttacksMax)) {
                      const bool now = tx.now() < seen.at.plus_ms(protection::kInProgressMs);
                      const auto account = StaffId::parse(seen.subject);
                      all.push_back({seen.at, seen.attack, now,
                                     account ? login_of(house, tx, *account) : seen.subject,
                                     seen.attempts_count, seen.accounts_count, seen.sources_count});
                  }
                  return all;
              }));
    print(lines, arguments, output, [](const AttackLine& line) {
        return fmt::format("{}  {:<22} {:<16} {} attempts, {} accounts, {} sources{}",
                           time_text(line.at), enum_text(line.attack),
                           line.subject.empty() ? "whole merchant" : line.subject,
                           line.attempts_count, line.accounts_count, line.sources_count,
                           line.in_progress ? "  IN PROGRESS" : "");
    });
    return {};
}

}  // namespace hangu::app

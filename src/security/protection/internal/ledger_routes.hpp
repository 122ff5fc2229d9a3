// What the route files of this module share.
#pragma once

#include "platform/http/route.hpp"
#include "security/protection/protection.hpp"

#include <functional>
#include <map>
#include <string>

namespace hangu::protection {

// A person of the ledger; empty names: the account is gone, or nobody has that name.
struct LedgerPerson {
    std::optional<identity::StaffId> id;
    Revealed<PersonName> name;
    std::string login_name;
};
HANGU_STRUCT(LedgerPerson, id, name, login_name)

// Looks each account up once.
class PeopleOfLedger {
 public:
    PeopleOfLedger(identity::Identity& identity, storage::Tx& tx) : identity_(identity), tx_(tx) {}

    const LedgerPerson& person(identity::StaffId id) {
        const auto [found, fresh] = people_.try_emplace(id);
        if (fresh && id.is_set()) {
            found->second.id = id;
            const Result<identity::Account> account = identity_.find(tx_, id);
            if (account.ok()) {
                found->second.name = account->name.shown();
                found->second.login_name = account->login_name;
            }
        }
        return found->second;
    }

 private:
    identity::Identity& identity_;
    storage::Tx& tx_;
    std::map<identity::StaffId, LedgerPerson> people_;
};

// A route without input whose handler needs a service.
template <class Output>
void add_plain(http::Routes& routes, const http::Route& route,
               std::function<Result<Output>(http::Scope&)> handler) {
    http::RouteEntry entry;
    entry.route = route;
    entry.success_status = http::detail::Answer<Output>::kStatus;
    entry.output_schema = [](json::Schemas& schemas) {
        return http::detail::Answer<Output>::schema(schemas);
    };
    entry.handle = [handler = std::move(handler)](
                       http::Scope& scope, const http::Request&,
                       const http::PathParameters&) -> Result<http::Response> {
        HANGU_TRY(Output output, handler(scope));
        return http::detail::Answer<Output>::make(std::move(output));
    };
    routes.add_entry(std::move(entry));
}

void add_lock_out_routes(http::Routes& routes, Protection& protection);
void add_habit_routes(http::Routes& routes, Protection& protection);

}  // namespace hangu::protection

#include "tests/galera/history.hpp"

#include <fmt/format.h>

#include <set>

namespace hangu::galera {

namespace {

using Faults = std::vector<std::string>;
using Known = std::map<std::int64_t, const Asked*>;  // by id

Known all_of(const std::vector<History>& clients, Kind kind) {
    Known known;
    for (const History& client : clients) {
        for (const Asked& asked : client) {
            if (asked.kind == kind) {
                known.emplace(asked.id, &asked);
            }
        }
    }
    return known;
}

// What must be there, and what may.
template <class Has, class Ids>
void check_ids(std::string_view what, const Known& known, Has&& has, const Ids& ids,
               Faults& faults) {
    for (const auto& [id, asked] : known) {
        if (asked->told == Told::done && !has(id)) {
            faults.push_back(fmt::format("{} {} was acknowledged and is lost", what, id));
        }
    }
    for (const std::int64_t id : ids) {
        const auto one = known.find(id);
        if (one == known.end()) {
            faults.push_back(fmt::format("{} {} was asked for by nobody", what, id));
        } else if (one->second->told == Told::refused) {
            faults.push_back(fmt::format("{} {} was refused and stands", what, id));
        }
    }
}

template <class Map>
std::vector<std::int64_t> keys_of(const Map& map) {
    std::vector<std::int64_t> keys;
    for (const auto& [key, value] : map) {
        keys.push_back(key);
    }
    return keys;
}

void check_money(const std::vector<History>& clients, const Found& found, Faults& faults) {
    const Known known = all_of(clients, Kind::transfer);
    check_ids(
        "transfer", known, [&](std::int64_t id) { return found.transfers.contains(id); },
        keys_of(found.transfers), faults);
    std::map<std::int64_t, std::int64_t> wanted;
    for (std::int64_t account = 0; account < kAccounts; ++account) {
        wanted[account] = kBalance;
    }
    for (const auto& [id, transfer] : found.transfers) {
        wanted[transfer.from] -= transfer.amount;
        wanted[transfer.to] += transfer.amount;
        const auto one = known.find(id);
        if (one != known.end() &&
            (one->second->at != transfer.from || one->second->to != transfer.to ||
             one->second->amount != transfer.amount)) {
            faults.push_back(fmt::format("transfer {} is not what was asked for", id));
        }
    }
    std::int64_t total = 0;
    for (const auto& [account, balance] : found.balances) {
        total += balance;
        if (balance < 0) {
            faults.push_back(fmt::format("account {} is below zero: {}", account, balance));
        }
        if (balance != wanted[account]) {
            faults.push_back(fmt::format("account {} has {}, its transfers say {}", account,
                                         balance, wanted[account]));
        }
    }
    if (total != kAccounts * kBalance) {
        faults.push_back(fmt::format("the money is {} and was {}", total, kAccounts * kBalance));
    }
}

void check_counters(const std::vector<History>& clients, const Found& found, Faults& faults) {
    for (std::int64_t counter = 0; counter < kCounters; ++counter) {
        std::int64_t done = 0;
        std::int64_t unknown = 0;
        for (const History& client : clients) {
            for (const Asked& asked : client) {
                if (asked.kind == Kind::count && asked.at == counter) {
                    done += asked.told == Told::done ? 1 : 0;
                    unknown += asked.told == Told::unknown ? 1 : 0;
                }
            }
        }
        const auto one = found.counters.find(counter);
        const std::int64_t value = one == found.counters.end() ? -1 : one->second;
        if (value < done || value > done + unknown) {
            faults.push_back(
                fmt::format("counter {} is {}; {} were acknowledged and {} are unknown", counter,
                            value, done, unknown));
        }
    }
}

void check_lists(const std::vector<History>& clients, const Found& found, Faults& faults) {
    std::map<std::int64_t, std::pair<std::int64_t, std::size_t>> places;  // list and place by id
    std::vector<std::int64_t> ids;
    for (const auto& [list, entries] : found.lists) {
        for (std::size_t i = 0; i < entries.size(); ++i) {
            if (!places.emplace(entries[i], std::pair(list, i)).second) {
                faults.push_back(fmt::format("entry {} is there twice", entries[i]));
            }
            ids.push_back(entries[i]);
        }
    }
    check_ids(
        "entry", all_of(clients, Kind::append),
        [&](std::int64_t id) { return places.contains(id); }, ids, faults);
    for (const History& client : clients) {
        std::map<std::int64_t, std::size_t> last;  // place by list
        for (const Asked& asked : client) {
            const auto place = places.find(asked.id);
            if (asked.kind != Kind::append || place == places.end()) {
                continue;
            }
            const auto [list, at] = place->second;
            if (list != asked.at) {
                faults.push_back(fmt::format("entry {} is in list {}", asked.id, list));
            }
            if (asked.told != Told::done) {
                continue;
            }
            if (last.contains(list) && at < last[list]) {
                faults.push_back(
                    fmt::format("entry {} stands before one that was done earlier", asked.id));
            }
            last[list] = at;
        }
    }
}

void check_orders(const std::vector<History>& clients, const Found& found, Faults& faults) {
    check_ids(
        "order", all_of(clients, Kind::order),
        [&](std::int64_t id) { return found.orders.contains(id); }, keys_of(found.orders), faults);
    std::map<std::int64_t, std::int64_t> taken;
    for (const auto& [id, item] : found.orders) {
        ++taken[item];
    }
    for (std::int64_t item = 0; item < kItems; ++item) {
        const auto one = found.stock.find(item);
        const std::int64_t left = one == found.stock.end() ? -1 : one->second;
        if (left != kStock - taken[item]) {
            faults.push_back(fmt::format("{} are left of item {}, its orders say {}", left, item,
                                         kStock - taken[item]));
        }
    }
}

}  // namespace

std::vector<std::string> faults(const std::vector<History>& clients, const Found& found) {
    Faults all;
    check_money(clients, found, all);
    check_counters(clients, found, all);
    check_lists(clients, found, all);
    check_orders(clients, found, all);
    return all;
}

}  // namespace hangu::galera

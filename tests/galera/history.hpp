// What clients asked a shard for and were told, and whether what is found there afterwards agrees:
// nothing that was acknowledged is lost, nothing is done twice, nothing is there that nobody asked
// for.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hangu::galera {

inline constexpr std::int64_t kAccounts = 8;
inline constexpr std::int64_t kBalance = 1000;  // of each, in the beginning
inline constexpr std::int64_t kCounters = 4;
inline constexpr std::int64_t kLists = 4;
inline constexpr std::int64_t kItems = 4;
inline constexpr std::int64_t kStock = 1'000'000;  // of each, in the beginning

enum class Kind {
    transfer,  // from an account to another; refused when there is too little
    count,   // adds one to a counter; the only one without a key of its own: never asked for again
    append,  // to the end of a list
    order,   // takes one of an item
};
enum class Told {
    done,
    refused,
    unknown,  // it may stand or not
};

// With the same id it may be asked for many times and is done once.
struct Asked {
    Kind kind = Kind::count;
    std::int64_t id = 0;
    std::int64_t at = 0;  // account that gives, counter, list, item
    std::int64_t to = 0;  // account that gets
    std::int64_t amount = 0;
    Told told = Told::unknown;
};

// Of one client at one tenant, one after the other.
using History = std::vector<Asked>;

// A tenant's rows.
struct Found {
    struct Transfer {
        std::int64_t from = 0;
        std::int64_t to = 0;
        std::int64_t amount = 0;
    };
    std::map<std::int64_t, std::int64_t> balances;
    std::map<std::int64_t, Transfer> transfers;
    std::map<std::int64_t, std::int64_t> counters;
    std::map<std::int64_t, std::vector<std::int64_t>> lists;  // ids in the order of their places
    std::map<std::int64_t, std::int64_t> orders;              // item by id
    std::map<std::int64_t, std::int64_t> stock;
};

// In words; empty: it agrees.
std::vector<std::string> faults(const std::vector<History>& clients, const Found& found);

}  // namespace hangu::galera

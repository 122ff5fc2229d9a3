#include "tests/galera/load.hpp"

#include "platform/runtime/runtime.hpp"
#include "platform/storage/commit_unknown.hpp"

#include <poll.h>

#include <span>

namespace hangu::galera {

namespace {

using storage::Column;
using storage::ColumnType;
using storage::DataClass;
using storage::info;
using storage::insert_info;
using storage::Level;
using storage::Statement;
using storage::Tx;
using storage::Work;

struct AccountRow {
    static constexpr std::string_view kTable = "account";
    std::int64_t id = 0;
    std::int64_t balance = 0;
};
HANGU_STRUCT(AccountRow, id, balance)

struct TransferRow {
    static constexpr std::string_view kTable = "transfer";
    std::int64_t id = 0;
    std::int64_t source = 0;
    std::int64_t target = 0;
    std::int64_t amount = 0;
};
HANGU_STRUCT(TransferRow, id, source, target, amount)

struct CounterRow {
    static constexpr std::string_view kTable = "counter";
    std::int64_t id = 0;
    std::int64_t value = 0;
};
HANGU_STRUCT(CounterRow, id, value)

struct EntryRow {
    static constexpr std::string_view kTable = "entry";
    std::int64_t id = 0;
    std::int64_t list = 0;
    std::int64_t place = 0;
};
HANGU_STRUCT(EntryRow, id, list, place)

struct PlacedRow {
    static constexpr std::string_view kTable = "placed";
    std::int64_t id = 0;
    std::int64_t item = 0;
};
HANGU_STRUCT(PlacedRow, id, item)

struct StockRow {
    static constexpr std::string_view kTable = "stock";
    std::int64_t id = 0;
    std::int64_t remaining = 0;
};
HANGU_STRUCT(StockRow, id, remaining)

constexpr MigrationFile kFiles[] = {
    {"proof", "0001_proof.sql",
     "create table account (tenant_id integer not null, id integer primary key,"
     " balance integer not null);"
     "create table transfer (tenant_id integer not null, id integer primary key,"
     " source integer not null, target integer not null, amount integer not null);"
     "create table counter (tenant_id integer not null, id integer primary key,"
     " value integer not null);"
     "create table entry (tenant_id integer not null, id integer primary key,"
     " list integer not null, place integer not null);"
     "create unique index entry_place on entry (tenant_id, list, place);"
     "create table placed (tenant_id integer not null, id integer primary key,"
     " item integer not null);"
     "create table stock (tenant_id integer not null, id integer primary key,"
     " remaining integer not null)"}};

constexpr Column number(std::string_view name) {
    return {name, ColumnType::integer, DataClass::business, Level::internal};
}
constexpr Column kId{"id", ColumnType::integer, DataClass::key, Level::internal};
constexpr Column kAccountColumns[] = {kId, number("balance")};
constexpr Column kTransferColumns[] = {kId, number("source"), number("target"), number("amount")};
constexpr Column kCounterColumns[] = {kId, number("value")};
constexpr Column kEntryColumns[] = {kId, number("list"), number("place")};
constexpr Column kPlacedColumns[] = {kId, number("item")};
constexpr Column kStockColumns[] = {kId, number("remaining")};

constexpr Statement<void(std::int64_t, std::int64_t)> kTake{
    "account.take",
    "update account set balance = balance - ?3 where tenant_id = ?1 and id = ?2 and balance >= ?3"};
constexpr Statement<void(std::int64_t, std::int64_t)> kGive{
    "account.give", "update account set balance = balance + ?3 where tenant_id = ?1 and id = ?2"};
constexpr Statement<std::int64_t(std::int64_t)> kTransfer{
    "transfer.find", "select id from transfer where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(std::int64_t)> kCount{
    "counter.add", "update counter set value = value + 1 where tenant_id = ?1 and id = ?2"};
constexpr Statement<std::int64_t(std::int64_t)> kCounter{
    "counter.find", "select value from counter where tenant_id = ?1 and id = ?2"};
constexpr Statement<std::int64_t(std::int64_t)> kEntry{
    "entry.find", "select id from entry where tenant_id = ?1 and id = ?2"};
constexpr Statement<std::int64_t(std::int64_t)> kLast{
    "entry.last", "select coalesce(max(place), 0) from entry where tenant_id = ?1 and list = ?2"};
constexpr Statement<std::int64_t(std::int64_t)> kOrder{
    "placed.find", "select id from placed where tenant_id = ?1 and id = ?2"};
constexpr Statement<void(std::int64_t)> kSell{
    "stock.sell",
    "update stock set remaining = remaining - 1 where tenant_id = ?1 and id = ?2"
    " and remaining > 0"};

constexpr int kPauseMs = 50;     // before a question is asked again
constexpr int kAgainMax = 1200;  // then its answer stays unknown: a minute and more

// True: it stood already.
Result<bool> transfer(Tx& tx, const Asked& asked) {
    if (tx.find(kTransfer, asked.id)) {
        return true;
    }
    if (tx.run(kTake, asked.at, asked.amount) == 0) {
        return Problem::conflict("account.too_little");
    }
    tx.run(kGive, asked.to, asked.amount);
    tx.insert(TransferRow{asked.id, asked.at, asked.to, asked.amount});
    return false;
}

Result<bool> append(Tx& tx, const Asked& asked) {
    if (tx.find(kEntry, asked.id)) {
        return true;
    }
    tx.insert(EntryRow{asked.id, asked.at, tx.find(kLast, asked.at).value() + 1});
    return false;
}

Result<bool> order(Tx& tx, const Asked& asked) {
    if (tx.find(kOrder, asked.id)) {
        return true;
    }
    if (tx.run(kSell, asked.at) == 0) {
        return Problem::conflict("stock.none");
    }
    tx.insert(PlacedRow{asked.id, asked.at});
    return false;
}

Result<bool> act(Tx& tx, const Asked& asked) {
    switch (asked.kind) {
        case Kind::transfer:
            return transfer(tx, asked);
        case Kind::append:
            return append(tx, asked);
        case Kind::order:
            return order(tx, asked);
        case Kind::count:
            break;
    }
    tx.run(kCount, asked.at);
    return false;
}

class Timed {
 public:
    explicit Timed(Figures& figures) : figures_(figures), began_us_(clock_.monotonic_us()) {}
    ~Timed() { figures_.took(clock_.monotonic_us() - began_us_); }
    Timed(const Timed&) = delete;
    Timed& operator=(const Timed&) = delete;

 private:
    runtime::SystemClock clock_;
    Figures& figures_;
    std::int64_t began_us_;
};

}  // namespace

std::vector<storage::Part> parts() {
    return {{"proof",
             kFiles,
             {{"account", kAccountColumns},
              {"transfer", kTransferColumns},
              {"counter", kCounterColumns},
              {"entry", kEntryColumns},
              {"placed", kPlacedColumns},
              {"stock", kStockColumns}},
             {insert_info<AccountRow>(), insert_info<TransferRow>(), insert_info<CounterRow>(),
              insert_info<EntryRow>(), insert_info<PlacedRow>(), insert_info<StockRow>(),
              info(kTake), info(kGive), info(kTransfer), info(kCount), info(kCounter), info(kEntry),
              info(kLast), info(kOrder), info(kSell)}}};
}

void fill(storage::Engine& engine, TenantId tenant) {
    const Result<bool> filled = engine.run(tenant, Work::write, [](Tx& tx) -> Result<bool> {
        for (std::int64_t id = 0; id < kAccounts; ++id) {
            tx.insert(AccountRow{id, kBalance});
        }
        for (std::int64_t id = 0; id < kCounters; ++id) {
            tx.insert(CounterRow{id, 0});
        }
        for (std::int64_t id = 0; id < kItems; ++id) {
            tx.insert(StockRow{id, kStock});
        }
        return true;
    });
    HANGU_ASSERT(filled.ok());
}

Client::Client(Served& served, Figures& figures, std::int64_t number, std::uint64_t seed)
    : served_(served),
      figures_(figures),
      number_(number),
      random_(seed + static_cast<std::uint64_t>(number)),
      thread_([this] { work(); }) {}

void Client::stop() {
    stopping_ = true;
    if (thread_.joinable()) {
        thread_.join();
    }
}

std::int64_t Client::below(std::int64_t end) {
    std::uint64_t value = 0;
    random_.fill(std::as_writable_bytes(std::span(&value, 1)));
    return static_cast<std::int64_t>(value % static_cast<std::uint64_t>(end));
}

Asked Client::next() {
    constexpr std::int64_t kIdsOfClient = 10'000'000;
    Asked asked;
    asked.id = number_ * kIdsOfClient + ++count_;
    switch (below(5)) {  // counters twice as often: they alone show what is done twice
        case 0:
            asked.kind = Kind::transfer;
            asked.at = below(kAccounts);
            asked.to = (asked.at + 1 + below(kAccounts - 1)) % kAccounts;
            asked.amount = 1 + below(kBalance);  // often more than there is
            break;
        case 1:
            asked.kind = Kind::append;
            asked.at = below(kLists);
            break;
        case 2:
            asked.kind = Kind::order;
            asked.at = below(kItems);
            break;
        default:
            asked.kind = Kind::count;
            asked.at = below(kCounters);
            break;
    }
    return asked;
}

void Client::work() {
    while (!stopping_) {
        if (below(4) == 0) {
            read();
        } else {
            ask(next());
        }
    }
}

// Until it is done, or refused; what has no key is not asked for again after an unknown end.
void Client::ask(Asked asked) {
    bool unknown = false;
    for (int attempt = 0; attempt < kAgainMax; ++attempt) {
        try {
            asked.told = once(asked, unknown);
            break;
        } catch (const storage::CommitUnknown&) {
            ++figures_.unknown;
            unknown = true;
            if (asked.kind == Kind::count) {
                break;
            }
        } catch (const storage::StorageFault& fault) {
            figures_.fail(fault.what());
            if (asked.kind == Kind::count) {
                return;  // nothing stands: as if it had not been asked for
            }
            if (stopping_ && !unknown) {
                return;
            }
        }
        ::poll(nullptr, 0, kPauseMs);
    }
    if (asked.told == Told::refused && unknown) {
        asked.told =
            Told::unknown;  // what was under way may still arrive: a refusal writes nothing
    }
    if (asked.told == Told::done) {
        ++figures_.done;
        if (asked.kind == Kind::count) {
            ++served_.counted.at(static_cast<std::size_t>(asked.at));
        }
    }
    history_.push_back(asked);
}

Told Client::once(const Asked& asked, bool again) {
    const Timed timed(figures_);
    const Result<bool> done = served_.engine->run(
        served_.tenant, Work::write, [&asked](Tx& tx) -> Result<bool> { return act(tx, asked); });
    if (!done.ok()) {
        ++figures_.refused;
        return Told::refused;
    }
    figures_.stood += again && done.value() ? 1 : 0;
    return Told::done;
}

// Whoever was told that it is done finds it.
void Client::read() {
    const auto counter = static_cast<std::size_t>(below(kCounters));
    const std::int64_t acknowledged = served_.counted.at(counter);
    const Timed timed(figures_);
    try {
        const std::int64_t value =
            served_.engine
                ->run(served_.tenant, Work::read,
                      [counter](Tx& tx) -> Result<std::int64_t> {
                          return tx.find(kCounter, static_cast<std::int64_t>(counter)).value_or(-1);
                      })
                .value();
        ++figures_.reads;
        figures_.stale += served_.alone && value < acknowledged ? 1 : 0;
    } catch (const storage::StorageFault& fault) {
        figures_.fail(fault.what());
        ::poll(nullptr, 0, kPauseMs);
    }
}

}  // namespace hangu::galera

// A shard as the place that a move leaves or reaches.
#include "platform/storage/internal/move_sides.hpp"

#include "base/text.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <charconv>
#include <latch>

namespace hangu::storage {

namespace {

constexpr int kDeleteRows = 1000;  // of one transaction
constexpr int kTakeRows = 10'000;

// As the triggers write a row's key: a letter for the kind, the number or hex, a semicolon; again.
std::string key_text(const TableShape& shape, std::string_view row) {
    std::string text;
    for (const std::size_t at : shape.key) {
        const Column& column = shape.columns[at];
        text += text.empty() ? "concat(" : ", ";
        if (column.type == ColumnType::integer) {
            text += fmt::format("'n', {}.\"{}\", ';'", row, column.name);
        } else {
            text += fmt::format("'{}', lower(hex({}.\"{}\")), ';'",
                                column.type == ColumnType::text ? 't' : 'b', row, column.name);
        }
    }
    return text + ")";
}

RawKey parsed_key(std::string_view text) {
    RawKey key;
    for (const std::string_view part : split(text, ';')) {
        if (part.empty()) {
            continue;
        }
        const std::string_view rest = part.substr(1);
        RawValue value;
        if (part.front() == 'n') {
            value.kind = RawValue::Kind::number;
            std::from_chars(rest.data(), rest.data() + rest.size(), value.number);
        } else {
            value.kind = part.front() == 't' ? RawValue::Kind::text : RawValue::Kind::blob;
            const std::optional<std::string> bytes = from_hex(rest);
            if (!bytes) {
                throw StorageFault("a row's key that nobody here wrote");
            }
            value.bytes = *bytes;
        }
        key.push_back(std::move(value));
    }
    return key;
}

// Triggers write down the keys of the tenant's rows that change, in the transaction that changes
// them. On a Galera cluster every one that is made or removed ends what others do with its table on
// any node; that is done again, and so is a trigger which was in its own way (ADR 0029).
class ShardChanges final : public ChangeLog {
 public:
    ShardChanges(Shard& shard, TenantId tenant, std::span<const TableShape> shapes)
        : shard_(shard), tenant_(tenant), shapes_(shapes) {
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            tables_[shapes[i].name] = i;
        }
    }

    void begin() override {
        shard_.as_migrate();  // now a server is chosen
        turn_ = shard_.turn();
        connection_.reset();
        end();  // what a crash left
        began_ = true;
        for (const TableShape& shape : shapes_) {
            listen_to(shape, false);
        }
        for (int attempt = 1; !listens_everywhere(); ++attempt) {
            if (attempt == kAttemptsMax) {
                throw StorageFault("the shard's servers do not all have the triggers of the move");
            }
        }
    }
    // Not after the shard's work has gone to another server: what was written there meanwhile may
    // not have been listened to.
    Changed take() override {
        if (shard_.turn() != turn_) {
            throw ConnectionLost("the shard went to another server during the move");
        }
        Changed changed;
        while (take_some(changed)) {
        }
        return changed;
    }
    void end() {
        began_ = false;
        std::set<std::string> left;
        for (const std::set<std::string>& there : triggers_everywhere()) {
            left.insert(there.begin(), there.end());
        }
        for (const std::string& trigger : left) {
            again_if_lost([&] { drop_trigger(trigger); });
        }
        MariaConnection& db = connection();
        db.execute(fmt::format("delete from storage_change where tenant_id = {}", tenant_.value()));
        db.commit();
    }
    void end_if_begun() noexcept {
        try {
            if (began_) {
                end();
            }
        } catch (const std::exception&) {
            // The server is gone: the triggers stay until the next move from it, and only cost a
            // little.
            began_ = false;
        }
    }

 private:
    struct Act {
        std::string_view name;
        std::string_view rows;  // that it is about
    };
    static constexpr Act kActs[] = {{"insert", "new"}, {"update", "old new"}, {"delete", "old"}};

    std::string name(const TableShape& shape, const Act& act) const {
        return fmt::format("move_{}_{}_{}", tenant_.value(), shape.name, act.name.substr(0, 1));
    }
    // Of moves; there is one at a time.
    static std::set<std::string> triggers(MariaConnection& db) {
        std::set<std::string> names;
        for (const auto& row : db.query_rows("select trigger_name from information_schema.triggers"
                                             " where trigger_schema = database()"
                                             " and trigger_name like 'move\\_%'")) {
            names.insert(row.at("trigger_name"));
        }
        db.roll_back();
        return names;
    }
    // What each server has, the one that is worked with first.
    std::vector<std::set<std::string>> triggers_everywhere() {
        std::vector<std::set<std::string>> all{triggers(connection())};
        for (const MariaConnection::Options& options : shard_.as_migrate_everywhere()) {
            MariaConnection db(options);
            all.push_back(triggers(db));
        }
        return all;
    }
    void listen_to(const TableShape& shape, bool anew) {
        for (const Act& act : kActs) {
            bool drop = anew;
            again_if_lost([&] {
                if (connection().take_half_read()) {
                    read_triggers_anew(connection(), shape.name);
                }
                if (std::exchange(drop, true)) {
                    drop_trigger(name(shape, act));
                }
                make_trigger(shape, act);
            });
        }
    }
    // A server that could not make one says nothing, and the others have it.
    bool listens_everywhere() {
        const std::vector<std::set<std::string>> all = triggers_everywhere();
        bool whole = true;
        for (const TableShape& shape : shapes_) {
            for (const Act& act : kActs) {
                if (!std::all_of(all.begin(), all.end(), [&](const std::set<std::string>& there) {
                        return there.contains(name(shape, act));
                    })) {
                    listen_to(shape, true);
                    whole = false;
                    break;
                }
            }
        }
        return whole;
    }
    template <class Work>
    void again_if_lost(Work&& work) {
        const std::int64_t began_us = shard_.clock().monotonic_us();
        for (int attempt = 1;; ++attempt) {
            try {
                work();
                break;
            } catch (const TransactionLost&) {
                connection().roll_back();
                if (attempt == kAttemptsMax) {
                    throw;
                }
            } catch (const ConnectionLost&) {  // whether it was done is not known: it is done anew
                if (attempt == kAttemptsMax) {
                    throw;
                }
            }
        }
        if (shard_.several()) {
            const std::int64_t took_ms = (shard_.clock().monotonic_us() - began_us) / 1000;
            ::poll(nullptr, 0, static_cast<int>(std::clamp(2 * took_ms, kRestMsMin, kRestMsMax)));
        }
    }
    void drop_trigger(const std::string& trigger) {
        connection().execute(fmt::format("drop trigger if exists \"{}\"", trigger));
    }
    void make_trigger(const TableShape& shape, const Act& act) {
        std::string selects;
        for (const std::string_view row : split(act.rows, ' ')) {
            selects += selects.empty() ? "" : " union all ";
            selects += fmt::format(
                "select {0}.tenant_id, '{1}', {2} from dual"
                " where {0}.tenant_id = {3}",
                row, shape.name, key_text(shape, row), tenant_.value());
        }
        connection().execute(
            fmt::format("create trigger \"{}\" after {} on \"{}\" for each row"
                        " insert into storage_change (tenant_id, table_name, row_key) {}",
                        name(shape, act), act.name, shape.name, selects));
    }
    bool take_some(Changed& changed) {
        MariaConnection& db = connection();
        std::string seqs;
        const auto rows = db.query_rows(
            fmt::format("select seq, table_name, row_key from storage_change where tenant_id = {}"
                        " order by seq limit {}",
                        tenant_.value(), kTakeRows));
        for (const auto& row : rows) {
            changed.emplace(tables_.at(row.at("table_name")), parsed_key(row.at("row_key")));
            seqs += seqs.empty() ? "" : ",";
            seqs += row.at("seq");
        }
        if (!rows.empty()) {
            // Those that were read, not all up to the last: others may come in between.
            db.execute(
                fmt::format("delete from storage_change where tenant_id = {} and seq in ({})",
                            tenant_.value(), seqs));
        }
        db.commit();
        return rows.size() == kTakeRows;
    }
    MariaConnection& connection() {
        if (!connection_ || connection_->broken()) {
            connection_ = std::make_unique<MariaConnection>(shard_.as_migrate());
        }
        return *connection_;
    }

    static constexpr int kAttemptsMax = 10;
    // Between two changes of triggers: whoever was ended by the one is done before the other. Twice
    // as long as the one took, for on a busy machine all take longer.
    static constexpr std::int64_t kRestMsMin = 20;
    static constexpr std::int64_t kRestMsMax = 500;

    Shard& shard_;
    TenantId tenant_;
    std::span<const TableShape> shapes_;
    std::map<std::string, std::size_t> tables_;
    std::unique_ptr<MariaConnection> connection_;
    std::uint64_t turn_ = 0;
    bool began_ = false;
};

// In small steps, so that nobody waits for its locks. The row of the tenant last: it says that the
// others may still be there.
void delete_rows(MariaConnection& db, TenantId tenant, std::span<const TableShape> shapes) {
    for (const TableShape& shape : shapes) {
        bool more = true;
        while (more) {
            db.execute(fmt::format("delete from \"{}\" where tenant_id = {} limit {}", shape.name,
                                   tenant.value(), kDeleteRows));
            more = db.query_rows("select row_count() as n").front().at("n") ==
                   std::to_string(kDeleteRows);
            db.commit();
        }
    }
    db.execute(fmt::format("delete from storage_tenant where tenant_id = {}", tenant.value()));
    db.commit();
}

class ShardSource final : public MoveSource {
 public:
    ShardSource(Shard& shard, TenantId tenant, std::int64_t epoch,
                std::span<const TableShape> shapes)
        : shard_(shard),
          tenant_(tenant),
          epoch_(epoch),
          shapes_(shapes),
          reads_(shard.as_ro()),
          writes_(shard.as_rw()),
          rows_(reads_, RawRows::Dialect::shard, tenant),
          changes_(shard, tenant, shapes) {}
    ~ShardSource() override { changes_.end_if_begun(); }
    ShardSource(const ShardSource&) = delete;
    ShardSource& operator=(const ShardSource&) = delete;

    RawRows& rows() override { return rows_; }
    void rest() override { reads_.roll_back(); }
    ChangeLog& changes() override { return changes_; }
    void end_changes() override { changes_.end(); }
    std::int64_t seal() override {
        // What was taken before the tenant was held is still done here.
        wait_behind(Work::read);
        wait_behind(Work::report);
        if (!change_epoch(writes_, tenant_, epoch_, -epoch_)) {
            throw StaleEpoch("somebody else has moved the tenant");
        }
        const std::optional<TenantRow> sealed = tenant_row(writes_, tenant_);
        writes_.roll_back();
        return sealed->commit_number;
    }
    void unseal() override { change_epoch(writes_, tenant_, -epoch_, epoch_); }
    void clean() override {
        changes_.end();
        delete_rows(writes_, tenant_, shapes_);
    }

 private:
    void wait_behind(Work work) {
        class Behind final : public Job {
         public:
            explicit Behind(std::latch& ready) : ready_(ready) {}
            Decision body(Tx&) override { return Decision::roll_back; }
            void done(const Outcome&) override { ready_.count_down(); }

         private:
            std::latch& ready_;
        };
        std::latch ready(1);
        Pending pending{tenant_, work, std::make_unique<Behind>(ready)};
        pending.epoch = epoch_;
        if (!shard_.submit(std::move(pending))) {
            throw StorageFault("the lane's queue is full or the engine has stopped");
        }
        ready.wait();
    }

    Shard& shard_;
    TenantId tenant_;
    std::int64_t epoch_;
    std::span<const TableShape> shapes_;
    MariaConnection reads_;
    MariaConnection writes_;
    RawRows rows_;
    ShardChanges changes_;
};

class ShardTarget final : public MoveTarget {
 public:
    ShardTarget(Shard& shard, TenantId tenant, std::span<const TableShape> shapes)
        : tenant_(tenant),
          shapes_(shapes),
          connection_(shard.as_rw()),
          rows_(connection_, RawRows::Dialect::shard, tenant) {}

    void prepare() override {
        if (register_tenant(connection_, tenant_, {0, kArriving})) {
            return;
        }
        const std::optional<TenantRow> row = tenant_row(connection_, tenant_);
        connection_.roll_back();
        if (row->epoch != kArriving) {
            throw StaleEpoch("the target has the tenant already, or what it left there");
        }
    }
    RawRows& rows() override { return rows_; }
    void rest() override {}
    void begin() override {}
    void commit() override { connection_.commit(); }
    void settle() override { connection_.commit(); }
    void open(std::int64_t epoch, std::int64_t commit_number) override {
        if (!change_epoch(connection_, tenant_, kArriving, epoch, commit_number)) {
            throw StaleEpoch("somebody else has used the target for this tenant");
        }
    }
    // Its commits are as many as they were: the row begins again.
    void withdraw(std::int64_t) override {
        const std::optional<TenantRow> row = tenant_row(connection_, tenant_);
        connection_.roll_back();
        if (row && row->epoch > 0) {
            change_epoch(connection_, tenant_, row->epoch, kArriving, -row->commit_number);
        }
    }
    void clean() override {
        const std::optional<TenantRow> row = tenant_row(connection_, tenant_);
        connection_.roll_back();
        if (row && row->epoch == kArriving) {
            delete_rows(connection_, tenant_, shapes_);
        }
    }

 private:
    TenantId tenant_;
    std::span<const TableShape> shapes_;
    MariaConnection connection_;
    RawRows rows_;
};

}  // namespace

std::unique_ptr<MoveSource> source_on_shard(Shard& shard, TenantId tenant, std::int64_t epoch,
                                            std::span<const TableShape> shapes) {
    return std::make_unique<ShardSource>(shard, tenant, epoch, shapes);
}

std::unique_ptr<MoveTarget> target_on_shard(Shard& shard, TenantId tenant,
                                            std::span<const TableShape> shapes) {
    return std::make_unique<ShardTarget>(shard, tenant, shapes);
}

}  // namespace hangu::storage

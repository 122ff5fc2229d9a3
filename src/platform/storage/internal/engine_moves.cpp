// Moves of tenants: which step comes when, and what makes which of them final.
//
// A tenant has one owner at any moment: the place and the epoch that the directory names, and the
// place itself refuses every other epoch. The old place is sealed before the directory changes, and
// only the directory's commit makes the new one the owner. A crash before it leaves the old place
// the owner (its seal is taken off at the next start); a crash behind it leaves only rows to
// remove.
#include "platform/storage/internal/directory.hpp"
#include "platform/storage/internal/engine_state.hpp"
#include "platform/storage/internal/mover.hpp"
#include "platform/storage/internal/place_schema.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::storage {

namespace {

// Waits until the lane has come to it. `closes`: the lane lets go of the tenant's file.
Outcome wait_on_file(Engine::State& state, TenantId tenant, Work work, bool closes) {
    Outcome outcome;
    std::latch ready(1);
    const std::function<Decision(Tx&)> nothing = [](Tx&) { return Decision::roll_back; };
    Pending pending{tenant, work, std::make_unique<WaitingJob>(nothing, outcome, ready)};
    pending.closes_file = closes;
    if (!state.to_file(std::move(pending))) {
        throw StorageFault("the lane's queue is full or the engine has stopped");
    }
    ready.wait();
    if (outcome.fault) {
        std::rethrow_exception(outcome.fault);
    }
    return outcome;
}

FileHands hands_of(Engine::State& state) {
    return {state.world,
            [&state](TenantId tenant) { wait_on_file(state, tenant, Work::read, false); },
            [&state](TenantId tenant) {
                wait_on_file(state, tenant, Work::report, true);
                return wait_on_file(state, tenant, Work::read, true).commit_number;
            }};
}

std::vector<TableShape> shapes_of(const Engine::State& state) {
    Connection::Options options;
    options.path = state.template_path;
    Connection connection(options);
    return table_shapes(state.parts, connection);
}

std::unique_ptr<MoveSource> source_of(Engine::State& state, TenantId tenant, const Placed& placed,
                                      std::span<const TableShape> shapes) {
    if (placed.shard == nullptr) {
        return source_in_file(hands_of(state), tenant, shapes);
    }
    placed.shard->require_ready();
    return source_on_shard(*placed.shard, tenant, placed.epoch, shapes);
}

std::unique_ptr<MoveTarget> target_of(const Engine::State& state, TenantId tenant, Shard* shard,
                                      std::span<const TableShape> shapes) {
    if (shard == nullptr) {
        return target_in_file(state.world, state.template_path, tenant);
    }
    shard->require_ready();
    return target_on_shard(*shard, tenant, shapes);
}

// Rows are copied as this program and a new file know them: both places must be so.
Result<void> check_schemas(Engine& engine, Engine::State& state, TenantId tenant,
                           std::string_view place) {
    const Steps steps = steps_of(state.parts, false, state.facts);
    Connection::Options options;
    options.path = state.template_path;
    Connection fresh(options);
    const SchemaView wanted = schema_view(fresh, steps);
    const SchemaView source = schema_of_place(engine, state.placed(tenant).shard, tenant, steps);
    Shard* to = state.shard(place);
    const SchemaView target = to == nullptr ? wanted : schema_of_place(engine, to, tenant, steps);
    for (const SchemaView* view : {&source, &target}) {
        if (!view->newer.empty()) {
            return Problem::conflict(
                "move.newer_schema",
                fmt::format("a newer program has added what this one would leave behind ({}); move "
                            "with the newer one",
                            view->newer.front()));
        }
        if (view->uncontracted != wanted.uncontracted) {
            return Problem::conflict("move.contract_under_way",
                                     "one of the places has what was removed from the other; end "
                                     "\"hangu upgrade contract\" first");
        }
    }
    return {};
}

// The rest of a move that is decided.
void clean_after(Engine& engine, Engine::State& state, const MoveRow& row) {
    const std::vector<TableShape> shapes = shapes_of(state);
    const Placed old{state.shard(row.source), state.placed(row.id).epoch - 1};
    source_of(state, row.id, old, shapes)->clean();
    engine.control([&](ControlTx& tx) {
        Directory(tx).end_move(row.id);
        return true;
    });
}

// After a crash the directory says who the owner is. If it is still the old place, its seal comes
// off, and the target, whose rows may be complete and open, is nobody's.
void recover(Engine& engine, Engine::State& state, MoveRow row) {
    if (row.stage == MoveStage::cleaning) {
        return;
    }
    const std::vector<TableShape> shapes = shapes_of(state);
    const Placed owner = state.placed(row.id);
    const std::unique_ptr<MoveSource> source = source_of(state, row.id, owner, shapes);
    source->end_changes();
    if (row.stage != MoveStage::switching) {
        return;
    }
    target_of(state, row.id, state.shard(row.target), shapes)->withdraw(owner.epoch + 1);
    if (!state.node) {
        source->unseal();  // whoever takes the tenant over ends its seal with its epoch
    }
    row.stage = MoveStage::copying;
    engine.control([&](ControlTx& tx) {
        Directory(tx).set_move(row);
        return true;
    });
}

// Whether the directory names the new place is not known.
class DecisionUnknown : public StorageFault {
 public:
    using StorageFault::StorageFault;
};

// Of a cluster's moves only one runs: their triggers would be in each other's way.
bool another_runs(Engine& engine, TenantId tenant) {
    const std::vector<MoveRow> rows =
        engine.control([](ControlTx& tx) { return Directory(tx).moves(); });
    return std::any_of(rows.begin(), rows.end(), [&](const MoveRow& row) {
        return row.id != tenant && row.stage != MoveStage::cleaning && !engine.works_for(row.id) &&
               engine.elsewhere(row.id);
    });
}

// While it moves, a tenant is not handed over to another node.
class Kept {
 public:
    Kept(Node* node, TenantId tenant) : node_(node), tenant_(tenant) {
        if (node_ != nullptr) {
            node_->keep(tenant_);
        }
    }
    ~Kept() {
        if (node_ != nullptr) {
            node_->keep_no_longer(tenant_);
        }
    }
    Kept(const Kept&) = delete;
    Kept& operator=(const Kept&) = delete;

 private:
    Node* node_;
    TenantId tenant_;
};

// One move, from the first row to the last.
class Move {
 public:
    Move(Engine& engine, Engine::State& state, MoveRow row, const MoveWatch& watch)
        : engine_(engine),
          state_(state),
          row_(std::move(row)),
          watch_(watch),
          shapes_(shapes_of(state)),
          from_(state.placed(row_.id)),
          to_(state.shard(row_.target)) {}

    Result<MoveReport> run() {
        if (watch_.begins) {
            watch_.begins(row_.source);
        }
        source_ = source_of(state_, row_.id, from_, shapes_);
        target_ = target_of(state_, row_.id, to_, shapes_);
        note(MoveStage::copying);
        target_->prepare();
        Mover mover(shapes_, *source_, *target_, watch_);
        HANGU_CHECK(mover.bring());
        target_->settle();
        HANGU_CHECK(switch_over(mover));
        tell(MoveStage::cleaning);
        source_->clean();
        engine_.control([&](ControlTx& tx) {
            Directory(tx).end_move(row_.id);
            return true;
        });
        return mover.report;
    }

 private:
    void tell(MoveStage stage) const {
        if (watch_.progress) {
            watch_.progress({stage, "", 0, 0});
        }
    }
    void note(MoveStage stage) {
        row_.stage = stage;
        engine_.control([&](ControlTx& tx) {
            Directory(tx).set_move(row_);
            return true;
        });
    }

    // The tenant's requests wait from here to the end of it, whatever happens.
    Result<void> switch_over(Mover& mover) {
        class Hold {
         public:
            Hold(Places& places, TenantId tenant) : places_(places), tenant_(tenant) {
                places_.hold(tenant_);
            }
            ~Hold() { places_.release(tenant_); }
            Hold(const Hold&) = delete;
            Hold& operator=(const Hold&) = delete;

         private:
            Places& places_;
            TenantId tenant_;
        };
        tell(MoveStage::switching);
        const std::int64_t began_us = state_.clock.monotonic_us();
        const Hold hold(*state_.places, row_.id);
        note(MoveStage::switching);
        const std::int64_t epoch = from_.epoch + 1;
        const std::int64_t commit_number = source_->seal();
        try {
            tell(MoveStage::switching);
            if (Result<void> brought = mover.bring_last(); !brought.ok()) {
                source_->unseal();
                return brought;
            }
            target_->open(epoch, commit_number);
            tell(MoveStage::switching);
            decide(epoch);
        } catch (const DecisionUnknown&) {
            throw;  // both places stay closed; whoever takes the tenant next reads who has it
        } catch (...) {
            go_back(epoch);
            throw;
        }
        state_.places->set(row_.id, {to_, epoch});
        mover.report.epoch = epoch;
        mover.report.paused_us = state_.clock.monotonic_us() - began_us;
        return {};
    }

    // Everything as it was, or as much as can be: the next attempt, or the next start, does the
    // rest.
    void go_back(std::int64_t epoch) {
        for (const std::function<void()>& step :
             {std::function<void()>([&] { source_->unseal(); }),
              std::function<void()>([&] { target_->withdraw(epoch); })}) {
            try {
                step();
            } catch (const std::exception& fault) {
                state_.log.error("move.failed", {{"tenant", row_.id}, {"what", fault.what()}});
            }
        }
    }

    void decide(std::int64_t epoch) {
        row_.stage = MoveStage::cleaning;
        bool decided = false;
        try {
            engine_.control([&](ControlTx& tx) {
                decided = set_place(tx, epoch);
                return true;
            });
        } catch (const CommitUnknown& fault) {
            throw DecisionUnknown(fault.what());
        }
        if (!decided) {
            throw StaleEpoch("another node has taken the tenant");
        }
    }
    bool set_place(ControlTx& tx, std::int64_t epoch) {
        Directory directory(tx);
        std::optional<PlaceRow> place = directory.place(row_.id);
        if (!place) {
            directory.add_place({row_.id, row_.target, epoch});
        } else {
            place->place = row_.target;
            place->epoch = epoch;
            if (place->owner != engine_.node_number() ||
                !directory.change_place(*place, from_.epoch)) {
                return false;
            }
        }
        directory.set_move(row_);
        return true;
    }

    Engine& engine_;
    Engine::State& state_;
    MoveRow row_;
    const MoveWatch& watch_;
    std::vector<TableShape> shapes_;
    Placed from_;
    Shard* to_;
    std::unique_ptr<MoveSource> source_;
    std::unique_ptr<MoveTarget> target_;
};

}  // namespace

Result<MoveReport> Engine::move_tenant(TenantId tenant, std::string_view place,
                                       const MoveWatch& watch) {
    State& state = *state_;
    const std::unique_lock moving(state.move_mutex, std::try_to_lock);
    if (!moving) {
        return Problem::conflict("move.busy", "another tenant is being moved");
    }
    if (place != kFiles && state.shard(place) == nullptr) {
        return Problem::invalid("shard.unknown", fmt::format("there is no shard {}", place));
    }
    if (!state.places) {
        return Problem::conflict("move.there_already",
                                 "there are no shards: all tenants are in files");
    }
    if (place == kFiles && state.node) {
        return Problem::invalid("cluster.no_files", "several nodes have no files");
    }
    const Kept kept(state.node.get(), tenant);
    if (!bring(tenant, kBringMsMax)) {
        return Problem::unavailable("tenant.elsewhere", "another node did not hand it over");
    }
    if (state.node && another_runs(*this, tenant)) {
        return Problem::conflict("move.busy", "another tenant is being moved");
    }
    const std::optional<MoveRow> begun =
        control([&](ControlTx& tx) { return Directory(tx).move(tenant); });
    if (begun && begun->stage == MoveStage::cleaning) {
        clean_after(*this, state, *begun);
        if (begun->target == place) {
            MoveReport ended;
            ended.epoch = state.placed(tenant).epoch;
            return ended;
        }
    } else if (begun) {
        recover(*this, state, *begun);
    }
    const std::string here = place_of(tenant);
    if (here == place) {
        return Problem::conflict("move.there_already", "the tenant is there already");
    }
    if (begun && begun->stage != MoveStage::cleaning && begun->target != place) {
        return Problem::conflict(
            "move.begun", fmt::format("a move to {} is not finished; go on with it or abandon it",
                                      begun->target));
    }
    HANGU_CHECK(check_schemas(*this, state, tenant, place));
    const MoveRow row{tenant, here, std::string(place), MoveStage::copying,
                      begun ? begun->started_at : state.clock.now()};
    return Move(*this, state, row, watch).run();
}

Result<void> Engine::abandon_move(TenantId tenant) {
    State& state = *state_;
    const std::unique_lock moving(state.move_mutex, std::try_to_lock);
    if (!moving) {
        return Problem::conflict("move.busy", "it is running; stop it first");
    }
    if (!bring(tenant, kBringMsMax)) {
        return Problem::unavailable("tenant.elsewhere", "another node did not hand it over");
    }
    const std::optional<MoveRow> begun =
        control([&](ControlTx& tx) { return Directory(tx).move(tenant); });
    if (!begun) {
        return Problem::not_found("move.none");
    }
    if (begun->stage == MoveStage::cleaning) {
        clean_after(*this, state, *begun);
        return {};
    }
    const std::vector<TableShape> shapes = shapes_of(state);
    target_of(state, tenant, state.shard(begun->target), shapes)->clean();
    source_of(state, tenant, state.placed(tenant), shapes)->end_changes();
    control([&](ControlTx& tx) {
        Directory(tx).end_move(tenant);
        return true;
    });
    return {};
}

std::vector<UnfinishedMove> Engine::unfinished_moves() {
    std::vector<UnfinishedMove> all;
    for (const MoveRow& row : control([](ControlTx& tx) { return Directory(tx).moves(); })) {
        all.push_back({row.id, row.source, row.target, row.stage, row.started_at});
    }
    return all;
}

void Engine::recover_move(const MoveRow& row) {
    state_->log.warning(
        "move.unfinished",
        {{"tenant", row.id}, {"target", row.target}, {"stage", enum_text(row.stage)}});
    recover(*this, *state_, row);
}

Result<void> Engine::recover_moves() {
    for (const MoveRow& row : control([](ControlTx& tx) { return Directory(tx).moves(); })) {
        try {
            recover_move(row);
        } catch (const ConnectionLost& fault) {
            state_->log.error("shard.unreachable", {{"tenant", row.id}, {"what", fault.what()}});
        }
    }
    return {};
}

}  // namespace hangu::storage

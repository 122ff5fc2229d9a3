// What the engine is made of; for its own files.
#pragma once

#include "platform/runtime/runtime.hpp"
#include "platform/storage/engine.hpp"
#include "platform/storage/internal/control_base.hpp"
#include "platform/storage/internal/data_folder.hpp"
#include "platform/storage/internal/migration.hpp"
#include "platform/storage/internal/node.hpp"
#include "platform/storage/internal/places.hpp"
#include "platform/storage/internal/shard.hpp"
#include "platform/storage/internal/sqlite.hpp"
#include "platform/storage/internal/tenant_lane.hpp"

#include <functional>
#include <latch>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hangu::storage {

struct Engine::State {
    State(Options given, std::vector<Part> all_parts, observe::Log& to, const Clock& time)
        : options(std::move(given)), parts(std::move(all_parts)), log(to), clock(time) {}

    Options options;
    std::vector<Part> parts;
    ProgramFacts facts;
    observe::Log& log;
    const Clock& clock;

    std::unique_ptr<FolderLock> lock;
    LaneWorld world;
    std::unique_ptr<RedoLog> redo;
    std::string template_path;
    std::unique_ptr<ControlBase> control;

    struct OwnerLane {
        std::unique_ptr<TenantLane> owner;
        std::unique_ptr<runtime::Lane<Pending>> lane;
    };
    struct ReaderLane {
        std::unique_ptr<ReportLane> owner;
        std::unique_ptr<runtime::Lane<Pending>> lane;
    };
    std::vector<OwnerLane> owners;
    std::vector<ReaderLane> readers;
    std::map<std::string, std::unique_ptr<Shard>, std::less<>> shards;
    std::unique_ptr<Places> places;  // null: there are no shards, every tenant is in a file
    std::unique_ptr<Node> node;      // null: this process is alone
    std::mutex move_mutex;           // one move at a time

    // Ids differ in their upper bits (milliseconds); a multiplication carries those upwards only,
    // so the lane comes from the top of the product.
    static std::size_t spread(TenantId tenant) { return std::hash<TenantId>{}(tenant) >> 40U; }
    OwnerLane& owner_of(TenantId tenant) { return owners[spread(tenant) % owners.size()]; }
    ReaderLane& reader_of(TenantId tenant) { return readers[spread(tenant) % readers.size()]; }

    // Null: there is no such shard.
    Shard* shard(std::string_view name) const {
        const auto found = shards.find(name);
        return found == shards.end() ? nullptr : found->second.get();
    }
    Placed placed(TenantId tenant) const { return places ? places->of(tenant) : Placed{}; }
    std::string wanted(std::string_view place) const;  // by name; "": where new ones go
    bool to_file(Pending pending);
};

// The engine's own tables, where they are not among the parts yet.
void add_own(std::vector<Part>& parts);

// A blocking caller's job.
class WaitingJob final : public Job {
 public:
    WaitingJob(const std::function<Decision(Tx&)>& work, Outcome& outcome, std::latch& ready)
        : work_(work), outcome_(outcome), ready_(ready) {}
    Decision body(Tx& tx) override { return work_(tx); }
    void done(const Outcome& outcome) override {
        outcome_ = outcome;
        ready_.count_down();
    }

 private:
    const std::function<Decision(Tx&)>& work_;
    Outcome& outcome_;
    std::latch& ready_;
};

}  // namespace hangu::storage

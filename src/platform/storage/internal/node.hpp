// This process as a node of the cluster: its lease, and which tenants it takes, keeps and hands
// over. One thread talks to the control database once a second, and at once when somebody waits.
#pragma once

#include "platform/storage/internal/control_base.hpp"
#include "platform/storage/internal/directory.hpp"
#include "platform/storage/internal/places.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

namespace hangu::storage {

class Node {
 public:
    static constexpr std::int64_t kNumberMax = 1023;
    static constexpr std::size_t kTakeMax = 64;  // tenants without work, of one round
    // Rounds follow each other so fast while this node waits for another one to hand over.
    static constexpr std::int64_t kWaitingBeatMs = 100;
    // A tenant goes where its requests arrive when so many came to the wrong node in a window, and
    // it did not move a while ago.
    static constexpr std::int64_t kMisroutedMax = 20;
    static constexpr std::int64_t kMisroutedWindowMs = 10'000;
    static constexpr std::int64_t kStayMs = 30'000;

    struct Services {
        ControlBase& control;
        Places& places;
        std::shared_ptr<Tenure> tenure;
        std::function<Shard*(std::string_view)> shard;
        // What a move left behind, before somebody works for the tenant again. Throws.
        std::function<void(const MoveRow&)> recover_move;
        observe::Log& log;
        const Clock& clock;
    };

    Node(NodeOptions options, std::string instance, Services services);
    ~Node();

    // "cluster.node_taken": another process is this node, and its lease is not over.
    Result<void> start();
    // Begins to give all tenants away, and takes no more; work for them is told to go elsewhere.
    void leave();
    // Ends its thread: nothing is asked for, taken or handed over any more. Before the lanes end,
    // which a hand-over passes.
    void end_rounds();
    void stop();  // what is still ours is free; after the lanes have ended

    std::int64_t number() const { return row_.id; }
    void want(TenantId tenant);  // work for it waits, and nobody works for it
    void lost(TenantId tenant);  // its shard has refused our epoch
    // Whoever works for it shall hand it over; asked for again until it is here or `ms_max` are
    // over.
    void ask_for(TenantId tenant, std::int64_t ms_max);
    bool wait_until_here(TenantId tenant, std::int64_t ms_max);
    // Waits until all tenants are given away; false: not within `ms_max`.
    bool wait_until_left(std::int64_t ms_max);
    void misrouted(TenantId tenant);  // a request for it came here, and it is elsewhere
    void keep(TenantId tenant);       // it is being moved: not handed over
    void keep_no_longer(TenantId tenant);
    void beat_soon();
    // `tenants_changed`: another node may have made, frozen or thawed some. On the node's thread;
    // told at once what is here already.
    void set_watch(OwnershipWatch watch, std::function<void()> tenants_changed);
    ClusterState state() const;
    // "node.unknown", "node.alive"
    Result<void> forget(std::string_view name);

 private:
    struct Round;  // what one look at the control database found

    Result<void> register_node();
    void run();
    void beat();
    void look(ControlTx& tx, Round& round);
    void claim(Directory& directory, TenantId tenant, bool ask, Round& round);
    void learn(const Round& round);
    void learn(const PlaceRow& row);
    void take(const Round& round);
    void open(const PlaceRow& row, const std::vector<MoveRow>& moves);
    void hand_over(const Round& round);
    void put_away(const std::vector<PlaceRow>& rows);
    void begin_anew(const Round& round);
    std::vector<TenantId> to_take(const Round& round) const;
    std::vector<TenantId> to_ask_for(const Round& round);
    bool best_of(TenantId tenant, const Round& round) const;
    void note_clock(Time server);
    void tell(TenantId tenant, Ownership what);
    void tell_others() const;

    const NodeOptions options_;
    Services services_;
    NodeRow row_;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable round_ended_;
    std::set<TenantId> wanted_;
    std::map<TenantId, std::int64_t> asked_;  // until when, monotonic
    std::set<TenantId> kept_;
    struct Misrouted {
        std::int64_t count = 0;
        std::int64_t since_us = 0;
    };
    std::map<TenantId, Misrouted> misrouted_;
    OwnershipWatch watch_;
    std::function<void()> tenants_changed_;
    bool soon_ = false;
    bool leaving_ = false;
    bool stopping_ = false;
    bool joined_ = false;                              // of start() and stop()
    std::vector<NodeRow> nodes_;                       // as of the last round
    std::map<std::int64_t, std::int64_t> tenants_of_;  // by node
    Time server_now_;
    std::int64_t round_at_us_ = 0;  // monotonic; 0: none yet
    std::string control_detail_;    // why the last round failed
    std::int64_t ahead_ms_ = 0;

    // Of the thread alone: the directory, as it was read last.
    std::unordered_map<TenantId, PlaceRow> directory_;
    std::int64_t places_seen_ = -1;
    std::int64_t tenants_seen_ = -1;
    std::thread thread_;
};

}  // namespace hangu::storage

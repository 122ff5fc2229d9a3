// A node's rounds: it looks at the control database, learns what changed, takes tenants and hands
// them over. On the node's thread.
#include "platform/storage/internal/node_round.hpp"

#include <fmt/format.h>

namespace hangu::storage {

namespace {

// Steps of less than this are the way to the server and back.
constexpr std::int64_t kClockStepMs = 50;

// Microseconds of tenure for each millisecond of a lease: a tenth less, since clocks do not run
// equally fast.
constexpr std::int64_t kTenurePerLease = 900;

// Rendezvous hashing (Thaler, Ravishankar): of the nodes that are there, the one with the highest
// weight takes a tenant that nobody asks for, so that few change hands when a node comes or goes.
std::uint64_t weight(TenantId tenant, std::int64_t node) {
    auto x = static_cast<std::uint64_t>(tenant.value()) ^
             (static_cast<std::uint64_t>(node) * 0x9E3779B97F4A7C15ULL);
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
}

}  // namespace

void Node::beat() {
    Round round;
    {
        const std::lock_guard lock(mutex_);
        round.wanted.assign(wanted_.begin(), wanted_.end());
        wanted_.clear();
        const std::int64_t now_us = services_.clock.monotonic_us();
        for (auto it = asked_.begin(); it != asked_.end();) {
            const bool over = it->second < now_us || services_.places.is_here(it->first);
            if (!over) {
                round.asked.push_back(it->first);
            }
            it = over ? asked_.erase(it) : std::next(it);
        }
        round.leaving = leaving_;
        round.nodes = nodes_;
        round.now = server_now_;
    }
    const std::vector<TenantId> misplaced = to_ask_for(round);
    round.asked.insert(round.asked.end(), misplaced.begin(), misplaced.end());
    const std::vector<TenantId> idle = to_take(round);
    round.wanted.insert(round.wanted.end(), idle.begin(), idle.end());
    const Round question = round;
    const std::int64_t begun_us = services_.clock.monotonic_us();  // before the server's "now"
    try {
        services_.control.run([&](ControlTx& tx) {
            round = question;
            look(tx, round);
        });
    } catch (const std::exception& fault) {
        {
            const std::lock_guard lock(mutex_);
            if (control_detail_.empty()) {
                services_.log.error("cluster.control_away", {{"what", fault.what()}});
            }
            control_detail_ = fault.what();
        }
        for (const TenantId tenant : question.wanted) {
            services_.places.fail_waiting(tenant, std::current_exception());
        }
        return;
    }
    if (!round.still_us) {
        services_.tenure->extend(0);
        begin_anew(round);
        return;
    }
    learn(round);
    // Only now: what others took while a lease of ours was over has left.
    services_.tenure->extend(begun_us + options_.lease_ms * kTenurePerLease);
    take(round);
    hand_over(round);
    if (!round.taken.empty() || round.asked_somebody) {
        tell_others();
    }
}

void Node::tell_others() const {
    if (options_.tell_others) {
        options_.tell_others();
    }
}

// One transaction: our lease, who is there, what changed, and what of it is ours now.
void Node::look(ControlTx& tx, Round& round) {
    note_clock(tx.now());
    Directory directory(tx);
    round.now = tx.now();
    NodeRow own = row_;
    own.beat_at = tx.now();
    own.lease_until = tx.now().plus_ms(options_.lease_ms);
    own.leaving = round.leaving;
    round.still_us = directory.beat(own);
    if (!round.still_us) {
        return;
    }
    round.nodes = directory.nodes();
    if (!round.leaving) {
        for (const TenantId tenant : round.wanted) {
            claim(directory, tenant, false, round);
        }
        for (const TenantId tenant : round.asked) {
            claim(directory, tenant, true, round);
        }
    }
    if (!round.taken.empty()) {
        round.moves = directory.moves();
    }
    round.tenants = directory.changes(Change::tenants);
    round.places = directory.changes(Change::places);
    if (round.places != places_seen_) {
        round.changed = directory.places_behind(places_seen_);
    }
}

void Node::claim(Directory& directory, TenantId tenant, bool ask, Round& round) {
    // A second epoch would take it away from the work that has just begun.
    if (services_.places.is_here(tenant) || round.took(tenant)) {
        return;
    }
    std::optional<PlaceRow> row = directory.place(tenant);
    if (!row) {
        round.unknown.push_back(tenant);
        return;
    }
    const bool others = row->owner != 0 && row->owner != row_.id && round.alive(row->owner);
    if (others && !ask) {
        return;  // learnt below
    }
    if (others) {
        if (row->wanted_by != row_.id) {
            row->wanted_by = row_.id;
            directory.change_place(*row, row->epoch);
            round.asked_somebody = true;
        }
        return;
    }
    const std::int64_t before = row->epoch;
    row->owner = row_.id;
    row->wanted_by = 0;
    row->epoch = before + 1;
    if (directory.change_place(*row, before)) {
        round.taken.push_back(*row);
    }
}

void Node::note_clock(Time server) {
    const std::int64_t differs_ms = server.unix_ms() - services_.clock.now().unix_ms();
    if (options_.clock_differs && (differs_ms >= kClockStepMs || differs_ms <= -kClockStepMs)) {
        options_.clock_differs(differs_ms);
        services_.log.info("cluster.clock_set", {{"ms", differs_ms}});
        const std::lock_guard lock(mutex_);
        ahead_ms_ += differs_ms;
    }
}

void Node::learn(const Round& round) {
    std::map<std::int64_t, std::string> peers;
    for (const NodeRow& node : round.nodes) {
        if (node.id != row_.id && node.lease_until > round.now) {
            peers.emplace(node.id, node.name);
        }
    }
    services_.places.set_peers(std::move(peers));
    for (const PlaceRow& row : round.changed) {
        learn(row);
    }
    places_seen_ = round.places;
    std::map<std::int64_t, std::int64_t> tenants_of;
    for (const auto& [tenant, row] : directory_) {
        ++tenants_of[row.owner];
    }
    std::function<void()> tenants_changed;
    {
        const std::lock_guard lock(mutex_);
        nodes_ = round.nodes;
        tenants_of_ = std::move(tenants_of);
        server_now_ = round.now;
        round_at_us_ = services_.clock.monotonic_us();
        if (!control_detail_.empty()) {
            services_.log.info("cluster.control_back", {{"node", row_.name}});
        }
        control_detail_.clear();
        if (tenants_changed_ && round.tenants != tenants_seen_) {
            tenants_seen_ = round.tenants;
            tenants_changed = tenants_changed_;
        }
    }
    if (tenants_changed) {
        tenants_changed();
    }
    // Work waits for somebody who is known now.
    for (const TenantId tenant : round.wanted) {
        const auto known = directory_.find(tenant);
        if (known == directory_.end() || known->second.owner == row_.id) {
            continue;
        }
        services_.places.know(tenant, {services_.shard(known->second.place), known->second.epoch},
                              known->second.owner);
        if (services_.places.elsewhere(tenant)) {
            services_.places.let_go(tenant, known->second.owner);
        }
    }
    for (const TenantId tenant : round.unknown) {
        services_.places.fail_waiting(
            tenant,
            std::make_exception_ptr(NoSuchTenant("the directory has no tenant " + tenant.text())));
    }
    if (round.leaving) {
        const std::string peer = services_.places.any_peer();
        const std::exception_ptr why =
            peer.empty() ? std::make_exception_ptr(StorageFault("this node is leaving"))
                         : std::make_exception_ptr(OwnedElsewhere(peer));
        for (const TenantId tenant : round.wanted) {
            services_.places.fail_waiting(tenant, why);
        }
    }
}

void Node::learn(const PlaceRow& row) {
    directory_[row.id] = row;
    if (row.owner == row_.id && services_.places.is_here(row.id)) {
        return;
    }
    if (services_.places.is_here(row.id)) {
        // Our lease was over and somebody has taken it.
        services_.places.let_go(row.id, row.owner);
        services_.log.warning("cluster.tenant_lost", {{"tenant", row.id}});
        tell(row.id, Ownership::lost);
    }
    services_.places.know(row.id, {services_.shard(row.place), row.epoch}, row.owner);
}

void Node::take(const Round& round) {
    for (const PlaceRow& row : round.taken) {
        try {
            open(row, round.moves);
        } catch (const std::exception& fault) {
            services_.log.error("cluster.take_failed",
                                {{"tenant", row.id}, {"what", fault.what()}});
            services_.places.fail_waiting(row.id, std::current_exception());
        }
    }
}

// From here on the shard refuses whoever worked for it before.
void Node::open(const PlaceRow& row, const std::vector<MoveRow>& moves) {
    Shard* shard = services_.shard(row.place);
    if (shard == nullptr) {
        throw StorageFault(fmt::format("tenant {} is on {}, which this node does not know",
                                       row.id.text(), row.place));
    }
    for (const MoveRow& move : moves) {
        if (move.id == row.id) {
            services_.recover_move(move);
        }
    }
    if (!shard->take_over(row.id, row.epoch)) {
        throw StorageFault("the shard has another owner of the tenant, or none may be");
    }
    services_.places.take(row.id, {shard, row.epoch});
    tell(row.id, Ownership::gained);
}

// --- handing over

void Node::hand_over(const Round& round) {
    std::set<TenantId> kept;
    {
        const std::lock_guard lock(mutex_);
        kept = kept_;
    }
    std::vector<PlaceRow> rows;
    for (const auto& [tenant, row] : directory_) {
        const bool asked = row.wanted_by != 0 && row.wanted_by != row_.id;
        if (row.owner == row_.id && (asked || round.leaving) && !kept.contains(tenant)) {
            rows.push_back(row);
        }
    }
    if (!rows.empty()) {
        put_away(rows);
    }
}

// What was taken before is finished here, what comes meanwhile waits and goes to the new owner.
void Node::put_away(const std::vector<PlaceRow>& rows) {
    std::set<Shard*> shards;
    for (const PlaceRow& row : rows) {
        services_.places.hold(row.id);
        shards.insert(services_.places.of(row.id).shard);
    }
    shards.erase(nullptr);
    const auto pass_lanes = [&shards] {
        for (Shard* shard : shards) {
            shard->pass_lanes();
        }
    };
    pass_lanes();
    {
        const Places::Through through;
        for (const PlaceRow& row : rows) {
            tell(row.id, Ownership::leaving);
        }
    }
    pass_lanes();
    try {
        services_.control.run([&](ControlTx& tx) {
            Directory directory(tx);
            for (const PlaceRow& given : rows) {
                std::optional<PlaceRow> row = directory.place(given.id);
                if (row && row->owner == row_.id) {
                    row->owner = row->wanted_by;
                    row->wanted_by = 0;
                    directory.change_place(*row, row->epoch);
                }
            }
        });
    } catch (const std::exception& fault) {
        // Whether it stands or not: the next round reads who the owner is.
        services_.log.error("cluster.hand_over_failed", {{"what", fault.what()}});
        for (const PlaceRow& row : rows) {
            services_.places.release(row.id);
        }
        return;
    }
    for (const PlaceRow& row : rows) {
        services_.places.let_go(row.id, row.wanted_by);
        tell(row.id, Ownership::lost);
    }
    tell_others();
}

// Another process is this node: what it takes is refused to us by the shards, and we say so.
void Node::begin_anew(const Round& round) {
    services_.log.error("cluster.replaced", {{"node", row_.name}});
    for (const TenantId tenant : services_.places.here()) {
        services_.places.let_go(tenant, 0);
        tell(tenant, Ownership::lost);
    }
    for (const TenantId tenant : round.wanted) {
        services_.places.fail_waiting(
            tenant, std::make_exception_ptr(StorageFault("another process is this node")));
    }
    const Result<void> registered = register_node();
    const std::lock_guard lock(mutex_);
    control_detail_ = registered.ok() ? "" : registered.problem().detail;
}

// --- what to take

bool Node::best_of(TenantId tenant, const Round& round) const {
    std::int64_t best = row_.id;
    for (const NodeRow& node : round.nodes) {
        const bool better = weight(tenant, node.id) > weight(tenant, best);
        if (better && !node.leaving && round.alive(node.id)) {
            best = node.id;
        }
    }
    return best == row_.id;
}

// Tenants that nobody works for, whose work in the background would lie.
std::vector<TenantId> Node::to_take(const Round& round) const {
    std::vector<TenantId> all;
    if (round.leaving) {
        return all;
    }
    for (const auto& [tenant, row] : directory_) {
        const bool nobodys = row.owner == 0 || row.owner == row_.id || !round.alive(row.owner);
        if (all.size() < kTakeMax && nobodys && !services_.places.is_here(tenant) &&
            best_of(tenant, round)) {
            all.push_back(tenant);
        }
    }
    return all;
}

std::vector<TenantId> Node::to_ask_for(const Round& round) {
    std::vector<TenantId> all;
    const std::lock_guard lock(mutex_);
    const std::int64_t now_us = services_.clock.monotonic_us();
    for (auto it = misrouted_.begin(); it != misrouted_.end();) {
        const auto row = directory_.find(it->first);
        const bool stayed = row != directory_.end() && row->second.owner != row_.id &&
                            row->second.changed_at.plus_ms(kStayMs) < round.now;
        if (it->second.count >= kMisroutedMax && stayed) {
            all.push_back(it->first);
        }
        const bool old = now_us - it->second.since_us > kMisroutedWindowMs * 1000;
        it = old ? misrouted_.erase(it) : std::next(it);
    }
    return all;
}

}  // namespace hangu::storage

#include "platform/storage/internal/shard_hosts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace hangu::storage {

namespace {

using Values = std::map<std::string, std::string>;

void add(Values& values, MariaConnection& connection, const std::string& what) {
    for (auto& row : connection.query_rows(what)) {
        values[row["Variable_name"]] = row["Value"];
    }
}

std::int64_t number_of(const std::string& text) {
    return std::strtoll(text.c_str(), nullptr, 10);  // none: 0
}

}  // namespace

std::vector<ShardHost> hosts_of(const ShardOptions& shard) {
    if (!shard.hosts.empty()) {
        return shard.hosts;
    }
    return {{shard.socket, shard.host, shard.port}};
}

MariaConnection::Options with_host(MariaConnection::Options options, const ShardHost& host) {
    options.socket = host.socket;
    options.host = host.host;
    options.port = host.port;
    return options;
}

// Both questions are answered by a node outside of the primary component, too.
ShardHostState look_at(MariaConnection& connection, const ShardHost& host) {
    Values values;
    add(values, connection,
        "show global variables where variable_name in ('version', 'read_only', 'wsrep_on')");
    add(values, connection,
        "show global status where variable_name in ('wsrep_ready', 'wsrep_local_state',"
        " 'wsrep_local_state_comment', 'wsrep_cluster_status', 'wsrep_cluster_size',"
        " 'wsrep_local_recv_queue')");
    connection.roll_back();
    ShardHostState state;
    state.name = host.text();
    state.reached = true;
    state.detail = values["version"];
    state.fit = values["read_only"] == "OFF";
    if (!state.fit) {
        state.detail += ", read only";
    }
    if (values["wsrep_on"] == "ON") {
        constexpr std::string_view kDonor = "2";
        constexpr std::string_view kSynced = "4";
        const std::string& local = values["wsrep_local_state"];
        state.fit = state.fit && values["wsrep_ready"] == "ON" &&
                    values["wsrep_cluster_status"] == "Primary" &&
                    (local == kSynced || local == kDonor);
        state.busy = local != kSynced;
        state.lag_count = number_of(values["wsrep_local_recv_queue"]);
        state.detail += fmt::format(", {}, {} of {}", values["wsrep_local_state_comment"],
                                    values["wsrep_cluster_status"], values["wsrep_cluster_size"]);
    }
    return state;
}

ShardHosts::ShardHosts(const ShardOptions& shard, const Clock& clock, observe::Log& log)
    : clock_(clock), log_(log), shard_(shard.name), asks_(connection_of(shard, shard.rw)) {
    for (const ShardHost& host : hosts_of(shard)) {
        Host one;
        one.where = host;
        one.state.name = host.text();
        hosts_.push_back(std::move(one));
    }
    asks_.connect_seconds_max = kSilenceSecondsMax;
    asks_.answer_seconds_max = kSilenceSecondsMax;
    asks_.silence_seconds_max = kSilenceSecondsMax;
}

void ShardHosts::watch() {
    if (!several() || thread_.joinable()) {
        return;
    }
    thread_ = std::thread([this] {
        std::unique_lock lock(mutex_);
        while (!stopping_) {
            lock.unlock();
            look();
            lock.lock();
            wake_.wait_for(lock, std::chrono::milliseconds(kLookMs), [this] { return stopping_; });
        }
    });
}

void ShardHosts::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
}

std::unique_ptr<MariaConnection> ShardHosts::open(MariaConnection::Options options) {
    if (!several()) {
        return std::make_unique<MariaConnection>(with_host(std::move(options), hosts_[0].where));
    }
    std::string why;
    for (std::size_t attempt = 0; attempt < hosts_.size(); ++attempt) {
        const Choice choice = choose();
        const ShardHost& host = hosts_[choice.at].where;
        try {
            auto made = std::make_unique<MariaConnection>(at_node(options, host));
            const ShardHostState state = look_at(*made, host);
            if (!state.fit) {
                throw ConnectionLost(state.detail);
            }
            made->turn = choice.turn;
            return made;
        } catch (const StorageFault& fault) {
            why = fmt::format("{}: {}", host.text(), fault.what());
            leave(choice, fault.what());
        }
    }
    throw ConnectionLost(why);
}

MariaConnection::Options ShardHosts::at_chosen(MariaConnection::Options options) {
    if (!several()) {
        return with_host(std::move(options), hosts_[0].where);
    }
    options.causal = true;
    return at_node(std::move(options), hosts_[choose().at].where);
}

std::vector<MariaConnection::Options> ShardHosts::at_fit(MariaConnection::Options options) const {
    if (!several()) {
        return {with_host(std::move(options), hosts_[0].where)};
    }
    options.causal = true;
    std::vector<MariaConnection::Options> all;
    const std::lock_guard lock(mutex_);
    for (const Host& host : hosts_) {
        if (host.state.fit) {
            all.push_back(at_node(options, host.where));
        }
    }
    return all;
}

MariaConnection::Options ShardHosts::at_node(MariaConnection::Options options,
                                             const ShardHost& host) const {
    options.connect_seconds_max = kSilenceSecondsMax;
    options.cluster = true;
    options.lines = lines_;
    return with_host(std::move(options), host);
}

ShardHosts::Choice ShardHosts::choose() {
    const std::lock_guard lock(mutex_);
    if (!chosen_) {
        const std::optional<std::size_t> best = best_host();
        if (!best) {
            throw ConnectionLost("none of the shard's servers can be worked with");
        }
        take(*best);
    }
    return {*chosen_, turn_};
}

// The first that was seen to be fit, or that nothing is known of; else one that is busy.
std::optional<std::size_t> ShardHosts::best_host() const {
    const std::int64_t now_us = clock_.monotonic_us();
    std::optional<std::size_t> busy;
    for (std::size_t at = 0; at < hosts_.size(); ++at) {
        const Host& host = hosts_[at];
        if (host.failed_us != 0 && now_us - host.failed_us < kRestUs) {
            continue;
        }
        if ((host.state.fit && !host.state.busy) || !host.known) {
            return at;
        }
        if (host.state.fit && !busy) {
            busy = at;
        }
    }
    return busy;
}

void ShardHosts::take(std::size_t at) {
    chosen_ = at;
    ++turn_;
    ++taken_;
    log_.info("shard.host", {{"shard", shard_}, {"host", hosts_[at].where.text()}});
}

// Once for each choice, whoever finds it first.
void ShardHosts::leave(const Choice& choice, const std::string& why) {
    ShardHost lost;
    {
        const std::lock_guard lock(mutex_);
        if (!chosen_ || choice.turn != turn_) {
            return;
        }
        Host& host = hosts_[*chosen_];
        host.failed_us = clock_.monotonic_us();
        host.state.fit = false;
        host.known = true;
        host.state.detail = why;
        chosen_.reset();
        ++turn_;  // what is connected to it is no longer current
        lost = host.where;
        log_.error("shard.host_lost",
                   {{"shard", shard_}, {"host", host.where.text()}, {"what", why}});
    }
    lines_->cut(lost);
}

std::optional<std::size_t> ShardHosts::chosen() const {
    const std::lock_guard lock(mutex_);
    return chosen_;
}

void ShardHosts::look() {
    // The one that is worked with first: a dead one costs the patience for it.
    const std::size_t first = chosen().value_or(0);
    for (std::size_t i = 0; i < hosts_.size(); ++i) {
        const std::size_t at = (first + i) % hosts_.size();
        judge(at, ask(hosts_[at]));
    }
    for (const MariaLines::Lost& one : lines_->cut_unanswered(kSilenceSecondsMax)) {
        ++answers_lost_;
        log_.warning("shard.answer_lost", {{"shard", shard_},
                                           {"host", one.host},
                                           {"user", one.user},
                                           {"connection", static_cast<std::int64_t>(one.id)}});
    }
    go_back();
}

ShardHostState ShardHosts::ask(Host& host) {
    try {
        if (!host.asking || host.asking->broken()) {
            host.asking.reset();
            host.asking = std::make_unique<MariaConnection>(with_host(asks_, host.where));
        }
        const std::int64_t began_us = clock_.monotonic_us();
        ShardHostState state = look_at(*host.asking, host.where);
        state.answer_us = clock_.monotonic_us() - began_us;
        return state;
    } catch (const StorageFault& fault) {
        host.asking.reset();
        ShardHostState state;
        state.name = host.where.text();
        state.detail = fault.what();
        return state;
    }
}

void ShardHosts::judge(std::size_t at, ShardHostState state) {
    std::optional<Choice> lost;
    {
        const std::lock_guard lock(mutex_);
        Host& host = hosts_[at];
        if (state.fit && (!host.state.fit || host.fit_us == 0)) {
            host.fit_us = clock_.monotonic_us();
        }
        host.state = std::move(state);
        host.known = true;
        const std::optional<std::size_t> other = best_host();
        if (chosen_ == at &&
            (!host.state.fit || (host.state.busy && other && !hosts_[*other].state.busy))) {
            lost = Choice{at, turn_};
        }
    }
    if (lost) {
        leave(*lost, states()[at].detail);
    }
}

// What is under way where it is now is left to finish: the connections are made anew when they are
// used next.
void ShardHosts::go_back() {
    const std::lock_guard lock(mutex_);
    if (!chosen_) {
        return;
    }
    for (std::size_t at = 0; at < *chosen_; ++at) {
        if (hosts_[at].state.fit && clock_.monotonic_us() - hosts_[at].fit_us >= kReturnUs) {
            take(at);
            return;
        }
    }
}

std::vector<ShardHostState> ShardHosts::states() const {
    const std::lock_guard lock(mutex_);
    std::vector<ShardHostState> all;
    for (std::size_t at = 0; at < hosts_.size(); ++at) {
        all.push_back(hosts_[at].state);
        all.back().chosen = chosen_ == at;
    }
    return all;
}

}  // namespace hangu::storage

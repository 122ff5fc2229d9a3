// A shard of three nodes that are killed, stopped and cut off while clients work: nothing that was
// acknowledged is lost, nothing is done twice, and afterwards all nodes have the same.
//   HANGU_GALERA_SEED=N     repeats the choices of a run
//   HANGU_GALERA_ROUNDS=N   so many rounds of all faults (1)
//   HANGU_GALERA_FAULTS=…   of those only: kill, stop, cut, all; none
//   HANGU_GALERA_MOVES=N    so many moves there and back before them (6)
#include "platform/runtime/runtime.hpp"
#include "platform/storage/shard_init.hpp"
#include "tests/galera/load.hpp"
#include "tests/galera/node.hpp"
#include "tests/support/galera_cluster.hpp"
#include "tests/support/key_store.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>

namespace hangu::galera {
namespace {

using testing::GaleraCluster;
using testing::NodeNetwork;

constexpr int kClientsOfTenant = 2;
constexpr int kProgressWaitMs = 90'000;
constexpr std::int64_t kProgress = 20;  // acts that are done say that the shard works

std::uint64_t number_from(const char* name, std::uint64_t fallback) {
    const char* given = std::getenv(name);
    return given == nullptr ? fallback : std::strtoull(given, nullptr, 10);
}

void say(const std::string& line) {
    std::cout << "[ galera   ] " << line << std::endl;
}

// What the step before every start of a node refuses.
class GaleraStartTest : public ::testing::Test {
 protected:
    GaleraStartTest()
        : folder_(fmt::format("{}/hangu-galera-start-{}",
                              std::filesystem::temp_directory_path().string(), ::getpid())) {
        std::filesystem::create_directories(folder_);
    }
    ~GaleraStartTest() override { std::filesystem::remove_all(folder_); }
    static std::string choose(std::vector<std::string> words) {
        words.insert(words.begin(), {HANGU_SCRIPTS "/galera_start", "choose"});
        try {
            return testing::output_of(words);
        } catch (const std::runtime_error&) {
            return "refused";
        }
    }
    int position() const {
        return testing::run_program(
            {HANGU_SCRIPTS "/galera_start", "position", "--no-defaults", "--datadir=" + folder_});
    }
    int run(const std::string& how) const {
        return testing::run_program(
            {HANGU_SCRIPTS "/galera_start", "run", how, "--no-defaults", "--datadir=" + folder_});
    }
    void state(const std::string& uuid) const {
        std::ofstream(folder_ + "/grastate.dat")
            << "version: 2.1\nuuid:    " << uuid << "\nseqno:   -1\nsafe_to_bootstrap: 0\n";
    }

    static constexpr int kRefused = 4;
    std::string folder_;
};

TEST_F(GaleraStartTest, the_node_that_came_furthest_begins) {
    const std::string one = "11001fde-ec5e-11f1-83db-57e7e55d0664:";
    const std::string other = "22001fde-ec5e-11f1-83db-57e7e55d0664:";
    const std::string none = "00000000-0000-0000-0000-000000000000:";
    EXPECT_EQ(choose({"1=" + one + "7", "2=" + one + "12", "3=" + one + "9"}), "2\n");
    EXPECT_EQ(choose({"a=" + one + "7", "b=" + one + "7"}), "a\n");
    EXPECT_EQ(choose({"1=" + one + "7", "2=" + other + "9"}), "refused");
    EXPECT_EQ(choose({"1=" + one + "7", "2=" + none + "9"}), "refused");
    EXPECT_EQ(choose({"1=" + one + "-1"}), "refused");
    EXPECT_EQ(choose({"1="}), "refused");
}

TEST_F(GaleraStartTest, a_node_without_a_position_is_not_started) {
    EXPECT_EQ(position(), kRefused);  // it was never part of a cluster
    state("00000000-0000-0000-0000-000000000000");
    EXPECT_EQ(position(), kRefused);
    EXPECT_EQ(run("--first"), kRefused);
    EXPECT_EQ(run("--new"), kRefused);  // nor does it begin another cluster
    state("11001fde-ec5e-11f1-83db-57e7e55d0664");
    std::ofstream(folder_ + "/sst_in_progress") << "";
    EXPECT_EQ(position(), kRefused);  // half a copy
}

class GaleraTest : public ::testing::Test {
 protected:
    GaleraTest()
        : seed_(
              number_from("HANGU_GALERA_SEED", static_cast<std::uint64_t>(clock_.now().unix_ms()))),
          random_(seed_),
          folder_(fmt::format("{}/hangu-galera-{}", std::filesystem::temp_directory_path().string(),
                              ::getpid())),
          network_(NodeNetwork::make()),
          cluster_(HANGU_SCRIPTS, folder_, network_.get()),
          log_({observe::Level::info, folder_ + "/log"}, clock_) {
        say(fmt::format("seed {}; {}", seed_,
                        network_ ? "each node in a network namespace of its own"
                                 : "NO NETWORK NAMESPACES HERE: no node is cut off"));
    }
    ~GaleraTest() override {
        clients_.clear();
        engines_.clear();
        for (int n = 1; n <= GaleraCluster::kNodes; ++n) {
            cluster_.kill(n);
        }
        if (HasFailure()) {
            say("kept for looking at: " + folder_);
        } else {
            std::filesystem::remove_all(folder_);
        }
    }

    storage::ShardOptions shard() const {
        storage::ShardOptions made;
        made.name = "one";
        made.database = "shard";
        made.rw.user = made.ro.user = made.migrate.user = "root";
        made.lanes = 2;
        for (int n = 1; n <= GaleraCluster::kNodes; ++n) {
            made.hosts.push_back({cluster_.socket(n), "", 0});
        }
        return made;
    }
    // Another data folder is another process.
    void open_engine(const std::string& name) {
        storage::Engine::Options options;
        options.folder = folder_ + "/" + name;
        options.lanes = 1;
        options.report_readers = 1;
        options.shards.push_back(shard());
        options.new_tenants_on = "one";
        auto made = std::make_unique<storage::Engine>(options, parts(), log_, clock_);
        const Result<void> started = made->start();
        ASSERT_TRUE(started.ok()) << started.problem().code << " " << started.problem().note;
        made->set_key_ring(ring_);
        engines_.push_back(std::move(made));
    }
    // Two tenants of each process, and one that both of them serve.
    void open() {
        ASSERT_TRUE(storage::init_shard(shard(), shard().rw, shard().rw, "localhost").ok());
        open_engine("a");
        open_engine("b");
        for (std::int64_t i = 0; i < kTenants; ++i) {
            const TenantId tenant(1001 + i);
            ring_.create(tenant);
            const bool shared = i == kTenants - 1;
            storage::Engine& home = *engines_.at(static_cast<std::size_t>(i % 2));
            ASSERT_TRUE(home.create_tenant(tenant).ok());
            fill(home, tenant);
            serve(home, tenant, !shared);
            if (shared) {
                storage::Engine& other = *engines_.at(static_cast<std::size_t>((i + 1) % 2));
                ASSERT_EQ(other.create_tenant(tenant).problem().code, "tenant.exists");
                serve(other, tenant, false);
            }
        }
    }
    void serve(storage::Engine& engine, TenantId tenant, bool alone) {
        auto served = std::make_unique<Served>();
        served->engine = &engine;
        served->tenant = tenant;
        served->alone = alone;
        for (int i = 0; i < (alone ? kClientsOfTenant : 1); ++i) {
            clients_.push_back(std::make_unique<Client>(
                *served, figures_, static_cast<std::int64_t>(clients_.size()) + 1, seed_));
        }
        served_.push_back(std::move(served));
    }
    // The node that the first process works with.
    int writer() {
        for (int waited = 0; waited < kProgressWaitMs; waited += 50) {
            const std::vector<storage::ShardHostState> hosts =
                engines_.front()->shard_states().front().hosts;
            for (std::size_t i = 0; i < hosts.size(); ++i) {
                if (hosts[i].chosen) {
                    return static_cast<int>(i) + 1;
                }
            }
            ::poll(nullptr, 0, 50);
        }
        throw std::runtime_error("no node is worked with");
    }
    int other_than(int node) {
        const int step = 1 + static_cast<int>(random_.bytes(1)[0] & 1);
        return (node - 1 + step) % GaleraCluster::kNodes + 1;
    }
    // Waits until clients get on, in spite of what was just done to a node.
    void expect_progress(const std::string& after) {
        const std::int64_t before = figures_.done;
        const std::int64_t began_us = clock_.monotonic_us();
        for (int waited = 0; waited < kProgressWaitMs; waited += 20) {
            if (figures_.done >= before + kProgress) {
                say(fmt::format("{}: clients get on after {:.1f} s; {}", after,
                                static_cast<double>(clock_.monotonic_us() - began_us) / 1e6,
                                met()));
                return;
            }
            ::poll(nullptr, 0, 20);
        }
        ADD_FAILURE() << "nothing is acknowledged any more after: " << after << "; " << met()
                      << "\n"
                      << figures_.all_failures() << how_they_are();
    }
    // How the processes see the nodes, how the nodes see themselves and the last that each wrote.
    std::string how_they_are() const {
        std::string text;
        for (const std::unique_ptr<storage::Engine>& engine : engines_) {
            for (const storage::ShardHostState& one : engine->shard_states().front().hosts) {
                text += fmt::format("\nprocess sees {}: fit {}, busy {}, chosen {}: {}", one.name,
                                    one.fit, one.busy, one.chosen, one.detail);
            }
        }
        for (int n = 1; n <= GaleraCluster::kNodes; ++n) {
            text += fmt::format("\nnode {}: {}\n{}", n, cluster_.look(n).detail,
                                cluster_.log_end(n, kLogLinesMax));
        }
        return text;
    }
    static void for_a_while(int ms) { ::poll(nullptr, 0, ms); }
    std::string met() const {
        return fmt::format(
            "{} acknowledged, {} refused, {} unknown ({} of them stood), {} failed, {} reads, the "
            "longest {:.1f} s",
            figures_.done.load(), figures_.refused.load(), figures_.unknown.load(),
            figures_.stood.load(), figures_.failed.load(), figures_.reads.load(),
            static_cast<double>(figures_.longest_us) / 1e6);
    }

    // Its rows, and the triggers that listen to them, on all nodes. A schema change on a node ends
    // what others do there: often enough for one to be ended while it reads the triggers.
    void move_there_and_back() {
        const std::int64_t began_us = clock_.monotonic_us();
        const TenantId tenant(2001);
        ring_.create(tenant);
        storage::Engine& engine = *engines_.front();
        ASSERT_TRUE(engine.create_tenant(tenant, storage::kFiles).ok());
        fill(engine, tenant);
        const std::uint64_t moves = number_from("HANGU_GALERA_MOVES", kMoves);
        for (std::uint64_t i = 0; i < 2 * moves; ++i) {
            const std::string_view place = i % 2 == 0 ? "one" : storage::kFiles;
            const Result<storage::MoveReport> moved = engine.move_tenant(tenant, place, {});
            ASSERT_TRUE(moved.ok()) << moved.problem().code << " " << moved.problem().detail;
            EXPECT_EQ(engine.place_of(tenant), place);
        }
        say(fmt::format("{} moves there and back in {:.1f} s; {}", moves,
                        static_cast<double>(clock_.monotonic_us() - began_us) / 1e6, met()));
        EXPECT_EQ(figures_.failed, 0) << figures_.all_failures();
    }
    void expect_fit(int nodes) const {
        const std::string answer = storage::check_shard(shard()).value();
        EXPECT_TRUE(answer.ends_with(fmt::format("{} of 3 servers", nodes))) << answer;
    }
    void kill_writer() {
        const int node = writer();
        cluster_.kill(node);
        expect_progress(fmt::format("killed the writer {}", node));
        expect_fit(2);
        cluster_.start(node);
        cluster_.wait_until_synced();
        expect_progress("it is back");
    }
    void pause(int node, const std::string& what) {
        cluster_.pause(node);
        for_a_while(kAwayMs);
        expect_progress(what);
        cluster_.go_on(node);
        cluster_.wait_until_synced();
        expect_progress("it goes on");
    }
    void cut_off_writer() {
        if (!network_) {
            say("SKIPPED: a node that is cut off");
            return;
        }
        const int node = writer();
        ASSERT_TRUE(network_->pull(node));
        for_a_while(kAwayMs);
        expect_progress(fmt::format("cut the writer {} off", node));
        ASSERT_TRUE(network_->plug(node));
        cluster_.wait_until_synced();
        expect_progress("it is connected again");
    }
    void kill_all() {
        for (int n = 1; n <= GaleraCluster::kNodes; ++n) {
            cluster_.kill(n);
        }
        cluster_.start_all();
        expect_progress("killed all three and recovered them");
    }
    void one_round() {
        for_a_while(2000);
        if (wanted("kill")) {
            kill_writer();
        }
        if (wanted("stop")) {
            pause(other_than(writer()), "stopped another node");
            pause(writer(), "stopped the writer");
        }
        if (wanted("cut")) {
            cut_off_writer();
        }
        if (wanted("all")) {
            kill_all();
        }
    }
    static bool wanted(std::string_view fault) {
        const char* given = std::getenv("HANGU_GALERA_FAULTS");
        return given == nullptr || std::string_view(given).find(fault) != std::string_view::npos;
    }

    // What went into the log above the level of information, each with how often.
    std::string logged() const {
        std::map<std::string, int> events;
        std::ifstream log(folder_ + "/log");
        for (std::string line; std::getline(log, line);) {
            constexpr std::string_view kEvent = "\"event\":\"";
            const std::size_t at = line.find(kEvent) + kEvent.size();
            if (line.find("\"level\":\"info\"") == std::string::npos) {
                ++events[line.substr(at, line.find('"', at) - at)];
            }
        }
        std::string text;
        for (const auto& [event, count] : events) {
            text += fmt::format(" {} {}", count, event);
        }
        return text;
    }

    void check();

    static constexpr std::int64_t kTenants = 5;
    static constexpr std::uint64_t kMoves = 6;
    static constexpr int kLogLinesMax = 60;
    // Longer than the others wait before they go on without it (evs.suspect_timeout, 5 s).
    static constexpr int kAwayMs = 8000;

    runtime::SystemClock clock_;
    std::uint64_t seed_;
    SeededRandomness random_;
    std::string folder_;
    std::unique_ptr<NodeNetwork> network_;
    GaleraCluster cluster_;
    observe::Log log_;
    testing::MemoryKeyStore store_;
    crypto::KeyRing ring_{Secret(std::string(32, 'r')), store_, random_};
    Figures figures_;
    std::vector<std::unique_ptr<storage::Engine>> engines_;
    std::vector<std::unique_ptr<Served>> served_;
    std::vector<std::unique_ptr<Client>> clients_;
};

void GaleraTest::check() {
    cluster_.wait_until_synced();
    Node node(cluster_.socket(1));
    const std::string sums = node.checksums();
    say(fmt::format("{} tables are compared", std::count(sums.begin(), sums.end(), '\n')));
    for (int n = 2; n <= GaleraCluster::kNodes; ++n) {
        EXPECT_EQ(Node(cluster_.socket(n)).checksums(), sums) << "node " << n << " differs";
    }
    for (std::int64_t i = 0; i < kTenants; ++i) {
        const TenantId tenant(1001 + i);
        std::vector<History> histories;
        for (const std::unique_ptr<Client>& client : clients_) {
            if (client->served().tenant == tenant) {
                histories.push_back(client->history());
            }
        }
        EXPECT_EQ(faults(histories, node.found(tenant.value())), std::vector<std::string>())
            << "tenant " << tenant.value();
    }
    EXPECT_EQ(figures_.stale, 0);
}

TEST_F(GaleraTest, what_was_acknowledged_survives_every_fault_and_is_done_once) {
    open();
    if (HasFatalFailure()) {
        return;
    }
    expect_fit(3);
    move_there_and_back();
    const std::uint64_t rounds = number_from("HANGU_GALERA_ROUNDS", 1);
    for (std::uint64_t round = 1; round <= rounds && !HasFailure(); ++round) {
        one_round();
    }
    for (const std::unique_ptr<Client>& client : clients_) {
        client->stop();
    }
    std::uint64_t repeats = 0;
    std::uint64_t changes = 0;
    for (const std::unique_ptr<storage::Engine>& engine : engines_) {
        repeats += engine->shard_states().front().repeats;
        changes += engine->shard_states().front().changes;
    }
    say(fmt::format(
        "{}; {} transactions retried, {} changes of the node; {} stale reads; logged:{}", met(),
        repeats, changes, figures_.stale.load(), logged()));
    check();
}

}  // namespace
}  // namespace hangu::galera

// A Galera cluster of three nodes of the test's own (scripts/galera), whose nodes can be killed,
// stopped and cut off. A node is never started without the position of its data: the script
// refuses. Nodes end with the thread that started them: start them from the test's main thread.
#pragma once

#include "platform/storage/shard_init.hpp"
#include "tests/support/node_network.hpp"
#include "tests/support/program.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include <array>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace hangu::testing {

class GaleraCluster {
 public:
    static constexpr int kNodes = 3;
    static constexpr int kWaitMsMax = 120'000;
    static constexpr int kLookMs = 100;

    // `scripts` is the folder with galera and galera_start; `network`: where the nodes meet, or
    // none: on loopback.
    GaleraCluster(std::string scripts, std::string folder, const NodeNetwork* network)
        : scripts_(std::move(scripts)), folder_(std::move(folder)) {
        std::vector<std::string> words{scripts_ + "/galera", folder_, "--make"};
        for (int n = 1; n <= kNodes && network != nullptr; ++n) {
            words.push_back(NodeNetwork::address(n));
            words.push_back(network->name(n));
        }
        output_of(words);
        start_all();
    }
    ~GaleraCluster() {
        for (int n = 1; n <= kNodes; ++n) {
            kill(n);
        }
    }
    GaleraCluster(const GaleraCluster&) = delete;
    GaleraCluster& operator=(const GaleraCluster&) = delete;

    std::string socket(int n) const { return fmt::format("{}/{}/socket", folder_, n); }

    // kill -9.
    void kill(int n) {
        pid_t& pid = pids_.at(index(n));
        if (pid > 0) {
            ::kill(pid, SIGKILL);
            int status = 0;
            ::waitpid(pid, &status, 0);
            pid = 0;
        }
    }
    void pause(int n) const {
        const pid_t pid = pids_.at(index(n));
        ::kill(pid, SIGSTOP);
        int status = 0;
        ::waitpid(pid, &status, WUNTRACED);  // now it has
    }
    void go_on(int n) const { ::kill(pids_.at(index(n)), SIGCONT); }

    // It joins the others, which are running.
    void start(int n) { spawn(n, false); }

    // None is running: the one that came furthest begins, the others join it.
    void start_all() {
        std::vector<std::string> choose{scripts_ + "/galera_start", "choose"};
        for (int n = 1; n <= kNodes; ++n) {
            choose.push_back(fmt::format("{}={}", n, position(n)));
        }
        const int first = std::stoi(output_of(choose));
        spawn(first, true);
        wait(first, "begins", [](const storage::ShardHostState& state) { return state.fit; });
        for (int n = 1; n <= kNodes; ++n) {
            if (n != first) {
                spawn(n, false);
            }
        }
        wait_until_synced();
    }
    std::string position(int n) const {
        std::string text =
            output_of({scripts_ + "/galera", folder_, "--position", std::to_string(n)});
        return text.substr(0, text.find('\n'));
    }
    // All at the same time, and twice: one that was stopped says what was before until it has heard
    // of it, while the others do not count it any more; then they do while it is still copying.
    // Whoever loses the node it copies from ends itself.
    void wait_until_synced() const {
        const auto whole = fmt::format("Primary of {}", kNodes);
        const auto synced = [&whole](const storage::ShardHostState& state) {
            return state.fit && !state.busy && state.detail.ends_with(whole);
        };
        for (int rounds = 0; rounds < 2; ::poll(nullptr, 0, kLookMs)) {
            bool at_once = true;
            for (int n = 1; n <= kNodes; ++n) {
                at_once = wait(n, "is synced", synced) && at_once;
            }
            rounds = at_once ? rounds + 1 : 0;
        }
    }

    // How it says it is; a node that does not answer is not reached.
    storage::ShardHostState look(int n) const {
        storage::ShardOptions one;
        one.socket = socket(n);
        one.rw.user = "root";
        return storage::check_hosts(one).front();
    }

    // The last lines of its error log.
    std::string log_end(int n, int lines) const {
        const std::string file = fmt::format("{}/{}/error.log", folder_, n);
        return output_of({"tail", "-n", std::to_string(lines), file});
    }

 private:
    static std::size_t index(int n) { return static_cast<std::size_t>(n) - 1; }

    void spawn(int n, bool first) {
        std::vector<std::string> words{scripts_ + "/galera", folder_, "--node", std::to_string(n)};
        if (first) {
            words.emplace_back("--first");
        }
        pids_.at(index(n)) = start_program(words);
    }
    // True: it was so at the first look.
    bool wait(int n, std::string_view what,
              const std::function<bool(const storage::ShardHostState&)>& fact) const {
        std::string last;
        for (int waited = 0; waited < kWaitMsMax; waited += kLookMs) {
            const storage::ShardHostState state = look(n);
            if (fact(state)) {
                return waited == 0;
            }
            last = state.detail;
            int status = 0;
            if (::waitpid(pids_.at(index(n)), &status, WNOHANG | WNOWAIT) > 0) {
                throw std::runtime_error(
                    fmt::format("node {} has ended; see {}/{}/error.log", n, folder_, n));
            }
            ::poll(nullptr, 0, kLookMs);
        }
        throw std::runtime_error(fmt::format("node {} never {}: {}", n, what, last));
    }

    std::string scripts_;
    std::string folder_;
    std::array<pid_t, kNodes> pids_{};
};

}  // namespace hangu::testing

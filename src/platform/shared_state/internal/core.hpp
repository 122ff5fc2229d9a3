// What the server's sides of the ports share: the link, the names of keys, and what is counted.
#pragma once

#include "platform/shared_state/internal/link.hpp"
#include "platform/shared_state/shared_state.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::shared_state {

struct Script {
    explicit Script(std::string_view lua);
    std::string_view text;
    std::string digest;  // as EVALSHA takes it
};

// Commands that make the server know all scripts of this module.
std::vector<std::string> load_scripts();

// Answered, and not by an error: such an answer says what the server did.
inline bool is_good(const Answer& answer) {
    return answer.loss == Loss::none && !is_error(*answer.reply);
}

struct Meters {
    observe::Counter& commands;
    observe::Counter& failures;
    observe::Counter& degraded_uses;
};

class Core {
 public:
    Core(Link& link, std::string prefix, Secret name_key, Meters meters)
        : link_(link),
          prefix_(std::move(prefix)),
          name_key_(std::move(name_key)),
          meters_(meters) {}

    bool connected() const { return link_.connected(); }
    // prefix, kind, and a keyed hash: from the server's memory nobody learns addresses or accounts,
    // and whatever is in a name, a key is short.
    std::string key(std::string_view kind, std::string_view name) const;

    void send(Command command, OnAnswer on_answer);
    void eval(const Script& script, const std::vector<std::string>& keys,
              const std::vector<std::string>& arguments, OnAnswer on_answer);

    void set_live_nodes(std::function<std::int64_t()> live_nodes) {
        live_nodes_ = std::move(live_nodes);
    }
    std::int64_t live_nodes() const {
        const std::int64_t count = live_nodes_ ? live_nodes_() : 1;
        return count < 1 ? 1 : count;
    }
    void set_on_refused(std::function<void(const std::string& detail)> on_refused) {
        on_refused_ = std::move(on_refused);
    }
    // Decided here alone, or refused, because of the server.
    void degraded() {
        degraded_uses_.fetch_add(1, std::memory_order_relaxed);
        meters_.degraded_uses.add();
    }

    std::uint64_t commands() const { return commands_; }
    std::uint64_t failures() const { return failures_; }
    std::uint64_t degraded_uses() const { return degraded_uses_; }

 private:
    OnAnswer counted(OnAnswer on_answer);

    Link& link_;
    const std::string prefix_;
    const Secret name_key_;
    const Meters meters_;
    std::function<std::int64_t()> live_nodes_;
    std::function<void(const std::string&)> on_refused_;
    std::atomic<std::uint64_t> commands_{0};
    std::atomic<std::uint64_t> failures_{0};
    std::atomic<std::uint64_t> degraded_uses_{0};
};

}  // namespace hangu::shared_state

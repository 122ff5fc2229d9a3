// Moves of tenants that operators ask for: one at a time on a thread of its own, so that whoever
// asked may go and come back.
#pragma once

#include "app/house.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace hangu::app {

class TenantMoves {
 public:
    struct State {
        TenantId tenant;
        std::string target;
        bool running = false;
        storage::MoveStage stage = storage::MoveStage::copying;
        std::string table;
        std::int64_t rows_read = 0;
        std::int64_t rows_written = 0;
        std::optional<Result<storage::MoveReport>> ended;
    };

    explicit TenantMoves(House& house) : house_(house) {}
    ~TenantMoves() { stop(); }
    TenantMoves(const TenantMoves&) = delete;
    TenantMoves& operator=(const TenantMoves&) = delete;

    // Begins, or finds the same one running. "move.busy".
    Result<void> begin(TenantId tenant, const std::string& target);
    // What there is to say of it; waits up to `wait_ms` for its end.
    State look(std::int64_t wait_ms);
    void forget_end();  // it was told
    // The running one ends at the next row; what it copied stays.
    void cancel();
    void stop();  // cancels and waits

 private:
    void run(TenantId tenant, std::string target);
    void record(TenantId tenant, std::string_view action, std::vector<http::AuditField> fields);

    House& house_;
    std::mutex mutex_;
    std::condition_variable ended_;
    State state_;
    bool cancelled_ = false;
    std::thread thread_;
};

}  // namespace hangu::app

// Upgrades of the merchants' data that operators ask for: the sweep and the contract run one at a
// time on a thread of its own, so that whoever asked may go and come back; what another process
// left in the middle is gone on with.
#pragma once

#include "app/house.hpp"
#include "platform/storage/upgrade.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hangu::app {

class Upgrades {
 public:
    enum class Work { sweep, contract };
    struct State {
        Work work = Work::sweep;
        bool running = false;
        TenantId tenant;
        std::int64_t rows = 0;
        std::optional<Result<std::string>> ended;  // in words
    };

    explicit Upgrades(House& house);
    ~Upgrades() { stop(); }
    Upgrades(const Upgrades&) = delete;
    Upgrades& operator=(const Upgrades&) = delete;

    storage::Upgrade& storage() { return upgrade_; }
    // The versions of the programs that live, with this one: others of the cluster count, too.
    std::function<std::vector<std::string>()> live_versions;

    void begin(Work work);  // or finds one running
    // What there is to say of it; waits up to `wait_ms` for its end.
    State look(std::int64_t wait_ms);
    void forget_end();  // it was told
    // Goes on with a sweep whose process died.
    void look_after();
    void stop();  // at the next batch of rows; what was done stays

 private:
    void run(Work work);
    Result<std::string> sweep(const storage::UpgradeWatch& watch);
    void record(const storage::SweptTenant& swept);

    House& house_;
    storage::Upgrade upgrade_;
    std::mutex mutex_;
    std::condition_variable changed_;
    State state_;
    bool cancelled_ = false;
    std::thread thread_;
    runtime::Lane<std::function<void()>> lane_;
};

}  // namespace hangu::app

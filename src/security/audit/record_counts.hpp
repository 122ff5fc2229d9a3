// Compares what was served with what was recorded, route by route: a request of a known caller that
// left neither an act nor a visit is noticed within two rounds. The one side is counted where
// answers are given, the other is read back from the tenant's file.
#pragma once

#include "platform/http/request_watch.hpp"
#include "platform/observe/observe.hpp"
#include "platform/storage/engine.hpp"
#include "security/audit/audit.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hangu::audit {

// A route whose counts do not agree.
struct CountDifference {
    std::string route;
    std::int64_t served = 0;    // until the round before
    std::int64_t recorded = 0;  // until this one
    bool visits_only = false;   // more visits than requests, instead of fewer records
    friend bool operator==(const CountDifference&, const CountDifference&) = default;
};

class RecordCounts final : public http::RequestWatch {
 public:
    struct Options {
        std::size_t tenants_count_max = 100'000;  // served since the start; others are not compared
        std::int64_t records_per_part = 5'000;
        std::function<void(TenantId, const std::string& finding)>
            alarm;  // may be empty; no waiting
    };

    RecordCounts(storage::Engine& engine, Audit& records, const Clock& clock, observe::Log& log,
                 observe::Metrics& metrics, Options options);
    ~RecordCounts() override;

    void answered(const http::Answered& answered) override;
    // Compares every tenant that was served lately; never waits. For a job
    // that runs about every minute, and less often than visits are written.
    void compare();
    // Counts from here on: what was served and recorded before is another node's.
    void begin_anew(TenantId tenant, Time now);
    void compare_and_wait();  // for tests and the end of the process

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hangu::audit

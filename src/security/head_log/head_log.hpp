// One log over the heads of all tenants' audit logs: each head that was signed becomes, at most
// once per interval, a leaf of it. A tenant's file that is put back whole from an earlier day is
// sound by itself; here it is shorter than, or other than, what stands in this log. This log lies
// in the control database; whoever keeps one checkpoint of it elsewhere can tell when that was put
// back too.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/observe/observe.hpp"
#include "platform/storage/engine.hpp"
#include "security/audit/audit_log.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::head_log {

struct Entry {
    std::int64_t number = 0;  // in the log, from 0
    TenantId tenant;
    std::int64_t size = 0;
    std::string root;  // 32 bytes
    Time at;
};

// How a tenant's audit log stands to its last entry here.
enum class Standing {
    none,             // it never had an entry
    good,             // it holds what was signed then, and has only grown
    log_shorter,      // an older file was put back
    history_changed,  // and written on since, or rewritten
    missing           // the entries are of a tenant that is no more
};
HANGU_ENUM(Standing, none, good, log_shorter, history_changed, missing)

struct Checked {
    std::int64_t size = 0;  // leaves
    std::string root;       // hex
    std::string checkpoint;
    std::string verifier;
    // Numbers of entries that are not what was hashed; the first hundred.
    std::vector<std::int64_t> changed;
    bool tree_good = false;  // tiles, root and signature belong together
    // Of a checkpoint that somebody kept.
    std::optional<audit::CheckpointVerdict> since;

    bool good() const {
        const bool grown = !since || *since == audit::CheckpointVerdict::same ||
                           *since == audit::CheckpointVerdict::extended;
        return changed.empty() && tree_good && grown;
    }
};

class HeadLog {
 public:
    struct Options {
        std::int64_t interval_ms = 900'000;  // between two entries of a tenant
        std::function<void(TenantId, const std::string& finding)>
            alarm;  // may be empty; no waiting
    };

    // The ring's store tells whether the log has its keys already.
    HeadLog(storage::Engine& engine, crypto::KeyRing& ring, crypto::KeyStore& keys,
            audit::AuditLog& logs, const Clock& clock, observe::Log& log, observe::Metrics& metrics,
            Options options);
    ~HeadLog();

    // Enters heads that have grown and are due; a tenant's first one since the start is compared
    // with its last entry before. Never waits. For a job.
    void enter();
    // All of them, due or not. At shutdown, behind the sequencer and before the engine stops.
    void enter_and_wait();

    // Both block; not for a loop.
    Standing standing(TenantId tenant);
    // The whole log; `kept`: a checkpoint of it that somebody kept.
    Checked check(const std::optional<std::string>& kept);
    std::vector<TenantId> tenants();  // with entries

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hangu::head_log

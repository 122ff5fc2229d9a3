// The audit record: what was done (acts) and what was looked at or refused (visits). An act's
// record commits in the same transaction as the act. Every record carries a leaf hash over salted
// commitments of its fields, so that a change of any field is found, fields can be disclosed one by
// one, and a Merkle log can be built over the leaves later without touching the records.
#pragma once

#include "base/id.hpp"
#include "base/randomness.hpp"
#include "base/sealed.hpp"
#include "base/time.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/http/scope.hpp"
#include "platform/observe/observe.hpp"
#include "platform/storage/engine.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hangu::audit {

struct RecordTag;
using RecordId = Id<RecordTag>;

enum class RecordKind { act, visit };
HANGU_ENUM(RecordKind, act, visit)

// One record as it is stored.
struct Record {
    static constexpr std::string_view kTable = "audit_record";
    RecordId id;
    RecordKind kind = RecordKind::act;
    Time at;
    http::ActorKind actor_kind = http::ActorKind::nobody;
    std::int64_t actor_id = 0;
    Sealed<PersonName> actor_name;
    std::string action;
    std::string subject_kind;
    std::string subject_id;
    std::string subject_label;
    std::string org_path;
    std::string route;
    std::string address;
    std::string trace;
    std::int64_t status = 0;  // HTTP status of a visit; 0 for an act
    storage::Blob fields;     // changed fields and the salt seed, see internal/record_rules.hpp
    storage::Blob leaf_hash;
};
HANGU_STRUCT(Record, id, kind, at, actor_kind, actor_id, actor_name, action, subject_kind,
             subject_id, subject_label, org_path, route, address, trace, status, fields, leaf_hash)

// The leaf recomputed from the record's values; differs from leaf_hash when anything was changed.
// nullopt: the fields blob cannot be read.
std::optional<crypto::Digest> leaf_of(TenantId tenant, const Record& record);
bool verify_record(TenantId tenant, const Record& record);

// Reads every record of a tenant and recomputes its leaf. Blocks; for the command line.
struct VerifyCounts {
    std::int64_t records = 0;
    std::int64_t broken = 0;  // unreadable, or other than their leaf
};
VerifyCounts verify_all(storage::Engine& engine, TenantId tenant);

class Audit final : public http::AuditSink {
 public:
    struct Options {
        std::size_t visits_count_max = 50'000;          // of all tenants together
        std::size_t visits_per_tenant_count_max = 500;  // then they are written at once
        std::size_t flush_tenants_count_max = 512;      // tenants written per call of flush_visits
        std::size_t flush_at_once_count_min =
            64;  // a tenant with fewer waits until visit_wait_ms_max
        std::int64_t visit_wait_ms_max = 5'000;
    };

    Audit(storage::Engine& engine, IdSource& ids, Randomness& randomness, const Clock& clock,
          observe::Log& log, observe::Metrics& metrics, Options options);
    ~Audit() override;

    void record(storage::Tx& tx, const http::RequestFacts& request,
                const std::vector<http::AuditFact>& facts) override;
    void visit(TenantId tenant, const http::RequestFacts& request, Time at, int status,
               std::string_view subject_id) override;

    // Hands waiting visits to the tenants' lanes; never waits. For a job that runs about every
    // second.
    void flush_visits();
    // Tenants with new records since the last call; the records may not be committed yet, but what
    // is given to the tenant's lane from now on comes after them.
    std::vector<TenantId> take_written();
    // At shutdown, before the engine stops: writes everything that waits, and waits for it.
    void flush_visits_and_wait();
    // What this process knows of the tenant's records: another node may have written some.
    void forget(TenantId tenant);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hangu::audit

// The Merkle log over the records of a tenant (RFC 6962), with signed checkpoints: what proves that
// nothing was changed, removed or inserted. Records enter it in the order of their commits, at most
// a second after them; what is in it is proved to whoever holds a checkpoint.
#pragma once

#include "security/audit/audit.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::audit {

// The newest signed head.
struct LogHead {
    std::int64_t size = 0;
    std::string root;  // hex
    std::string key_id;
    Time at;
    std::string checkpoint;  // the signed note, to be kept elsewhere
};
HANGU_STRUCT(LogHead, size, root, key_id, at, checkpoint)

struct LogKeyView {
    std::string id;
    std::string verifier;  // "name+id+key": what a verifier is given
    Time created_at;
    std::optional<Time> retired_at;
};
HANGU_STRUCT(LogKeyView, id, verifier, created_at, retired_at)

struct LogStatus {
    std::string origin;
    std::optional<LogHead> head;
    std::int64_t waiting_count = 0;  // records not in the log yet, at most 10,000 are counted
    std::optional<Time> waiting_since;
    std::vector<LogKeyView> keys;
};
HANGU_STRUCT(LogStatus, origin, head, waiting_count, waiting_since, keys)

// What is wrong, and where.
enum class LogFaultKind {
    record_changed,       // its values are other than its leaf
    leaf_replaced,        // its leaf is other than the one in the log
    record_missing,       // in the log, not in the table
    record_added,         // in the table among logged records, not in the log
    order_changed,        // the log's list of records is not in order
    tile_damaged,         // hashes of the tree contradict each other
    root_differs,         // the tree is not the one that was signed
    checkpoint_missing,   // there is a log and no head
    checkpoint_unsigned,  // no signature of a key of this log
    key_damaged,          // a signing key does not open or is not the published one
    bundle_damaged,       // 256 archived records, from this number on, do not open or are gone
    erasure_undone,       // it shows again what an act of the log says was erased by law
};
HANGU_ENUM(LogFaultKind, record_changed, leaf_replaced, record_missing, record_added, order_changed,
           tile_damaged, root_differs, checkpoint_missing, checkpoint_unsigned, key_damaged,
           bundle_damaged, erasure_undone)

struct LogFault {
    LogFaultKind kind = LogFaultKind::record_changed;
    std::optional<std::int64_t> sequence;  // number in the log, from 0
    std::optional<std::string> record_id;
    std::optional<Time> near_at;  // when the record, or its neighbour, was made
};
HANGU_STRUCT(LogFault, kind, sequence, record_id, near_at)

// A part of the whole check: `next` is where the following part begins; without it this was the
// last one, and the root was compared with the signed head.
struct LogCheck {
    std::int64_t from = 0;  // sequence numbers
    std::int64_t to = 0;
    std::optional<std::int64_t> next;
    std::int64_t records = 0;
    std::int64_t erased_count = 0;  // of them with lawfully erased fields
    std::int64_t faults_count = 0;
    std::vector<LogFault> faults;  // the first hundred
    std::optional<LogHead> head;
};
HANGU_STRUCT(LogCheck, from, to, next, records, erased_count, faults_count, faults, head)

inline constexpr std::int64_t kFaultsShownMax = 100;

// How a checkpoint that somebody kept stands to the log.
enum class CheckpointVerdict {
    same,            // it is the newest one
    extended,        // the log has only grown since
    not_a_note,      // unreadable
    other_log,       // of another tenant or product
    not_signed,      // not by a key of this log
    log_shorter,     // the log has fewer records than were signed: an older file was put back
    history_changed  // what was signed then is not the beginning of the log now
};
HANGU_ENUM(CheckpointVerdict, same, extended, not_a_note, other_log, not_signed, log_shorter,
           history_changed)

struct CheckpointComparison {
    CheckpointVerdict verdict = CheckpointVerdict::not_a_note;
    bool good = false;
    std::int64_t size = 0;  // of the kept one
    std::optional<Time> at;
    std::int64_t size_now = 0;
    std::vector<std::string> proof;  // consistency proof, base64 hashes
};
HANGU_STRUCT(CheckpointComparison, verdict, good, size, at, size_now, proof)

// In a transaction of the tenant; they only read.
LogStatus log_status(storage::Tx& tx);
LogCheck check_log(storage::Tx& tx, std::int64_t from, std::int64_t records_max);
CheckpointComparison compare_checkpoint(storage::Tx& tx, std::string_view kept);
std::optional<LogHead> log_head(storage::Tx& tx);
// How the log stands to a head that it had: same, extended, log_shorter or history_changed. `root`:
// 32 bytes.
CheckpointVerdict compare_head(storage::Tx& tx, std::int64_t size, std::string_view root);

// Retires the signing key and makes the next one; the first checkpoint after it is signed by both.
// Answers the new key's id.
std::string rotate_log_key(storage::Tx& tx, Randomness& randomness);

// Erases values of one record as the law may ask: "actor_name", "address", "subject_label", or "~"
// and the name of a changed field; of a visit all at once. Keeps the proof, and is itself recorded.
// "audit.not_erasable", "audit_record.not_found", "audit.not_intact".
Result<void> erase_values(http::Scope& scope, RecordId id, const std::vector<std::string>& fields,
                          const std::string& reason);

// Puts records into the logs of the tenants.
class AuditLog {
 public:
    struct Options {
        std::int64_t batch_count_max = 1'000;      // records of one transaction
        std::int64_t watch_records_max = 2'560;    // read per call of watch()
        std::int64_t watch_round_ms_min = kDayMs;  // between the beginnings of two rounds
        std::function<void(TenantId, const std::string& finding)>
            alarm;  // may be empty; no waiting
    };

    AuditLog(storage::Engine& engine, Audit& records, Randomness& randomness, const Clock& clock,
             observe::Log& log, observe::Metrics& metrics, Options options);
    ~AuditLog();

    // Hands tenants with new records to their lanes; never waits. For a job that runs twice a
    // second, which makes a checkpoint at most a second old.
    void sequence();
    // Also look at this tenant: after a start nobody knows who has records from before.
    void look_at(TenantId tenant);
    // Tenants whose logs have grown, durably, since the last call.
    std::vector<TenantId> take_sequenced();
    // At shutdown, behind the visits and before the engine stops.
    void sequence_and_wait();
    // Everything of one tenant, now; for the command line.
    void sequence_now(TenantId tenant);
    // Reads records against logs, a little per call: all of every tenant once a day, and in between
    // a tile of any tenant by chance. What it finds is logged, counted and recorded in that
    // tenant's own log, once a round. Never waits. For a job of every two seconds.
    void watch(const std::vector<TenantId>& tenants);

 private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace hangu::audit

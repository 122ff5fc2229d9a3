// The redo log: one file of all tenants' commits, synced once for everyone that waits. A commit is
// written to the tenant's own write-ahead log without a sync; it is durable, and answered, when the
// same bytes are durable here. After a crash they are put back where they belong, in order.
//
// A record is what a tenant's write-ahead log got: tenant, offset, bytes. That is enough, because
//   * bytes are put back in the order in which they were written, so the file ends as it was;
//   * SQLite ends its own recovery at the last whole commit, so a torn tail is no commit;
//   * a checkpoint first waits until the log holds everything that it is going to copy, and syncs
//     the write-ahead log itself: a database file is never ahead of what can be put back;
//   * a segment is used again only when the write-ahead logs of all its tenants were synced.
#pragma once

#include "base/result.hpp"
#include "platform/observe/observe.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/storage/engine.hpp"
#include "platform/storage/internal/wal_tap.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace hangu::storage {

// A job that has run, and what to tell it.
struct Answer {
    std::unique_ptr<Job> job;
    Outcome outcome;
};

class RedoLog {
 public:
    struct Options {
        std::string folder;  // made if missing
        std::string tenants_folder;
        std::size_t segment_bytes = std::size_t{64} << 20U;
        std::size_t segments_max = 4;
        // Told when a tenant's write-ahead log was synced, so that its records may go.
        std::function<void(TenantId)> settled;
    };

    RedoLog(Options options, observe::Log& log);
    ~RedoLog();
    RedoLog(const RedoLog&) = delete;
    RedoLog& operator=(const RedoLog&) = delete;

    // Puts back what a crash left, then begins. Answers how many tenants' files were written to.
    // "redo.damaged" (a record in the middle is unreadable), "data.unusable".
    Result<std::size_t> start();

    // Transactions that run: a sync waits a little, so that they share it.
    void expect() { ++coming_; }
    void arrived(std::size_t count);
    // Answers are given when the writes, and everything appended before them, are durable; on the
    // log's thread. `waiting` (may be null) is counted up now and down then.
    void append(TenantId tenant, FileWrites writes, std::vector<Answer> answers,
                const std::shared_ptr<std::atomic<std::int64_t>>& waiting);
    // Blocks until everything appended before is durable.
    void wait();
    // The tenant's file is about to go: nothing of before is put back into another one in its
    // place. Blocks until that is durable.
    void forget(TenantId tenant);
    // Nothing will have to be put back afterwards.
    void stop_clean();

    struct Figures {
        std::uint64_t syncs = 0;
        std::uint64_t bytes = 0;
        std::int64_t settling = 0;  // segments that wait for their tenants
    };
    Figures figures() const { return {syncs_.load(), bytes_.load(), settling_.load()}; }

 private:
    struct Entry {
        TenantId tenant;
        FileWrites writes;
        std::vector<Answer> answers;
        std::shared_ptr<std::atomic<std::int64_t>> waiting;
        std::function<void()> barrier;
        bool forgets = false;
    };
    struct Segment;

    void drain(std::vector<Entry>& batch);
    void gather();
    void make_durable(const std::vector<Entry>& batch);
    void add_records(const Entry& entry);
    void add_record(TenantId tenant, std::int64_t offset, std::string_view bytes);
    void write_out();
    void sync();
    void next_segment();
    void settle(Segment& segment);
    void settle_everything(const std::vector<Entry>& batch);
    void sync_tenants(const std::set<TenantId>& tenants) const;
    void forget_records();
    bool make_segment(std::size_t slot);
    void grow(Segment& segment, std::size_t bytes_needed) const;

    Options options_;
    observe::Log& log_;
    std::vector<std::unique_ptr<Segment>> segments_;
    Segment* current_ = nullptr;
    std::uint64_t next_number_ = 1;    // of a segment
    std::uint64_t next_sequence_ = 1;  // of a record
    std::string buffer_;               // records on their way into the current segment
    std::mutex settle_mutex_;
    std::condition_variable settled_;
    std::atomic<std::int64_t> coming_{0};
    std::mutex coming_mutex_;
    std::condition_variable none_coming_;
    std::atomic<std::uint64_t> syncs_{0};
    std::atomic<std::uint64_t> bytes_{0};
    std::atomic<std::int64_t> settling_{0};
    std::unique_ptr<runtime::Lane<Segment*>> settler_;
    std::unique_ptr<runtime::Lane<Entry>> writer_;
};

}  // namespace hangu::storage

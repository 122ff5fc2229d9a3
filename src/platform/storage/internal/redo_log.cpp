#include "platform/storage/internal/redo_log.hpp"

#include "platform/storage/internal/redo_file.hpp"
#include "platform/storage/internal/tenant_lane.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <latch>
#include <map>

namespace hangu::storage {

namespace {

constexpr std::int64_t kForgotten = -1;                    // instead of an offset
constexpr std::size_t kGrowBytes = std::size_t{4} << 20U;  // written as zeros ahead of the records

// There is no room for more of the log. Nothing was written then.
class LogFull : public StorageFault {
 public:
    using StorageFault::StorageFault;
};

constexpr std::size_t kEntriesCountMax = std::size_t{1} << 20U;
constexpr std::size_t kBatchCountMax = 4096;
constexpr std::chrono::microseconds kGatherMax{1000};

}  // namespace

// One file. Free when nothing in it is needed any more; it is then written over from the start.
struct RedoLog::Segment {
    Segment(std::string path, int flags) : file(std::move(path), flags), size(file.size()) {}

    RawFile file;
    std::size_t size;  // that exists already, so that a sync touches no metadata
    std::size_t at = 0;
    std::uint64_t number = 0;
    std::set<TenantId> tenants;
    bool free = true;  // guarded by settle_mutex_
};

RedoLog::RedoLog(Options options, observe::Log& log) : options_(std::move(options)), log_(log) {}

RedoLog::~RedoLog() {
    if (writer_) {
        writer_->stop();
    }
    if (settler_) {
        settler_->stop();
    }
}

namespace {

// Everything that is readable, oldest first; records refer to `contents`.
Result<std::vector<RedoRecord>> all_records(const std::vector<std::string>& contents) {
    std::vector<std::vector<RedoRecord>> found;
    for (const std::string& content : contents) {
        std::vector<RedoRecord> records = read_redo_records(content);
        if (!records.empty()) {
            found.push_back(std::move(records));
        }
    }
    std::sort(found.begin(), found.end(), [](const auto& left, const auto& right) {
        return left.front().segment < right.front().segment;
    });
    std::vector<RedoRecord> all;
    for (std::vector<RedoRecord>& records : found) {
        // A segment is left only when it is durable: a gap is damage, not a crash.
        if (!all.empty() && records.front().sequence != all.back().sequence + 1) {
            return Problem::conflict(
                "redo.damaged",
                fmt::format("the redo log lacks records {} to {}; restore the data folder from a "
                            "copy, or move redo/ away to go on without what it held",
                            all.back().sequence + 1, records.front().sequence - 1));
        }
        all.insert(all.end(), records.begin(), records.end());
    }
    return all;
}

// Answers how many tenants were written to.
std::size_t put_back(const std::string& tenants_folder, const std::vector<RedoRecord>& records) {
    std::map<TenantId, std::vector<const RedoRecord*>> by_tenant;
    for (const RedoRecord& record : records) {
        std::vector<const RedoRecord*>& mine = by_tenant[record.tenant];
        if (record.offset == kForgotten) {
            mine.clear();  // they were of another file
        } else {
            mine.push_back(&record);
        }
    }
    std::size_t count = 0;
    for (const auto& [tenant, mine] : by_tenant) {
        const std::string path = tenant_path(tenants_folder, tenant);
        if (mine.empty() || !std::filesystem::exists(path)) {
            continue;  // the merchant is gone, or elsewhere
        }
        const RawFile wal(path + "-wal", O_WRONLY | O_CREAT);
        for (const RedoRecord* record : mine) {
            wal.write_at(record->offset, record->bytes);
        }
        wal.sync_data();
        sync_folder(std::filesystem::path(path).parent_path().string());
        ++count;
    }
    return count;
}

}  // namespace

Result<std::size_t> RedoLog::start() {
    namespace fs = std::filesystem;
    std::size_t count = 0;
    try {
        fs::create_directories(options_.folder);
        std::vector<std::string> contents;
        for (std::size_t slot = 0; make_segment(slot); ++slot) {
            contents.push_back(segments_.back()->file.read_all());
            const std::vector<RedoRecord> first = read_redo_records(contents.back());
            segments_.back()->number = first.empty() ? 0 : first.front().segment;
            if (!fs::exists(fmt::format("{}/segment-{}", options_.folder, slot + 1))) {
                break;
            }
        }
        HANGU_TRY(const std::vector<RedoRecord> records, all_records(contents));
        if (!records.empty()) {
            count = put_back(options_.tenants_folder, records);
            log_.info("redo.put_back", {{"tenants", count}, {"records", records.size()}});
            next_number_ = records.back().segment + 1;
            next_sequence_ = records.back().sequence + 1;
        }
        forget_records();
    } catch (const std::exception& fault) {
        return Problem::unavailable("data.unusable", fault.what());
    }
    settler_ = std::make_unique<runtime::Lane<Segment*>>("redo-settle", kEntriesCountMax, 1,
                                                         [this](std::vector<Segment*>& filled) {
                                                             for (Segment* segment : filled) {
                                                                 settle(*segment);
                                                             }
                                                         });
    next_segment();
    writer_ = std::make_unique<runtime::Lane<Entry>>(
        "redo", kEntriesCountMax, kBatchCountMax,
        [this](std::vector<Entry>& batch) { drain(batch); }, [this] { gather(); });
    return count;
}

// Opens or makes the file of a slot. False: there is no room for it.
bool RedoLog::make_segment(std::size_t slot) {
    const std::string path = fmt::format("{}/segment-{}", options_.folder, slot);
    segments_.push_back(std::make_unique<Segment>(path, O_RDWR | O_CREAT));
    try {
        grow(*segments_.back(), 1);
        sync_folder(options_.folder);
    } catch (const StorageFault&) {
        if (slot == 0) {
            throw;
        }
        segments_.pop_back();
        std::filesystem::remove(path);
        return false;
    }
    return true;
}

// Oldest first: what is left after a crash in between is still without a gap.
void RedoLog::forget_records() {
    std::vector<Segment*> by_age;
    for (const auto& segment : segments_) {
        by_age.push_back(segment.get());
    }
    std::sort(by_age.begin(), by_age.end(), [](const Segment* left, const Segment* right) {
        return left->number < right->number;
    });
    for (const Segment* segment : by_age) {
        segment->file.write_at(0, std::string(redo_record_size(0), '\0'));
        segment->file.sync_data();
    }
}

void RedoLog::grow(Segment& segment, std::size_t bytes_needed) const {
    if (bytes_needed <= segment.size) {
        return;
    }
    const std::size_t target =
        std::min(options_.segment_bytes, (bytes_needed / kGrowBytes + 1) * kGrowBytes);
    try {
        segment.file.write_at(static_cast<std::int64_t>(segment.size),
                              std::string(target - segment.size, '\0'));
        segment.file.sync_data();
    } catch (const StorageFault& fault) {
        throw LogFull(fault.what());
    }
    segment.size = target;
}

void RedoLog::append(TenantId tenant, FileWrites writes, std::vector<Answer> answers,
                     const std::shared_ptr<std::atomic<std::int64_t>>& waiting) {
    if (waiting) {
        ++*waiting;
    }
    Entry entry{tenant, std::move(writes), std::move(answers), waiting, {}};
    HANGU_ASSERT(writer_->push(std::move(entry)));
}

void RedoLog::wait() {
    std::latch ready(1);
    Entry entry;
    entry.barrier = [&ready] { ready.count_down(); };
    HANGU_ASSERT(writer_->push(std::move(entry)));
    ready.wait();
}

void RedoLog::forget(TenantId tenant) {
    std::latch ready(1);
    Entry entry;
    entry.tenant = tenant;
    entry.forgets = true;
    entry.barrier = [&ready] { ready.count_down(); };
    HANGU_ASSERT(writer_->push(std::move(entry)));
    ready.wait();
}

void RedoLog::drain(std::vector<Entry>& batch) {
    try {
        make_durable(batch);
    } catch (const std::exception& fault) {
        // What the disk has of it is unknown, and a failed sync must not be tried again: the kernel
        // forgets what it could not write. A new start puts back what is there.
        log_.error("redo.failed", {{"what", fault.what()}});
        std::abort();
    }
    for (Entry& entry : batch) {
        for (Answer& answer : entry.answers) {
            answer.job->done(answer.outcome);
        }
        if (entry.waiting) {
            --*entry.waiting;
        }
        if (entry.barrier) {
            entry.barrier();
        }
    }
}

// Not under the mutex: a wake-up that is missed costs the rest of a millisecond.
void RedoLog::arrived(std::size_t count) {
    const auto before = coming_.fetch_sub(static_cast<std::int64_t>(count));
    if (count > 0 && before == static_cast<std::int64_t>(count)) {
        none_coming_.notify_one();
    }
}

// A sync costs the processor as much as a small transaction; waiting for those that run already
// shares it. Nobody waits when nothing else runs.
void RedoLog::gather() {
    std::unique_lock lock(coming_mutex_);
    none_coming_.wait_for(lock, kGatherMax, [this] { return coming_ <= 0; });
}

void RedoLog::make_durable(const std::vector<Entry>& batch) {
    const bool writes = std::any_of(batch.begin(), batch.end(), [](const Entry& entry) {
        return !entry.writes.empty() || entry.forgets;
    });
    if (!writes) {
        return;
    }
    try {
        for (const Entry& entry : batch) {
            add_records(entry);
        }
        write_out();
        sync();
    } catch (const LogFull& fault) {
        log_.warning("redo.full", {{"what", fault.what()}});
        settle_everything(batch);
    }
}

void RedoLog::add_records(const Entry& entry) {
    if (entry.forgets) {
        add_record(entry.tenant, kForgotten, "");
    }
    const std::size_t piece_max = std::min(kRedoRecordBytesMax, options_.segment_bytes / 4);
    std::string_view rest = entry.writes.bytes;
    for (const FileWrites::Extent& extent : entry.writes.extents) {
        for (std::size_t done = 0; done < extent.bytes;) {
            const std::size_t piece = std::min(extent.bytes - done, piece_max);
            add_record(entry.tenant, extent.offset + static_cast<std::int64_t>(done),
                       rest.substr(0, piece));
            rest.remove_prefix(piece);
            done += piece;
        }
    }
}

void RedoLog::add_record(TenantId tenant, std::int64_t offset, std::string_view bytes) {
    const std::size_t needed = redo_record_size(bytes.size());
    if (current_->at + buffer_.size() + needed > options_.segment_bytes) {
        write_out();
        sync();
        next_segment();
    }
    current_->tenants.insert(tenant);
    append_redo_record(buffer_, {current_->number, next_sequence_++, tenant, offset, bytes});
}

void RedoLog::write_out() {
    grow(*current_, current_->at + buffer_.size());
    current_->file.write_at(static_cast<std::int64_t>(current_->at), buffer_);
    current_->at += buffer_.size();
    bytes_ += buffer_.size();
    buffer_.clear();
}

void RedoLog::sync() {
    current_->file.sync_data();
    ++syncs_;
}

// The filled segment goes to the settler; another is taken that is free, or new, or becomes free.
void RedoLog::next_segment() {
    if (current_ != nullptr) {
        ++settling_;
        settler_->push(current_);
    }
    // The oldest, so that what can be read after a crash is without a gap.
    const auto find_free = [this]() -> Segment* {
        Segment* oldest = nullptr;
        for (const auto& segment : segments_) {
            if (segment->free && (oldest == nullptr || segment->number < oldest->number)) {
                oldest = segment.get();
            }
        }
        return oldest;
    };
    std::unique_lock lock(settle_mutex_);
    Segment* next = find_free();
    if (next == nullptr && segments_.size() < options_.segments_max &&
        make_segment(segments_.size())) {
        next = segments_.back().get();
    }
    if (next == nullptr) {
        settled_.wait(lock, [&] { return (next = find_free()) != nullptr; });
    }
    next->free = false;
    next->at = 0;
    next->number = next_number_++;
    next->tenants.clear();
    current_ = next;
}

// The write-ahead logs of its tenants become durable by themselves, so its records may go.
void RedoLog::settle(Segment& segment) {
    try {
        sync_tenants(segment.tenants);
    } catch (const std::exception& fault) {
        log_.error("redo.failed", {{"what", fault.what()}});
        std::abort();
    }
    --settling_;
    const std::lock_guard lock(settle_mutex_);
    segment.free = true;
    settled_.notify_all();
}

void RedoLog::sync_tenants(const std::set<TenantId>& tenants) const {
    for (const TenantId tenant : tenants) {
        const std::string wal = tenant_path(options_.tenants_folder, tenant) + "-wal";
        if (std::filesystem::exists(wal)) {
            RawFile(wal, O_RDONLY).sync_data();
        }
        if (options_.settled) {
            options_.settled(tenant);
        }
    }
}

// Without room for the log, the batch becomes durable in its own files. The log must not keep older
// bytes of them then: they would be put back over newer ones.
void RedoLog::settle_everything(const std::vector<Entry>& batch) {
    buffer_.clear();
    {
        std::unique_lock lock(settle_mutex_);
        settled_.wait(lock, [this] {
            return std::all_of(segments_.begin(), segments_.end(), [this](const auto& segment) {
                return segment->free || segment.get() == current_;
            });
        });
    }
    std::set<TenantId> tenants = std::move(current_->tenants);
    for (const Entry& entry : batch) {
        tenants.insert(entry.tenant);
    }
    sync_tenants(tenants);
    forget_records();
    current_->tenants.clear();
    current_->at = 0;
    current_->number = next_number_++;
}

void RedoLog::stop_clean() {
    writer_->stop();
    settler_->stop();
    sync_tenants(current_->tenants);
    forget_records();
}

}  // namespace hangu::storage

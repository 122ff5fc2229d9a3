// Files of the redo log: descriptors, records and reading them back.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::storage {

// A file that closes itself. Calls throw StorageFault.
class RawFile {
 public:
    RawFile(std::string path, int flags);
    ~RawFile();
    RawFile(const RawFile&) = delete;
    RawFile& operator=(const RawFile&) = delete;

    void write_at(std::int64_t offset, std::string_view bytes) const;
    std::string read_all() const;
    std::size_t size() const;
    void sync_data() const;

 private:
    [[noreturn]] void fail(std::string_view what) const;

    std::string path_;
    int descriptor_;
};

void sync_folder(const std::string& path);

struct RedoRecord {
    std::uint64_t segment = 0;   // number of the segment that it was written for
    std::uint64_t sequence = 0;  // 1, 2, 3, … over all segments
    TenantId tenant;
    std::int64_t offset = 0;  // in the tenant's write-ahead log
    std::string_view bytes;
};

inline constexpr std::size_t kRedoRecordBytesMax = std::size_t{1} << 20U;  // of `bytes`
std::size_t redo_record_size(std::size_t bytes);                           // as written
void append_redo_record(std::string& out, const RedoRecord& record);

// The whole records at the beginning of a segment; ends at the first that is not one, or belongs
// to an earlier use of the file. Records refer to `content`.
std::vector<RedoRecord> read_redo_records(std::string_view content);

}  // namespace hangu::storage

#include "platform/storage/internal/redo_file.hpp"

#include "platform/storage/tx.hpp"

#define XXH_INLINE_ALL
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace hangu::storage {

namespace {

constexpr std::uint32_t kMagic = 0x4F445248;  // "HRDO"

// As it lies in the file, in the machine's byte order: a log is read where it was written.
struct Head {
    std::uint64_t checksum = 0;  // XXH3 of the rest of the head and the bytes
    std::uint32_t magic = kMagic;
    std::uint32_t length = 0;
    std::uint64_t segment = 0;
    std::uint64_t sequence = 0;
    std::int64_t tenant = 0;
    std::int64_t offset = 0;
};
static_assert(sizeof(Head) == 48);

std::uint64_t checksum_of(std::string_view record) {
    return XXH3_64bits(record.data() + sizeof(Head::checksum),
                       record.size() - sizeof(Head::checksum));
}

}  // namespace

RawFile::RawFile(std::string path, int flags)
    : path_(std::move(path)), descriptor_(::open(path_.c_str(), flags | O_CLOEXEC, 0600)) {
    if (descriptor_ < 0) {
        fail("open");
    }
}

RawFile::~RawFile() {
    ::close(descriptor_);
}

void RawFile::fail(std::string_view what) const {
    throw StorageFault(fmt::format("{} {}: {}", what, path_, std::strerror(errno)));
}

void RawFile::write_at(std::int64_t offset, std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t put = ::pwrite(descriptor_, bytes.data(), bytes.size(), offset);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put <= 0) {
            fail("write");
        }
        offset += put;
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

std::size_t RawFile::size() const {
    struct stat facts {};
    if (::fstat(descriptor_, &facts) != 0) {
        fail("stat");
    }
    return static_cast<std::size_t>(facts.st_size);
}

std::string RawFile::read_all() const {
    std::string content(size(), '\0');
    std::size_t at = 0;
    while (at < content.size()) {
        const ssize_t got =
            ::pread(descriptor_, content.data() + at, content.size() - at, static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            fail("read");
        }
        if (got == 0) {
            content.resize(at);
        }
        at += static_cast<std::size_t>(got);
    }
    return content;
}

void RawFile::sync_data() const {
    if (::fdatasync(descriptor_) != 0) {
        fail("sync");
    }
}

void sync_folder(const std::string& path) {
    const RawFile folder(path, O_RDONLY | O_DIRECTORY);
    folder.sync_data();
}

std::size_t redo_record_size(std::size_t bytes) {
    return sizeof(Head) + bytes;
}

void append_redo_record(std::string& out, const RedoRecord& record) {
    const std::size_t start = out.size();
    Head head;
    head.length = static_cast<std::uint32_t>(record.bytes.size());
    head.segment = record.segment;
    head.sequence = record.sequence;
    head.tenant = record.tenant.value();
    head.offset = record.offset;
    out.append(reinterpret_cast<const char*>(&head), sizeof head);
    out += record.bytes;
    head.checksum = checksum_of(std::string_view(out).substr(start));
    std::memcpy(out.data() + start, &head.checksum, sizeof head.checksum);
}

std::vector<RedoRecord> read_redo_records(std::string_view content) {
    std::vector<RedoRecord> records;
    while (content.size() >= sizeof(Head)) {
        Head head;
        std::memcpy(&head, content.data(), sizeof head);
        const bool plausible = head.magic == kMagic && head.length <= kRedoRecordBytesMax &&
                               sizeof head + head.length <= content.size();
        const bool follows = records.empty() || (head.segment == records.back().segment &&
                                                 head.sequence == records.back().sequence + 1);
        if (!plausible || !follows ||
            head.checksum != checksum_of(content.substr(0, sizeof head + head.length))) {
            break;
        }
        records.push_back({head.segment, head.sequence, TenantId(head.tenant), head.offset,
                           content.substr(sizeof head, head.length)});
        content.remove_prefix(sizeof head + head.length);
    }
    return records;
}

}  // namespace hangu::storage

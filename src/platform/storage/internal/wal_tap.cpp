#include "platform/storage/internal/wal_tap.hpp"

#include "base/check.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <memory>

namespace hangu::storage {

namespace {

constexpr std::size_t kHeldBytesMax = std::size_t{4} << 20U;  // then it goes into the file at once
constexpr std::size_t kWriteBytesMax = 65536;  // SQLite's own files take 128 KB less 1

// Lies in memory that SQLite gives: our part, then the real file.
struct TapFile {
    sqlite3_file base{};  // first: SQLite sees only this
    FileWrites taken;     // for the redo log
    std::size_t in_file_extents = 0;
    std::size_t in_file_bytes = 0;
    bool sync_for_good = false;

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }

    // A run of neighbouring frames is one extent, so a commit is usually one write.
    int flush() {
        for (; in_file_extents < taken.extents.size(); ++in_file_extents) {
            const FileWrites::Extent& extent = taken.extents[in_file_extents];
            for (std::size_t done = 0; done < extent.bytes;) {
                const std::size_t piece = std::min(extent.bytes - done, kWriteBytesMax);
                const int code = real()->pMethods->xWrite(
                    real(), taken.bytes.data() + in_file_bytes + done, static_cast<int>(piece),
                    extent.offset + static_cast<std::int64_t>(done));
                if (code != SQLITE_OK) {
                    return code;
                }
                done += piece;
            }
            in_file_bytes += extent.bytes;
        }
        return SQLITE_OK;
    }
    void forget() {
        taken.clear();
        in_file_extents = 0;
        in_file_bytes = 0;
    }
};

TapFile& tap(sqlite3_file* file) {
    return *reinterpret_cast<TapFile*>(file);
}

int tap_close(sqlite3_file* file) {
    TapFile& self = tap(file);
    const int code = self.real()->pMethods->xClose(self.real());
    std::destroy_at(&self);
    return code;
}

int tap_read(sqlite3_file* file, void* to, int bytes, sqlite3_int64 offset) {
    TapFile& self = tap(file);
    const int code = self.flush();
    return code != SQLITE_OK ? code : self.real()->pMethods->xRead(self.real(), to, bytes, offset);
}

int tap_write(sqlite3_file* file, const void* from, int bytes, sqlite3_int64 offset) {
    TapFile& self = tap(file);
    // What is in the file already must not grow: its extent was written with its size of then.
    if (self.in_file_extents == self.taken.extents.size()) {
        self.taken.extents.push_back({offset, 0});
    }
    self.taken.add(offset, {static_cast<const char*>(from), static_cast<std::size_t>(bytes)});
    return self.taken.bytes.size() - self.in_file_bytes > kHeldBytesMax ? self.flush() : SQLITE_OK;
}

int tap_truncate(sqlite3_file* file, sqlite3_int64 bytes) {
    TapFile& self = tap(file);
    const int code = self.flush();
    return code != SQLITE_OK ? code : self.real()->pMethods->xTruncate(self.real(), bytes);
}

// SQLite asks for this at each commit, before others can see it, and at a checkpoint.
int tap_sync(sqlite3_file* file, int flags) {
    TapFile& self = tap(file);
    const int code = self.flush();
    if (code != SQLITE_OK || !self.sync_for_good) {
        return code;
    }
    return self.real()->pMethods->xSync(self.real(), flags);
}

int tap_size(sqlite3_file* file, sqlite3_int64* bytes) {
    TapFile& self = tap(file);
    const int code = self.flush();
    return code != SQLITE_OK ? code : self.real()->pMethods->xFileSize(self.real(), bytes);
}

int tap_lock(sqlite3_file* file, int level) {
    return tap(file).real()->pMethods->xLock(tap(file).real(), level);
}

int tap_unlock(sqlite3_file* file, int level) {
    return tap(file).real()->pMethods->xUnlock(tap(file).real(), level);
}

int tap_check_lock(sqlite3_file* file, int* reserved) {
    return tap(file).real()->pMethods->xCheckReservedLock(tap(file).real(), reserved);
}

int tap_control(sqlite3_file* file, int operation, void* argument) {
    return tap(file).real()->pMethods->xFileControl(tap(file).real(), operation, argument);
}

int tap_sector(sqlite3_file* file) {
    return tap(file).real()->pMethods->xSectorSize(tap(file).real());
}

int tap_device(sqlite3_file* file) {
    return tap(file).real()->pMethods->xDeviceCharacteristics(tap(file).real());
}

constexpr sqlite3_io_methods kTapMethods = {
    1,        tap_close,  tap_read,       tap_write,   tap_truncate, tap_sync,   tap_size,
    tap_lock, tap_unlock, tap_check_lock, tap_control, tap_sector,   tap_device, nullptr,
    nullptr,  nullptr,    nullptr,        nullptr,     nullptr};

sqlite3_vfs* under(sqlite3_vfs* vfs) {
    return static_cast<sqlite3_vfs*>(vfs->pAppData);
}

int tap_open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
    if ((flags & SQLITE_OPEN_WAL) == 0) {
        return under(vfs)->xOpen(under(vfs), name, file, flags, out);
    }
    auto* self = std::construct_at(reinterpret_cast<TapFile*>(file));
    const int code = under(vfs)->xOpen(under(vfs), name, self->real(), flags, out);
    if (code != SQLITE_OK) {
        std::destroy_at(self);
        file->pMethods = nullptr;  // nothing to close
        return code;
    }
    self->base.pMethods = &kTapMethods;
    return SQLITE_OK;
}

TapFile* tap_of(sqlite3* db) {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&file));
    return file != nullptr && file->pMethods == &kTapMethods ? &tap(file) : nullptr;
}

}  // namespace

void FileWrites::add(std::int64_t offset, std::string_view data) {
    const bool follows =
        !extents.empty() &&
        extents.back().offset + static_cast<std::int64_t>(extents.back().bytes) == offset;
    if (!follows) {
        extents.push_back({offset, 0});
    }
    extents.back().bytes += data.size();
    bytes += data;
}

void FileWrites::clear() {
    extents.clear();
    bytes.clear();
}

void register_tap_vfs() {
    static sqlite3_vfs vfs = [] {
        sqlite3_vfs* base = sqlite3_vfs_find("unix-excl");
        HANGU_ASSERT(base != nullptr);
        sqlite3_vfs made = *base;
        made.pNext = nullptr;
        made.zName = kTapVfs;
        made.pAppData = base;
        made.szOsFile = base->szOsFile + static_cast<int>(sizeof(TapFile));
        made.xOpen = tap_open;
        return made;
    }();
    sqlite3_vfs_register(&vfs, 0);
}

FileWrites take_wal_writes(sqlite3* db) {
    FileWrites writes;
    if (TapFile* file = tap_of(db)) {
        const std::size_t usual = file->taken.bytes.size();
        std::swap(writes, file->taken);
        file->forget();
        file->taken.bytes.reserve(usual);
    }
    return writes;
}

void forget_wal_writes(sqlite3* db) {
    if (TapFile* file = tap_of(db)) {
        file->forget();
    }
}

void sync_wal_for_good(sqlite3* db, bool on) {
    if (TapFile* file = tap_of(db)) {
        file->sync_for_good = on;
    }
}

}  // namespace hangu::storage

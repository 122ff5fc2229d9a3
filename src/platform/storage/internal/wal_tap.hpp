// What an owner's connection writes into its write-ahead log: gathered in memory while a
// transaction runs, put into the file by one write when it commits, and kept until it is taken for
// the redo log, which is what makes it durable. SQLite reaches this through a VFS of its own that
// hands every other file to "unix-excl".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct sqlite3;

namespace hangu::storage {

// Bytes for a file, in the order they were written.
struct FileWrites {
    struct Extent {
        std::int64_t offset = 0;
        std::size_t bytes = 0;
    };
    std::vector<Extent> extents;
    std::string bytes;  // of all extents, one after the other

    bool empty() const { return extents.empty(); }
    void add(std::int64_t offset, std::string_view data);
    void clear();
};

inline constexpr const char* kTapVfs = "hangu-tap";

void register_tap_vfs();  // once, before the first connection

// Of a connection opened with kTapVfs. All answer "nothing" before the log's first use.
FileWrites take_wal_writes(sqlite3* db);       // since the last time
void forget_wal_writes(sqlite3* db);           // a transaction was rolled back
void sync_wal_for_good(sqlite3* db, bool on);  // a checkpoint wants the file itself to be durable

}  // namespace hangu::storage

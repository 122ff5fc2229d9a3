// The data folder: its lock, the tenant template, and copying a file so that it is durable.
#pragma once

#include "base/result.hpp"
#include "platform/storage/internal/migration.hpp"

#include <memory>
#include <string>

namespace hangu::storage {

// Held for the life of the process; another process that asks is refused with "data.locked".
class FolderLock {
 public:
    static Result<std::unique_ptr<FolderLock>> take(const std::string& folder);
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

 private:
    int descriptor_;
};

// Random, made once, kept in the folder: whoever has the folder may go on as the node that it was.
std::string instance_of(const std::string& folder);

// Makes (once per schema) the file that every new tenant is a copy of, and checks the schema that
// came out against the declaration. Answers its path.
Result<std::string> build_template(const std::string& folder, const Steps& steps,
                                   std::span<const Part> parts, Time now);

// Copies, fsyncs, renames into place and fsyncs the folder: afterwards the file is there whole, or
// not at all. Throws StorageFault.
void copy_into_place(const std::string& from, const std::string& to);

}  // namespace hangu::storage

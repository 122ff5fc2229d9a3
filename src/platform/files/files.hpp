// Private files of a tenant: sealed in chunks with a key of their own, which the tenant's key of
// class `file` wraps, and kept in an object store. What lies in the store opens nowhere else: not
// under another name, not as another tenant's, not in another order, not without its end.
//
// Reading and writing wait for a disk or a network: on a thread of `run`, in commands and jobs;
// never on an event loop and never inside a transaction.
#pragma once

#include "platform/crypto/crypto.hpp"
#include "platform/files/object_store.hpp"
#include "platform/observe/observe.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hangu::files {

// Whose keys; implemented above. Null: there is no such tenant.
class KeySource {
 public:
    virtual ~KeySource() = default;
    virtual std::shared_ptr<crypto::TenantKeys> keys_of(TenantId tenant) = 0;
};

struct FileRef {
    TenantId tenant;
    std::string name;  // as in the store, without the tenant: "product-picture/0f3…"
};

struct FileInfo {
    std::string content_type;
    std::int64_t bytes = 0;
};

inline constexpr std::size_t kReadBytesMax = std::size_t{8} << 20U;  // of one read

// A file whose head was read and opened; reads ask the store only for the chunks they need.
class OpenedFile {
 public:
    virtual ~OpenedFile() = default;
    virtual const FileInfo& info() const = 0;
    // Exactly that range, as far as there is one; kReadBytesMax at most. "files.damaged": what lies
    // in the store is not what was put there.
    virtual Result<std::string> read(std::int64_t from, std::size_t bytes) = 0;
};

// Problems besides those of the store: "files.damaged", "files.not_found" also for a tenant that is
// not there.
class Files {
 public:
    struct Options {
        std::size_t threads = 4;
        std::size_t queue_count_max = 256;
    };
    Files(ObjectStore& store, KeySource& keys, Randomness& randomness, observe::Log& log,
          observe::Metrics& metrics, Options options);
    ~Files();  // stops
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    // `content_type` is kept with the file (80 characters at most) and believed by nobody: what may
    // be shown how is decided when it is handed out.
    Result<void> put(const FileRef& file, const std::string& content_type, Source& plain);
    Result<std::unique_ptr<OpenedFile>> open(const FileRef& file);
    // All of it, if it is no larger; else "files.too_large".
    Result<std::string> read_whole(const FileRef& file, std::size_t bytes_max);
    Result<void> remove(const FileRef& file);
    // Names without the tenant, by name; of those that begin with `prefix` the ones behind `after`.
    Result<Listing> list(TenantId tenant, const std::string& prefix, const std::string& after,
                         std::int64_t count);

    // On a thread of files, soon. False: too much waits, or it was stopped; it is not done.
    bool run(std::function<void()> work);
    // What was accepted is finished. Idempotent.
    void stop();

    struct State;

 private:
    std::unique_ptr<State> state_;
};

}  // namespace hangu::files

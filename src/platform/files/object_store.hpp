// Where objects lie: a port with two sides, a folder of this machine and a server that speaks S3.
// Both keep the same promises, and the same tests ask them. What is given here is kept as it is:
// files.hpp seals.
//
// Everything here waits for a disk or a network: call it on a thread that may (Files::run), never
// on an event loop and never inside a transaction.
#pragma once

#include "base/randomness.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/egress/egress.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::files {

// A name is parts between "/": each of [a-z0-9._-], beginning with a letter or a digit, so that it
// means the same in a folder, in an address and in a signature.
inline constexpr std::size_t kNameBytesMax = 512;
inline constexpr std::size_t kNamePartBytesMax = 100;
inline constexpr std::size_t kNamePartsCountMax = 12;
bool is_object_name(std::string_view name);

inline constexpr std::int64_t kObjectBytesMax = std::int64_t{16} << 30U;
inline constexpr std::size_t kGetBytesMax = std::size_t{16} << 20U;  // of one get
inline constexpr std::int64_t kListCountMax = 1000;                  // of one list

// What is to be stored, from its beginning to its end, once.
class Source {
 public:
    virtual ~Source() = default;
    virtual std::int64_t bytes() const = 0;  // in all; known before
    // Exactly so many, fewer only at the end.
    virtual Result<std::string> next(std::size_t bytes) = 0;
};

// A text that is there already; it must outlive the source.
class TextSource final : public Source {
 public:
    explicit TextSource(std::string_view text) : all_(text), left_(text) {}
    std::int64_t bytes() const override { return static_cast<std::int64_t>(all_.size()); }
    Result<std::string> next(std::size_t bytes) override {
        std::string part(left_.substr(0, bytes));
        left_.remove_prefix(part.size());
        return part;
    }

 private:
    std::string_view all_;
    std::string_view left_;
};

struct ObjectInfo {
    std::string name;
    std::int64_t bytes = 0;
};

struct Listing {
    std::vector<ObjectInfo> objects;  // by name, byte by byte
    bool more = false;                // ask again after the last one
};

// Problems: "files.name_invalid" and "files.too_large" (never asked of a disk or a server),
// "files.not_found", "files.no_room", and "files.unavailable": the disk or the server does not do
// it now (its reason is in the note). Thread-safe.
class ObjectStore {
 public:
    virtual ~ObjectStore() = default;

    // The object is there whole or not at all, durably when this returns; one of the same name is
    // replaced.
    virtual Result<void> put(const std::string& name, Source& source) = 0;
    // From that byte on, `bytes` at most (kGetBytesMax); fewer only at the end, none behind it.
    virtual Result<std::string> get(const std::string& name, std::int64_t from,
                                    std::size_t bytes) = 0;
    virtual Result<ObjectInfo> head(const std::string& name) = 0;
    // Well also when there was none.
    virtual Result<void> remove(const std::string& name) = 0;
    // Of those whose name begins with `prefix` the ones behind `after`, `count` at most.
    virtual Result<Listing> list(const std::string& prefix, const std::string& after,
                                 std::int64_t count) = 0;
    // Is it there and may we? In one line for people, where it is.
    virtual Result<std::string> look() = 0;
};

// A folder that only we may read (0700, files 0600); made when it is not there. What a process that
// was killed left half written is removed a day later. "files.folder_unsafe", "files.unavailable"
Result<std::unique_ptr<ObjectStore>> open_folder_store(const std::string& folder,
                                                       const Clock& clock, Randomness& randomness);

struct S3Options {
    std::string endpoint;  // "https://s3.example.com", "http://10.0.0.7:9000": scheme, host, port
    std::string region = "us-east-1";
    std::string bucket;
    bool virtual_host = false;  // the bucket stands in the host's name, not in the path
    std::string key_id;
    Secret key;
    std::int64_t request_ms_max = 30'000;
    int attempts_max = 3;               // of one request; further ones after a short while
    std::int64_t first_pause_ms = 200;  // before the second attempt; doubled before the third
    std::size_t part_bytes = std::size_t{8} << 20U;  // larger objects go up in parts
};
// "files.endpoint_invalid"; nothing is sent. The egress must outlive the store.
Result<std::unique_ptr<ObjectStore>> open_s3_store(egress::Egress& egress, S3Options options);

}  // namespace hangu::files

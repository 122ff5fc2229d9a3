// Answers of strong reads, given again while nothing that they were read from has changed. An
// answer belongs to one caller (one person with the rights she has now) and one target, so nobody
// sees what another may see, and the check is against the tenant's own tables, so nobody sees what
// was.
#pragma once

#include "platform/http/caller.hpp"
#include "platform/http/message.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/table_versions.hpp"

#include <array>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace hangu::http {

class AnswerCache {
 public:
    explicit AnswerCache(std::size_t bytes_max) : bytes_max_(bytes_max / kShards) {}

    // The answer, if it would come out the same now.
    std::optional<Response> find(const std::shared_ptr<const Caller>& caller,
                                 const std::string& target,
                                 const std::shared_ptr<const settings::Snapshot>& settings);
    void keep(const std::shared_ptr<const Caller>& caller, const std::string& target,
              const std::shared_ptr<const settings::Snapshot>& settings, storage::Seen seen,
              const Response& response);

 private:
    static constexpr std::size_t kShards = 8;
    struct Key {
        const Caller* caller = nullptr;
        std::string target;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct KeyHash {
        std::size_t operator()(const Key& key) const {
            return std::hash<std::string>{}(key.target) ^ std::hash<const void*>{}(key.caller);
        }
    };
    struct Entry {
        Key key;
        std::shared_ptr<const Caller> caller;  // holds the key's address
        std::shared_ptr<const settings::Snapshot> settings;
        storage::Seen seen;
        Response response;
        std::size_t bytes = 0;
    };
    struct Shard {
        std::mutex mutex;
        std::list<Entry> by_use;  // newest first
        std::unordered_map<Key, std::list<Entry>::iterator, KeyHash> index;
        std::size_t bytes = 0;
    };

    static void forget(Shard& shard, std::list<Entry>::iterator entry);
    Shard& shard_of(const Key& key) { return shards_[KeyHash{}(key) % kShards]; }

    std::size_t bytes_max_;
    std::array<Shard, kShards> shards_;
};

}  // namespace hangu::http

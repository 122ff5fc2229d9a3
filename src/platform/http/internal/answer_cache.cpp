#include "platform/http/internal/answer_cache.hpp"

namespace hangu::http {

namespace {

constexpr std::size_t kAnswerBytesMax = 65536;
constexpr std::size_t kEntryBytes = 1024;  // about what an entry takes beside its texts

}  // namespace

void AnswerCache::forget(Shard& shard, std::list<Entry>::iterator entry) {
    shard.bytes -= entry->bytes;
    shard.index.erase(entry->key);
    shard.by_use.erase(entry);
}

std::optional<Response> AnswerCache::find(
    const std::shared_ptr<const Caller>& caller, const std::string& target,
    const std::shared_ptr<const settings::Snapshot>& settings) {
    const Key key{caller.get(), target};
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.index.find(key);
    if (found == shard.index.end()) {
        return std::nullopt;
    }
    const auto entry = found->second;
    if (entry->settings != settings || !entry->seen.still_right()) {
        forget(shard, entry);
        return std::nullopt;
    }
    shard.by_use.splice(shard.by_use.begin(), shard.by_use, entry);
    return entry->response;
}

void AnswerCache::keep(const std::shared_ptr<const Caller>& caller, const std::string& target,
                       const std::shared_ptr<const settings::Snapshot>& settings,
                       storage::Seen seen, const Response& response) {
    const std::string* body = std::get_if<std::string>(&response.body);
    if (body == nullptr || body->size() > kAnswerBytesMax || !seen.still_right()) {
        return;
    }
    Entry entry{{caller.get(), target}, caller, settings, std::move(seen), response, 0};
    // One body for all that are answered from here.
    entry.response.body = std::make_shared<const std::string>(*body);
    entry.bytes = kEntryBytes + target.size() + body->size();
    Shard& shard = shard_of(entry.key);
    const std::lock_guard lock(shard.mutex);
    if (const auto before = shard.index.find(entry.key); before != shard.index.end()) {
        forget(shard, before->second);
    }
    while (!shard.by_use.empty() && shard.bytes + entry.bytes > bytes_max_) {
        forget(shard, std::prev(shard.by_use.end()));
    }
    shard.bytes += entry.bytes;
    shard.by_use.push_front(std::move(entry));
    shard.index[shard.by_use.front().key] = shard.by_use.begin();
}

}  // namespace hangu::http

#include "platform/shared_state/internal/memory_streams.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

namespace hangu::shared_state {

std::string EntryId::text() const {
    return std::to_string(ms) + "-" + std::to_string(number);
}

std::optional<EntryId> EntryId::parse(std::string_view text) {
    EntryId id;
    const char* const end = text.data() + text.size();
    const auto [dash, error] = std::from_chars(text.data(), end, id.ms);
    if (error != std::errc() || (dash != end && *dash != '-')) {
        return std::nullopt;
    }
    if (dash == end) {
        return id;
    }
    const auto [last, wrong] = std::from_chars(dash + 1, end, id.number);
    return wrong == std::errc() && last == end ? std::optional(id) : std::nullopt;
}

Result<void> check_entry(const StreamFields& fields) {
    std::size_t bytes = 0;
    for (const auto& [name, value] : fields) {
        bytes += name.size() + value.size();
    }
    if (fields.empty() || fields.size() > kStreamFieldsCountMax || bytes > kStreamEntryBytesMax) {
        return Problem::invalid("stream.entry_too_large");
    }
    return {};
}

Problem no_such_group() {
    return Problem::conflict("shared.no_group");
}

MemoryStreams::Group* MemoryStreams::find(std::string_view stream, std::string_view group) {
    const auto found = streams_.find(stream);
    if (found == streams_.end()) {
        return nullptr;
    }
    const auto of_it = found->second.groups.find(group);
    return of_it == found->second.groups.end() ? nullptr : &of_it->second;
}

Result<std::string> MemoryStreams::append(std::string_view stream, const StreamFields& fields,
                                          std::size_t length_max) {
    HANGU_TRY(std::vector<std::string> ids, append_all(stream, {fields}, length_max));
    return std::move(ids.front());
}

Result<std::vector<std::string>> MemoryStreams::append_all(std::string_view stream,
                                                           const std::vector<StreamFields>& entries,
                                                           std::size_t length_max) {
    HANGU_ASSERT(!entries.empty() && entries.size() <= kStreamBatchCountMax && length_max > 0);
    for (const StreamFields& fields : entries) {
        HANGU_CHECK(check_entry(fields));
    }
    std::vector<std::string> ids;
    {
        const std::lock_guard lock(mutex_);
        Stream& to = streams_[std::string(stream)];
        const auto now_ms = static_cast<std::uint64_t>(clock_.now().unix_ms());
        for (const StreamFields& fields : entries) {
            to.last =
                now_ms > to.last.ms ? EntryId{now_ms, 0} : EntryId{to.last.ms, to.last.number + 1};
            to.entries.emplace(to.last, fields);
            ids.push_back(to.last.text());
        }
        while (to.entries.size() > length_max) {
            to.entries.erase(to.entries.begin());
        }
    }
    appended_.notify_all();
    return ids;
}

Result<void> MemoryStreams::create_group(std::string_view stream, std::string_view group,
                                         std::string_view from) {
    const std::lock_guard lock(mutex_);
    Stream& of = streams_[std::string(stream)];
    const std::optional<EntryId> after = from == "$" ? of.last : EntryId::parse(from);
    HANGU_ASSERT(after.has_value());
    of.groups.try_emplace(std::string(group), Group{*after, {}});
    return {};
}

std::vector<StreamEntry> MemoryStreams::deliver(std::string_view stream, std::string_view group,
                                                std::string_view consumer, std::size_t count_max) {
    std::vector<StreamEntry> read;
    Group* of = find(stream, group);
    const Stream& from = streams_.find(stream)->second;
    for (auto at = from.entries.upper_bound(of->last);
         at != from.entries.end() && read.size() < count_max; ++at) {
        of->last = at->first;
        of->pending[at->first] = {std::string(consumer), clock_.monotonic_us()};
        read.push_back({at->first.text(), at->second});
    }
    return read;
}

Result<std::vector<StreamEntry>> MemoryStreams::read_group(std::string_view stream,
                                                           std::string_view group,
                                                           std::string_view consumer,
                                                           std::size_t count_max,
                                                           std::int64_t block_ms) {
    HANGU_ASSERT(count_max > 0 && count_max <= kStreamBatchCountMax);
    std::unique_lock lock(mutex_);
    std::vector<StreamEntry> read;
    const auto is_over = [&] {
        if (stopped_ || find(stream, group) == nullptr) {
            return true;
        }
        read = deliver(stream, group, consumer, count_max);
        return !read.empty();
    };
    if (!is_over() && block_ms > 0) {
        appended_.wait_for(lock, std::chrono::milliseconds(block_ms), is_over);
    }
    if (!stopped_ && find(stream, group) == nullptr) {
        return no_such_group();
    }
    return read;
}

Result<std::size_t> MemoryStreams::ack(std::string_view stream, std::string_view group,
                                       const std::vector<std::string>& ids) {
    const std::lock_guard lock(mutex_);
    Group* of = find(stream, group);
    std::size_t count = 0;
    for (const std::string& text : ids) {
        const std::optional<EntryId> id = EntryId::parse(text);
        count += of != nullptr && id ? of->pending.erase(*id) : 0;
    }
    return count;
}

Result<StreamClaim> MemoryStreams::claim_stale(std::string_view stream, std::string_view group,
                                               std::string_view consumer, std::int64_t idle_ms_min,
                                               std::size_t count_max, std::string_view from) {
    HANGU_ASSERT(count_max > 0 && count_max <= kStreamBatchCountMax);
    const std::lock_guard lock(mutex_);
    Group* of = find(stream, group);
    const std::optional<EntryId> begin = EntryId::parse(from);
    HANGU_ASSERT(begin.has_value());
    if (of == nullptr) {
        return no_such_group();
    }
    const Stream& source = streams_.find(stream)->second;
    const std::int64_t now_us = clock_.monotonic_us();
    StreamClaim claim{{}, "0-0"};
    auto at = of->pending.lower_bound(*begin);
    while (at != of->pending.end() && claim.entries.size() < count_max) {
        const auto entry = source.entries.find(at->first);
        if (now_us - at->second.delivered_us < idle_ms_min * 1000) {
            ++at;
        } else if (entry == source.entries.end()) {
            at = of->pending.erase(at);  // dropped from the stream meanwhile
        } else {
            at->second = {std::string(consumer), now_us};
            claim.entries.push_back({at->first.text(), entry->second});
            ++at;
        }
    }
    if (at != of->pending.end()) {
        claim.next = at->first.text();
    }
    return claim;
}

Result<std::size_t> MemoryStreams::length(std::string_view stream) {
    const std::lock_guard lock(mutex_);
    const auto found = streams_.find(stream);
    return found == streams_.end() ? std::size_t{0} : found->second.entries.size();
}

Result<std::size_t> MemoryStreams::pending(std::string_view stream, std::string_view group) {
    const std::lock_guard lock(mutex_);
    const Group* of = find(stream, group);
    return of == nullptr ? Result<std::size_t>(no_such_group())
                         : Result<std::size_t>(of->pending.size());
}

Result<std::size_t> MemoryStreams::trim(std::string_view stream, std::size_t length_max) {
    const std::lock_guard lock(mutex_);
    const auto found = streams_.find(stream);
    std::size_t count = 0;
    while (found != streams_.end() && found->second.entries.size() > length_max) {
        found->second.entries.erase(found->second.entries.begin());
        ++count;
    }
    return count;
}

Result<void> MemoryStreams::remove(std::string_view stream) {
    {
        const std::lock_guard lock(mutex_);
        const auto found = streams_.find(stream);
        if (found != streams_.end()) {
            streams_.erase(found);
        }
    }
    appended_.notify_all();
    return {};
}

void MemoryStreams::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    appended_.notify_all();
}

}  // namespace hangu::shared_state

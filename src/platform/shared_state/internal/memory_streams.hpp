// Streams in this process alone. Thread-safe.
#pragma once

#include "base/time.hpp"
#include "platform/shared_state/streams.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace hangu::shared_state {

// One of a stream's own: "milliseconds-number".
struct EntryId {
    std::uint64_t ms = 0;
    std::uint64_t number = 0;
    friend auto operator<=>(const EntryId&, const EntryId&) = default;
    std::string text() const;
    static std::optional<EntryId> parse(std::string_view text);
};

class MemoryStreams final : public Streams {
 public:
    explicit MemoryStreams(const Clock& clock) : clock_(clock) {}

    Result<std::string> append(std::string_view stream, const StreamFields& fields,
                               std::size_t length_max) override;
    Result<std::vector<std::string>> append_all(std::string_view stream,
                                                const std::vector<StreamFields>& entries,
                                                std::size_t length_max) override;
    Result<void> create_group(std::string_view stream, std::string_view group,
                              std::string_view from) override;
    Result<std::vector<StreamEntry>> read_group(std::string_view stream, std::string_view group,
                                                std::string_view consumer, std::size_t count_max,
                                                std::int64_t block_ms) override;
    Result<std::size_t> ack(std::string_view stream, std::string_view group,
                            const std::vector<std::string>& ids) override;
    Result<StreamClaim> claim_stale(std::string_view stream, std::string_view group,
                                    std::string_view consumer, std::int64_t idle_ms_min,
                                    std::size_t count_max, std::string_view from) override;
    Result<std::size_t> length(std::string_view stream) override;
    Result<std::size_t> pending(std::string_view stream, std::string_view group) override;
    Result<std::size_t> trim(std::string_view stream, std::size_t length_max) override;
    Result<void> remove(std::string_view stream) override;
    void stop();  // nobody waits any more

 private:
    struct Pending {
        std::string consumer;
        std::int64_t delivered_us = 0;
    };
    struct Group {
        EntryId last;  // delivered
        std::map<EntryId, Pending> pending;
    };
    struct Stream {
        std::map<EntryId, StreamFields> entries;
        EntryId last;
        std::map<std::string, Group, std::less<>> groups;
    };
    Group* find(std::string_view stream, std::string_view group);
    std::vector<StreamEntry> deliver(std::string_view stream, std::string_view group,
                                     std::string_view consumer, std::size_t count_max);

    const Clock& clock_;
    std::mutex mutex_;
    std::condition_variable appended_;
    bool stopped_ = false;
    std::map<std::string, Stream, std::less<>> streams_;
};

// What both sides refuse: "stream.entry_too_large".
Result<void> check_entry(const StreamFields& fields);
Problem no_such_group();

}  // namespace hangu::shared_state

// The server's replies, and commands as they go over the wire.
#pragma once

#include <hiredis/hiredis.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace hangu::shared_state {

struct FreeReply {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

inline std::string_view text_of(const redisReply& reply) {
    return reply.str == nullptr ? std::string_view() : std::string_view(reply.str, reply.len);
}
inline bool is_error(const redisReply& reply) {
    return reply.type == REDIS_REPLY_ERROR;
}
inline bool is_nil(const redisReply& reply) {
    return reply.type == REDIS_REPLY_NIL;
}
inline bool is_integer(const redisReply& reply, long long value) {
    return reply.type == REDIS_REPLY_INTEGER && reply.integer == value;
}

// Commands are arrays of texts with their lengths: nothing in a value can become a command.
class Command {
 public:
    explicit Command(std::size_t words_count) { begin(words_count); }
    Command(std::initializer_list<std::string_view> words) {
        begin(words.size());
        for (const std::string_view word : words) {
            add(word);
        }
    }
    Command& add(std::string_view word) {
        bytes_ += '$';
        bytes_ += std::to_string(word.size());
        bytes_ += "\r\n";
        bytes_ += word;
        bytes_ += "\r\n";
        return *this;
    }
    std::string take() { return std::move(bytes_); }

 private:
    void begin(std::size_t words_count) {
        bytes_.reserve(128);
        bytes_ += '*';
        bytes_ += std::to_string(words_count);
        bytes_ += "\r\n";
    }
    std::string bytes_;
};

}  // namespace hangu::shared_state

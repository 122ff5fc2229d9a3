// A merchant's own program: reads a queue, acknowledges what it has, and connects again when the
// broker was away.
#pragma once

#include <amqp.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hangu::testing {

struct Message {
    std::string id;
    std::string type;
    std::string body;
    std::string routing_key;
    int delivery_mode = 0;
    std::map<std::string, std::string> headers;
};

class Consumer {
 public:
    Consumer(int port, std::string queue) : port_(port), queue_(std::move(queue)) {}
    ~Consumer() { close(); }
    Consumer(const Consumer&) = delete;
    Consumer& operator=(const Consumer&) = delete;

    // Reads until `count` messages are there in all, or none came for that long. Returns them all.
    const std::vector<Message>& read(std::size_t count, std::int64_t ms_max = 10'000);
    const std::vector<Message>& messages() const { return messages_; }
    void delete_queue();
    // Makes it with these arguments, as somebody else might have. False: it is there otherwise.
    bool declare_classic();

 private:
    bool open();
    void close();
    bool take_one(std::int64_t ms_max);

    int port_;
    std::string queue_;
    amqp_connection_state_t state_ = nullptr;
    bool consuming_ = false;
    std::vector<Message> messages_;
};

}  // namespace hangu::testing

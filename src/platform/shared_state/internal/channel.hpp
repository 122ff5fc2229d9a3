// One connection to the server without a thread of its own: whoever polls its descriptor goes on
// with it. Connects, encrypts, writes what waits, and cuts what comes into replies (hiredis).
#pragma once

#include "platform/shared_state/internal/reply.hpp"
#include "platform/shared_state/internal/tls_client.hpp"
#include "platform/shared_state/shared_state.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::shared_state {

class Channel {
 public:
    explicit Channel(const Server& server) : server_(server) {}
    ~Channel() { close(); }
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    // Begins to connect, and says who we are as the first command, whose reply comes like any
    // other. False: see detail(). Only the resolving of a host's name may take time.
    bool open();
    void close();
    bool is_open() const { return descriptor_ >= 0; }

    void write(std::string_view bytes) { out_ += bytes; }
    // Writes and reads what can be without waiting. False: the connection is over; see detail().
    bool go_on(std::vector<Reply>& replies);

    int descriptor() const { return descriptor_; }
    short wanted() const;  // for poll
    std::size_t unsent_bytes() const { return out_.size() - sent_; }
    const std::string& detail() const { return detail_; }

 private:
    enum class Step { connecting, encrypting, open };
    bool fail(std::string detail);
    bool open_unix();
    bool open_tcp();
    bool finish_connecting();
    bool encrypt();
    bool send_some();
    bool receive_some(std::vector<Reply>& replies);
    long send_once(const char* data, std::size_t size, bool& later);
    long receive_once(char* data, std::size_t size, bool& later);
    void greet();

    const Server& server_;
    int descriptor_ = -1;
    Step step_ = Step::connecting;
    TlsContext context_;
    Tls tls_;
    bool tls_wants_write_ = false;
    std::string out_;
    std::size_t sent_ = 0;
    struct FreeReader {
        void operator()(redisReader* reader) const { redisReaderFree(reader); }
    };
    std::unique_ptr<redisReader, FreeReader> reader_;
    std::string detail_;
};

}  // namespace hangu::shared_state

// Bytes in, bytes out, plain or through TLS, on one loop. Deadlines are the owner's business: it
// calls expire(), and what waits ends.
#pragma once

#include "platform/runtime/await.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::http {

// What is waited for gives its error as a value.
inline constexpr auto kAwaited = boost::asio::as_tuple(boost::asio::use_awaitable);

struct FreeSsl {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Ssl = std::unique_ptr<SSL, FreeSsl>;

// Bytes that came and were not used yet, in one piece.
class InputBuffer {
 public:
    std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
    bool empty() const { return begin_ == end_; }
    void consume(std::size_t count);
    // Room at the end. Grows to what it has twice over when most of it is used.
    struct Room {
        char* data;
        std::size_t size;
    };
    Room room();
    void commit(std::size_t count);

 private:
    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

// What is to be sent, in order; shrinks as it is sent. The owner keeps the bytes alive.
struct Outgoing {
    std::string_view first;
    std::string_view second;
    bool done() const { return first.empty() && second.empty(); }
    std::size_t bytes() const { return first.size() + second.size(); }
};

class Connection {
 public:
    using Socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp,
                                                    boost::asio::io_context::executor_type>;
    enum class Sent : std::uint8_t { all, blocked, failed };

    Connection(Socket socket, Ssl ssl);  // null: plain. The socket is made non-blocking.
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    bool secure() const { return ssl_ != nullptr; }
    int native_handle() { return socket_.native_handle(); }
    InputBuffer& input() { return input_; }

    Task<bool> handshake();  // false: failed or expired
    Task<bool> fill();       // more input; false: end, error or expired
    // Sends what the kernel takes now, without waiting.
    Sent send_now(Outgoing& out);
    Task<bool> send_rest(Outgoing out);      // false: the peer is gone, or expired
    void send_last(std::string_view bytes);  // what goes without waiting, also after expire()
    // Says good-bye and reads what still comes, so that the last answer arrives; ends at expire().
    Task<void> linger(std::size_t bytes_max);
    void say_goodbye();  // without waiting

    void expire();  // what waits ends; further waits end at once
    bool expired() const { return expired_; }

 private:
    static BIO_METHOD* bio_method();
    static int bio_read(BIO* bio, char* data, int size);
    static int bio_write(BIO* bio, const char* data, int size);
    static long bio_control(BIO* bio, int command, long number, void* pointer);

    enum class Need : std::uint8_t { nothing, read, write, failed };
    Need need_after(int result);
    Task<bool> wait_for(Need need);
    Need read_secure();
    Sent send_plain(Outgoing& out);
    Sent send_secure(Outgoing& out);

    Socket socket_;
    Ssl ssl_;
    InputBuffer input_;
    InputBuffer wire_;  // what came from the network for TLS
    bool expired_ = false;
};

}  // namespace hangu::http

#include "platform/http/internal/connection.hpp"

#include <boost/asio/buffer.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>

#include <sys/socket.h>
#include <sys/uio.h>

namespace hangu::http {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kBufferBytesFirst = 4096;
constexpr std::size_t kRoomBytesMin = 1024;
constexpr std::size_t kRoomBytesMax = 16 * 1024;
constexpr int kSendFlags = MSG_NOSIGNAL | MSG_DONTWAIT;

constexpr std::size_t kSecureWriteBytesMax = 1024 * 1024;

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK;
}

// What others left in this thread's queue would be taken for the error of the next call.
void drop_foreign_errors() {
    if (ERR_peek_error() != 0) {
        ERR_clear_error();
    }
}

void drop_sent(Outgoing& out, std::size_t count) {
    const std::size_t of_first = std::min(count, out.first.size());
    out.first.remove_prefix(of_first);
    out.second.remove_prefix(count - of_first);
}

}  // namespace

void InputBuffer::consume(std::size_t count) {
    begin_ += count;
    if (begin_ == end_) {
        begin_ = 0;
        end_ = 0;
    }
}

InputBuffer::Room InputBuffer::room() {
    if (begin_ > 0 && bytes_.size() - end_ < kRoomBytesMin) {
        std::memmove(bytes_.data(), bytes_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (bytes_.size() - end_ < kRoomBytesMin) {
        bytes_.resize(std::max(kBufferBytesFirst, bytes_.size() * 2));
    }
    return {bytes_.data() + end_, std::min(bytes_.size() - end_, kRoomBytesMax)};
}

void InputBuffer::commit(std::size_t count) {
    end_ += count;
}

Connection::Connection(Socket socket, Ssl ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {
    boost::system::error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    if (ssl_) {
        BIO* const bio = BIO_new(bio_method());
        HANGU_ASSERT(bio != nullptr);
        BIO_set_data(bio, this);
        BIO_set_init(bio, 1);
        SSL_set_bio(ssl_.get(), bio, bio);
        SSL_set_accept_state(ssl_.get());
    }
}

Connection::~Connection() = default;

void Connection::expire() {
    expired_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
}

// ---- the way between OpenSSL and the socket ----

BIO_METHOD* Connection::bio_method() {
    static BIO_METHOD* const method = [] {
        BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "hangu");
        BIO_meth_set_read(made, bio_read);
        BIO_meth_set_write(made, bio_write);
        BIO_meth_set_ctrl(made, bio_control);
        return made;
    }();
    return method;
}

int Connection::bio_read(BIO* bio, char* data, int size) {
    auto* const self = static_cast<Connection*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    const std::string_view waiting = self->wire_.view();
    if (waiting.empty()) {
        BIO_set_retry_read(bio);
        return -1;
    }
    const std::size_t count = std::min(waiting.size(), static_cast<std::size_t>(size));
    std::memcpy(data, waiting.data(), count);
    self->wire_.consume(count);
    return static_cast<int>(count);
}

int Connection::bio_write(BIO* bio, const char* data, int size) {
    auto* const self = static_cast<Connection*>(BIO_get_data(bio));
    BIO_clear_retry_flags(bio);
    while (true) {
        const ssize_t sent =
            ::send(self->native_handle(), data, static_cast<std::size_t>(size), kSendFlags);
        if (sent >= 0) {
            return static_cast<int>(sent);
        }
        if (errno != EINTR) {
            break;
        }
    }
    if (would_block()) {
        BIO_set_retry_write(bio);
    }
    return -1;
}

long Connection::bio_control(BIO*, int command, long, void*) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

// Reads OpenSSL's verdict on a call. Leaves the thread's error queue empty: it is shared by all.
Connection::Need Connection::need_after(int result) {
    const int error = SSL_get_error(ssl_.get(), result);
    switch (error) {
        case SSL_ERROR_NONE:
            return Need::nothing;
        case SSL_ERROR_WANT_READ:
            return Need::read;
        case SSL_ERROR_WANT_WRITE:
            return Need::write;
        default:
            ERR_clear_error();
            return Need::failed;
    }
}

Task<bool> Connection::wait_for(Need need) {
    if (expired_ || need == Need::failed) {
        co_return false;
    }
    if (need == Need::write) {
        const auto [error] = co_await socket_.async_wait(asio::socket_base::wait_write, kAwaited);
        co_return !error && !expired_;
    }
    const InputBuffer::Room room = wire_.room();
    const asio::mutable_buffer buffer(room.data, room.size);
    const auto [error, count] = co_await socket_.async_read_some(buffer, kAwaited);
    wire_.commit(count);
    co_return !error && !expired_;
}

Task<bool> Connection::handshake() {
    ERR_clear_error();
    while (true) {
        const Need need = need_after(SSL_do_handshake(ssl_.get()));
        if (need == Need::nothing) {
            co_return true;
        }
        const bool ready = co_await wait_for(need);
        if (!ready) {
            co_return false;
        }
    }
}

// Decrypts what already came. Need::nothing: there is more input.
Connection::Need Connection::read_secure() {
    if (wire_.empty() && SSL_pending(ssl_.get()) == 0) {
        return Need::read;
    }
    drop_foreign_errors();
    const InputBuffer::Room room = input_.room();
    const int count = SSL_read(ssl_.get(), room.data, static_cast<int>(room.size));
    if (count > 0) {
        input_.commit(static_cast<std::size_t>(count));
        return Need::nothing;
    }
    return need_after(count);
}

Task<bool> Connection::fill() {
    while (!expired_) {
        const Need need = ssl_ ? read_secure() : Need::read;
        if (need == Need::nothing) {
            co_return true;
        }
        if (need != Need::read) {
            const bool ready = co_await wait_for(need);
            if (!ready) {
                co_return false;
            }
            continue;
        }
        InputBuffer& target = ssl_ ? wire_ : input_;
        const InputBuffer::Room room = target.room();
        const asio::mutable_buffer buffer(room.data, room.size);
        const auto [error, count] = co_await socket_.async_read_some(buffer, kAwaited);
        target.commit(count);
        if (error || expired_) {
            co_return false;
        }
        if (!ssl_) {
            co_return true;
        }
    }
    co_return false;
}

Connection::Sent Connection::send_plain(Outgoing& out) {
    while (!out.done()) {
        ssize_t sent = 0;
        if (out.second.empty()) {
            sent = ::send(native_handle(), out.first.data(), out.first.size(), kSendFlags);
        } else {
            std::array<iovec, 2> pieces{};
            pieces[0].iov_base = const_cast<char*>(out.first.data());
            pieces[0].iov_len = out.first.size();
            pieces[1].iov_base = const_cast<char*>(out.second.data());
            pieces[1].iov_len = out.second.size();
            msghdr message{};
            message.msg_iov = pieces.data();
            message.msg_iovlen = pieces.size();
            sent = ::sendmsg(native_handle(), &message, kSendFlags);
        }
        if (sent >= 0) {
            drop_sent(out, static_cast<std::size_t>(sent));
        } else if (errno != EINTR) {
            return would_block() ? Sent::blocked : Sent::failed;
        }
    }
    return Sent::all;
}

Connection::Sent Connection::send_secure(Outgoing& out) {
    while (!out.done()) {
        drop_foreign_errors();
        const std::string_view piece = out.first.empty() ? out.second : out.first;
        const std::size_t size = std::min<std::size_t>(piece.size(), kSecureWriteBytesMax);
        const int sent = SSL_write(ssl_.get(), piece.data(), static_cast<int>(size));
        if (sent > 0) {
            drop_sent(out, static_cast<std::size_t>(sent));
            continue;
        }
        return need_after(sent) == Need::write ? Sent::blocked : Sent::failed;
    }
    return Sent::all;
}

Connection::Sent Connection::send_now(Outgoing& out) {
    if (expired_) {
        return Sent::failed;
    }
    return ssl_ ? send_secure(out) : send_plain(out);
}

Task<bool> Connection::send_rest(Outgoing out) {
    while (true) {
        const bool ready = co_await wait_for(Need::write);
        if (!ready) {
            co_return false;
        }
        const Sent sent = send_now(out);
        if (sent != Sent::blocked) {
            co_return sent == Sent::all;
        }
    }
}

void Connection::send_last(std::string_view bytes) {
    Outgoing out;
    out.first = bytes;
    [[maybe_unused]] const Sent sent = ssl_ ? send_secure(out) : send_plain(out);
}

void Connection::say_goodbye() {
    if (ssl_ && SSL_is_init_finished(ssl_.get()) == 1) {
        drop_foreign_errors();
        SSL_shutdown(ssl_.get());
        ERR_clear_error();
    }
    boost::system::error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

Task<void> Connection::linger(std::size_t bytes_max) {
    say_goodbye();
    std::size_t dropped = 0;
    while (!expired_ && dropped < bytes_max) {
        wire_.consume(wire_.view().size());
        const InputBuffer::Room room = wire_.room();
        const asio::mutable_buffer buffer(room.data, room.size);
        const auto [error, count] = co_await socket_.async_read_some(buffer, kAwaited);
        dropped += count;
        if (error) {
            co_return;
        }
    }
}

}  // namespace hangu::http

#include "platform/shared_state/internal/channel.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace hangu::shared_state {

namespace {

constexpr std::size_t kReadBytes = 16384;
constexpr int kReadsMax = 16;  // then the others on the same thread have their turn

struct FreeAddresses {
    void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

}  // namespace

bool Channel::fail(std::string detail) {
    detail_ = std::move(detail);
    close();
    return false;
}

void Channel::close() {
    tls_.reset();
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        descriptor_ = -1;
    }
    out_.clear();
    sent_ = 0;
    reader_.reset();
    tls_wants_write_ = false;
}

bool Channel::open() {
    close();
    step_ = Step::connecting;
    reader_.reset(redisReaderCreate());
    if (!server_.tls_ca.empty() && !context_) {
        context_ = make_tls_client(server_.tls_ca);
        if (!context_) {
            return fail("cannot use " + server_.tls_ca + ": " + tls_error());
        }
    }
    const bool begun = server_.socket.empty() ? open_tcp() : open_unix();
    if (begun) {
        greet();
    }
    return begun;
}

// HELLO answers with the version, and takes the account along.
void Channel::greet() {
    if (server_.password.empty()) {
        write(Command({"HELLO", "2"}).take());
        return;
    }
    const std::string_view user = server_.user.empty() ? "default" : std::string_view(server_.user);
    write(Command({"HELLO", "2", "AUTH", user, server_.password.expose()}).take());
}

bool Channel::open_unix() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (server_.socket.size() >= sizeof(address.sun_path)) {
        return fail("the socket's path is too long: " + server_.socket);
    }
    std::memcpy(address.sun_path, server_.socket.data(), server_.socket.size());
    descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0 ||
        ::connect(descriptor_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
        return fail(server_.socket + ": " + std::strerror(errno));
    }
    return true;
}

bool Channel::open_tcp() {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int code =
        ::getaddrinfo(server_.host.c_str(), std::to_string(server_.port).c_str(), &hints, &found);
    const std::unique_ptr<addrinfo, FreeAddresses> list(found);
    if (code != 0) {
        return fail(server_.host + ": " + ::gai_strerror(code));
    }
    int error = 0;
    for (const addrinfo* one = list.get(); one != nullptr; one = one->ai_next) {
        descriptor_ = ::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (descriptor_ < 0) {
            error = errno;
            continue;
        }
        const int on = 1;
        ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        if (::connect(descriptor_, one->ai_addr, one->ai_addrlen) == 0 || errno == EINPROGRESS) {
            return true;
        }
        error = errno;
        ::close(descriptor_);
        descriptor_ = -1;
    }
    return fail(server_.host + ": " + std::strerror(error));
}

bool Channel::finish_connecting() {
    pollfd writable{descriptor_, POLLOUT, 0};
    if (::poll(&writable, 1, 0) == 0) {
        return true;
    }
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
        return fail(server_.host + server_.socket + ": " + std::strerror(error));
    }
    if (!context_) {
        step_ = Step::open;
        return true;
    }
    tls_ = begin_tls(context_.get(), descriptor_, server_.host);
    if (!tls_) {
        return fail("TLS: " + tls_error());
    }
    step_ = Step::encrypting;
    return true;
}

bool Channel::encrypt() {
    const int done = SSL_do_handshake(tls_.get());
    if (done == 1) {
        tls_wants_write_ = false;
        step_ = Step::open;
        return true;
    }
    const int why = SSL_get_error(tls_.get(), done);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
        return fail("TLS: " + tls_error());
    }
    tls_wants_write_ = why == SSL_ERROR_WANT_WRITE;
    return true;
}

short Channel::wanted() const {
    switch (step_) {
        case Step::connecting:
            return POLLOUT;
        case Step::encrypting:
            return tls_wants_write_ ? POLLOUT : POLLIN;
        default:
            return static_cast<short>(unsent_bytes() > 0 ? POLLIN | POLLOUT : POLLIN);
    }
}

long Channel::send_once(const char* data, std::size_t size, bool& later) {
    if (tls_) {
        const int n = SSL_write(
            tls_.get(), data, static_cast<int>(std::min<std::size_t>(size, std::size_t{1} << 20U)));
        const int why = n > 0 ? SSL_ERROR_NONE : SSL_get_error(tls_.get(), n);
        later = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
        return n;
    }
    const ssize_t n = ::send(descriptor_, data, size, MSG_NOSIGNAL);
    later = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return n;
}

long Channel::receive_once(char* data, std::size_t size, bool& later) {
    if (tls_) {
        const int n = SSL_read(tls_.get(), data, static_cast<int>(size));
        const int why = n > 0 ? SSL_ERROR_NONE : SSL_get_error(tls_.get(), n);
        later = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
        return n;
    }
    const ssize_t n = ::recv(descriptor_, data, size, 0);
    later = n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    return n;
}

bool Channel::send_some() {
    while (unsent_bytes() > 0) {
        bool later = false;
        const long n = send_once(out_.data() + sent_, unsent_bytes(), later);
        if (n <= 0) {
            return later || fail("the connection is lost");
        }
        sent_ += static_cast<std::size_t>(n);
    }
    out_.clear();
    sent_ = 0;
    return true;
}

bool Channel::receive_some(std::vector<Reply>& replies) {
    char buffer[kReadBytes];
    for (int i = 0; tls_ || i < kReadsMax; ++i) {  // TLS may hold more than poll can see
        bool later = false;
        const long n = receive_once(buffer, sizeof(buffer), later);
        if (n <= 0) {
            return later || fail("the server closed the connection");
        }
        redisReaderFeed(reader_.get(), buffer, static_cast<std::size_t>(n));
        void* one = nullptr;
        while (redisReaderGetReply(reader_.get(), &one) == REDIS_OK && one != nullptr) {
            replies.emplace_back(static_cast<redisReply*>(one));
        }
        if (reader_->err != 0) {
            return fail(std::string("not a Redis server: ") + reader_->errstr);
        }
        if (static_cast<std::size_t>(n) < sizeof(buffer) && !tls_) {
            return true;
        }
    }
    return true;
}

bool Channel::go_on(std::vector<Reply>& replies) {
    if (step_ == Step::connecting && !finish_connecting()) {
        return false;
    }
    if (step_ == Step::encrypting && !encrypt()) {
        return false;
    }
    return step_ != Step::open || (send_some() && receive_some(replies));
}

}  // namespace hangu::shared_state

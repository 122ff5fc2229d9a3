#include "tests/system/client.hpp"

#include "tests/system/collected.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace hangu::system {

namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    return out;
}

int connected_socket(std::uint16_t port) {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int yes = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const timeval patience{30, 0};
    ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        ::close(descriptor);
        return -1;
    }
    return descriptor;
}

// The bytes of a chunked body that begins at `at`; nullopt: more is needed.
std::optional<std::string> chunked_body(const std::string& text, std::size_t at) {
    std::string body;
    while (true) {
        const std::size_t end = text.find("\r\n", at);
        if (end == std::string::npos) {
            return std::nullopt;
        }
        std::size_t size = 0;
        std::from_chars(text.data() + at, text.data() + end, size, 16);
        at = end + 2;
        if (text.size() < at + size + 2) {
            return std::nullopt;
        }
        if (size == 0) {
            return body;
        }
        body += text.substr(at, size);
        at += size + 2;
    }
}

std::optional<std::string> body_of(const Answer& answer, const std::string& text, std::size_t at) {
    if (answer.header("transfer-encoding") == "chunked") {
        return chunked_body(text, at);
    }
    const std::string length = answer.header("content-length");
    const std::size_t size = length.empty() ? 0 : std::stoul(length);
    return text.size() < at + size ? std::nullopt : std::optional(text.substr(at, size));
}

// Which answers may give secrets out.
Source source_of(std::string_view method, std::string_view path) {
    if (method == "POST" && path.ends_with("/phone")) {
        return Source::reveal;
    }
    const bool issues =
        method == "POST" &&
        (path.ends_with("/session") || path.ends_with("/redeem") || path.ends_with("/staff") ||
         path.ends_with("/sign-in-link") || path.ends_with("/app-keys"));
    return issues ? Source::issue : Source::answer;
}

}  // namespace

std::string Answer::header(std::string_view name) const {
    const std::string wanted = "\r\n" + lower(name) + ":";
    const std::size_t at = lower(head).find(wanted);
    if (at == std::string::npos) {
        return "";
    }
    const std::size_t from = head.find_first_not_of(' ', at + wanted.size());
    return head.substr(from, head.find("\r\n", from) - from);
}

std::string Answer::code() const {
    const boost::json::object* object = json.if_object();
    const boost::json::value* code = object == nullptr ? nullptr : object->if_contains("code");
    return status < 400 || code == nullptr || !code->is_string()
               ? ""
               : std::string(code->as_string().c_str());
}

Connection::Connection(std::uint16_t port, bool tls) : descriptor_(connected_socket(port)) {
    if (descriptor_ < 0 || !tls) {
        return;
    }
    context_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(context_, SSL_VERIFY_NONE, nullptr);  // self-made for the test
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, descriptor_);
    if (SSL_connect(ssl_) != 1) {
        close();
    }
}

Connection::~Connection() {
    close();
    SSL_free(ssl_);
    SSL_CTX_free(context_);
}

void Connection::close() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        descriptor_ = -1;
    }
}

void Connection::interrupt() {
    if (descriptor_ >= 0) {
        ::shutdown(descriptor_, SHUT_RDWR);
    }
}

bool Connection::send(std::string_view bytes) {
    if (!open()) {
        return false;
    }
    if (ssl_ != nullptr) {
        return SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())) ==
               static_cast<int>(bytes.size());
    }
    return ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
}

bool Connection::receive(std::string& into) {
    if (!open()) {
        return false;
    }
    std::array<char, 16384> buffer{};
    const auto got = ssl_ != nullptr
                         ? SSL_read(ssl_, buffer.data(), static_cast<int>(buffer.size()))
                         : static_cast<int>(::recv(descriptor_, buffer.data(), buffer.size(), 0));
    if (got <= 0) {
        return false;
    }
    into.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
}

std::string request_text(std::string_view method, std::string_view path, std::uint16_t port,
                         const std::string& body, const Headers& headers) {
    std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n", method, path, port);
    if (method != "GET") {
        text += fmt::format("Origin: https://127.0.0.1:{}\r\n", port);
    }
    for (const auto& [name, value] : headers) {
        text += name + ": " + value + "\r\n";
    }
    if (!body.empty()) {
        text += "Content-Type: application/json\r\n";
    }
    if (!body.empty() || method != "GET") {
        text += fmt::format("Content-Length: {}\r\n", body.size());
    }
    return text + "\r\n" + body;
}

std::optional<Answer> read_answer(Connection& connection, bool no_body) {
    std::string text;
    std::size_t end = std::string::npos;
    while ((end = text.find("\r\n\r\n")) == std::string::npos) {
        if (!connection.receive(text)) {
            return std::nullopt;
        }
    }
    Answer answer;
    answer.head = text.substr(0, end + 2);
    answer.status = std::stoi(answer.head.substr(answer.head.find(' ') + 1, 3));
    if (no_body || answer.status == 204 || answer.status == 304) {
        return answer;
    }
    while (true) {
        std::optional<std::string> body = body_of(answer, text, end + 4);
        if (body) {
            answer.body = std::move(*body);
            break;
        }
        if (!connection.receive(text)) {
            return std::nullopt;
        }
    }
    if (answer.header("content-type").find("json") != std::string::npos) {
        boost::json::error_code error;
        answer.json = boost::json::parse(answer.body, error);
    }
    return answer;
}

void Client::use_port(std::uint16_t port) {
    port_ = port;
    connection_.reset();
}

std::optional<Answer> Client::exchange(const std::string& request, bool head_only) {
    // A kept connection may have been closed at rest: then nothing was done, and a new one is
    // tried.
    const bool kept = connection_ != nullptr;
    if (!kept) {
        connection_ = std::make_unique<Connection>(port_);
    }
    if (!connection_->send(request)) {
        connection_.reset();
        return std::nullopt;
    }
    std::optional<Answer> answer = read_answer(*connection_, head_only);
    if (!answer || lower(answer->header("connection")) == "close") {
        connection_.reset();
    }
    return answer;
}

std::optional<Answer> Client::request(std::string_view method, std::string_view path,
                                      const std::string& body, const Headers& headers) {
    Headers all = headers;
    if (!cookie.empty()) {
        all.emplace_back("Cookie", cookie);
    }
    if (!bearer.empty()) {
        all.emplace_back("Authorization", "Bearer " + bearer);
    }
    const std::string full =
        path.starts_with("/api") || path.starts_with("/openapi") || path.starts_with("/healthz")
            ? std::string(path)
            : "/api/v1" + std::string(path);
    std::optional<Answer> answer =
        exchange(request_text(method, full, port_, body, all), method == "HEAD");
    if (!answer) {
        return answer;
    }
    const std::string set = answer->header("set-cookie");
    if (!set.empty()) {
        cookie = set.substr(0, set.find(';'));
        Collected::all().secret("session token", cookie.substr(cookie.find('=') + 1),
                                Source::issue);
    }
    if (seen != nullptr) {
        *seen += answer->head + answer->body;
    }
    Collected::all().add(source_of(method, full), fmt::format("{} {}", method, full),
                         answer->head + "\r\n" + answer->body);
    return answer;
}

std::string get_plain(const std::string& url) {
    const std::size_t host = url.find("//") + 2;
    const std::size_t colon = url.find(':', host);
    const std::size_t slash = url.find('/', colon);
    const auto port =
        static_cast<std::uint16_t>(std::stoul(url.substr(colon + 1, slash - colon - 1)));
    Connection connection(port, false);
    connection.send(request_text("GET", url.substr(slash), port, "", {}));
    const std::optional<Answer> answer = read_answer(connection, false);
    return answer ? answer->body : "";
}

}  // namespace hangu::system

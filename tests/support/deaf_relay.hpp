// Stands between clients and a server, on sockets of this machine, and keeps to itself what the
// server says when a test wants that: the answer was given and never arrives.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <iterator>
#include <list>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hangu::testing {

class DeafRelay {
 public:
    // `path`: where clients connect to; `server`: the socket behind it.
    DeafRelay(const std::string& path, std::string server) : server_(std::move(server)) {
        ::unlink(path.c_str());
        listening_ = opened(path, ::bind);
        if (::listen(listening_, 16) != 0 || ::pipe(ended_) != 0) {
            throw std::runtime_error("no relay");
        }
        thread_ = std::thread([this] { serve(); });
    }
    ~DeafRelay() {
        ::close(ended_[1]);
        thread_.join();
        ::close(ended_[0]);
        ::close(listening_);
    }
    DeafRelay(const DeafRelay&) = delete;
    DeafRelay& operator=(const DeafRelay&) = delete;

    // Nothing more is heard on the connection that was made last.
    void hear_no_more() { deaf_ = accepted_.load(); }

 private:
    struct Pair {
        int number = 0;
        int client = -1;
        int server = -1;
    };

    static int opened(const std::string& path, int (*how)(int, const sockaddr*, socklen_t)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        const int made = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (how(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
            ::close(made);
            throw std::runtime_error("no relay at " + path);
        }
        return made;
    }
    void serve() {
        bool ended = false;
        while (!ended) {
            std::vector<pollfd> waits{{ended_[0], POLLIN, 0}, {listening_, POLLIN, 0}};
            for (const Pair& pair : pairs_) {
                waits.push_back({pair.client, POLLIN, 0});
                waits.push_back({pair.server, POLLIN, 0});
            }
            ::poll(waits.data(), waits.size(), -1);
            ended = waits[0].revents != 0;
            std::size_t at = 2;
            for (auto pair = pairs_.begin(); pair != pairs_.end(); at += 2) {
                const bool open = (waits[at].revents == 0 || pass(pair->client, pair->server)) &&
                                  (waits[at + 1].revents == 0 ||
                                   pass(pair->server, pair->number == deaf_ ? -1 : pair->client));
                pair = open ? std::next(pair) : closed(pair);
            }
            if (waits[1].revents != 0) {
                accept();
            }
        }
        while (!pairs_.empty()) {
            closed(pairs_.begin());
        }
    }
    void accept() {
        const int client = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC);
        try {
            pairs_.push_back({++accepted_, client, opened(server_, ::connect)});
        } catch (const std::runtime_error&) {
            ::close(client);  // there is no server
        }
    }
    // False: the one that speaks has gone.
    static bool pass(int from, int to) {
        std::array<char, 65'536> bytes{};
        const ssize_t count = ::read(from, bytes.data(), bytes.size());
        if (count > 0 && to >= 0) {
            return ::send(to, bytes.data(), static_cast<std::size_t>(count), MSG_NOSIGNAL) == count;
        }
        return count > 0;
    }
    std::list<Pair>::iterator closed(std::list<Pair>::iterator pair) {
        ::close(pair->client);
        ::close(pair->server);
        return pairs_.erase(pair);
    }

    const std::string server_;
    int listening_ = -1;
    int ended_[2] = {-1, -1};
    std::list<Pair> pairs_;  // of the thread
    std::atomic<int> accepted_{0};
    std::atomic<int> deaf_{0};
    std::thread thread_;
};

}  // namespace hangu::testing

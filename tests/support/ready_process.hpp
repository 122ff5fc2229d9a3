// A server of a test's own that says READY=1 on a socket when it is ready (sd_notify), and is ended
// by its pid.
#pragma once

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::testing {

class ReadyProcess {
 public:
    static constexpr int kStartMsMax = 60'000;

    ReadyProcess() = default;
    ~ReadyProcess() { stop(SIGKILL); }
    ReadyProcess(const ReadyProcess&) = delete;
    ReadyProcess& operator=(const ReadyProcess&) = delete;

    // Looks for the program in PATH. `hint`: where to look when it does not start.
    void start(std::vector<std::string> words, const std::string& hint) {
        const int told = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        // The system gives an abstract name that is free: nobody has to own a file.
        sockaddr_un name{};
        name.sun_family = AF_UNIX;
        socklen_t size = sizeof name;
        if (told < 0 ||
            ::bind(told, reinterpret_cast<sockaddr*>(&name), sizeof(sa_family_t)) != 0 ||
            ::getsockname(told, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
            throw std::runtime_error("no socket to hear the server on");
        }
        const std::size_t length = size - offsetof(sockaddr_un, sun_path) - 1;
        spawn(words, "NOTIFY_SOCKET=@" + std::string(name.sun_path + 1, length));
        const bool ready = wait_until_ready(told);
        ::close(told);
        if (!ready) {
            stop(SIGKILL);
            throw std::runtime_error(words.front() + " did not start; see " + hint);
        }
    }
    int pid() const { return pid_; }
    void stop(int signal) {
        if (pid_ > 0) {
            ::kill(pid_, signal);
            int status = 0;
            ::waitpid(pid_, &status, 0);
            pid_ = 0;
        }
    }

 private:
    void spawn(std::vector<std::string>& words, std::string notify) {
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        std::vector<char*> environment{notify.data()};
        for (char** one = environ; *one != nullptr; ++one) {
            if (!std::string_view(*one).starts_with("NOTIFY_SOCKET=")) {
                environment.push_back(*one);
            }
        }
        environment.push_back(nullptr);
        const int code = ::posix_spawnp(&pid_, words.front().c_str(), nullptr, nullptr,
                                        arguments.data(), environment.data());
        if (code != 0) {
            pid_ = 0;
            throw std::runtime_error("cannot start " + words.front() + ": " + std::strerror(code));
        }
    }

    // Heard READY=1; false when it ended or took too long.
    bool wait_until_ready(int told) const {
        const int ended = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
        bool ready = false;
        while (!ready) {
            pollfd both[] = {{told, POLLIN, 0}, {ended, POLLIN, 0}};
            if (::poll(both, 2, kStartMsMax) <= 0 || both[1].revents != 0) {
                break;
            }
            char text[1024];
            const ssize_t size = ::recv(told, text, sizeof text, 0);
            ready = size > 0 &&
                    std::string_view(text, static_cast<std::size_t>(size)).find("READY=1") !=
                        std::string_view::npos;
        }
        ::close(ended);
        return ready;
    }

    pid_t pid_ = 0;
};

}  // namespace hangu::testing

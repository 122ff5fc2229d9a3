// A MariaDB server of the test's own: an ordinary folder, a socket in it, no network. It is started
// by scripts/mariadb, says itself when it is ready, and ends with the test however that ends.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::testing {

class MariaServer {
 public:
    static constexpr int kStartMsMax = 60'000;

    // `script` is scripts/mariadb; `options` go to mariadbd.
    MariaServer(const std::string& script, std::string folder,
                const std::vector<std::string>& options = {})
        : folder_(std::move(folder)) {
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
        spawn(script, options, "NOTIFY_SOCKET=@" + std::string(name.sun_path + 1, length));
        const bool ready = wait_until_ready(told);
        ::close(told);
        if (!ready) {
            stop(SIGKILL);
            throw std::runtime_error("MariaDB did not start; see " + folder_ + "/error.log");
        }
    }
    ~MariaServer() { stop(SIGTERM); }
    MariaServer(const MariaServer&) = delete;
    MariaServer& operator=(const MariaServer&) = delete;

    std::string socket() const { return folder_ + "/socket"; }
    int pid() const { return pid_; }

    // SIGTERM: a clean end. SIGKILL: as a crash.
    void stop(int signal) {
        if (pid_ > 0) {
            ::kill(pid_, signal);
            int status = 0;
            ::waitpid(pid_, &status, 0);
            pid_ = 0;
        }
    }

 private:
    void spawn(const std::string& script, const std::vector<std::string>& options,
               std::string notify) {
        std::vector<std::string> words{script, folder_};
        words.insert(words.end(), options.begin(), options.end());
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
        const int code = ::posix_spawn(&pid_, script.c_str(), nullptr, nullptr, arguments.data(),
                                       environment.data());
        if (code != 0) {
            pid_ = 0;
            throw std::runtime_error("cannot start " + script + ": " + std::strerror(code));
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

    std::string folder_;
    pid_t pid_ = 0;
};

}  // namespace hangu::testing

// A Redis server of the test's own: an ordinary folder with a socket in it, two accounts, nothing
// kept on disk. It says itself when it is ready and ends with the test however that ends.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::testing {

class RedisServer {
 public:
    static constexpr int kStartMsMax = 60'000;
    static constexpr const char* kUser = "hangu";  // what docs/operations/redis.md gives a node
    static constexpr const char* kPassword = "a-password-of-the-test";
    static constexpr const char* kAdmin = "admin";  // everything, for the test itself

    explicit RedisServer(std::string folder, std::vector<std::string> options = {})
        : folder_(std::move(folder)), options_(std::move(options)) {
        ::mkdir(folder_.c_str(), 0700);
        std::ofstream accounts(folder_ + "/users.acl");
        accounts << "user default off\n"
                 << "user " << kUser << " on >" << kPassword << " resetkeys ~hangu:* "
                 << "resetchannels &hangu:* " << kRights << "\n"
                 << "user " << kAdmin << " on >" << kPassword << " ~* &* +@all\n";
        accounts.close();
        start();
    }
    ~RedisServer() { stop(SIGKILL); }
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;

    // Also again, after stop(): then it has forgotten everything.
    void start() {
        ::unlink(socket().c_str());
        const int told = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        sockaddr_un name{};  // the system gives an abstract name that is free
        name.sun_family = AF_UNIX;
        socklen_t size = sizeof name;
        if (told < 0 ||
            ::bind(told, reinterpret_cast<sockaddr*>(&name), sizeof(sa_family_t)) != 0 ||
            ::getsockname(told, reinterpret_cast<sockaddr*>(&name), &size) != 0) {
            throw std::runtime_error("no socket to hear the server on");
        }
        const std::size_t length = size - offsetof(sockaddr_un, sun_path) - 1;
        spawn("NOTIFY_SOCKET=@" + std::string(name.sun_path + 1, length));
        const bool ready = wait_until_ready(told);
        ::close(told);
        if (!ready) {
            stop(SIGKILL);
            throw std::runtime_error("redis-server did not start; see " + folder_ + "/log");
        }
    }

    std::string socket() const { return folder_ + "/socket"; }
    const std::string& folder() const { return folder_; }
    int pid() const { return pid_; }
    void signal(int number) const { ::kill(pid_, number); }  // SIGSTOP, SIGCONT

    void stop(int signal) {
        if (pid_ > 0) {
            ::kill(pid_, SIGCONT);
            ::kill(pid_, signal);
            int status = 0;
            ::waitpid(pid_, &status, 0);
            pid_ = 0;
        }
    }

 private:
    static constexpr const char* kRights =
        "-@all +hello +auth +ping +get +set +getdel +del +exists +incr +decr +pexpire +time "
        "+eval +evalsha +script|load +publish +subscribe +unsubscribe +xadd +xlen +xtrim "
        "+xgroup|create +xreadgroup +xack +xautoclaim +xpending";

    void spawn(std::string notify) {
        std::vector<std::string> words{"setpriv",      "--pdeathsig",
                                       "KILL",         "redis-server",
                                       "--port",       "0",
                                       "--unixsocket", socket(),
                                       "--dir",        folder_,
                                       "--logfile",    folder_ + "/log",
                                       "--aclfile",    folder_ + "/users.acl",
                                       "--save",       "",
                                       "--appendonly", "no",
                                       "--supervised", "systemd",
                                       "--daemonize",  "no"};
        words.insert(words.end(), options_.begin(), options_.end());
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
        const int code = ::posix_spawnp(&pid_, "setpriv", nullptr, nullptr, arguments.data(),
                                        environment.data());
        if (code != 0) {
            pid_ = 0;
            throw std::runtime_error(std::string("cannot start redis-server: ") +
                                     std::strerror(code));
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
    std::vector<std::string> options_;
    pid_t pid_ = 0;
};

}  // namespace hangu::testing

// A RabbitMQ server of the test's own: an ordinary folder, loopback ports that were free, an epmd
// of its own. It is started by scripts/rabbitmq, says itself when it is ready, and ends with the
// test however that ends. Takes some fifteen seconds: one for a whole test program.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace hangu::testing {

class RabbitServer {
 public:
    static constexpr int kStartMsMax = 180'000;

    // `script` is scripts/rabbitmq; `more` stands in its configuration besides.
    RabbitServer(std::string script, std::string folder, const std::string& more = "")
        : script_(std::move(script)),
          folder_(std::move(folder)),
          port_(free_port()),
          distribution_port_(free_port()),
          epmd_port_(free_port()) {
        std::filesystem::create_directories(folder_);
        std::ofstream(folder_ + "/extra.conf") << more;
        epmd_ = spawn({"/usr/bin/setpriv", "--pdeathsig", "KILL", "/usr/bin/epmd", "-port",
                       std::to_string(epmd_port_), "-address", "127.0.0.1"},
                      -1);
        wait_until_listening(epmd_port_);
        start();
    }
    ~RabbitServer() {
        end(pid_, SIGKILL);  // a clean end takes seconds, and nothing of it is kept
        end(epmd_, SIGKILL);
    }
    RabbitServer(const RabbitServer&) = delete;
    RabbitServer& operator=(const RabbitServer&) = delete;

    int port() const { return port_; }
    const std::string& folder() const { return folder_; }

    void kill() { end(pid_, SIGKILL); }  // as a crash
    void start() {
        int pipe[2];
        if (::pipe2(pipe, O_CLOEXEC) != 0) {
            throw std::runtime_error("no pipe");
        }
        pid_ = spawn({script_, folder_, std::to_string(port_), std::to_string(distribution_port_),
                      std::to_string(epmd_port_)},
                     pipe[1]);
        ::close(pipe[1]);
        const bool ready = wait_until_ready(pipe[0]);
        ::close(pipe[0]);
        if (!ready) {
            end(pid_, SIGKILL);
            throw std::runtime_error("RabbitMQ did not start: " + said_);
        }
    }

    // Runs rabbitmqctl; false: it said no.
    bool control(std::vector<std::string> words) {
        std::vector<std::string> all{"/usr/bin/env",
                                     "HOME=" + folder_,
                                     "ERL_EPMD_PORT=" + std::to_string(epmd_port_),
                                     "RABBITMQ_CONF_ENV_FILE=/dev/null",
                                     "/usr/lib/rabbitmq/bin/rabbitmqctl",
                                     "-q",
                                     "-n",
                                     "hangu" + std::to_string(port_) + "@localhost"};
        all.insert(all.end(), words.begin(), words.end());
        return run(std::move(all));
    }

    static bool run(std::vector<std::string> words) {
        const pid_t pid = spawn(std::move(words), -1);
        int status = 0;
        ::waitpid(pid, &status, 0);
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

    static int free_port() {
        const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        const bool bound = ::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                           ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0;
        ::close(socket);
        if (!bound) {
            throw std::runtime_error("no free port");
        }
        return ntohs(address.sin_port);
    }

 private:
    static pid_t spawn(std::vector<std::string> words, int output) {
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        if (output >= 0) {
            ::posix_spawn_file_actions_adddup2(&actions, output, 1);
            ::posix_spawn_file_actions_adddup2(&actions, output, 2);
        } else {
            ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
            ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
        }
        pid_t pid = 0;
        const int code = ::posix_spawn(&pid, words.front().c_str(), &actions, nullptr,
                                       arguments.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (code != 0) {
            throw std::runtime_error("cannot start " + words.front() + ": " + std::strerror(code));
        }
        return pid;
    }

    static void end(pid_t& pid, int signal) {
        if (pid > 0) {
            ::kill(pid, signal);
            int status = 0;
            ::waitpid(pid, &status, 0);
            pid = 0;
        }
    }

    // The kernel answers as soon as somebody listens; until then each try is refused at once, so
    // the wait between two is a poll on nothing.
    static void wait_until_listening(int port) {
        for (int tries = 0; tries < 1'000; ++tries) {
            const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            sockaddr_in address{};
            address.sin_family = AF_INET;
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            address.sin_port = htons(static_cast<std::uint16_t>(port));
            const int code =
                ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
            ::close(socket);
            if (code == 0) {
                return;
            }
            ::poll(nullptr, 0, 10);
        }
        throw std::runtime_error("epmd does not listen");
    }

    // Reads what it prints until it says that it is ready. False: it ended, or took too long.
    bool wait_until_ready(int from) {
        said_.clear();
        while (said_.find("completed with") == std::string::npos) {
            pollfd ready{from, POLLIN, 0};
            char text[4096];
            if (::poll(&ready, 1, kStartMsMax) <= 0) {
                return false;
            }
            const ssize_t size = ::read(from, text, sizeof text);
            if (size <= 0) {
                return false;
            }
            said_.append(text, static_cast<std::size_t>(size));
        }
        return true;
    }

    std::string script_;
    std::string folder_;
    int port_;
    int distribution_port_;
    int epmd_port_;
    pid_t pid_ = 0;
    pid_t epmd_ = 0;
    std::string said_;
};

}  // namespace hangu::testing

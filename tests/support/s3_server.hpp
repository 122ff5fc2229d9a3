// A server that speaks S3 and checks signatures (tests/files_s3), on 127.0.0.1 with a free port. It
// ends with the test however that ends: it lives as long as somebody holds its standard input.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace hangu::testing {

class S3Server {
 public:
    static constexpr int kStartMsMax = 60'000;
    static constexpr const char* kKeyId = "S3RVER";
    static constexpr const char* kKey = "S3RVER";

    // `script` is tests/files_s3/serve.mjs; `folder` is where it keeps what it is given.
    S3Server(const std::string& script, const std::string& folder,
             const std::vector<std::string>& buckets) {
        int in[2] = {-1, -1};
        int out[2] = {-1, -1};
        if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) {
            throw std::runtime_error("no pipes");
        }
        spawn(script, folder, buckets, in[0], out[1]);
        ::close(in[0]);
        ::close(out[1]);
        held_ = in[1];
        const std::string line = read_line(out[0]);
        ::close(out[0]);
        const std::size_t at = line.find("\"port\":");
        if (at == std::string::npos) {
            stop();
            throw std::runtime_error(
                "the S3 server did not start; are its packages there? (cd tests/files_s3 && npm "
                "ci)");
        }
        port_ = std::stoi(line.substr(at + 7));
    }
    ~S3Server() { stop(); }
    S3Server(const S3Server&) = delete;
    S3Server& operator=(const S3Server&) = delete;

    int port() const { return port_; }
    std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port_); }

    // As a crash.
    void stop() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            int status = 0;
            ::waitpid(pid_, &status, 0);
            pid_ = 0;
            ::close(held_);
        }
    }

 private:
    void spawn(const std::string& script, const std::string& folder,
               const std::vector<std::string>& buckets, int in, int out) {
        std::vector<std::string> words{"node", "--openssl-legacy-provider", script, folder};
        words.insert(words.end(), buckets.begin(), buckets.end());
        std::vector<char*> arguments;
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
        const int code =
            ::posix_spawnp(&pid_, "node", &actions, nullptr, arguments.data(), environ);
        ::posix_spawn_file_actions_destroy(&actions);
        if (code != 0) {
            pid_ = 0;
            throw std::runtime_error("cannot start node");
        }
    }

    // "" when it ended or took too long.
    static std::string read_line(int from) {
        std::string line;
        char c = 0;
        pollfd waiting{from, POLLIN, 0};
        while (::poll(&waiting, 1, kStartMsMax) > 0 && ::read(from, &c, 1) == 1 && c != '\n') {
            line += c;
        }
        return line;
    }

    pid_t pid_ = 0;
    int held_ = -1;
    int port_ = 0;
};

}  // namespace hangu::testing

// Starts the real program, as a server and for single commands, and ends it by its own id.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::system {

class Child {
 public:
    // stdout goes into a pipe, stderr into a file. No shell.
    explicit Child(const std::vector<std::string>& words, std::string error_file);
    ~Child();  // kills what still runs
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t pid() const { return pid_; }
    // The next line of its output; nullopt at its end or after 60 s.
    std::optional<std::string> line();
    std::string rest();  // all that it still says, until its end
    void signal(int number) const;
    // Its exit status, or -(signal); nullopt when it still runs after `ms_max`.
    std::optional<int> wait(int ms_max);
    bool running();

 private:
    pid_t pid_ = -1;
    int output_ = -1;
    std::string unread_;
    std::optional<int> status_;
};

struct Outcome {
    int status = 0;
    std::string out;
    std::string err;
};

// Runs one command to its end; what it says goes to Collected.
Outcome run(const std::vector<std::string>& words);

// A folder for one test: data, root key, logs. Removed at the end.
class Place {
 public:
    Place();
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    std::string path() const { return path_; }
    std::string data() const { return path_ + "/data"; }

 private:
    std::string path_;
};

class Server {
 public:
    // Throws when it does not come up.
    explicit Server(std::string data, std::string error_file,
                    const std::vector<std::string>& more = {});
    ~Server();  // kill, if it still runs

    std::uint16_t port() const { return port_; }
    const std::string& metrics() const { return metrics_; }
    Child& child() { return child_; }
    void kill_at_once();  // SIGKILL, and waits
    // SIGTERM; the exit status.
    std::optional<int> stop(int ms_max);

 private:
    void collect_log();

    std::string error_file_;
    Child child_;
    std::uint16_t port_ = 0;
    std::string metrics_;
};

std::string read_file(const std::string& path);

}  // namespace hangu::system

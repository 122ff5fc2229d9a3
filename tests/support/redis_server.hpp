// A Redis server of the test's own: an ordinary folder with a socket in it, two accounts, nothing
// kept on disk. It says itself when it is ready and ends with the test however that ends.
#pragma once

#include "ready_process.hpp"

#include <sys/stat.h>

#include <fstream>
#include <string>
#include <vector>

namespace hangu::testing {

class RedisServer {
 public:
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
        process_.start(std::move(words), folder_ + "/log");
    }

    std::string socket() const { return folder_ + "/socket"; }
    const std::string& folder() const { return folder_; }
    int pid() const { return process_.pid(); }
    void signal(int number) const { ::kill(pid(), number); }  // SIGSTOP, SIGCONT

    void stop(int signal) {
        if (pid() > 0) {
            ::kill(pid(), SIGCONT);
            process_.stop(signal);
        }
    }

 private:
    static constexpr const char* kRights =
        "-@all +hello +auth +ping +get +set +getdel +del +exists +incr +decr +pexpire +time "
        "+eval +evalsha +script|load +publish +subscribe +unsubscribe +xadd +xlen +xtrim "
        "+xgroup|create +xreadgroup +xack +xautoclaim +xpending";

    std::string folder_;
    std::vector<std::string> options_;
    ReadyProcess process_;
};

}  // namespace hangu::testing

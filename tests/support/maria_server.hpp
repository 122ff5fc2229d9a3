// A MariaDB server of the test's own: an ordinary folder, a socket in it, no network. It is started
// by scripts/mariadb, says itself when it is ready, and ends with the test however that ends.
#pragma once

#include "ready_process.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hangu::testing {

class MariaServer {
 public:
    // `script` is scripts/mariadb; `options` go to mariadbd.
    MariaServer(const std::string& script, std::string folder,
                const std::vector<std::string>& options = {})
        : folder_(std::move(folder)) {
        std::vector<std::string> words{script, folder_};
        words.insert(words.end(), options.begin(), options.end());
        process_.start(std::move(words), folder_ + "/error.log");
    }
    ~MariaServer() { stop(SIGTERM); }
    MariaServer(const MariaServer&) = delete;
    MariaServer& operator=(const MariaServer&) = delete;

    std::string socket() const { return folder_ + "/socket"; }
    int pid() const { return process_.pid(); }

    // SIGTERM: a clean end. SIGKILL: as a crash.
    void stop(int signal) { process_.stop(signal); }

 private:
    std::string folder_;
    ReadyProcess process_;
};

}  // namespace hangu::testing

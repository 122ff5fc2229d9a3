#include "tests/system/server.hpp"

#include "tests/system/client.hpp"
#include "tests/system/collected.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <boost/json.hpp>

#include <array>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace hangu::system {

namespace {

constexpr int kLineMs = 60'000;

std::vector<std::string> serve_words(const std::string& data,
                                     const std::vector<std::string>& more) {
    std::vector<std::string> words{"serve", "--data", data, "--port", "0", "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

bool wait_readable(int descriptor, int ms) {
    pollfd one{descriptor, POLLIN, 0};
    return ::poll(&one, 1, ms) == 1;
}

}  // namespace

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

Child::Child(const std::vector<std::string>& words, std::string error_file) {
    std::vector<std::string> all{HANGU_PROGRAM};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> arguments;
    for (std::string& word : all) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("pipe");
    }
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves no server behind
        const int error =
            ::open(error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(error, STDERR_FILENO);
        if (::getppid() == parent) {
            ::execv(HANGU_PROGRAM, arguments.data());
        }
        ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
}

Child::~Child() {
    if (running()) {
        signal(SIGKILL);
        wait(kLineMs);
    }
    ::close(output_);
}

std::optional<std::string> Child::line() {
    while (true) {
        const std::size_t end = unread_.find('\n');
        if (end != std::string::npos) {
            std::string line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return line;
        }
        std::array<char, 4096> buffer{};
        const ssize_t got =
            wait_readable(output_, kLineMs) ? ::read(output_, buffer.data(), buffer.size()) : 0;
        if (got <= 0) {
            return std::nullopt;
        }
        unread_.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

std::string Child::rest() {
    std::string all;
    while (const std::optional<std::string> one = line()) {
        all += *one + "\n";
    }
    return all + std::exchange(unread_, "");
}

void Child::signal(int number) const {
    if (pid_ > 0 && !status_) {
        ::kill(pid_, number);
    }
}

bool Child::running() {
    return pid_ > 0 && !wait(0).has_value();
}

std::optional<int> Child::wait(int ms_max) {
    if (status_) {
        return status_;
    }
    const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    const bool ended = wait_readable(handle, ms_max);
    ::close(handle);
    int status = 0;
    if (!ended || ::waitpid(pid_, &status, 0) != pid_) {
        return std::nullopt;
    }
    status_ = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    return status_;
}

Outcome run(const std::vector<std::string>& words) {
    const Place place;
    Outcome outcome;
    {
        Child child(words, place.path() + "/stderr");
        outcome.out = child.rest();
        outcome.status = child.wait(kLineMs).value_or(-999);
    }
    outcome.err = read_file(place.path() + "/stderr");
    const std::string name = words.empty() ? "hangu" : words.front();
    Collected::all().add(Source::command, name, outcome.out);
    Collected::all().add(Source::log, "standard error of " + name, outcome.err);
    return outcome;
}

Place::Place() {
    static std::atomic<int> count{0};
    path_ = (std::filesystem::temp_directory_path() /
             fmt::format("hangu-system-{}-{}", ::getpid(), count++))
                .string();
    std::filesystem::create_directories(path_);
}

Place::~Place() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Server::Server(std::string data, std::string error_file, const std::vector<std::string>& more)
    : error_file_(std::move(error_file)), child_(serve_words(data, more), error_file_) {
    const std::optional<std::string> line = child_.line();
    if (!line) {
        child_.signal(SIGKILL);
        throw std::runtime_error("the server does not come up: " + read_file(error_file_));
    }
    const boost::json::value addresses = boost::json::parse(*line);
    const std::string console(addresses.at("console").as_string().c_str());
    port_ = static_cast<std::uint16_t>(std::stoul(console.substr(console.rfind(':') + 1)));
    metrics_ = addresses.at("metrics").as_string().c_str();
    Collected::all().add(Source::command, "serve", *line);
}

Server::~Server() {
    if (child_.running()) {
        child_.signal(SIGKILL);
        child_.wait(kLineMs);
    }
    collect_log();
}

void Server::collect_log() {
    Collected::all().add(Source::log, "the server's standard error", read_file(error_file_));
}

void Server::kill_at_once() {
    child_.signal(SIGKILL);
    child_.wait(kLineMs);
}

std::optional<int> Server::stop(int ms_max) {
    Collected::all().add(Source::metrics, "/metrics", get_plain(metrics_));
    child_.signal(SIGTERM);
    return child_.wait(ms_max);
}

}  // namespace hangu::system

// Other programs, started without a shell.
#pragma once

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace hangu::testing {

inline pid_t start_program(std::vector<std::string> words,
                           const posix_spawn_file_actions_t* actions = nullptr) {
    std::vector<char*> arguments;
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    pid_t pid = 0;
    const int code =
        ::posix_spawnp(&pid, arguments[0], actions, nullptr, arguments.data(), environ);
    if (code != 0) {
        throw std::runtime_error(fmt::format("cannot start {}: {}", words[0], std::strerror(code)));
    }
    return pid;
}

// Its exit status.
inline int run_program(const std::vector<std::string>& words) {
    int status = 0;
    ::waitpid(start_program(words), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

// What it printed; throws unless it ended well.
inline std::string output_of(const std::vector<std::string>& words) {
    int ends[2];
    if (::pipe(ends) != 0) {
        throw std::runtime_error("no pipe");
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    const pid_t pid = start_program(words, &actions);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    std::string text;
    char some[4096];
    for (ssize_t size = 0; (size = ::read(ends[0], some, sizeof some)) > 0;) {
        text.append(some, static_cast<std::size_t>(size));
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        throw std::runtime_error(fmt::format("{} failed", fmt::join(words, " ")));
    }
    return text;
}

}  // namespace hangu::testing

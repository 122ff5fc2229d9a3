// A network of the test's own: a namespace for each of three nodes and one with the bridge that
// they meet at. Its addresses exist inside these namespaces alone; a node's cable can be pulled.
#pragma once

#include "tests/support/program.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <string>

namespace hangu::testing {

class NodeNetwork {
 public:
    static constexpr int kNodes = 3;

    // None where the machine does not let us.
    static std::unique_ptr<NodeNetwork> make() {
        auto made = std::make_unique<NodeNetwork>();
        return ::geteuid() == 0 && made->build() ? std::move(made) : nullptr;
    }
    NodeNetwork() = default;  // nothing yet: make() builds it
    ~NodeNetwork() {
        for (int n = 0; n <= kNodes && built_; ++n) {
            ip({"netns", "del", name(n)});
        }
    }
    NodeNetwork(const NodeNetwork&) = delete;
    NodeNetwork& operator=(const NodeNetwork&) = delete;

    std::string name(int n) const { return fmt::format("hangu-{}-{}", ::getpid(), n); }
    static std::string address(int n) { return fmt::format("10.77.0.{}", n); }

    bool pull(int n) const { return set(n, "down"); }
    bool plug(int n) const { return set(n, "up"); }

 private:
    static bool ip(std::vector<std::string> words) {
        words.insert(words.begin(), "ip");
        return run_program(words) == 0;
    }
    // Its end at the bridge.
    static std::string port(int n) { return fmt::format("port{}", n); }
    bool set(int n, const char* state) const {
        return ip({"-n", name(0), "link", "set", port(n), state});
    }
    bool build() {
        built_ = true;
        bool made = ip({"netns", "add", name(0)}) &&
                    ip({"-n", name(0), "link", "add", "name", "bridge0", "type", "bridge"}) &&
                    ip({"-n", name(0), "link", "set", "bridge0", "up"});
        for (int n = 1; n <= kNodes && made; ++n) {
            made = ip({"netns", "add", name(n)}) &&
                   ip({"-n", name(0), "link", "add", port(n), "type", "veth", "peer", "name",
                       "eth0", "netns", name(n)}) &&
                   ip({"-n", name(0), "link", "set", port(n), "master", "bridge0", "up"}) &&
                   ip({"-n", name(n), "addr", "add", address(n) + "/24", "dev", "eth0"}) &&
                   ip({"-n", name(n), "link", "set", "eth0", "up"}) &&
                   ip({"-n", name(n), "link", "set", "lo", "up"});
        }
        return made;
    }

    bool built_ = false;
};

}  // namespace hangu::testing

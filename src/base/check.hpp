// Invariants of our own code. HANGU_ASSERT stays on in release and throws Bug, so that a mistake in
// one tenant's request fails that request alone. Never assert on data from outside: that is a
// Problem.
#pragma once

#include <stdexcept>
#include <string>

namespace hangu {

class Bug : public std::logic_error {
 public:
    using std::logic_error::logic_error;
};

[[noreturn]] inline void throw_bug(const char* fact, const char* file, int line) {
    throw Bug(std::string(fact) + " at " + file + ":" + std::to_string(line));
}

}  // namespace hangu

#define HANGU_ASSERT(fact) \
    (static_cast<bool>(fact) ? void(0) : ::hangu::throw_bug(#fact, __FILE__, __LINE__))

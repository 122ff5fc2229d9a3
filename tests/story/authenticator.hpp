// An authenticator app as people carry one: it was shown a secret and computes codes of it.
#pragma once

#include "base/time.hpp"
#include "tests/story/world.hpp"

#include <string>

namespace hangu::story {

// The code for this moment of a secret as the console shows it (base32).
std::string app_code(const std::string& base32_secret, Time now);

// Switches an app on for who is signed in, as the console does. The secret, and one recovery code.
struct App {
    std::string secret;
    std::string recovery_code;
};
App set_up_app(World& world, Person& person);

}  // namespace hangu::story

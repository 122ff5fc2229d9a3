// An authenticator app as people carry one: it was shown a secret and computes codes of it.
#pragma once

#include "base/time.hpp"
#include "tests/story/world.hpp"
#include "tests/support/passkey_device.hpp"

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

// Passkeys on a device (a laptop, a phone), as browsers deal with them. `lie`: see README.md.
using Device = hangu::testing::PasskeyDevice;
Device::Lie lie_of(const std::string& words);
Answer add_passkey(World& world, Person& person, Device& device, const Device::Lie& lie = {});
// The body that signs in with it: a question is asked first.
boost::json::object passkey_proof(World& world, Person& person, Device& device,
                                  const Device::Lie& lie = {});

}  // namespace hangu::story

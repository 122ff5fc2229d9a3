#include "tests/story/authenticator.hpp"

#include "platform/crypto/one_time.hpp"
#include "tests/story/setting_up.hpp"

namespace hangu::story {

namespace {

std::string from_base32(const std::string& text) {
    std::string bytes;
    std::uint32_t waiting = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = c >= 'A' && c <= 'Z' ? c - 'A' : c - '2' + 26;
        waiting = (waiting << 5U | static_cast<std::uint32_t>(value)) & 0xFFFFU;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(waiting >> static_cast<unsigned>(bits) & 0xFFU);
        }
    }
    return bytes;
}

}  // namespace

std::string app_code(const std::string& base32_secret, Time now) {
    constexpr std::int64_t kStepMs = 30 * kSecondMs;
    return crypto::hotp(from_base32(base32_secret),
                        static_cast<std::uint64_t>(now.unix_ms() / kStepMs));
}

App set_up_app(World& world, Person& person) {
    App app;
    const boost::json::value begun = must(world, person, "POST", "/api/v1/session/totp");
    app.secret = as_text(begun.at("secret"));
    const boost::json::value confirmed =
        must(world, person, "POST", "/api/v1/session/totp/confirm",
             boost::json::object{{"code", app_code(app.secret, world.clock.now())}});
    app.recovery_code = as_text(confirmed.at("codes").at(0));
    world.clock.advance_ms(kMinuteMs);  // that code was used
    return app;
}

Device::Lie lie_of(const std::string& words) {
    Device::Lie lie;
    if (words == "made for another page") {
        lie.origin = "https://evil.test";
    } else if (words == "made for another site") {
        lie.site = "evil.test";
    } else if (words == "without her finger") {
        lie.user_verified = false;
    } else if (words == "with the counter set back") {
        lie.counter_step = -100;
    } else if (words == "of an algorithm nobody knows") {
        lie.algorithm = -9;
    } else if (!words.empty()) {
        throw StoryFault("nobody understands \"" + words + "\"");
    }
    return lie;
}

Answer add_passkey(World& world, Person& person, Device& device, const Device::Lie& lie) {
    const Answer offer = world.send(person, "POST", "/api/v1/session/passkeys/offer");
    if (offer.status != 200) {
        return offer;
    }
    return world.send(person, "POST", "/api/v1/session/passkeys",
                      boost::json::value(device.make(offer.json, "https://hangu.test", lie)));
}

boost::json::object passkey_proof(World& world, Person& person, Device& device,
                                  const Device::Lie& lie) {
    const Answer asked = world.send(person, "POST", "/api/v1/session/passkey/question");
    return device.answer(asked.json, "https://hangu.test", lie);
}

}  // namespace hangu::story

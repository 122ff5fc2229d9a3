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

}  // namespace hangu::story

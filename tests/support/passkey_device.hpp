// An authenticator in software (WebAuthn 6): it makes Ed25519 passkeys and answers questions with
// them, as a browser would hand the answers over. Tests make it say what no honest one would.
#pragma once

#include "base/randomness.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/crypto/ed25519.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hangu::testing {

class PasskeyDevice {
 public:
    explicit PasskeyDevice(std::uint64_t seed) : random_(seed) {}

    // What it is made to say; none of it: the truth.
    struct Lie {
        std::string origin;         // the page that asks is another
        std::string site;           // the passkey is for another site
        std::string challenge;      // it was asked something else
        std::string type;           // "webauthn.create" for "webauthn.get"
        std::string user_handle;    // it is somebody else's
        bool user_verified = true;  // false: somebody, not her
        bool user_present = true;   // false: nobody
        bool spoilt = false;        // the signature
        bool cross_origin = false;  // in a frame of another page
        std::int64_t algorithm = -8;
        std::int64_t counter_step = 1;
    };

    // The body of POST /session/passkeys for an offer.
    boost::json::object make(const boost::json::value& offer, const std::string& origin,
                             const Lie& lie) {
        seed_ = crypto::new_ed25519_seed(random_);
        credential_id_ = random_.bytes(16);
        user_handle_ = text_of(offer, "user_handle");
        site_ = text_of(offer, "site");
        const std::string key = "\xa4\x01\x01\x03" + cbor_negative(lie.algorithm) +
                                "\x20\x06\x21\x58\x20" + crypto::ed25519_public_key(seed_);
        const std::string attested = std::string(16, '\0') + std::string(1, '\0') +
                                     static_cast<char>(credential_id_.size()) + credential_id_ +
                                     key;
        return {{"name", "test"},
                {"user_handle", user_handle_},
                {"client_data", to_base64url(client_data("webauthn.create", offer, origin, lie))},
                {"authenticator_data", to_base64url(authenticator_data(0x40U, lie) + attested)}};
    }

    // The body of POST /session/passkey for a question.
    boost::json::object answer(const boost::json::value& question, const std::string& origin,
                               const Lie& lie) {
        const std::string client = client_data("webauthn.get", question, origin, lie);
        const std::string data = authenticator_data(0, lie);
        std::string signature =
            crypto::ed25519_sign(seed_, data + std::string(crypto::sha256(client).view()));
        if (lie.spoilt) {
            signature.front() = static_cast<char>(signature.front() ^ 1);
        }
        return {{"credential", to_base64url(credential_id_)},
                {"client_data", to_base64url(client)},
                {"authenticator_data", to_base64url(data)},
                {"signature", to_base64url(signature)},
                {"user_handle", lie.user_handle.empty() ? user_handle_ : lie.user_handle}};
    }
    const std::string& user_handle() const { return user_handle_; }

 private:
    static std::string text_of(const boost::json::value& value, std::string_view name) {
        return std::string(value.at(name).as_string());
    }
    static std::string cbor_negative(std::int64_t value) {  // -1 to -24
        return std::string(1, static_cast<char>(0x20 + (-1 - value)));
    }
    static std::string client_data(const std::string& type, const boost::json::value& asked,
                                   const std::string& origin, const Lie& lie) {
        const boost::json::object data{
            {"type", lie.type.empty() ? type : lie.type},
            {"challenge", lie.challenge.empty() ? text_of(asked, "challenge") : lie.challenge},
            {"origin", lie.origin.empty() ? origin : lie.origin},
            {"crossOrigin", lie.cross_origin}};
        return boost::json::serialize(data);
    }
    std::string authenticator_data(unsigned flags, const Lie& lie) {
        flags |= lie.user_present ? 0x01U : 0U;
        flags |= lie.user_verified ? 0x04U : 0U;
        counter_ = std::max<std::int64_t>(0, counter_ + lie.counter_step);
        std::string data(crypto::sha256(lie.site.empty() ? site_ : lie.site).view());
        data += static_cast<char>(flags);
        for (unsigned shift = 32; shift > 0; shift -= 8) {
            data += static_cast<char>(static_cast<std::uint64_t>(counter_) >> (shift - 8));
        }
        return data;
    }

    SeededRandomness random_;
    Secret seed_;
    std::string credential_id_;
    std::string user_handle_;
    std::string site_;
    std::int64_t counter_ = 0;
};

}  // namespace hangu::testing

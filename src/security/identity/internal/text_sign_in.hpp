// Signing in, or winning back an account, with a code by text message: ordinary functions on a
// transaction.
#pragma once

#include "security/identity/internal/sign_in.hpp"
#include "security/identity/internal/text_code_rules.hpp"
#include "security/identity/internal/text_code_store.hpp"

#include <string>

namespace hangu::identity {

struct AskTextCode {
    Text<1, 64> tenant_code;
    Phone phone;
    TextPurpose purpose = TextPurpose::sign_in;
};
HANGU_STRUCT(AskTextCode, tenant_code, phone, purpose)

// The same whether or not somebody has that phone.
struct TextCodeAsked {
    std::int64_t wait_seconds = 0;      // until another may be asked for
    std::int64_t lifetime_seconds = 0;  // how long the code is good
};
HANGU_STRUCT(TextCodeAsked, wait_seconds, lifetime_seconds)

struct GiveTextCode {
    Text<6, 6> code;
};
HANGU_STRUCT(GiveTextCode, code)

// What a sign-in page needs to know before anybody signs in.
struct WaysIn {
    bool text = false;      // codes by text message can be asked for
    bool platform = false;  // the platform's own people sign in here, and nobody else
};
HANGU_STRUCT(WaysIn, text, platform)

bool are_texts_sent(const Identity::State& state);
TextCodeAsked text_code_asked(const settings::Snapshot& settings);
TextLimits text_limits(const settings::Snapshot& settings);

// Sends a code, or pretends to; `token` goes into the asking browser's cookie and alone makes the
// code good for anything. "text_code.too_soon", "text_code.too_many".
Result<TextCodeAsked> ask_text_code(Identity::State& state, http::Scope& scope,
                                    const AskTextCode& asked, const Client& client,
                                    const std::string& token);

// Every try counts, for the code and for the phone. "text_code.expired", "session.throttled"; a
// wrong code is a refusal that is committed.
Result<Entered> sign_in_with_text_code(Identity::State& state, http::Scope& scope,
                                       const GiveTextCode& given, const Client& client);

}  // namespace hangu::identity

#include "platform/shared_state/internal/core.hpp"

#include "platform/crypto/crypto.hpp"

#include <openssl/evp.h>

namespace hangu::shared_state {

namespace {

constexpr std::size_t kNameBytes = 16;  // of the hash: enough that no two names ever meet

std::string hex(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

// The server names scripts by their SHA-1; nothing secret hangs on it.
std::string sha1(std::string_view text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HANGU_ASSERT(EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha1(), nullptr) == 1);
    return hex({reinterpret_cast<const char*>(digest), size});
}

Command eval_command(std::string_view verb, std::string_view script,
                     const std::vector<std::string>& keys,
                     const std::vector<std::string>& arguments) {
    Command command(3 + keys.size() + arguments.size());
    command.add(verb).add(script).add(std::to_string(keys.size()));
    for (const std::string& key : keys) {
        command.add(key);
    }
    for (const std::string& argument : arguments) {
        command.add(argument);
    }
    return command;
}

}  // namespace

Script::Script(std::string_view lua) : text(lua), digest(sha1(lua)) {}

std::string Core::key(std::string_view kind, std::string_view name) const {
    const crypto::Digest digest = crypto::hmac_sha256(name_key_.expose(), name);
    std::string made;
    made.reserve(prefix_.size() + kind.size() + 1 + 2 * kNameBytes);
    made += prefix_;
    made += kind;
    made += ':';
    made += hex(digest.view().substr(0, kNameBytes));
    return made;
}

OnAnswer Core::counted(OnAnswer on_answer) {
    commands_.fetch_add(1, std::memory_order_relaxed);
    meters_.commands.add();
    return [this, on_answer = std::move(on_answer)](Answer answer) {
        if (!is_good(answer)) {
            failures_.fetch_add(1, std::memory_order_relaxed);
            meters_.failures.add();
            if (answer.loss == Loss::none && on_refused_) {
                on_refused_(std::string(text_of(*answer.reply)));
            }
        }
        on_answer(std::move(answer));
    };
}

void Core::send(Command command, OnAnswer on_answer) {
    link_.send(command.take(), counted(std::move(on_answer)));
}

// By its digest; a server whose scripts were thrown away is given the text.
void Core::eval(const Script& script, const std::vector<std::string>& keys,
                const std::vector<std::string>& arguments, OnAnswer on_answer) {
    OnAnswer retold = [this, &script, keys, arguments,
                       on_answer = counted(std::move(on_answer))](Answer answer) {
        const bool unknown = answer.loss == Loss::none && is_error(*answer.reply) &&
                             text_of(*answer.reply).starts_with("NOSCRIPT");
        if (unknown) {
            link_.send(eval_command("EVAL", script.text, keys, arguments).take(), on_answer);
        } else {
            on_answer(std::move(answer));
        }
    };
    link_.send(eval_command("EVALSHA", script.digest, keys, arguments).take(), std::move(retold));
}

}  // namespace hangu::shared_state

// Texts that are sealed at rest and opened to be sent, or to be shown to whom they are meant for.
#pragma once

#include "base/sealed.hpp"

#include <string>
#include <utility>

namespace hangu::notify {

template <KeyClass Class>
class Held {
 public:
    static constexpr KeyClass kKeyClass = Class;
    static constexpr bool kShownToViewer = true;

    Held() = default;
    explicit Held(std::string text) : text_(std::move(text)) {}
    static Held from_plain(std::string plain) { return Held(std::move(plain)); }

    const std::string& plain() const { return text_; }
    std::string masked() const { return "***"; }
    friend bool operator==(const Held&, const Held&) = default;

 private:
    std::string text_;
};

using PersonalText = Held<KeyClass::contact>;   // phones, names
using SecretText = Held<KeyClass::credential>;  // codes, links, webhooks and their secrets

}  // namespace hangu::notify

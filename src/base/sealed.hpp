// Sensitive values by type. A Sealed<T> is ciphertext wherever it is stored: binding it to a
// statement encrypts it, reading a row decrypts it (platform/storage). It can be masked freely, but
// its clear value leaves only through a RevealGrant, which the scope of a request makes and
// records. Neither the log nor JSON accepts Phone, Email, Sealed<…>: such a line does not compile.
#pragma once

#include "base/text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hangu {

// The classes of data keys (D7). A column's class picks the key that seals it.
enum class KeyClass { contact, identity, payment, credential, file, log, backup };

// A phone number as "+" and 8 to 15 digits (ITU-T E.164). Chinese mobile numbers may be given
// without the country code.
class Phone {
 public:
    static constexpr KeyClass kKeyClass = KeyClass::contact;
    static constexpr bool kShownToViewer = false;

    Phone() = default;
    // Takes spaces, dashes and brackets. `country` is used for numbers without "+" or "00".
    static std::optional<Phone> parse(std::string_view text, std::string_view country = "86");
    static Phone from_plain(std::string plain) { return Phone(std::move(plain)); }

    const std::string& plain() const { return e164_; }
    std::string national() const;  // "13812345678" for +86, else the whole number
    std::string masked() const;    // "138****5678"
    friend bool operator==(const Phone&, const Phone&) = default;

 private:
    explicit Phone(std::string e164) : e164_(std::move(e164)) {}
    std::string e164_;
};

class Email {
 public:
    static constexpr KeyClass kKeyClass = KeyClass::contact;
    static constexpr bool kShownToViewer = false;

    Email() = default;
    static std::optional<Email> parse(std::string_view text);
    static Email from_plain(std::string plain) { return Email(std::move(plain)); }

    const std::string& plain() const { return text_; }
    std::string masked() const;  // "a***@example.test"
    friend bool operator==(const Email&, const Email&) = default;

 private:
    explicit Email(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// A person's name: sealed at rest, shown to whoever may see the person at all.
class PersonName {
 public:
    static constexpr KeyClass kKeyClass = KeyClass::identity;
    static constexpr bool kShownToViewer = true;

    PersonName() = default;
    static PersonName from_plain(std::string plain) { return PersonName(std::move(plain)); }
    explicit PersonName(std::string text) : text_(std::move(text)) {}

    const std::string& plain() const { return text_; }
    std::string masked() const;  // the first character and "**"
    friend bool operator==(const PersonName&, const PersonName&) = default;

 private:
    std::string text_;
};

// A birthday as "yyyy-mm-dd"; sealed, shown to whoever may see the person.
class Birthday {
 public:
    static constexpr KeyClass kKeyClass = KeyClass::identity;
    static constexpr bool kShownToViewer = true;

    Birthday() = default;
    static Birthday from_plain(std::string plain) { return Birthday(std::move(plain)); }
    explicit Birthday(std::string yyyy_mm_dd) : text_(std::move(yyyy_mm_dd)) {}

    const std::string& plain() const { return text_; }
    std::string masked() const { return text_.size() < 6 ? "" : "****-" + text_.substr(5); }
    friend bool operator==(const Birthday&, const Birthday&) = default;

 private:
    std::string text_;
};

namespace http {
class Scope;
}
namespace storage {
struct SealAccess;  // binding and row mapping
}

// Shows that a reveal was permitted and recorded. Only the scope of a request makes one.
class RevealGrant {
    friend class http::Scope;
    RevealGrant() = default;
};

// What may be shown of a sensitive value. JSON writes it as a string.
template <class T>
class Masked {
 public:
    Masked() = default;
    const std::string& text() const { return text_; }

 private:
    template <class>
    friend class Sealed;
    explicit Masked(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// A value revealed under a grant, or shown to its viewer. JSON writes it as a string.
template <class T>
class Revealed {
 public:
    Revealed() = default;
    const std::string& text() const { return text_; }

 private:
    template <class>
    friend class Sealed;
    explicit Revealed(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

template <class T>
class Sealed {
 public:
    using Value = T;

    Sealed() = default;
    explicit Sealed(T value) : value_(std::move(value)) {}

    Masked<T> masked() const { return Masked<T>(value_.masked()); }
    Revealed<T> reveal(const RevealGrant&) const { return Revealed<T>(value_.plain()); }
    Revealed<T> shown() const requires(T::kShownToViewer) { return Revealed<T>(value_.plain()); }
    bool empty() const { return value_.plain().empty(); }
    bool same_as(const T& other) const { return value_ == other; }

 private:
    friend struct storage::SealAccess;
    T value_;
};

// A blind index: HMAC of a normalised value under a key of one field of one tenant, made when
// bound. `Full` is 128 bits (unique look-up), otherwise 16 bits (candidates that are compared after
// opening).
template <class T, bool Full = true>
class Blind {
 public:
    static constexpr bool kFull = Full;

    Blind() = default;
    explicit Blind(const T& value) : plain_(value.plain()) {}
    bool empty() const { return plain_.empty(); }

 private:
    friend struct storage::SealAccess;
    std::string plain_;   // set when made from a value
    std::string stored_;  // set when read from a row
};

}  // namespace hangu

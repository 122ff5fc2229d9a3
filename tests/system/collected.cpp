#include "tests/system/collected.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace hangu::system {

namespace {

constexpr std::array<std::string_view, 7> kSourceNames = {"answer",  "reveal",  "issue",  "log",
                                                          "metrics", "command", "nowhere"};

std::string around(std::string_view text, std::size_t at) {
    const std::size_t from = at > 60 ? at - 60 : 0;
    return std::string(text.substr(from, 160));
}

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool joins(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
}

}  // namespace

Collected& Collected::all() {
    static Collected collected;
    return collected;
}

void Collected::add(Source source, std::string what, std::string text) {
    const std::lock_guard lock(mutex_);
    pieces_.push_back({source, std::move(what), std::move(text)});
}

void Collected::secret(std::string name, std::string text, Source given_out_by) {
    const std::lock_guard lock(mutex_);
    secrets_.push_back({std::move(name), std::move(text), given_out_by});
}

std::size_t Collected::pieces_count() const {
    const std::lock_guard lock(mutex_);
    return pieces_.size();
}

std::size_t Collected::secrets_count() const {
    const std::lock_guard lock(mutex_);
    return secrets_.size();
}

std::vector<std::string> Collected::leaks() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> leaks;
    for (const Piece& piece : pieces_) {
        const std::string where = fmt::format(
            "{} of {}", kSourceNames[static_cast<std::size_t>(piece.source)], piece.what);
        for (const Secret& secret : secrets_) {
            const std::size_t at = piece.text.find(secret.text);
            if (at != std::string::npos && piece.source != secret.given_out_by) {
                leaks.push_back(
                    fmt::format("{} in {}: {}", secret.name, where, around(piece.text, at)));
            }
        }
        if (piece.source != Source::reveal) {
            const std::string phone = phone_in(piece.text);
            if (!phone.empty()) {
                leaks.push_back(fmt::format("what looks like a phone ({}) in {}: {}", phone, where,
                                            around(piece.text, piece.text.find(phone))));
            }
        }
    }
    return leaks;
}

std::string phone_in(std::string_view text) {
    constexpr std::size_t kDigits = 11;
    for (std::size_t i = 0; i + kDigits <= text.size(); ++i) {
        const bool begins = text[i] == '1' && text[i + 1] >= '3' && text[i + 1] <= '9' &&
                            (i == 0 || !joins(text[i - 1]));
        if (!begins) {
            continue;
        }
        const std::string_view candidate = text.substr(i, kDigits);
        const bool ends = i + kDigits == text.size() || !joins(text[i + kDigits]);
        if (ends && std::all_of(candidate.begin(), candidate.end(), is_digit)) {
            return std::string(candidate);
        }
    }
    return "";
}

}  // namespace hangu::system

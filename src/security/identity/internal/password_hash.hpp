// How passwords are stored: "p1:" and an Argon2id string (PHC) of the password's HMAC under the
// tenant's pepper, so that a copied database cannot even be guessed at without the root key. A
// plain PHC string is one of before the pepper and is replaced at the next sign-in.
#pragma once

#include "base/randomness.hpp"
#include "base/secret.hpp"
#include "platform/crypto/crypto.hpp"

#include <string>
#include <string_view>

namespace hangu::identity {

Secret pepper_of(crypto::TenantKeys& keys);
std::string hash_with_pepper(const Secret& password, const Secret& pepper,
                             const crypto::PasswordCost& cost, Randomness& randomness);
// What is checked when there is no such account: no password is right, and the work is the same.
std::string hash_of_nobody(const crypto::PasswordCost& cost, Randomness& randomness);
bool is_password(const Secret& password, const Secret& pepper, std::string_view stored);
bool should_rehash(std::string_view stored, const crypto::PasswordCost& cost);

}  // namespace hangu::identity

#include "security/identity/internal/passkey_rules.hpp"

#include "security/identity/internal/token.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/shared_state/wait_for.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace hangu::identity {

namespace {

constexpr std::size_t kNonceBytes = 16;
constexpr std::int64_t kClocksDifferMs = 10 * kMinuteMs;  // of nodes: remembered that much longer
constexpr std::size_t kTimeBytes = 8;
constexpr std::size_t kMarkBytes = 32;
constexpr std::size_t kChallengeBytes = kNonceBytes + kTimeBytes + kMarkBytes;
constexpr std::size_t kClientDataBytesMax = 4096;
constexpr std::size_t kHostBytesMax = 260;
constexpr std::size_t kHandleRandomBytes = 16;
constexpr std::size_t kHandleRandomCharacters = 22;

std::string time_bytes(Time time) {
    std::string bytes;
    for (unsigned shift = 64; shift > 0; shift -= 8) {
        bytes += static_cast<char>(static_cast<std::uint64_t>(time.unix_ms()) >> (shift - 8));
    }
    return bytes;
}

Time time_of(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) {
        value = value << 8U | static_cast<unsigned char>(c);
    }
    return Time(static_cast<std::int64_t>(value));
}

std::string text_at(const boost::json::object& object, std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    const boost::json::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->begin(), text->end());
}

std::string mark_of(const Secret& key, std::string_view head, std::string_view purpose) {
    return std::string(
        crypto::hmac_sha256(key.expose(), std::string(head) + std::string(purpose)).view());
}

}  // namespace

std::string Challenges::make(std::string_view purpose, Time now, Randomness& randomness) {
    const std::string head = randomness.bytes(kNonceBytes) + time_bytes(now.plus_ms(kLifeMs));
    return to_base64url(head + mark_of(key_, head, purpose));
}

bool Challenges::take(std::string_view challenge, std::string_view purpose, Time now) {
    const std::optional<std::string> bytes = from_base64url(challenge);
    if (!bytes || bytes->size() != kChallengeBytes) {
        return false;
    }
    const std::string_view head = std::string_view(*bytes).substr(0, kNonceBytes + kTimeBytes);
    const Time ends_at = time_of(head.substr(kNonceBytes));
    const bool ours =
        equal_in_constant_time(bytes->substr(head.size()), mark_of(key_, head, purpose));
    if (!ours || now >= ends_at) {
        return false;
    }
    return shared_ == nullptr ? take_here(head, now) : take_everywhere(head, ends_at, now);
}

void Challenges::share(Secret key, shared_state::Nonces& used, Time began_at) {
    key_ = std::move(key);
    shared_ = &used;
    began_at_ = began_at;
}

bool Challenges::take_everywhere(std::string_view head, Time ends_at, Time now) {
    using shared_state::Taken;
    using shared_state::WhenLost;
    const WhenLost when_lost =
        ends_at.plus_ms(-kLifeMs) < began_at_ ? WhenLost::refuse : WhenLost::ask_own_memory;
    const std::int64_t left_ms = ends_at.unix_ms() - now.unix_ms();
    const std::string name = "passkey " + to_base64url(head);
    const auto taken = shared_state::wait_for<Taken>([&](std::function<void(Taken)> answer) {
        shared_->take_once(name, left_ms + kClocksDifferMs, when_lost, std::move(answer));
    });
    return taken == Taken::first;
}

bool Challenges::take_here(std::string_view head, Time now) {
    const std::lock_guard lock(mutex_);
    while (!used_.empty() && now >= used_.front().first.plus_ms(kLifeMs)) {
        is_used_.erase(used_.front().second);
        used_.pop_front();
    }
    if (used_.size() >= used_count_max_ || !is_used_.emplace(head).second) {
        return false;
    }
    used_.emplace_back(now, head);
    return true;
}

std::optional<ClientData> read_client_data(std::string_view json) {
    if (json.size() > kClientDataBytesMax) {
        return std::nullopt;
    }
    boost::json::error_code error;
    const boost::json::value parsed =
        boost::json::parse(boost::json::string_view(json.data(), json.size()), error);
    const boost::json::object* object = error ? nullptr : parsed.if_object();
    if (object == nullptr) {
        return std::nullopt;
    }
    ClientData data;
    data.type = text_at(*object, "type");
    data.challenge = text_at(*object, "challenge");
    data.origin = text_at(*object, "origin");
    const boost::json::value* cross = object->if_contains("crossOrigin");
    data.cross_origin = cross != nullptr && !(cross->is_bool() && !cross->get_bool());
    return data;
}

std::optional<Site> site_of(std::string_view host, std::string_view configured) {
    const std::string all = lower_ascii(host.substr(0, kHostBytesMax));
    const std::string name = all.substr(0, all.find(':'));
    const bool address = name.empty() || name.front() == '[' ||
                         std::all_of(name.begin(), name.end(),
                                     [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
    const std::string site = configured.empty() ? name : lower_ascii(configured);
    if (address || host.size() > kHostBytesMax || (name != site && !name.ends_with("." + site))) {
        return std::nullopt;
    }
    return Site{site, "https://" + all};
}

bool is_from_us(const ClientData& data, std::string_view type, const Site& site) {
    return data.type == type && !data.cross_origin && data.origin == site.origin;
}

std::string make_user_handle(TenantId tenant, Randomness& randomness) {
    return tenant.text() + "." + to_base64url(randomness.bytes(kHandleRandomBytes));
}

std::optional<TenantId> tenant_of_user_handle(std::string_view handle) {
    const bool formed = handle.size() == kIdCharacters + 1 + kHandleRandomCharacters &&
                        handle[kIdCharacters] == '.';
    return formed ? TenantId::parse(handle.substr(0, kIdCharacters)) : std::nullopt;
}

}  // namespace hangu::identity

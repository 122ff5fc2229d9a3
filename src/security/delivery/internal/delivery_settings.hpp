// Settings of this module by key.
#pragma once

#include "platform/settings/settings.hpp"

#include <cstdint>
#include <string>

namespace hangu::delivery {

using settings::Key;

inline constexpr Key<std::string> kBrokerHost{"broker.host"};
inline constexpr Key<std::int64_t> kBrokerPort{"broker.port"};
inline constexpr Key<std::string> kBrokerVhost{"broker.vhost"};
inline constexpr Key<std::string> kBrokerExchange{"broker.exchange"};
inline constexpr Key<std::string> kBrokerUser{"broker.user"};
inline constexpr Key<std::string> kBrokerPasswordFile{"broker.password_file"};
inline constexpr Key<std::string> kBrokerAuthority{"broker.tls_ca"};
inline constexpr Key<std::int64_t> kBrokerWaitMsMax{"broker.wait_ms_max"};
inline constexpr Key<std::int64_t> kAttemptsMax{"delivery.attempts_max"};
inline constexpr Key<std::int64_t> kEventsKeptDaysMax{"delivery.events_kept_days_max"};

}  // namespace hangu::delivery

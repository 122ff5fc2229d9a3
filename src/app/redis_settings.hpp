// The Redis that hangu.toml names, if it names one.
#pragma once

#include "base/result.hpp"
#include "platform/settings/settings.hpp"
#include "platform/shared_state/shared_state.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace hangu::app {

std::vector<settings::Setting> redis_settings();

// [redis]; none: this process is alone. "settings.invalid", "redis.no_password": the file is
// missing, "redis.password_open": others may read it.
Result<std::optional<shared_state::Server>> read_redis(const settings::Snapshot& settings);

std::int64_t redis_deadline_ms(const settings::Snapshot& settings);

}  // namespace hangu::app

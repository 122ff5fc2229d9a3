// Settings of this module by key.
#pragma once

#include "platform/settings/settings.hpp"
#include "security/notify/internal/far_side.hpp"
#include "security/notify/notify.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hangu::notify {

using settings::Key;

enum class TextSender { none, mailbox, aliyun };
HANGU_ENUM(TextSender, none, mailbox, aliyun)

inline constexpr Key<std::string> kTextSender{"notify.text_sender"};
inline constexpr Key<std::int64_t> kTextAttemptsMax{"notify.text_attempts_max"};
inline constexpr Key<std::int64_t> kDeliveryAttemptsMax{"notify.delivery_attempts_max"};
inline constexpr Key<std::int64_t> kNoticesKeptDays{"notify.notices_kept_days"};
inline constexpr Key<std::int64_t> kTextsKeptDays{"notify.texts_kept_days"};
inline constexpr Key<bool> kLocalRobots{"notify.allow_local_robots"};

TextSender text_sender(const settings::Snapshot& settings);
AliyunAccount aliyun_account(const settings::Snapshot& settings);
std::string aliyun_sign_name(const settings::Snapshot& settings);
const std::string& aliyun_template(const settings::Snapshot& settings, TextKind kind);
// Without addresses and message; none: no mail server is set.
std::optional<egress::Mail> mail_server(const settings::Snapshot& settings);

}  // namespace hangu::notify

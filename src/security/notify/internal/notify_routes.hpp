// The routes of this module, by file.
#pragma once

#include "platform/http/route.hpp"
#include "security/notify/notify.hpp"

namespace hangu::notify {

inline constexpr http::Permission kMayViewChannels{"channel.view"};
inline constexpr http::Permission kMayEditChannels{"channel.edit"};
inline constexpr http::Permission kMayViewTexts{"text.view"};
inline constexpr http::Permission kMayReadMailbox{"mailbox.view"};

void add_notice_routes(http::Routes& routes);
void add_channel_routes(http::Routes& routes, Notify::State& state);
void add_delivery_routes(http::Routes& routes, Notify::State& state);
void add_text_routes(http::Routes& routes, Notify::State& state);

}  // namespace hangu::notify

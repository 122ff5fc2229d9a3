// Channels of the merchant: where notices go beside the console. Where they go is where warnings
// can be led astray, so every change wants a fresh proof of who makes it.
#include "security/notify/internal/notify_routes.hpp"
#include "security/notify/internal/notify_state.hpp"

#include <fmt/format.h>

namespace hangu::notify {

namespace {

using http::Created;
using http::NoContent;
using http::Scope;

using Version = Number<1, 1'000'000'000>;
using KindCodes = List<hangu::Text<1, 64>, 0, 50>;

struct ChannelView {
    ChannelId id;
    ChannelKind kind = ChannelKind::mail;
    std::string name;
    std::string shown;
    bool is_signed = false;
    Locale locale = Locale::zh;
    Severity severity_min = Severity::warning;
    std::vector<std::string> kinds;
    bool active = true;
    Time created_at;
    std::optional<Time> sent_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(ChannelView, id, kind, name, shown, is_signed, locale, severity_min, kinds, active,
             created_at, sent_at, version)

struct NoticeKindView {
    std::string code;
    Severity severity = Severity::info;
    std::string name_zh;
    std::string name_en;
};
HANGU_STRUCT(NoticeKindView, code, severity, name_zh, name_en)

struct ChannelList {
    std::vector<ChannelView> items;
    std::vector<NoticeKindView> kinds;  // that can be chosen
    bool mail_server = false;           // there is one to send mail with
};
HANGU_STRUCT(ChannelList, items, kinds, mail_server)

struct CreateChannel {
    ChannelKind kind = ChannelKind::mail;
    hangu::Text<1, 40> name;
    hangu::Text<1, 1000> address;
    std::optional<hangu::Text<1, 200>> secret;
    Locale locale = Locale::zh;
    Severity severity_min = Severity::warning;
    std::optional<KindCodes> kinds;
};
HANGU_STRUCT(CreateChannel, kind, name, address, secret, locale, severity_min, kinds)

struct EditChannel {
    ChannelId channel_id;
    std::optional<hangu::Text<1, 40>> name;
    std::optional<hangu::Text<1, 1000>> address;
    std::optional<hangu::Text<1, 200>> secret;
    std::optional<Locale> locale;
    std::optional<Severity> severity_min;
    std::optional<KindCodes> kinds;
    std::optional<bool> active;
    Version version;
};
HANGU_STRUCT(EditChannel, channel_id, name, address, secret, locale, severity_min, kinds, active,
             version)

struct RemoveChannel {
    ChannelId channel_id;
    Version version;
};
HANGU_STRUCT(RemoveChannel, channel_id, version)

std::vector<std::string> codes_of(std::string_view kinds) {
    std::vector<std::string> codes;
    for (const std::string_view code : split(kinds, ' ')) {
        if (!code.empty()) {
            codes.emplace_back(code);
        }
    }
    return codes;
}

ChannelView view_of(const ChannelRow& row) {
    return {row.id,
            row.kind,
            row.name,
            row.shown,
            !row.secret.empty(),
            row.locale,
            row.severity_min,
            codes_of(row.kinds),
            row.active,
            row.created_at,
            row.sent_at,
            row.version};
}

Result<void> require_fresh(Notify::State& state, Scope& scope) {
    if (state.freshness == nullptr) {
        return Problem::forbidden("session.step_up_required");
    }
    return state.freshness->require_fresh(scope);
}

// "qyapi.weixin.qq.com …9f3a", "a***@example.test"
std::string shown_of(ChannelKind kind, const std::string& address) {
    if (kind == ChannelKind::mail) {
        std::string text;
        const auto addresses = mail_addresses(address, kMailAddressesMax);
        HANGU_ASSERT(addresses.has_value());
        for (const std::string& one : *addresses) {
            text += (text.empty() ? "" : ", ") + Email::from_plain(one).masked();
        }
        return text;
    }
    const std::size_t host = address.find("//") + 2;
    return fmt::format("{} …{}", address.substr(host, address.find('/', host) - host),
                       address.substr(address.size() - 4));
}

Result<void> put_address(Notify::State& state, ChannelRow& row, const std::string& address) {
    const auto settings = state.settings();
    const bool good = row.kind == ChannelKind::mail
                          ? mail_addresses(address, kMailAddressesMax).has_value()
                          : is_robot_address(row.kind, address, settings->get(kLocalRobots));
    if (!good) {
        return Problem::invalid_field("address", "channel.address_invalid",
                                      row.kind == ChannelKind::mail
                                          ? "one to ten mail addresses, separated by commas"
                                          : "the whole webhook address that the group's robot has");
    }
    row.address = Sealed<SecretText>(SecretText(address));
    row.shown = shown_of(row.kind, address);
    return {};
}

Result<void> put_kinds(ChannelRow& row, const KindCodes& codes) {
    row.kinds.clear();
    for (const auto& code : codes) {
        if (find_notice_kind(code.str()) == nullptr) {
            return Problem::invalid_field("kinds", "field.unknown", code.str());
        }
        row.kinds += (row.kinds.empty() ? "" : " ") + code.str();
    }
    return {};
}

void record(Scope& scope, std::string_view action, const ChannelRow& row,
            std::vector<http::AuditField> fields) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = "channel";
    fact.subject_id = row.id.text();
    fact.subject_label = row.name;
    fact.fields = std::move(fields);
    scope.audit(std::move(fact));
}

Result<ChannelList> list_channels(Scope& scope) {
    HANGU_CHECK(scope.authorize(kMayViewChannels));
    ChannelList list;
    for (const ChannelRow& row : ChannelStore(scope.tx()).all()) {
        list.items.push_back(view_of(row));
    }
    for (const NoticeKind& kind : notice_kinds()) {
        const http::Permission permission{kind.permission};
        const bool of_this_realm = kind.permission.empty() || scope.knows(permission);
        if (kind.code != kChannelTest && of_this_realm) {
            list.kinds.push_back({std::string(kind.code), kind.severity, std::string(kind.title_zh),
                                  std::string(kind.title_en)});
        }
    }
    list.mail_server = mail_server(scope.settings()).has_value();
    return list;
}

Result<Created<ChannelView>> create_channel(Notify::State& state, Scope& scope,
                                            const CreateChannel& input) {
    HANGU_CHECK(scope.authorize(kMayEditChannels));
    HANGU_CHECK(require_fresh(state, scope));
    ChannelStore store(scope.tx());
    if (store.all().size() >= ChannelStore::kChannelsCountMax) {
        return Problem::conflict("channel.too_many");
    }
    if (input.kind == ChannelKind::mail && !mail_server(scope.settings())) {
        return Problem::conflict("channel.no_mail_server");
    }
    ChannelRow row;
    row.id = scope.new_id<ChannelId>();
    row.kind = input.kind;
    row.name = input.name.str();
    HANGU_CHECK(put_address(state, row, input.address.str()));
    row.secret = Sealed<SecretText>(SecretText(input.secret ? input.secret->str() : ""));
    row.locale = input.locale;
    row.severity_min = input.severity_min;
    HANGU_CHECK(put_kinds(row, input.kinds ? *input.kinds : KindCodes()));
    row.created_at = scope.now();
    store.add(row);
    record(scope, "channel.created", row,
           {{"kind", "", std::string(enum_text(row.kind))}, {"address", "", row.shown}});
    return Created<ChannelView>{view_of(row)};
}

Result<ChannelView> edit_channel(Notify::State& state, Scope& scope, const EditChannel& input) {
    HANGU_CHECK(scope.authorize(kMayEditChannels));
    ChannelStore store(scope.tx());
    const std::optional<ChannelRow> before = store.find(input.channel_id);
    if (!before) {
        return Problem::not_found("channel.not_found");
    }
    HANGU_CHECK(require_fresh(state, scope));
    ChannelRow row = *before;
    row.version = input.version;
    row.name = input.name ? input.name->str() : row.name;
    row.locale = input.locale.value_or(row.locale);
    row.severity_min = input.severity_min.value_or(row.severity_min);
    row.active = input.active.value_or(row.active);
    if (input.address) {
        HANGU_CHECK(put_address(state, row, input.address->str()));
    }
    if (input.secret) {
        row.secret = Sealed<SecretText>(SecretText(input.secret->str()));
    }
    if (input.kinds) {
        HANGU_CHECK(put_kinds(row, *input.kinds));
    }
    if (!store.save(row)) {
        return Problem::conflict("channel.stale");
    }
    record(scope, "channel.edited", row,
           {{"address", before->shown, row.shown},
            {"severity_min", std::string(enum_text(before->severity_min)),
             std::string(enum_text(row.severity_min))},
            {"kinds", before->kinds, row.kinds},
            {"active", before->active ? "true" : "false", row.active ? "true" : "false"}});
    ++row.version;
    return view_of(row);
}

Result<NoContent> remove_channel(Notify::State& state, Scope& scope, const RemoveChannel& input) {
    HANGU_CHECK(scope.authorize(kMayEditChannels));
    ChannelStore store(scope.tx());
    const std::optional<ChannelRow> row = store.find(input.channel_id);
    if (!row) {
        return Problem::not_found("channel.not_found");
    }
    HANGU_CHECK(require_fresh(state, scope));
    if (row->version != input.version) {
        return Problem::conflict("channel.stale");
    }
    store.remove(row->id);
    record(scope, "channel.removed", *row, {{"address", row->shown, ""}});
    return NoContent();
}

http::Route channel_route(std::string_view name, std::string_view method, std::string_view path,
                          http::Permission permission, std::string_view summary) {
    http::Route route;
    route.name = name;
    route.method = method;
    route.path = path;
    route.permission = permission;
    route.guard = http::Guard::tenant;
    route.per_minute_max = 60;
    route.body_bytes_max = 16'384;
    route.summary = summary;
    route.tag = "channels";
    return route;
}

}  // namespace

void add_channel_routes(http::Routes& routes, Notify::State& state) {
    http::Route list = channel_route("channel.list", "GET", "/api/v1/channels", kMayViewChannels,
                                     "Channels that notices leave over");
    list.work = http::Work::read;
    list.per_minute_max = 300;
    routes.add(list, list_channels);
    routes.add_with<Created<ChannelView>, CreateChannel>(
        channel_route("channel.create", "POST", "/api/v1/channels", kMayEditChannels,
                      "Add a mail or robot channel"),
        [&state](Scope& scope, const CreateChannel& input) {
            return create_channel(state, scope, input);
        });
    routes.add_with<ChannelView, EditChannel>(
        channel_route("channel.edit", "PATCH", "/api/v1/channels/{channel_id}", kMayEditChannels,
                      "Change a channel, pause it or let it go on"),
        [&state](Scope& scope, const EditChannel& input) {
            return edit_channel(state, scope, input);
        });
    routes.add_with<NoContent, RemoveChannel>(
        channel_route("channel.remove", "DELETE", "/api/v1/channels/{channel_id}", kMayEditChannels,
                      "Remove a channel and what waits on it"),
        [&state](Scope& scope, const RemoveChannel& input) {
            return remove_channel(state, scope, input);
        });
}

}  // namespace hangu::notify

// The bell: what the caller has been told, and what of it she has read.
#include "security/notify/internal/notify_routes.hpp"
#include "security/notify/internal/notify_state.hpp"
#include "security/notify/module.hpp"

namespace hangu::notify {

namespace {

using http::Scope;

constexpr std::int64_t kLimitDefault = 50;

struct NoticeView {
    NoticeId id;
    std::string kind;
    Severity severity = Severity::info;
    std::string title_zh;
    std::string title_en;
    std::string text_zh;
    std::string text_en;
    std::string link;
    std::int64_t count = 1;
    bool unread = false;
    Time first_at;
    Time last_at;
};
HANGU_STRUCT(NoticeView, id, kind, severity, title_zh, title_en, text_zh, text_en, link, count,
             unread, first_at, last_at)

struct NoticeList {
    std::vector<NoticeView> items;
    std::int64_t unread_count = 0;
    bool mailbox = false;  // the development mailbox is in use
};
HANGU_STRUCT(NoticeList, items, unread_count, mailbox)

struct ListNotices {
    std::optional<Number<0, 200>> limit;
};
HANGU_STRUCT(ListNotices, limit)

struct ReadNotice {
    NoticeId notice_id;
};
HANGU_STRUCT(ReadNotice, notice_id)

struct Unread {
    std::int64_t unread_count = 0;
};
HANGU_STRUCT(Unread, unread_count)

bool may_see(const Scope& scope, const NoticeHead& head) {
    const http::Caller& caller = scope.caller();
    if (head.account_id != 0 && caller.kind == http::ActorKind::staff &&
        head.account_id == caller.actor_id) {
        return true;
    }
    const http::Permission permission{head.permission};
    return !head.permission.empty() && scope.knows(permission) &&
           (head.org_path.empty() ? scope.holds(permission)
                                  : scope.holds(permission, head.org_path));
}

std::vector<NoticeHead> seen_by(Scope& scope) {
    std::vector<NoticeHead> heads = NoticeStore(scope.tx()).heads(scope.caller().actor_id);
    std::erase_if(heads, [&](const NoticeHead& head) { return !may_see(scope, head); });
    return heads;
}

std::int64_t count_unread(const std::vector<NoticeHead>& heads) {
    return std::count_if(heads.begin(), heads.end(),
                         [](const NoticeHead& head) { return head.is_unread(); });
}

NoticeView view_of(const NoticeRow& row, bool unread) {
    const NoticeKind* kind = find_notice_kind(row.kind);
    HANGU_ASSERT(kind != nullptr);
    const std::vector<Parameter> parameters = parameters_of(row);
    NoticeText zh = text_of(*kind, parameters, Locale::zh);
    NoticeText en = text_of(*kind, parameters, Locale::en);
    return {row.id,
            row.kind,
            row.severity,
            std::move(zh.title),
            std::move(en.title),
            std::move(zh.text),
            std::move(en.text),
            row.link,
            row.told_count,
            unread,
            row.created_at,
            row.last_at};
}

Result<NoticeList> list_notices(Scope& scope, const ListNotices& input) {
    NoticeList list;
    const std::vector<NoticeHead> heads = seen_by(scope);
    list.unread_count = count_unread(heads);
    list.mailbox = uses_mailbox(scope.settings());
    const std::int64_t limit = input.limit ? std::int64_t{*input.limit} : kLimitDefault;
    for (const NoticeHead& head : heads) {
        if (static_cast<std::int64_t>(list.items.size()) == limit) {
            break;
        }
        if (const std::optional<NoticeRow> row = NoticeStore(scope.tx()).find(head.id)) {
            list.items.push_back(view_of(*row, head.is_unread()));
        }
    }
    return list;
}

void mark_read(Scope& scope, NoticeId id) {
    NoticeStore(scope.tx())
        .mark_read({scope.new_id<NoticeReadId>(), scope.caller().actor_id, id, scope.now()});
}

Result<Unread> read_notice(Scope& scope, const ReadNotice& input) {
    std::vector<NoticeHead> heads = seen_by(scope);
    const auto found = std::find_if(heads.begin(), heads.end(), [&](const NoticeHead& head) {
        return head.id == input.notice_id;
    });
    if (found == heads.end()) {
        return Problem::not_found("notice.not_found");
    }
    if (found->is_unread()) {
        mark_read(scope, found->id);
        found->read_at = scope.now();
    }
    return Unread{count_unread(heads)};
}

Result<Unread> read_all(Scope& scope) {
    for (const NoticeHead& head : seen_by(scope)) {
        if (head.is_unread()) {
            mark_read(scope, head.id);
        }
    }
    return Unread{0};
}

http::Route bell_route(std::string_view name, std::string_view method, std::string_view path,
                       std::string_view summary) {
    http::Route route;
    route.name = name;
    route.method = method;
    route.path = path;
    route.guard = http::Guard::signed_in;
    route.per_minute_max = 300;
    route.body_bytes_max = 1024;
    route.summary = summary;
    route.tag = "notices";
    return route;
}

}  // namespace

void add_notice_routes(http::Routes& routes) {
    http::Route list = bell_route("notice.list", "GET", "/api/v1/notices",
                                  "What the caller has been told, newest first");
    list.work = http::Work::read;
    routes.add_with<NoticeList, ListNotices>(list, list_notices);
    routes.add_with<Unread, ReadNotice>(
        bell_route("notice.read", "POST", "/api/v1/notices/{notice_id}/read",
                   "One notice has been read"),
        read_notice);
    http::RouteEntry all;
    all.route =
        bell_route("notice.read_all", "POST", "/api/v1/notices/read", "All notices have been read");
    all.success_status = http::detail::Answer<Unread>::kStatus;
    all.output_schema = [](json::Schemas& schemas) {
        return http::detail::Answer<Unread>::schema(schemas);
    };
    all.handle = [](Scope& scope, const http::Request&,
                    const http::PathParameters&) -> Result<http::Response> {
        HANGU_TRY(const Unread unread, read_all(scope));
        return http::detail::Answer<Unread>::make(unread);
    };
    routes.add_entry(std::move(all));
}

}  // namespace hangu::notify

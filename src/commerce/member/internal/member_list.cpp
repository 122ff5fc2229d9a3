// GET /members: newest first; exactly by phone, by the beginning of a code or of a name.
#include "commerce/member/internal/member_routes.hpp"
#include "commerce/member/internal/member_rules.hpp"
#include "commerce/member/internal/member_store.hpp"
#include "commerce/member/internal/member_view.hpp"
#include "commerce/member/module.hpp"
#include "commerce/organisation/paging.hpp"

namespace hangu::member {

struct MemberListInput {
    std::optional<Phone> phone;
    organisation::PageQuery q;
    organisation::PageLimit limit;
    organisation::PageCursor cursor;
};
HANGU_STRUCT(MemberListInput, phone, q, limit, cursor)

namespace {

MemberList page_of(const std::vector<MemberRecord>& records, std::int64_t limit,
                   std::int64_t total) {
    MemberList list;
    for (const MemberRecord& record : records) {
        if (static_cast<std::int64_t>(list.items.size()) == limit) {
            list.next_cursor = organisation::cursor_of(list.items.back().id.text());
            break;
        }
        list.items.push_back(view_of(record));
    }
    list.total = total;
    return list;
}

// Names are ciphertext, so the newest members are opened one by one; the bound keeps it at a few
// hundredths of a second. That is why this route reads from a report snapshot.
MemberList list_by_name(MemberStore& members, std::string_view prefix, std::int64_t before_id,
                        std::int64_t limit) {
    std::vector<MemberId> found;
    std::int64_t total = 0;
    members.each_name([&](const MemberNameRow& row) {
        if (!row.name.shown().text().starts_with(prefix)) {
            return;
        }
        ++total;
        const bool on_page = row.id.value() < before_id;
        if (on_page && static_cast<std::int64_t>(found.size()) <= limit) {
            found.push_back(row.id);
        }
    });
    std::vector<MemberRecord> records;
    for (const MemberId id : found) {
        records.push_back(members.find(id).value());
    }
    return page_of(records, limit, total);
}

Result<MemberList> list_members(http::Scope& scope, const MemberListInput& input) {
    HANGU_TRY(const std::int64_t before, organisation::id_before(input.cursor));
    const std::int64_t limit = organisation::rows_of(input.limit);
    MemberStore members(scope.tx());
    if (input.phone) {
        const std::optional<MemberRecord> found = members.find_by_phone(*input.phone);
        std::vector<MemberRecord> records;
        if (found) {
            records.push_back(*found);
        }
        return page_of(records, limit, static_cast<std::int64_t>(records.size()));
    }
    const std::string query = input.q ? input.q->str() : "";
    if (query.empty()) {
        return page_of(members.list(before, limit + 1), limit, members.count());
    }
    const std::string code = code_prefix_of(query);
    if (!code.empty()) {
        return page_of(members.list_by_code(code, before, limit + 1), limit,
                       members.count_by_code(code));
    }
    return list_by_name(members, query, before, limit);
}

}  // namespace

void add_member_list_route(http::Routes& routes) {
    routes.add({.name = "member.list",
                .method = "GET",
                .path = "/api/v1/members",
                .permission = kMayView,
                .guard = http::Guard::tenant,
                .work = http::Work::report,
                .summary = "Members, newest first; by phone, code or beginning of the name",
                .tag = "members"},
               list_members);
}

}  // namespace hangu::member

// SQL of notices and of who has read them.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/notify/internal/held.hpp"
#include "security/notify/notify.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::notify {

struct NoticeTag;
using NoticeId = Id<NoticeTag>;
struct NoticeReadTag;
using NoticeReadId = Id<NoticeReadTag>;

struct NoticeRow {
    static constexpr std::string_view kTable = "notice";
    NoticeId id;
    std::string kind;
    Severity severity = Severity::info;
    Sealed<PersonalText> parameters;  // JSON list; may name people
    std::int64_t account_id = 0;
    std::string permission;
    std::string org_path;
    std::string link;
    std::string same_key;
    std::int64_t told_count = 1;
    Time created_at;
    Time last_at;
};
HANGU_STRUCT(NoticeRow, id, kind, severity, parameters, account_id, permission, org_path, link,
             same_key, told_count, created_at, last_at)

// What is needed to know whether somebody sees it, without opening anything.
struct NoticeHead {
    NoticeId id;
    std::int64_t account_id = 0;
    std::string permission;
    std::string org_path;
    Time last_at;
    std::optional<Time> read_at;

    bool is_unread() const { return !read_at || *read_at < last_at; }
};
HANGU_STRUCT(NoticeHead, id, account_id, permission, org_path, last_at, read_at)

struct NoticeReadRow {
    static constexpr std::string_view kTable = "notice_read";
    NoticeReadId id;
    std::int64_t account_id = 0;
    NoticeId notice_id;
    Time read_at;
};
HANGU_STRUCT(NoticeReadRow, id, account_id, notice_id, read_at)

class NoticeStore {
 public:
    static constexpr std::int64_t kHeadsCountMax = 500;  // that a bell looks at

    explicit NoticeStore(storage::Tx& tx) : tx_(tx) {}

    void add(const NoticeRow& row) { tx_.insert(row); }
    std::optional<NoticeRow> find(NoticeId id);
    // The newest of that kind, key and account that was told after `after`.
    std::optional<NoticeRow> same(const NoticeRow& as, Time after);
    void tell_again(const NoticeRow& row);
    std::vector<NoticeHead> heads(std::int64_t account);  // newest first
    void mark_read(const NoticeReadRow& row);
    std::int64_t forget_before(Time before, std::int64_t count_max);

 private:
    storage::Tx& tx_;
};

void add_notice_tables(storage::Part& part);

}  // namespace hangu::notify

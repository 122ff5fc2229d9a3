#include "commerce/member/module.hpp"

#include "base/migration_file.hpp"
#include "commerce/member/internal/member_routes.hpp"
#include "commerce/member/internal/member_store.hpp"

namespace hangu::member {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Column;
using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr Column kMemberColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"code", ColumnType::text, DataClass::business, Level::internal},
    {"phone", ColumnType::sealed, DataClass::contact, Level::sensitive, true},
    {"phone_blind", ColumnType::blind, DataClass::contact, Level::sensitive, true},
    {"name", ColumnType::sealed, DataClass::identity, Level::sensitive, true},
    {"email", ColumnType::sealed, DataClass::contact, Level::sensitive, true},
    {"birthday", ColumnType::sealed, DataClass::identity, Level::sensitive, true},
    {"gender", ColumnType::text, DataClass::person, Level::internal},
    {"level", ColumnType::text, DataClass::person, Level::internal},
    {"home_store_id", ColumnType::integer, DataClass::key, Level::internal, true},
    {"orders_count", ColumnType::integer, DataClass::person, Level::internal},
    {"spent_fen", ColumnType::integer, DataClass::person, Level::internal},
    {"joined_at", ColumnType::integer, DataClass::person, Level::internal},
    {"external_ref", ColumnType::text, DataClass::key, Level::internal, true},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
};

constexpr Column kCounterColumns[] = {
    {"kind", ColumnType::text, DataClass::technical, Level::internal},
    {"last", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

storage::Part part() {
    return {"member",
            sql_files(),
            {{"member", kMemberColumns}, {"member_counter", kCounterColumns}},
            member_statements()};
}

std::vector<http::PermissionNode> permissions() {
    using enum http::PermissionKind;
    return {
        {menu, "members", "", "会员", "Members"},
        {page, "member.view", "members", "会员列表", "Members"},
        {button, "member.edit", "member.view", "编辑会员", "Edit members"},
        {button, "member.reveal_phone", "member.view", "查看完整手机号", "Reveal phone numbers"},
    };
}

void add_routes(http::Routes& routes, const Members& members,
                const organisation::Organisation& organisation) {
    add_member_list_route(routes);
    add_member_routes(routes, members, organisation);
}

}  // namespace hangu::member

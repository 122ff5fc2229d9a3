#include "commerce/staff/module.hpp"

#include "base/migration_file.hpp"
#include "commerce/staff/internal/staff_routes.hpp"
#include "commerce/staff/internal/staff_store.hpp"

namespace hangu::staff {

std::span<const MigrationFile> sql_files();

namespace {

using storage::Column;
using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr Column kStaffColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"node_id", ColumnType::integer, DataClass::key, Level::internal},
    {"path", ColumnType::text, DataClass::technical, Level::internal},
    {"phone", ColumnType::sealed, DataClass::contact, Level::sensitive, true},
    {"phone_blind", ColumnType::blind, DataClass::contact, Level::sensitive, true},
    {"version", ColumnType::integer, DataClass::technical, Level::internal},
    {"created_at", ColumnType::integer, DataClass::technical, Level::internal},
};

}  // namespace

storage::Part part() {
    return {"staff", sql_files(), {{"staff", kStaffColumns}}, staff_statements()};
}

std::vector<http::PermissionNode> permissions() {
    using enum http::PermissionKind;
    return {
        {page, "staff.view", "organisation", "员工", "Staff"},
        {button, "staff.edit", "staff.view", "编辑员工", "Edit staff"},
        {button, "staff.suspend", "staff.view", "停用员工", "Suspend staff"},
        {button, "staff.invite", "staff.view", "发送登录链接", "Send sign-in link"},
        {button, "staff.remove_factors", "staff.view", "移除第二验证方式", "Remove second factors"},
        {page, "grant.review", "organisation", "授权复核", "Review of grants"},
        {page, "store_group.view", "organisation", "门店分组", "Store groups"},
        {button, "store_group.edit", "store_group.view", "编辑门店分组", "Edit store groups"},
    };
}

void add_routes(http::Routes& routes, const Staff& staff) {
    add_staff_routes(routes, staff);
    add_staff_state_routes(routes, staff);
    add_grant_routes(routes, staff);
    add_review_routes(routes, staff);
    add_group_routes(routes, staff);
    add_rights_routes(routes, staff);
}

std::vector<settings::Setting> settings() {
    return {{kReviewDays.key, std::int64_t{90}, 7, 366, "days",
             "A grant that nobody looked at for this long is due for review."}};
}

}  // namespace hangu::staff

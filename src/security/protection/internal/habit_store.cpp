#include "security/protection/internal/habit_store.hpp"

namespace hangu::protection {

namespace {

using storage::Statement;

constexpr Statement<HabitRow(identity::StaffId, std::int64_t)> kList{
    "sign_in_habit.list",
    "select id, account_id, trait, value, weight_milli, days_count, last_day, last_at"
    " from sign_in_habit where tenant_id = ?1 and account_id = ?2 order by last_at desc, id desc"
    " limit ?3"};

struct HabitChange {
    std::int64_t weight_milli = 0;
    std::int64_t days_count = 0;
    Day last_day;
    Time last_at;
};
HANGU_STRUCT(HabitChange, weight_milli, days_count, last_day, last_at)

constexpr Statement<void(HabitId, HabitChange)> kSave{
    "sign_in_habit.save",
    "update sign_in_habit set weight_milli = ?3, days_count = ?4, last_day = ?5, last_at = ?6"
    " where tenant_id = ?1 and id = ?2"};

constexpr Statement<void(identity::StaffId, HabitId)> kForget{
    "sign_in_habit.forget",
    "delete from sign_in_habit where tenant_id = ?1 and account_id = ?2 and id = ?3"};

constexpr Statement<void(identity::StaffId)> kForgetAll{
    "sign_in_habit.forget_all",
    "delete from sign_in_habit where tenant_id = ?1 and account_id = ?2"};

using storage::ColumnType;
using storage::DataClass;
using storage::Level;

constexpr storage::Column kColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"account_id", ColumnType::integer, DataClass::key, Level::internal},
    {"trait", ColumnType::text, DataClass::technical, Level::internal},
    {"value", ColumnType::sealed, DataClass::contact, Level::sensitive, true},
    {"weight_milli", ColumnType::integer, DataClass::technical, Level::internal},
    {"days_count", ColumnType::integer, DataClass::technical, Level::internal},
    {"last_day", ColumnType::integer, DataClass::person, Level::internal},
    {"last_at", ColumnType::integer, DataClass::person, Level::internal},
};

}  // namespace

Habit habit_of(const HabitRow& row) {
    return {row.trait,        row.value.shown().text(),
            row.weight_milli, static_cast<int>(row.days_count),
            row.last_day,     row.last_at};
}

std::vector<HabitRow> HabitStore::habits(identity::StaffId account) {
    return tx_.list(kList, account, kPerAccountCountMax);
}

void HabitStore::save(HabitId id, const Habit& habit) {
    tx_.run(kSave, id,
            HabitChange{habit.weight_milli, habit.days_count, habit.last_day, habit.last_at});
}

bool HabitStore::forget(identity::StaffId account, HabitId id) {
    return tx_.run(kForget, account, id) == 1;
}

std::int64_t HabitStore::forget_all(identity::StaffId account) {
    return tx_.run(kForgetAll, account);
}

void add_habit_table(storage::Part& part) {
    part.tables.push_back({"sign_in_habit", kColumns});
    const storage::StatementInfo all[] = {
        storage::insert_info<HabitRow>(), storage::info(kList),      storage::info(kSave),
        storage::info(kForget),           storage::info(kForgetAll),
    };
    part.statements.insert(part.statements.end(), std::begin(all), std::end(all));
}

}  // namespace hangu::protection

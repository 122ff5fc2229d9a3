// SQL of habits: what a person's sign-ins have in common.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/protection/protection.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hangu::protection {

struct HabitTag;
using HabitId = Id<HabitTag>;

// Where somebody usually is. Sealed at rest; shown to its owner.
class HabitValue {
 public:
    static constexpr KeyClass kKeyClass = KeyClass::contact;
    static constexpr bool kShownToViewer = true;

    HabitValue() = default;
    explicit HabitValue(std::string text) : text_(std::move(text)) {}
    static HabitValue from_plain(std::string plain) { return HabitValue(std::move(plain)); }

    const std::string& plain() const { return text_; }
    std::string masked() const { return "***"; }
    friend bool operator==(const HabitValue&, const HabitValue&) = default;

 private:
    std::string text_;
};

struct HabitRow {
    static constexpr std::string_view kTable = "sign_in_habit";
    HabitId id;
    identity::StaffId account_id;
    Trait trait = Trait::network;
    Sealed<HabitValue> value;
    std::int64_t weight_milli = 0;
    std::int64_t days_count = 0;
    Day last_day;
    Time last_at;
};
HANGU_STRUCT(HabitRow, id, account_id, trait, value, weight_milli, days_count, last_day, last_at)

Habit habit_of(const HabitRow& row);

class HabitStore {
 public:
    // Per trait and account; then the one that was seen longest ago goes. A week has 168 hours.
    static constexpr std::size_t kPerTraitCountMax = 20;
    static constexpr std::int64_t kPerAccountCountMax = 500;

    explicit HabitStore(storage::Tx& tx) : tx_(tx) {}

    std::vector<HabitRow> habits(identity::StaffId account);
    void add(const HabitRow& row) { tx_.insert(row); }
    void save(HabitId id, const Habit& habit);
    bool forget(identity::StaffId account, HabitId id);
    std::int64_t forget_all(identity::StaffId account);

 private:
    storage::Tx& tx_;
};

void add_habit_table(storage::Part& part);

}  // namespace hangu::protection

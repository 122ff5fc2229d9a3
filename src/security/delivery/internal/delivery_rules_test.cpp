#include "security/delivery/internal/delivery_rules.hpp"

#include <gtest/gtest.h>

namespace hangu::delivery {
namespace {

events::Event event(std::int64_t id, std::string name, std::string subject,
                    std::string path = "01.02", std::string permission = "order.view") {
    return {
        events::EventId(id), std::move(name), std::move(path), std::move(permission), "{}", Time(),
        std::move(subject)};
}

TEST(DeliveryRules, patterns_name_one_event_or_all_of_a_noun_or_all) {
    for (const char* good : {"*", "order.*", "order.placed", "gift_card.handed_over"}) {
        EXPECT_TRUE(is_pattern(good)) << good;
    }
    for (const char* bad : {"", "order", "order.", ".placed", "*.placed", "Order.placed",
                            "order.pl*", "order.placed.twice", "order placed"}) {
        EXPECT_FALSE(is_pattern(bad)) << bad;
    }
    EXPECT_TRUE(matches("order.*", "order.placed"));
    EXPECT_FALSE(matches("order.*", "orders.placed"));
    EXPECT_FALSE(matches("order.placed", "order.placed_late"));
}

TEST(DeliveryRules, a_place_takes_what_happens_there_and_below) {
    EXPECT_TRUE(wants("order.*", "01", event(1, "order.paid", "order:1", "01.02")));
    EXPECT_TRUE(wants("approval.opened order.paid", "", event(1, "order.paid", "order:1", "")));
    EXPECT_FALSE(wants("order.*", "02", event(1, "order.paid", "order:1", "01.02")));
    EXPECT_FALSE(wants("order.*", "01", event(1, "order.paid", "order:1", "")));
    EXPECT_FALSE(wants("order.placed", "", event(1, "order.paid", "order:1")));
}

TEST(DeliveryRules, what_is_between_the_house_and_one_person_never_leaves) {
    EXPECT_FALSE(wants("*", "", event(1, "notice.told", "notice:1")));
    EXPECT_FALSE(wants("*", "", event(1, "session.moved", "", "", "staff:7")));
}

TEST(DeliveryRules, two_of_a_subject_are_never_in_one_wave) {
    const events::Event all[] = {event(1, "order.placed", "a"), event(2, "order.placed", "b"),
                                 event(3, "order.paid", "a"),   event(4, "tick.tock", ""),
                                 event(5, "tick.tock", ""),     event(6, "order.made", "a")};
    std::vector<const events::Event*> events;
    for (const events::Event& one : all) {
        events.push_back(&one);
    }
    const std::vector<std::vector<std::size_t>> expected{{0, 1, 3, 4}, {2}, {5}};
    EXPECT_EQ(waves_of(events), expected);
    EXPECT_TRUE(waves_of({}).empty());
}

TEST(DeliveryRules, attempts_come_later_and_later_and_not_all_at_once) {
    const Time now(1'000'000);
    EXPECT_EQ(next_try(1, 0, now), now.plus_ms(2'500));
    EXPECT_EQ(next_try(1, 2'499, now), now.plus_ms(4'999));
    EXPECT_EQ(next_try(3, 0, now), now.plus_ms(40'000));
    EXPECT_EQ(next_try(50, 0, now), now.plus_ms(1'800'000));
    EXPECT_EQ(next_reach(1, 0, now), now.plus_ms(500));
    EXPECT_EQ(next_reach(100, 29'999, now), now.plus_ms(59'999));
}

}  // namespace
}  // namespace hangu::delivery

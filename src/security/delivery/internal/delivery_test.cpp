// Destinations through real transactions; the broker is one in memory that does what the test says.
#include "security/delivery/delivery.hpp"

#include "tests/support/delivery_house.hpp"
#include "tests/support/memory_carrier.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace hangu::delivery {
namespace {

using events::Receipt;
using events::Verdict;
using testing::number;
using testing::text;

class House : public testing::DeliveryHouse {
 public:
    House() : House(std::make_unique<testing::MemoryCarrier>()) {}
    ~House() { deliveries->stop(); }

    void begin_again() { begin(&carrier); }
    std::vector<std::string> taken() {
        std::vector<std::string> all;
        for (const events::Event& event : carrier.taken(queue)) {
            all.push_back(event.name + " " + event.subject);
        }
        return all;
    }
    void refuse_of(const std::string& subject, Verdict verdict = Verdict::refused) {
        carrier.answer([subject, verdict](const events::Event& event) {
            return event.subject == subject ? Receipt{verdict, "no room"}
                                            : Receipt{Verdict::delivered, ""};
        });
    }

 private:
    explicit House(std::unique_ptr<testing::MemoryCarrier> made)
        : testing::DeliveryHouse(made.get()), kept_(std::move(made)), carrier(*kept_) {}

    std::unique_ptr<testing::MemoryCarrier> kept_;

 public:
    testing::MemoryCarrier& carrier;
};

using Names = std::vector<std::string>;

TEST(Delivery, what_happens_from_now_on_goes_there_once_and_in_order) {
    House house;
    house.happen("order.placed", "order:0");
    house.add();
    EXPECT_TRUE(house.carrier.made().contains(house.queue));  // before anything happens
    house.happen("order.placed", "order:1");
    house.happen("approval.opened", "approval:1");
    house.happen("order.paid", "order:1");
    house.settle();
    house.pass(kHourMs);
    EXPECT_EQ(house.taken(), (Names{"order.placed order:1", "order.paid order:1"}));
    const boost::json::value shown = house.shown();
    EXPECT_EQ(text(shown, "state"), "active");
    EXPECT_EQ(number(shown, "behind"), 0);
    EXPECT_EQ(text(shown, "words"), "");
    EXPECT_EQ(text(shown, "delivered_id"), house.carrier.taken(house.queue)[1].id.text());
}

TEST(Delivery, a_place_hears_of_itself_alone) {
    House house;
    house.add(R"(["*"])", R"(,"node_id":"0000000000002")");
    house.happen("order.placed", "order:1", "01");
    house.happen("order.placed", "order:2", "02.07");
    house.settle();
    EXPECT_EQ(house.taken(), Names{"order.placed order:2"});
}

TEST(Delivery, what_waited_when_the_process_ended_is_found) {
    House house;
    house.add();
    house.carrier.be_away(true);
    house.happen("order.placed", "order:1");
    house.settle();
    house.deliveries->stop();
    house.carrier.be_away(false);
    house.begin_again();
    house.world.clock.advance_ms(kMinuteMs);
    house.deliveries->look_at(house.world.tenant);
    house.settle();
    EXPECT_EQ(house.taken(), Names{"order.placed order:1"});
}

TEST(Delivery, a_broker_that_is_away_costs_nothing_but_time) {
    House house;
    house.add();
    house.carrier.be_away(true);
    for (int i = 0; i < 300; ++i) {
        house.happen("order.placed", "order:" + std::to_string(i));
    }
    house.settle();
    boost::json::value shown = house.shown();
    EXPECT_EQ(text(shown, "state"), "failing");
    EXPECT_EQ(text(shown, "words"), "the broker is away");
    EXPECT_EQ(number(shown, "behind"), 300);
    for (int i = 0; i < 20; ++i) {  // more often than attempts are counted
        house.pass(kMinuteMs);
    }
    house.carrier.be_away(false);
    house.pass(kMinuteMs);
    EXPECT_EQ(house.taken().size(), 300u);
    shown = house.shown();
    EXPECT_EQ(text(shown, "state"), "active");
    EXPECT_EQ(number(shown, "dead"), 0);
    EXPECT_EQ(house.taken().front(), "order.placed order:0");
    EXPECT_EQ(house.taken().back(), "order.placed order:299");
}

TEST(Delivery, an_event_is_not_overtaken_by_one_of_its_subject_and_others_go_on) {
    House house;
    const std::string id = house.add();
    house.refuse_of("order:1");
    house.happen("order.placed", "order:1");
    house.happen("order.placed", "order:2");
    house.happen("order.paid", "order:1");
    house.settle();
    house.happen("order.paid", "order:2");
    house.happen("order.refunded", "order:1");
    house.settle();
    EXPECT_EQ(house.taken(), (Names{"order.placed order:2", "order.paid order:2"}));
    const boost::json::value letters = house.letters(id);
    ASSERT_EQ(letters.as_array().size(), 3u);
    EXPECT_EQ(text(letters.at(0), "state"), "waiting");
    EXPECT_EQ(text(letters.at(0), "words"), "no room");
    EXPECT_EQ(text(letters.at(1), "state"), "held");
    EXPECT_EQ(text(letters.at(2), "state"), "held");
    house.carrier.answer(nullptr);
    house.pass(5'000);
    EXPECT_EQ(house.taken(),
              (Names{"order.placed order:2", "order.paid order:2", "order.placed order:1",
                     "order.paid order:1", "order.refunded order:1"}));
    EXPECT_TRUE(house.letters(id).as_array().empty());
}

TEST(Delivery, one_that_is_refused_again_and_again_is_dead_and_told_about) {
    House house;
    const std::string id = house.add();
    house.refuse_of("order:1");
    house.happen("order.placed", "order:1");
    house.happen("order.paid", "order:1");
    house.settle();
    house.pass(5'000);
    house.pass(20'000);
    const boost::json::value letters = house.letters(id);
    EXPECT_EQ(text(letters.at(0), "state"), "dead");
    EXPECT_EQ(number(letters.at(0), "attempts"), 3);
    EXPECT_EQ(text(letters.at(1), "state"), "held");
    EXPECT_EQ(text(house.shown(), "state"), "failing");
    EXPECT_EQ(number(house.shown(), "dead"), 1);
    const auto told = house.world.tx([](storage::Tx& tx) -> Result<std::size_t> {
        std::size_t count = 0;
        for (const events::Event& event : events::since(tx, events::EventId(), 100)) {
            count += event.name == "notice.told" ? 1 : 0;
        }
        return count;
    });
    EXPECT_EQ(*told, 1u);
    house.pass(kDayMs);
    EXPECT_EQ(house.taken(), Names{});
}

TEST(Delivery, a_dead_one_is_replayed_and_what_stood_behind_it_follows) {
    House house;
    const std::string id = house.add();
    house.refuse_of("order:1", Verdict::never);
    house.happen("order.placed", "order:1");
    house.happen("order.paid", "order:1");
    house.settle();
    const std::string letter = text(house.letters(id).at(0), "id");
    house.carrier.answer(nullptr);
    EXPECT_EQ(number(house.caller->ok("dead_letter.replay_all", {{"destination_id", id}}), "count"),
              1);
    house.settle();
    EXPECT_EQ(house.taken(), (Names{"order.placed order:1", "order.paid order:1"}));
    EXPECT_EQ(
        house.caller->code(house.world.system(), "dead_letter.replay", {{"letter_id", letter}}),
        "dead_letter.not_found");
}

TEST(Delivery, a_dead_one_is_discarded_with_a_reason_and_what_stood_behind_it_goes_on) {
    House house;
    const std::string id = house.add();
    house.refuse_of("order:1", Verdict::never);
    house.happen("order.placed", "order:1");
    house.settle();
    house.carrier.answer(nullptr);
    house.happen("order.paid", "order:1");
    house.settle();
    const std::string letter = text(house.letters(id).at(0), "id");
    const std::string held = text(house.letters(id).at(1), "id");
    const std::string reason = R"({"reason":"the till was a test"})";
    EXPECT_EQ(house.caller->code(house.world.system(), "dead_letter.discard", {{"letter_id", held}},
                                 reason),
              "dead_letter.not_dead");
    house.caller->ok("dead_letter.discard", {{"letter_id", letter}}, reason);
    house.settle();
    EXPECT_EQ(house.taken(), Names{"order.paid order:1"});
    const auto seen = house.world.audit.seen();
    EXPECT_EQ(seen.back().action, "dead_letter.discarded");
    EXPECT_EQ(seen.back().fields[0].after, "the till was a test");
}

TEST(Delivery, what_a_letter_says_is_shown_to_who_may_see_the_thing) {
    House house;
    const std::string id = house.add();
    house.refuse_of("order:1", Verdict::never);
    house.happen("order.placed", "order:1");
    house.settle();
    const std::string letter = text(house.letters(id).at(0), "id");
    const auto whole =
        house.caller->ok_as(house.world.staff({"destination.view", "order.view"}, {""}),
                            "dead_letter.view", {{"letter_id", letter}});
    EXPECT_EQ(text(whole, "payload"), R"({"what":"order.placed order:1"})");
    const auto blind = house.caller->ok_as(house.world.staff({"destination.view"}, {""}),
                                           "dead_letter.view", {{"letter_id", letter}});
    EXPECT_FALSE(blind.at("may_read").as_bool());
    EXPECT_EQ(text(blind, "payload"), "");
}

TEST(Delivery, all_since_an_event_is_delivered_again_with_the_same_ids) {
    House house;
    const std::string id = house.add();
    for (int i = 1; i <= 3; ++i) {
        house.happen("order.placed", "order:" + std::to_string(i));
    }
    house.settle();
    const std::string second = house.carrier.taken(house.queue)[1].id.text();
    const std::string body = R"({"from_event":")" + second + R"(","version":)";
    house.caller->ok("destination.replay", {{"destination_id", id}}, body + "1}");
    house.settle();
    ASSERT_EQ(house.taken().size(), 5u);
    EXPECT_EQ(house.carrier.taken(house.queue)[3].id.text(), second);
    EXPECT_EQ(house.taken()[4], "order.placed order:3");
    EXPECT_EQ(house.caller->code(house.world.system(), "destination.replay",
                                 {{"destination_id", id}}, body + "1}"),
              "destination.stale");
    EXPECT_EQ(
        house.caller->code(house.world.system(), "destination.replay", {{"destination_id", id}},
                           R"({"from_at":"2030-01-01T00:00:00Z","version":2})"),
        "destination.replay_ahead");
    house.caller->ok("destination.replay", {{"destination_id", id}},
                     R"({"from_at":"2026-11-01T00:00:00Z","version":2})");
    house.settle();
    EXPECT_EQ(house.taken().size(), 8u);
}

TEST(Delivery, a_paused_one_gets_nothing_and_then_everything) {
    House house;
    const std::string id = house.add();
    house.caller->ok("destination.edit", {{"destination_id", id}},
                     R"({"active":false,"version":1})");
    house.happen("order.placed", "order:1");
    house.settle();
    EXPECT_EQ(house.taken(), Names{});
    EXPECT_EQ(text(house.shown(), "state"), "paused");
    house.caller->ok("destination.edit", {{"destination_id", id}},
                     R"({"active":true,"version":2})");
    house.settle();
    EXPECT_EQ(house.taken(), Names{"order.placed order:1"});
}

TEST(Delivery, the_outbox_keeps_what_is_not_delivered_but_not_for_ever) {
    House house;
    const std::string id = house.add();
    house.caller->ok("destination.edit", {{"destination_id", id}},
                     R"({"active":false,"version":1})");
    house.happen("order.placed", "order:1");
    const auto sweep = [&] {
        const auto gone = house.world.tx([&](storage::Tx& tx) -> Result<std::int64_t> {
            house.deliveries->forget_old(tx);
            return events::forget_before(tx, tx.now().plus_ms(-7 * kDayMs),
                                         house.deliveries->done_up_to(tx), 100);
        });
        return *gone;
    };
    house.world.clock.advance_ms(10 * kDayMs);
    EXPECT_EQ(sweep(), 0);
    house.world.clock.advance_ms(21 * kDayMs);
    EXPECT_EQ(sweep(), 1);
    EXPECT_NE(text(house.shown(), "words").find("not delivered and are gone"), std::string::npos);
    EXPECT_EQ(number(house.shown(), "behind"), 1);  // the notice that says so
}

TEST(Delivery, a_removed_one_takes_its_queue_with_it) {
    House house;
    const std::string id = house.add();
    house.caller->ok("destination.remove", {{"destination_id", id}, {"version", "1"}});
    house.settle();
    EXPECT_FALSE(house.carrier.made().contains(house.queue));
    const std::size_t calls = house.carrier.calls();
    house.happen("order.placed", "order:1");
    house.settle();
    EXPECT_EQ(house.carrier.calls(), calls);
}

TEST(Delivery, who_may_and_who_has_proved_it) {
    House house;
    const std::string body = R"({"name":"ERP","events":["order.*"]})";
    const http::Caller at_one = house.world.staff({"destination.view", "destination.edit"}, {"01"});
    EXPECT_EQ(house.caller->code(at_one, "destination.create", {}, body),
              "permission.outside_scope");
    const std::string one = R"({"name":"ERP","events":["order.*"],"node_id":"0000000000001"})";
    house.caller->ok_as(at_one, "destination.create", {}, one);
    house.add();
    EXPECT_EQ(house.caller->ok_as(at_one, "destination.list", {}).at("items").as_array().size(),
              1u);
    house.fresh.fresh = false;
    EXPECT_EQ(house.caller->code(house.world.system(), "destination.create", {}, body),
              "session.step_up_required");
    house.fresh.fresh = true;
    EXPECT_EQ(house.caller->code(house.world.system(), "destination.create", {},
                                 R"({"name":"ERP","events":["member.*"]})"),
              "input.invalid");
    EXPECT_EQ(house.caller->code(house.world.system(), "destination.create", {},
                                 R"({"name":"ERP","events":["*"],"node_id":"0000000000003"})"),
              "input.invalid");
}

TEST(Delivery, without_a_broker_nothing_is_promised) {
    testing::DeliveryHouse house(nullptr);
    EXPECT_EQ(house.caller->code(house.world.system(), "destination.create", {},
                                 R"({"name":"ERP","events":["*"]})"),
              "destination.no_broker");
    house.happen("order.placed", "order:1");
    house.settle();
    EXPECT_TRUE(house.caller->ok("destination.list", {}).at("items").as_array().empty());
}

TEST(Outbox, ids_grow_also_when_the_clock_went_back) {
    House house;
    house.happen("order.placed", "order:1");
    std::vector<events::EventId> ids;
    const auto done = house.world.tx([&](storage::Tx& tx) -> Result<void> {
        for (int i = 0; i < 2; ++i) {
            events::Event early{events::EventId(7 + i), "order.paid", "", "", "{}", tx.now(), ""};
            events::append(tx, early);
            ids.push_back(early.id);
        }
        for (const events::Event& event : events::since(tx, events::EventId(), 10)) {
            ids.push_back(event.id);
        }
        return {};
    });
    ASSERT_TRUE(done.ok());
    ASSERT_EQ(ids.size(), 5u);
    EXPECT_EQ(ids[3], ids[0]);
    EXPECT_EQ(ids[4], ids[1]);
    EXPECT_LT(ids[2], ids[3]);
    EXPECT_LT(ids[3], ids[4]);
}

}  // namespace
}  // namespace hangu::delivery

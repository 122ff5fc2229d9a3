// Events on their way over a real RabbitMQ to a merchant's own program: nothing is lost when it is
// killed, nothing is taken for delivered that no queue has, and the order of a subject is kept.
#include "platform/events/rabbit.hpp"
#include "tests/broker/consumer.hpp"
#include "tests/support/delivery_house.hpp"
#include "tests/support/rabbit_server.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace hangu {
namespace {

using events::Receipt;
using events::Verdict;
using testing::Consumer;
using testing::Message;
using testing::number;
using testing::text;

class Broker final : public ::testing::Environment {
 public:
    void SetUp() override {
        make_certificate("mine");
        make_certificate("others");
        tls_port = testing::RabbitServer::free_port();
        server = std::make_unique<testing::RabbitServer>(
            HANGU_RABBITMQ, folder.path() + "/rabbit",
            fmt::format("listeners.ssl.local = 127.0.0.1:{0}\nssl_options.cacertfile = {1}.pem\n"
                        "ssl_options.certfile = {1}.pem\nssl_options.keyfile = {1}.key\n"
                        "ssl_options.versions.1 = tlsv1.2\n",
                        tls_port, folder.path() + "/mine"));
    }
    void TearDown() override { server.reset(); }

    events::RabbitOptions options(const std::string& password = "guest") const {
        events::RabbitOptions options;
        options.host = "127.0.0.1";
        options.port = server->port();
        options.user = "guest";
        options.password = Secret(password);
        options.wait_ms_max = 10'000;
        return options;
    }
    std::unique_ptr<events::Carrier> carrier() {
        return events::make_rabbit_carrier(options(), log);
    }
    events::RabbitOptions tls_options(const std::string& authority) const {
        events::RabbitOptions made = options();
        made.host = "localhost";
        made.port = tls_port;
        made.tls_ca = folder.path() + "/" + authority + ".pem";
        return made;
    }

    testing::TemporaryFolder folder;
    ManualClock clock{Time(testing::kTestStartMs)};
    observe::Log log{{observe::Level::error, folder.path() + "/log"}, clock};
    std::unique_ptr<testing::RabbitServer> server;
    int tls_port = 0;

 private:
    // For localhost, and its own authority.
    void make_certificate(const std::string& name) const {
        const std::string path = folder.path() + "/" + name;
        const bool made = testing::RabbitServer::run(
            {"/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout",
             path + ".key", "-out", path + ".pem"});
        HANGU_ASSERT(made);
    }
};

Broker* broker = nullptr;  // googletest owns it

class House : public testing::DeliveryHouse {
 public:
    House() : House(broker->carrier()) {}
    explicit House(std::unique_ptr<events::Carrier> carrier)
        : testing::DeliveryHouse(carrier.get()), carrier_(std::move(carrier)) {}
    ~House() { deliveries->stop(); }

    std::int64_t left() {
        const boost::json::value now = shown();
        return number(now, "behind") + number(now, "waiting") + number(now, "held");
    }
    // Until everything is delivered; the clock goes on a minute each time.
    void deliver_all() {
        for (int tries = 0; tries < 60 && left() > 0; ++tries) {
            pass(kMinuteMs);
        }
        EXPECT_EQ(left(), 0);
    }

 private:
    std::unique_ptr<events::Carrier> carrier_;
};

events::Event event(std::int64_t id, const std::string& subject) {
    return {
        events::EventId(id),         "order.placed", "01", "order.view", R"({"total_fen":1200})",
        Time(testing::kTestStartMs), subject};
}

std::vector<Verdict> carry(events::Carrier& carrier, const std::string& queue,
                           const std::vector<events::Event>& events) {
    std::vector<const events::Event*> pointers;
    for (const events::Event& one : events) {
        pointers.push_back(&one);
    }
    std::vector<Verdict> verdicts;
    for (const Receipt& receipt : carrier.carry(TenantId(7), queue, pointers)) {
        verdicts.push_back(receipt.verdict);
    }
    return verdicts;
}

// In the order in which each came first.
std::map<std::string, std::vector<std::string>> by_subject(const std::vector<Message>& messages) {
    std::map<std::string, std::vector<std::string>> ids;
    std::set<std::string> seen;
    for (const Message& message : messages) {
        if (seen.insert(message.id).second) {
            ids[message.headers.at("subject")].push_back(message.id);
        }
    }
    return ids;
}

void expect_all_in_order(const std::vector<Message>& messages, std::size_t count) {
    std::size_t distinct = 0;
    for (const auto& [subject, ids] : by_subject(messages)) {
        EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end())) << subject;
        distinct += ids.size();
    }
    EXPECT_EQ(distinct, count);
}

TEST(Rabbit, a_message_says_all_that_a_consumer_needs) {
    const auto carrier = broker->carrier();
    const std::string queue = "hangu.test.properties";
    EXPECT_EQ(carry(*carrier, queue, {event(77, "order:1")}), std::vector{Verdict::delivered});
    Consumer consumer(broker->server->port(), queue);
    ASSERT_EQ(consumer.read(1).size(), 1u);
    const Message& message = consumer.messages()[0];
    EXPECT_EQ(message.id, events::EventId(77).text());
    EXPECT_EQ(message.type, "order.placed");
    EXPECT_EQ(message.body, R"({"total_fen":1200})");
    EXPECT_EQ(message.routing_key, queue + ".order.placed");
    EXPECT_EQ(message.delivery_mode, 2);
    EXPECT_EQ(message.headers.at("tenant"), TenantId(7).text());
    EXPECT_EQ(message.headers.at("event"), "order.placed");
    EXPECT_EQ(message.headers.at("subject"), "order:1");
    EXPECT_EQ(message.headers.at("place"), "01");
}

TEST(Rabbit, one_that_no_queue_took_is_not_taken_for_delivered) {
    const auto carrier = broker->carrier();
    const std::string queue = "hangu.test.deleted";
    ASSERT_TRUE(carrier->prepare(queue).ok());
    Consumer(broker->server->port(), queue).delete_queue();
    EXPECT_EQ(carry(*carrier, queue, {event(1, "a"), event(2, "b")}),
              (std::vector{Verdict::refused, Verdict::refused}));
    EXPECT_EQ(carry(*carrier, queue, {event(1, "a"), event(2, "b")}),
              (std::vector{Verdict::delivered, Verdict::delivered}));
}

TEST(Rabbit, a_queue_that_is_another_one_is_refused_with_the_brokers_words) {
    const std::string queue = "hangu.test.classic";
    ASSERT_TRUE(Consumer(broker->server->port(), queue).declare_classic());
    const auto carrier = broker->carrier();
    const Result<void> refused = carrier->prepare(queue);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.problem().code, "broker.refused");
    EXPECT_NE(refused.problem().detail.find("x-queue-type"), std::string::npos);
    EXPECT_TRUE(carrier->prepare("hangu.test.other").ok());  // and another one works
}

TEST(Rabbit, who_it_is_and_who_may_not) {
    const Result<std::string> found = events::check_rabbit(broker->options());
    ASSERT_TRUE(found.ok()) << found.problem().detail;
    EXPECT_TRUE(found->starts_with("RabbitMQ 3.")) << *found;
    const Result<std::string> wrong = events::check_rabbit(broker->options("wrong"));
    ASSERT_FALSE(wrong.ok());
    EXPECT_EQ(wrong.problem().code, "broker.refused");
    events::RabbitOptions nobody = broker->options();
    nobody.port = testing::RabbitServer::free_port();
    const Result<std::string> away = events::check_rabbit(nobody);
    ASSERT_FALSE(away.ok());
    EXPECT_EQ(away.problem().code, "broker.unreachable");
}

TEST(Rabbit, encrypted_it_proves_who_it_is) {
    const Result<std::string> good = events::check_rabbit(broker->tls_options("mine"));
    EXPECT_TRUE(good.ok()) << (good.ok() ? "" : good.problem().detail);
    const Result<std::string> stranger = events::check_rabbit(broker->tls_options("others"));
    ASSERT_FALSE(stranger.ok());
    EXPECT_EQ(stranger.problem().code, "broker.unreachable");
    const auto carrier = events::make_rabbit_carrier(broker->tls_options("mine"), broker->log);
    EXPECT_EQ(carry(*carrier, "hangu.test.tls", {event(1, "a")}), std::vector{Verdict::delivered});
}

TEST(Delivery, killed_in_the_middle_of_the_load_it_loses_nothing_and_keeps_the_order) {
    House house;
    house.add();
    // RabbitMQ writes the register of its quorum queues down half a second after a queue was made:
    // killed before that, a single node forgets the queue's log. A cluster does not.
    ASSERT_TRUE(broker->server->control({"eval", "dets:sync(ra_directory_reverse)."}));
    constexpr int kEvents = 1'500;
    const auto happen = [&](int from, int to) {
        for (int i = from; i < to; ++i) {
            house.happen(i < 40 ? "order.placed" : "order.paid", "order:" + std::to_string(i % 40));
        }
    };
    Consumer consumer(broker->server->port(), house.queue);
    happen(0, 500);
    consumer.read(200);
    broker->server->kill();  // while the thread delivers
    happen(500, 1'000);
    house.pass(kMinuteMs);
    EXPECT_EQ(text(house.shown(), "state"), "failing");
    broker->server->start();
    happen(1'000, kEvents);
    house.deliver_all();
    // The first read may find that its connection is gone. What was not acknowledged when the
    // broker was killed comes once more.
    for (int tries = 0; tries < 3; ++tries) {
        consumer.read(10 * kEvents, 3'000);
    }
    expect_all_in_order(consumer.messages(), kEvents);
    EXPECT_EQ(number(house.shown(), "dead"), 0);
}

TEST(Delivery, a_crash_between_the_confirm_and_the_note_brings_the_same_ids_again) {
    // Throws after the broker has confirmed, as if the process had ended there.
    class Crashing final : public events::Carrier {
     public:
        explicit Crashing(std::unique_ptr<events::Carrier> inner) : inner_(std::move(inner)) {}
        Result<void> prepare(const std::string& queue) override { return inner_->prepare(queue); }
        std::vector<Receipt> carry(TenantId tenant, const std::string& queue,
                                   const std::vector<const events::Event*>& events) override {
            std::vector<Receipt> receipts = inner_->carry(tenant, queue, events);
            if (++calls_ % 2 == 1) {
                throw std::runtime_error("the process ends here");
            }
            return receipts;
        }
        void remove(const std::string& queue) override { inner_->remove(queue); }
        void stop() override { inner_->stop(); }

     private:
        std::unique_ptr<events::Carrier> inner_;
        int calls_ = 0;
    };
    House house(std::make_unique<Crashing>(broker->carrier()));
    house.add();
    for (int i = 0; i < 20; ++i) {
        house.happen("order.placed", "order:" + std::to_string(i));
    }
    house.settle();
    house.deliver_all();
    Consumer consumer(broker->server->port(), house.queue);
    consumer.read(1'000, 2'000);
    EXPECT_GT(consumer.messages().size(), 20u);
    expect_all_in_order(consumer.messages(), 20);
}

TEST(Delivery, a_queue_deleted_behind_our_back_is_said_and_made_again) {
    House house;
    house.add();
    house.happen("order.placed", "order:1");
    house.settle();
    Consumer consumer(broker->server->port(), house.queue);
    consumer.delete_queue();
    house.happen("order.placed", "order:2");
    house.happen("order.paid", "order:2");
    house.settle();
    const boost::json::value shown = house.shown();
    EXPECT_EQ(number(shown, "waiting"), 1);
    EXPECT_EQ(number(shown, "held"), 1);
    house.deliver_all();
    consumer.read(2);
    ASSERT_EQ(consumer.messages().size(), 2u);
    EXPECT_EQ(consumer.messages()[0].type, "order.placed");
    EXPECT_EQ(consumer.messages()[1].type, "order.paid");
}

TEST(Delivery, a_full_queue_makes_dead_letters_and_replay_empties_them) {
    House house;
    const std::string id = house.add();
    ASSERT_TRUE(broker->server->control({"set_policy", "full", house.queue,
                                         R"({"max-length":3,"overflow":"reject-publish"})",
                                         "--apply-to", "queues"}));
    // The policy takes hold a moment later: until it does, the queue takes everything.
    int count = 0;
    while (count < 500 && number(house.shown(), "waiting") + number(house.shown(), "dead") == 0) {
        house.happen("order.placed", "order:" + std::to_string(count++));
        house.settle();
    }
    house.pass(kMinuteMs);
    house.pass(kHourMs);
    const std::int64_t dead = number(house.shown(), "dead");
    EXPECT_GE(dead, 1);
    EXPECT_EQ(text(house.letters(id).at(0), "words"), "the broker did not take it");
    ASSERT_TRUE(broker->server->control({"clear_policy", "full"}));
    Consumer consumer(broker->server->port(), house.queue);
    for (int tries = 0; tries < 20 && number(house.shown(), "dead") + house.left() > 0; ++tries) {
        consumer.read(static_cast<std::size_t>(count), 500);
        house.caller->ok("dead_letter.replay_all", {{"destination_id", id}});
        house.settle();
        house.pass(kHourMs);
    }
    EXPECT_TRUE(house.letters(id).as_array().empty());
    consumer.read(static_cast<std::size_t>(count));
    expect_all_in_order(consumer.messages(), static_cast<std::size_t>(count));
}

TEST(Delivery, a_removed_destination_takes_its_queue_with_it) {
    House house;
    const std::string id = house.add();
    house.happen("order.placed", "order:1");
    house.settle();
    house.caller->ok("destination.remove", {{"destination_id", id}, {"version", "1"}});
    house.settle();
    Consumer consumer(broker->server->port(), house.queue);
    EXPECT_TRUE(consumer.read(1, 500).empty());
    EXPECT_TRUE(consumer.declare_classic());  // so there was none
    consumer.delete_queue();
}

}  // namespace
}  // namespace hangu

int main(int argc, char** argv) {
    ::testing::InitGoogleTest(&argc, argv);
    auto environment = std::make_unique<hangu::Broker>();
    hangu::broker = environment.get();
    ::testing::AddGlobalTestEnvironment(environment.release());
    return RUN_ALL_TESTS();
}

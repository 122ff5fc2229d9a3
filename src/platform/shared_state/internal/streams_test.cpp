// What both sides of the streams promise.
#include "platform/shared_state/internal/memory_streams.hpp"
#include "platform/shared_state/internal/shared_test_kit.hpp"

#include <thread>

namespace hangu::shared_state {
namespace {

class StreamsOf : public ::testing::TestWithParam<bool> {
 protected:
    World world_{GetParam()};
    // A deadline that no machine is too slow for: streams wait on the real clock.
    std::unique_ptr<Node> node_ = world_.node([this] {
        SharedState::Options options = world_.options();
        options.deadline_ms = 30'000;
        return options;
    }());
    Streams& streams_ = node_->state.streams();

    std::vector<StreamEntry> read(const std::string& consumer, std::size_t count_max = 100,
                                  std::int64_t block_ms = 0) {
        Result<std::vector<StreamEntry>> got =
            streams_.read_group("events", "group", consumer, count_max, block_ms);
        EXPECT_TRUE(got.ok());
        return got.ok() ? std::move(got).value() : std::vector<StreamEntry>();
    }
    std::string append(const std::string& value, std::size_t length_max = 1'000) {
        return streams_.append("events", {{"v", value}, {"w", "\r\n"}}, length_max).value();
    }
};

INSTANTIATE_TEST_SUITE_P(Sides, StreamsOf, ::testing::Values(false, true),
                         [](const auto& side) { return side.param ? "redis" : "memory"; });

TEST_P(StreamsOf, readers_of_a_group_share_the_entries_and_two_groups_read_all) {
    ASSERT_TRUE(streams_.create_group("events", "group").ok());
    ASSERT_TRUE(streams_.create_group("events", "group").ok());  // it is there
    ASSERT_TRUE(streams_.create_group("events", "second").ok());
    const std::string first_id = append("1");
    append("2");
    append("3");
    const std::vector<StreamEntry> first = read("a", 2);
    ASSERT_EQ(first.size(), 2u);
    EXPECT_EQ(first[0].id, first_id);
    EXPECT_EQ(first[0].fields, (StreamFields{{"v", "1"}, {"w", "\r\n"}}));
    const std::vector<StreamEntry> second = read("b");
    ASSERT_EQ(second.size(), 1u);
    EXPECT_EQ(second[0].fields[0].second, "3");
    EXPECT_TRUE(read("a").empty());
    EXPECT_EQ(streams_.read_group("events", "second", "c", 10, 0).value().size(), 3u);
}

TEST_P(StreamsOf, what_is_not_acknowledged_stays_pending_and_is_claimed) {
    ASSERT_TRUE(streams_.create_group("events", "group").ok());
    for (int i = 0; i < 5; ++i) {
        append(std::to_string(i));
    }
    const std::vector<StreamEntry> had = read("dead");
    ASSERT_EQ(had.size(), 5u);
    EXPECT_EQ(streams_.ack("events", "group", {had[0].id, had[1].id, "1-1"}).value(), 2u);
    EXPECT_EQ(streams_.ack("events", "group", {had[0].id}).value(), 0u);
    EXPECT_EQ(streams_.pending("events", "group").value(), 3u);
    EXPECT_TRUE(
        streams_.claim_stale("events", "group", "b", 3'600'000, 10).value().entries.empty());
    const StreamClaim some = streams_.claim_stale("events", "group", "b", 0, 2).value();
    ASSERT_EQ(some.entries.size(), 2u);
    EXPECT_EQ(some.entries[0].id, had[2].id);
    EXPECT_EQ(some.entries[0].fields, had[2].fields);
    EXPECT_EQ(some.next, had[4].id);
    const StreamClaim rest = streams_.claim_stale("events", "group", "b", 0, 2, some.next).value();
    ASSERT_EQ(rest.entries.size(), 1u);
    EXPECT_EQ(rest.next, "0-0");
    EXPECT_EQ(streams_.ack("events", "group", {had[2].id, had[3].id, had[4].id}).value(), 3u);
    EXPECT_EQ(streams_.pending("events", "group").value(), 0u);
}

TEST_P(StreamsOf, a_batch_keeps_its_order) {
    ASSERT_TRUE(streams_.create_group("events", "group").ok());
    std::vector<StreamFields> batch;
    for (int i = 0; i < 200; ++i) {
        batch.push_back({{"v", std::to_string(i)}});
    }
    const std::vector<std::string> ids = streams_.append_all("events", batch, 1'000).value();
    ASSERT_EQ(ids.size(), 200u);
    const std::vector<StreamEntry> got = read("a", 1'000);
    ASSERT_EQ(got.size(), 200u);
    for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_EQ(got[i].id, ids[i]);
        EXPECT_EQ(got[i].fields[0].second, std::to_string(i));
    }
}

TEST_P(StreamsOf, the_oldest_go_when_there_is_no_room) {
    for (int i = 0; i < 500; ++i) {
        append(std::to_string(i), 100);
    }
    const std::size_t kept = streams_.length("events").value();
    EXPECT_GE(kept, 100u);
    EXPECT_LE(kept, 250u);  // a server drops whole blocks
    EXPECT_EQ(streams_.trim("events", 10).value(), kept - 10);
    EXPECT_EQ(streams_.length("events").value(), 10u);
    ASSERT_TRUE(streams_.create_group("events", "group").ok());
    EXPECT_EQ(read("a").front().fields[0].second, "490");
    EXPECT_EQ(streams_.trim("nothing", 10).value(), 0u);
    EXPECT_EQ(streams_.length("nothing").value(), 0u);
}

TEST_P(StreamsOf, a_new_group_may_begin_at_the_end) {
    append("before");
    ASSERT_TRUE(streams_.create_group("events", "group", "$").ok());
    append("after");
    const std::vector<StreamEntry> got = read("a");
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].fields[0].second, "after");
}

TEST_P(StreamsOf, a_group_that_is_not_there_is_said) {
    append("1");
    EXPECT_EQ(streams_.read_group("events", "group", "a", 1, 0).problem().code, "shared.no_group");
    EXPECT_EQ(streams_.claim_stale("events", "group", "a", 0, 1).problem().code, "shared.no_group");
    EXPECT_EQ(streams_.pending("events", "group").problem().code, "shared.no_group");
    EXPECT_EQ(streams_.ack("events", "group", {"1-1"}).value(), 0u);
    ASSERT_TRUE(streams_.create_group("events", "group").ok());
    ASSERT_TRUE(streams_.remove("events").ok());
    EXPECT_EQ(streams_.read_group("events", "group", "a", 1, 0).problem().code, "shared.no_group");
}

TEST_P(StreamsOf, an_entry_has_a_size) {
    const StreamFields large{{"v", std::string(kStreamEntryBytesMax, 'x')}};
    EXPECT_EQ(streams_.append("events", large, 10).problem().code, "stream.entry_too_large");
    EXPECT_EQ(streams_.append("events", {}, 10).problem().code, "stream.entry_too_large");
    EXPECT_EQ(streams_.length("events").value(), 0u);
}

TEST_P(StreamsOf, a_reader_waits_for_the_first) {
    ASSERT_TRUE(streams_.create_group("events", "group").ok());
    std::thread writer([this] { append("1"); });
    const std::vector<StreamEntry> got = read("a", 10, 30'000);
    writer.join();
    ASSERT_EQ(got.size(), 1u);
    EXPECT_TRUE(read("a", 10, 1).empty());
}

TEST_P(StreamsOf, a_reader_that_waits_ends_with_the_house) {
    ASSERT_TRUE(streams_.create_group("events", "group").ok());
    std::thread reader([this] {
        const auto got = streams_.read_group("events", "group", "a", 10, 3'600'000);
        EXPECT_TRUE(!got.ok() || got.value().empty());
    });
    node_->state.stop();
    reader.join();
}

TEST(EntryIds, are_read_and_ordered) {
    EXPECT_EQ(EntryId::parse("12-3"), (EntryId{12, 3}));
    EXPECT_EQ(EntryId::parse("12"), (EntryId{12, 0}));
    EXPECT_LT(*EntryId::parse("9-9"), *EntryId::parse("10-0"));
    for (const char* wrong : {"", "-", "a-1", "1-", "1-x", "1-2-3"}) {
        EXPECT_FALSE(EntryId::parse(wrong).has_value()) << wrong;
    }
}

TEST(MemoryStreamsAlone, claims_what_is_idle_for_long_enough) {
    TestClock clock;
    MemoryStreams streams(clock);
    ASSERT_TRUE(streams.create_group("s", "g", "0").ok());
    ASSERT_TRUE(streams.append("s", {{"v", "1"}}, 10).ok());
    ASSERT_EQ(streams.read_group("s", "g", "a", 1, 0).value().size(), 1u);
    clock.advance_ms(999);
    EXPECT_TRUE(streams.claim_stale("s", "g", "b", 1'000, 1, "0-0").value().entries.empty());
    clock.advance_ms(1);
    EXPECT_EQ(streams.claim_stale("s", "g", "b", 1'000, 1, "0-0").value().entries.size(), 1u);
    EXPECT_TRUE(streams.claim_stale("s", "g", "c", 1'000, 1, "0-0").value().entries.empty());
}

}  // namespace
}  // namespace hangu::shared_state

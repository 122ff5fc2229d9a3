#include "security/audit/internal/count_rules.hpp"

#include <gtest/gtest.h>

namespace hangu::audit {
namespace {

using Differences = std::vector<CountDifference>;

RecordMark mark(const std::string& kind, const std::string& route, const std::string& trace,
                std::int64_t at_ms = 1) {
    return {RecordId(1), kind, route, trace, Time(at_ms)};
}

TEST(RouteCounts, agree_when_every_request_left_a_record) {
    RouteCounts counts;
    counts.served("order.list");
    counts.recorded(mark("visit", "order.list", "a"));
    counts.served("order.place");
    counts.recorded(mark("act", "order.place", "b"));
    counts.recorded(mark("act", "order.place", "b"));  // two facts of one request
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(counts.round(), Differences());
    }
    EXPECT_TRUE(counts.empty());
}

TEST(RouteCounts, order_and_delay_are_no_difference) {
    RouteCounts counts;
    counts.recorded(mark("act", "order.place", "a"));  // committed, not yet answered
    EXPECT_EQ(counts.round(), Differences());
    counts.served("order.place");
    counts.served("order.list");  // its visit waits
    EXPECT_EQ(counts.round(), Differences());
    counts.recorded(mark("visit", "order.list", "b"));
    EXPECT_EQ(counts.round(), Differences());
    EXPECT_EQ(counts.round(), Differences());
    EXPECT_TRUE(counts.empty());
}

TEST(RouteCounts, a_record_that_was_never_written_is_told_once) {
    RouteCounts counts;
    for (int i = 0; i < 3; ++i) {
        counts.served("order.list");
    }
    counts.recorded(mark("visit", "order.list", "a"));
    counts.recorded(mark("visit", "order.list", "a"));  // one trace may have many visits
    EXPECT_EQ(counts.round(), Differences());
    EXPECT_EQ(counts.round(), (Differences{{"order.list", 3, 2, false}}));
    counts.served("order.list");
    counts.recorded(mark("visit", "order.list", "b"));
    EXPECT_EQ(counts.round(), Differences());
    EXPECT_EQ(counts.round(), Differences());
}

TEST(RouteCounts, acts_of_different_requests_count_each) {
    RouteCounts counts;
    counts.served("order.place");
    counts.served("order.place");
    counts.recorded(mark("act", "order.place", "a", 1));
    counts.recorded(mark("act", "order.place", "a", 2));  // the client's own trace, used twice
    EXPECT_EQ(counts.round(), Differences());
    EXPECT_EQ(counts.round(), Differences());
}

TEST(RouteCounts, a_visit_that_nobody_made_is_told) {
    RouteCounts counts;
    counts.served("order.list");
    counts.recorded(mark("visit", "order.list", "a"));
    counts.recorded(mark("visit", "order.list", "b"));
    EXPECT_EQ(counts.round(), Differences());
    EXPECT_EQ(counts.round(), (Differences{{"order.list", 1, 2, true}}));
    EXPECT_EQ(counts.round(), Differences());
}

TEST(RouteCounts, what_the_system_records_is_no_request) {
    RouteCounts counts;
    counts.recorded(mark("act", "system", ""));
    counts.recorded(mark("act", "session.open", "a"));
    EXPECT_EQ(counts.round(), Differences());
    EXPECT_EQ(counts.round(), Differences());
}

}  // namespace
}  // namespace hangu::audit

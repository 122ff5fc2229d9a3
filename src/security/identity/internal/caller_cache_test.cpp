#include "security/identity/caller_cache.hpp"

#include <gtest/gtest.h>

namespace hangu::identity {
namespace {

const Time kStart(1'795'305'600'000);
const TenantId kTenant(5);

CallerCache::Entry entry_of(std::int64_t actor, std::int64_t session, TenantId tenant = kTenant) {
    auto caller = std::make_shared<http::Caller>();
    caller->kind = http::ActorKind::staff;
    caller->tenant = tenant;
    caller->actor_id = actor;
    CallerCache::Entry entry;
    entry.caller = caller;
    entry.record_id = session;
    entry.expires_at = kStart.plus_ms(12 * kHourMs);
    entry.idle_ms_max = 30 * kMinuteMs;
    entry.seen_at = kStart;
    entry.seen_written_at = kStart;
    entry.fresh_until = kStart.plus_ms(24 * kHourMs);
    return entry;
}

TEST(CallerCache, believes_in_the_same_browser_only) {
    CallerCache cache(100);
    CallerCache::Entry entry = entry_of(1, 11);
    entry.browser = "Firefox";
    cache.put("k", entry);
    EXPECT_NE(cache.find("k", kStart, "Firefox"), nullptr);
    EXPECT_EQ(cache.find("k", kStart, "Other"), nullptr);
    EXPECT_EQ(cache.find("k", kStart), nullptr);
}

TEST(CallerCache, believes_until_idle_expired_or_no_longer_fresh) {
    CallerCache cache(100);
    EXPECT_EQ(cache.find("k", kStart), nullptr);
    cache.put("k", entry_of(1, 11));
    EXPECT_NE(cache.find("k", kStart.plus_ms(29 * kMinuteMs)), nullptr);
    EXPECT_NE(cache.find("k", kStart.plus_ms(58 * kMinuteMs)), nullptr);  // the visit counted
    EXPECT_EQ(cache.find("k", kStart.plus_ms(89 * kMinuteMs)), nullptr);
    EXPECT_EQ(cache.seen_at("k"), kStart.plus_ms(58 * kMinuteMs));

    auto short_lived = entry_of(1, 12);
    short_lived.idle_ms_max = 0;
    cache.put("e", short_lived);
    EXPECT_NE(cache.find("e", kStart.plus_ms(12 * kHourMs - 1)), nullptr);
    EXPECT_EQ(cache.find("e", kStart.plus_ms(12 * kHourMs)), nullptr);

    auto stale = entry_of(1, 13);
    stale.fresh_until = kStart.plus_ms(kMinuteMs);
    cache.put("s", stale);
    EXPECT_EQ(cache.find("s", kStart.plus_ms(kMinuteMs)), nullptr);
}

TEST(CallerCache, forgets_exactly_whom_it_is_told) {
    CallerCache cache(100);
    cache.put("a", entry_of(1, 11));
    cache.put("b", entry_of(1, 12));
    cache.put("c", entry_of(2, 13));
    cache.put("d", entry_of(1, 11, TenantId(6)));
    cache.forget(kTenant, http::ActorKind::application, {1, 2});
    EXPECT_EQ(cache.count(), 4u);
    cache.forget_record(kTenant, 12);
    EXPECT_EQ(cache.find("b", kStart), nullptr);
    cache.forget(kTenant, http::ActorKind::staff, {3, 1});
    EXPECT_EQ(cache.find("a", kStart), nullptr);
    EXPECT_NE(cache.find("c", kStart), nullptr);
    EXPECT_NE(cache.find("d", kStart), nullptr);
    cache.forget_key("c");
    EXPECT_EQ(cache.count(), 1u);
}

TEST(CallerCache, is_bounded_and_keeps_what_is_used) {
    CallerCache cache(16);  // one per shard
    for (int i = 0; i < 500; ++i) {
        cache.put("key" + std::string(1, static_cast<char>(i % 7)) + std::to_string(i),
                  entry_of(i, i));
    }
    EXPECT_LE(cache.count(), 16u);
}

TEST(CallerCache, tells_of_visits_at_most_every_five_minutes) {
    CallerCache cache(100);
    cache.put("a", entry_of(1, 11));
    cache.find("a", kStart.plus_ms(4 * kMinuteMs));
    EXPECT_TRUE(cache.take_seen(5 * kMinuteMs, 10).empty());
    cache.find("a", kStart.plus_ms(6 * kMinuteMs));
    const auto seen = cache.take_seen(5 * kMinuteMs, 10);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].record_id, 11);
    EXPECT_EQ(seen[0].at, kStart.plus_ms(6 * kMinuteMs));
    EXPECT_TRUE(cache.take_seen(5 * kMinuteMs, 10).empty());
}

TEST(CallerCache, a_refreshed_entry_keeps_when_it_was_seen) {
    CallerCache cache(100);
    cache.put("a", entry_of(1, 11));
    cache.find("a", kStart.plus_ms(10 * kMinuteMs));
    cache.put("a", entry_of(1, 11));
    EXPECT_EQ(cache.seen_at("a"), kStart.plus_ms(10 * kMinuteMs));
}

}  // namespace
}  // namespace hangu::identity

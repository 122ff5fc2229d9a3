#include "base/check.hpp"
#include "platform/crypto/internal/envelope.hpp"
#include "platform/crypto/internal/test_keys.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <set>
#include <thread>

namespace hangu::crypto {
namespace {

constexpr TenantId kTenant{101};
const Place kPlace{kTenant, 5, 7};

struct KeyRingTest : ::testing::Test {
    MemoryKeyStore store;
    SystemRandomness randomness;
};

TEST_F(KeyRingTest, StoresOneWrappedKeyOfEachPurpose) {
    KeyRing(test_root_key(), store, randomness).create(kTenant);
    std::vector<std::string> purposes;
    std::set<std::uint32_t> ids;
    for (const WrappedKey& key : store.of(kTenant)) {
        purposes.push_back(key.purpose);
        ids.insert(key.key_id);
        EXPECT_EQ(key.version, 1U);
        EXPECT_EQ(key.state, "active");
        EXPECT_EQ(key.wrapped.size(), 66U);
    }
    EXPECT_EQ(purposes,
              (std::vector<std::string>{"kek", "blind", "derive", "contact", "identity", "payment",
                                        "credential", "file", "log", "backup"}));
    EXPECT_EQ(ids.size(), purposes.size());
    EXPECT_FALSE(ids.contains(0));
}

TEST_F(KeyRingTest, OpensAfterARestartUnderTheSameRootKey) {
    std::string sealed;
    std::string blind;
    {
        KeyRing ring(test_root_key(), store, randomness);
        const auto keys = ring.create(kTenant);
        sealed = keys->seal(KeyClass::contact, kPlace, "abc");
        blind = keys->blind(5, "abc", true);
    }
    KeyRing ring(test_root_key(), store, randomness);
    EXPECT_EQ(ring.open(kTenant)->open(kPlace, sealed), "abc");
    EXPECT_EQ(ring.open(kTenant)->blind(5, "abc", true), blind);
}

TEST_F(KeyRingTest, RefusesAnotherRootKey) {
    KeyRing(test_root_key(), store, randomness).create(kTenant);
    KeyRing ring(test_root_key('s'), store, randomness);
    EXPECT_THROW(ring.open(kTenant), SealBroken);
    EXPECT_THROW(ring.open(kTenant), SealBroken);  // and does not remember the failure as success
}

TEST_F(KeyRingTest, RefusesKeysThatWereChangedMovedOrLost) {
    KeyRing(test_root_key(), store, randomness).create(kTenant);
    const std::vector<WrappedKey> good = store.of(kTenant);
    const auto opens = [&] { KeyRing(test_root_key(), store, randomness).open(kTenant); };
    for (std::size_t i = 0; i < good.size(); ++i) {
        store.of(kTenant) = good;
        store.of(kTenant)[i].wrapped[20] ^= 1;
        EXPECT_THROW(opens(), SealBroken) << "changed " << i;
        store.of(kTenant) = good;
        store.of(kTenant).erase(store.of(kTenant).begin() + static_cast<std::ptrdiff_t>(i));
        EXPECT_THROW(opens(), SealBroken) << "lost " << i;
        store.of(kTenant) = good;
        store.of(kTenant)[i].wrapped.clear();
        EXPECT_THROW(opens(), SealBroken) << "emptied " << i;
    }
    store.of(kTenant) = good;
    std::swap(store.of(kTenant)[3].purpose, store.of(kTenant)[4].purpose);
    EXPECT_THROW(opens(), SealBroken);
    const TenantId other{202};
    store.save(other, good);
    EXPECT_THROW(KeyRing(test_root_key(), store, randomness).open(other), SealBroken);
    store.of(kTenant) = good;
    EXPECT_NO_THROW(opens());
}

TEST_F(KeyRingTest, DoesNotOverwriteOrInventKeys) {
    KeyRing ring(test_root_key(), store, randomness);
    EXPECT_THROW(ring.open(kTenant), Bug);
    ring.create(kTenant);
    const std::string before = store.of(kTenant)[0].wrapped;
    EXPECT_THROW(ring.create(kTenant), Bug);
    EXPECT_EQ(store.of(kTenant)[0].wrapped, before);
}

// After a rotation both versions of the class stand in the store, under the same KEK.
TEST_F(KeyRingTest, OpensUnderAnOldKeyAndSealsUnderTheActiveOne) {
    KeyRing first(test_root_key(), store, randomness);
    const std::string old_sealed = first.create(kTenant)->seal(KeyClass::contact, kPlace, "old");
    GcmKey root(test_root_key());
    std::vector<WrappedKey>& keys = store.of(kTenant);
    for (WrappedKey& key : keys) {
        key.state = key.purpose == "contact" ? "decrypt_only" : key.state;
    }
    const auto associated = [](const WrappedKey& key) {
        std::string text = "hgw";
        append_number(text, 101, 8);
        append_number(text, key.key_id, 4);
        return text + key.purpose;
    };
    const WrappedKey& kek = keys[0];
    GcmKey opened_kek(Secret(root.open(associated(kek), kek.wrapped).value()));
    WrappedKey next{11, "contact", 2, "active", {}};
    next.wrapped =
        opened_kek.seal(kek.key_id, associated(next), randomness.bytes(kKeyBytes), randomness);
    keys.push_back(next);

    KeyRing ring(test_root_key(), store, randomness);
    const auto opened = ring.open(kTenant);
    EXPECT_EQ(opened->open(kPlace, old_sealed), "old");
    const std::string sealed = opened->seal(KeyClass::contact, kPlace, "new");
    EXPECT_EQ(envelope_key_id(old_sealed), 4U);
    EXPECT_EQ(envelope_key_id(sealed), 11U);
    EXPECT_EQ(opened->open(kPlace, sealed), "new");
}

TEST_F(KeyRingTest, KeepsTheMostRecentlyUsed) {
    KeyRing ring(test_root_key(), store, randomness, 2);
    for (const std::int64_t id : {1, 2, 3}) {
        ring.create(TenantId(id));
    }
    const int before = store.loads_count();
    ring.open(TenantId(2));
    ring.open(TenantId(3));
    ring.open(TenantId(2));
    EXPECT_EQ(store.loads_count(), before);
    ring.open(TenantId(1));  // 3 was used longest ago
    EXPECT_EQ(store.loads_count(), before + 1);
    ring.open(TenantId(2));
    EXPECT_EQ(store.loads_count(), before + 1);
    ring.open(TenantId(3));
    EXPECT_EQ(store.loads_count(), before + 2);
}

TEST_F(KeyRingTest, ForgetsAndLeavesTheKeysToThoseWhoHoldThem) {
    KeyRing ring(test_root_key(), store, randomness);
    const auto held = ring.create(kTenant);
    const std::string sealed = held->seal(KeyClass::contact, kPlace, "abc");
    ring.forget(kTenant);
    store.of(kTenant).clear();
    EXPECT_THROW(ring.open(kTenant), Bug);
    EXPECT_EQ(held->open(kPlace, sealed), "abc");
}

TEST_F(KeyRingTest, UnwrapsOnceForManyThreads) {
    KeyRing(test_root_key(), store, randomness).create(kTenant);
    KeyRing ring(test_root_key(), store, randomness);
    const int before = store.loads_count();
    constexpr int kThreads = 32;
    std::latch start(kThreads);
    std::vector<std::shared_ptr<TenantKeys>> opened(kThreads);
    std::vector<std::thread> threads;
    for (auto& mine : opened) {
        threads.emplace_back([&] {
            start.arrive_and_wait();
            mine = ring.open(kTenant);
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(store.loads_count(), before + 1);
    for (const auto& keys : opened) {
        EXPECT_EQ(keys, opened[0]);
    }
}

}  // namespace
}  // namespace hangu::crypto

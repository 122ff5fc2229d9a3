#include "base/check.hpp"
#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/crypto/internal/envelope.hpp"
#include "platform/crypto/internal/test_keys.hpp"

#include <gtest/gtest.h>

#include <latch>
#include <thread>

namespace hangu::crypto {
namespace {

constexpr TenantId kSealingTenant{101};
constexpr TenantId kOther{202};

class Sealing : public ::testing::Test {
 protected:
    Place place(std::int64_t row = 7) const {
        return {kSealingTenant, field_id("member.phone"), row};
    }

    MemoryKeyStore store_;
    SystemRandomness randomness_;
    KeyRing ring_{test_root_key(), store_, randomness_};
    std::shared_ptr<TenantKeys> keys_ = ring_.create(kSealingTenant);
};

// Test case 16 of the GCM specification has other associated data lengths than ours, so the cipher
// is checked through the key type itself: same key, nonce, text and associated data, same result.
class FixedNonce final : public Randomness {
 public:
    explicit FixedNonce(std::string nonce) : nonce_(std::move(nonce)) {}
    void fill(std::span<std::byte> out) override {
        std::memcpy(out.data(), nonce_.data(), out.size());
    }

 private:
    std::string nonce_;
};

TEST(GcmKey, GivesTheKnownAnswer) {
    const auto bytes = [](std::string_view hex) { return from_hex(hex).value(); };
    GcmKey key(Secret(bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")));
    FixedNonce nonce(bytes("cafebabefacedbaddecaf888"));
    const std::string plain = bytes(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    const std::string associated = bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    const std::string sealed = key.seal(0x01020304, associated, plain, nonce);
    EXPECT_EQ(to_hex(sealed),
              "010101020304"
              "cafebabefacedbaddecaf888"
              "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
              "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
              "76fc6ece0f4e1768cddf8853bb2d551b");
    EXPECT_EQ(envelope_key_id(sealed), 0x01020304U);
    EXPECT_EQ(key.open(associated, sealed), plain);
}

TEST_F(Sealing, GivesBackWhatWasSealed) {
    for (const std::string& plain : {std::string(), std::string("+8613812345678"),
                                     std::string("\0\xFF", 2), std::string(100'000, 'x')}) {
        for (const KeyClass key_class :
             {KeyClass::contact, KeyClass::identity, KeyClass::payment, KeyClass::credential,
              KeyClass::file, KeyClass::log, KeyClass::backup}) {
            const std::string sealed = keys_->seal(key_class, place(), plain);
            EXPECT_EQ(sealed.size(), plain.size() + 34);
            EXPECT_EQ(keys_->open(place(), sealed), plain);
        }
    }
}

TEST_F(Sealing, WritesTheHeaderAsDocumented) {
    const std::string sealed = keys_->seal(KeyClass::contact, place(), "x");
    EXPECT_EQ(to_hex(sealed.substr(0, 6)), "010100000004");  // 1 kek, 2 blind, 3 derive, 4 contact
}

TEST_F(Sealing, NeverSealsTheSameWayTwice) {
    std::set<std::string> nonces;
    for (int i = 0; i < 1000; ++i) {
        nonces.insert(keys_->seal(KeyClass::contact, place(), "x").substr(6, 12));
    }
    EXPECT_EQ(nonces.size(), 1000U);
}

TEST_F(Sealing, DoesNotOpenWhatWasMoved) {
    const std::string sealed = keys_->seal(KeyClass::contact, place(), "+8613812345678");
    EXPECT_THROW(keys_->open({kSealingTenant, field_id("member.phone"), 8}, sealed), SealBroken);
    EXPECT_THROW(keys_->open({kSealingTenant, field_id("order.phone"), 7}, sealed), SealBroken);
    EXPECT_THROW(keys_->open({kOther, field_id("member.phone"), 7}, sealed), SealBroken);
    const std::shared_ptr<TenantKeys> other = ring_.create(kOther);
    EXPECT_THROW(other->open(place(), sealed), SealBroken);
    EXPECT_THROW(other->open({kOther, field_id("member.phone"), 7}, sealed), SealBroken);
    EXPECT_EQ(keys_->open(place(), sealed), "+8613812345678");
}

TEST_F(Sealing, DoesNotOpenWhenAnyBitOfAnyByteWasChanged) {
    const std::string sealed = keys_->seal(KeyClass::contact, place(), "+8613812345678");
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            std::string changed = sealed;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1U << bit));
            EXPECT_THROW(keys_->open(place(), changed), SealBroken) << at << " " << bit;
        }
    }
}

TEST_F(Sealing, DoesNotOpenWhatIsTooShortOrTooLong) {
    const std::string sealed = keys_->seal(KeyClass::contact, place(), "abc");
    for (std::size_t length = 0; length < sealed.size(); ++length) {
        EXPECT_THROW(keys_->open(place(), sealed.substr(0, length)), SealBroken) << length;
    }
    EXPECT_THROW(keys_->open(place(), sealed + "x"), SealBroken);
}

TEST_F(Sealing, OpensAgainAfterAFailure) {
    const std::string sealed = keys_->seal(KeyClass::contact, place(), "abc");
    EXPECT_THROW(keys_->open(place(8), sealed), SealBroken);
    EXPECT_EQ(keys_->open(place(), sealed), "abc");
    EXPECT_EQ(keys_->open(place(), keys_->seal(KeyClass::contact, place(), "def")), "def");
}

TEST_F(Sealing, RefusesToSealForAnotherTenant) {
    EXPECT_THROW(keys_->seal(KeyClass::contact, {kOther, 1, 1}, "x"), Bug);
}

TEST_F(Sealing, WorksOnManyThreadsAtOnce) {
    constexpr int kThreads = 64;
    std::latch start(kThreads);
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([&, i] {
            start.arrive_and_wait();
            const auto key_class = static_cast<KeyClass>(i % 7);
            for (int row = 1; row <= 50; ++row) {
                const std::string plain = std::to_string(i * 1000 + row);
                const std::string sealed = keys_->seal(key_class, place(row), plain);
                const bool opens = keys_->open(place(row), sealed) == plain;
                const bool same = keys_->blind(static_cast<std::uint64_t>(row), plain, true) ==
                                  keys_->blind(static_cast<std::uint64_t>(row), plain, true);
                right += opens && same ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(right, kThreads * 50);
}

TEST_F(Sealing, BlindIndexIsEqualForEqualValuesOnly) {
    const std::uint64_t phone = field_id("member.phone");
    const std::string first = keys_->blind(phone, "+8613812345678", true);
    EXPECT_EQ(first.size(), 17U);
    EXPECT_EQ(first[0], 1);
    EXPECT_EQ(keys_->blind(phone, "+8613812345678", true), first);
    EXPECT_NE(keys_->blind(phone, "+8613812345679", true), first);
    EXPECT_NE(keys_->blind(field_id("order.phone"), "+8613812345678", true), first);
    EXPECT_NE(ring_.create(kOther)->blind(phone, "+8613812345678", true), first);
    const std::string truncated = keys_->blind(phone, "+8613812345678", false);
    EXPECT_EQ(truncated, first.substr(0, 3));
    EXPECT_EQ(keys_->blind(phone, "", true).size(), 17U);
}

TEST_F(Sealing, BlindIndexIsTheSameForMoreFieldsThanAreKept) {
    std::vector<std::string> before;
    for (std::uint64_t field = 1; field <= 400; ++field) {
        before.push_back(keys_->blind(field, "x", true));
    }
    for (std::uint64_t field = 1; field <= 400; ++field) {
        EXPECT_EQ(keys_->blind(field, "x", true), before[field - 1]) << field;
    }
    EXPECT_EQ(std::set<std::string>(before.begin(), before.end()).size(), 400U);
}

TEST_F(Sealing, DerivedKeysDifferByLabelAndTenantAndStay) {
    const Secret session = keys_->derived("session");
    EXPECT_EQ(session.size(), 32U);
    EXPECT_EQ(keys_->derived("session"), session);
    EXPECT_FALSE(keys_->derived("app_key") == session);
    EXPECT_FALSE(ring_.create(kOther)->derived("session") == session);
}

}  // namespace
}  // namespace hangu::crypto

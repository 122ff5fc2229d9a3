// Sealed files: what opens, what does not, and how much is read for it; on both sides.
#include "platform/files/files.hpp"

#include "platform/files/internal/memory_store.hpp"
#include "platform/files/internal/sealed_format.hpp"
#include "platform/files/internal/test_stores.hpp"
#include "tests/support/key_store.hpp"

#include <future>

namespace hangu::files {
namespace {

constexpr TenantId kTenant{101};
constexpr TenantId kOther{102};
constexpr std::size_t kChunk = std::size_t{1} << static_cast<unsigned>(kChunkBits);

class RingKeys final : public KeySource {
 public:
    RingKeys() {
        ring_.create(kTenant);
        ring_.create(kOther);
    }
    std::shared_ptr<crypto::TenantKeys> keys_of(TenantId tenant) override {
        return tenant == kTenant || tenant == kOther ? ring_.open(tenant) : nullptr;
    }

 private:
    testing::MemoryKeyStore store_;
    crypto::SystemRandomness randomness_;
    crypto::KeyRing ring_{Secret(std::string(32, 'r')), store_, randomness_};
};

class World {
 public:
    explicit World(ObjectStore& store)
        : files(store, keys, randomness, out.log, out.metrics, Files::Options{}) {}

    std::string put(TenantId tenant, const std::string& name, std::string_view text) {
        TextSource source(text);
        const Result<void> done = files.put({tenant, name}, "image/png", source);
        return done.ok() ? "" : done.problem().code;
    }
    std::string get(TenantId tenant, const std::string& name) {
        const Result<std::string> found = files.read_whole({tenant, name}, std::size_t{4} << 20U);
        return found.ok() ? found.value() : found.problem().code;
    }

    TestEgress out;
    RingKeys keys;
    crypto::SystemRandomness randomness;
    Files files;
};

std::string text_of(std::size_t bytes) {
    std::string text;
    for (std::size_t i = 0; text.size() < bytes; ++i) {
        text += std::to_string(i) + " ";
    }
    text.resize(bytes);
    return text;
}

class FilesOnBoth : public ::testing::TestWithParam<Side> {};

TEST_P(FilesOnBoth, what_was_put_comes_back_and_lies_there_sealed) {
    TestStores stores(GetParam());
    World world(*stores.store);
    const std::string text = text_of(3 * kChunk + 5);
    ASSERT_EQ(world.put(kTenant, "pictures/1", text), "");
    EXPECT_EQ(world.get(kTenant, "pictures/1"), text);
    const auto opened = world.files.open({kTenant, "pictures/1"});
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ((*opened)->info().bytes, static_cast<std::int64_t>(text.size()));
    EXPECT_EQ((*opened)->info().content_type, "image/png");
    EXPECT_EQ((*opened)->read(kChunk - 3, 6).value(), text.substr(kChunk - 3, 6));
    const std::string stored =
        stores.store->get("t/" + kTenant.text() + "/pictures/1", 0, kGetBytesMax).value();
    EXPECT_EQ(stored.find("1000 1001"), std::string::npos);
    EXPECT_EQ(stored.find("image/png"), std::string::npos);
    ASSERT_EQ(world.files.list(kTenant, "pictures/", "", 10)->objects.size(), 1u);
    EXPECT_EQ(world.files.list(kTenant, "", "", 10)->objects[0].name, "pictures/1");
    EXPECT_TRUE(world.files.list(kOther, "", "", 10)->objects.empty());
    ASSERT_TRUE(world.files.remove({kTenant, "pictures/1"}).ok());
    EXPECT_EQ(world.get(kTenant, "pictures/1"), "files.not_found");
}

INSTANTIATE_TEST_SUITE_P(Both, FilesOnBoth, ::testing::Values(Side::folder, Side::s3),
                         [](const auto& side) {
                             return std::string(side.param == Side::folder ? "folder" : "s3");
                         });

class SealedFiles : public ::testing::Test {
 protected:
    std::string& stored(const std::string& name, TenantId tenant = kTenant) {
        return store_.objects.at("t/" + tenant.text() + "/" + name);
    }
    std::size_t place(std::size_t chunk) const {
        return kSealedHeadBytes + chunk * (kChunk + crypto::ChunkCipher::kTagBytes);
    }

    MemoryStore store_;
    World world_{store_};
};

TEST_F(SealedFiles, every_length_around_a_chunk_comes_back) {
    for (const std::size_t bytes :
         {std::size_t{0}, std::size_t{1}, kChunk - 1, kChunk, kChunk + 1, 2 * kChunk}) {
        const std::string text = text_of(bytes);
        ASSERT_EQ(world_.put(kTenant, "f", text), "");
        EXPECT_EQ(world_.get(kTenant, "f"), text) << bytes;
        const std::size_t chunks = std::max<std::size_t>(1, (bytes + kChunk - 1) / kChunk);
        EXPECT_EQ(stored("f").size(), kSealedHeadBytes + bytes + 16 * chunks) << bytes;
    }
}

TEST_F(SealedFiles, a_range_reads_only_the_chunks_it_needs) {
    const std::string text = text_of(10 * kChunk);
    ASSERT_EQ(world_.put(kTenant, "f", text), "");
    const auto opened = world_.files.open({kTenant, "f"});
    ASSERT_TRUE(opened.ok());
    store_.fetched = 0;
    EXPECT_EQ((*opened)->read(5 * kChunk + 1, 10).value(), text.substr(5 * kChunk + 1, 10));
    EXPECT_EQ(store_.fetched, kChunk + 16);
    store_.fetched = 0;
    EXPECT_EQ((*opened)->read(3 * kChunk - 1, 2).value(), text.substr(3 * kChunk - 1, 2));
    EXPECT_EQ(store_.fetched, 2 * (kChunk + 16));
    const auto size = static_cast<std::int64_t>(text.size());
    EXPECT_EQ((*opened)->read(size - 2, 100).value(), text.substr(text.size() - 2));
    EXPECT_EQ((*opened)->read(size, 100).value(), "");
    EXPECT_EQ((*opened)->read(size + 7, 100).value(), "");
    EXPECT_EQ((*opened)->read(-1, 1).problem().code, "files.too_large");
    EXPECT_EQ((*opened)->read(0, kReadBytesMax + 1).problem().code, "files.too_large");
}

TEST_F(SealedFiles, a_chunk_that_was_changed_moved_or_dropped_does_not_open) {
    const std::string text = text_of(3 * kChunk);
    ASSERT_EQ(world_.put(kTenant, "f", text), "");
    const std::string whole = stored("f");
    const std::string first = whole.substr(place(0), kChunk + 16);
    const std::string second = whole.substr(place(1), kChunk + 16);

    stored("f")[place(1) + 100] ^= 1;
    EXPECT_EQ(world_.get(kTenant, "f"), "files.damaged");
    // The others still open.
    EXPECT_EQ((*world_.files.open({kTenant, "f"}))->read(0, 10).value(), text.substr(0, 10));

    stored("f") = whole;
    stored("f").replace(place(0), second.size(), second).replace(place(1), first.size(), first);
    EXPECT_EQ(world_.get(kTenant, "f"), "files.damaged");

    for (const std::size_t end : {place(2), place(1), place(0), whole.size() - 1}) {
        stored("f") = whole.substr(0, end);
        EXPECT_EQ(world_.get(kTenant, "f"), "files.damaged") << end;
    }
    stored("f") = whole;
    EXPECT_EQ(world_.get(kTenant, "f"), text);
}

// Two files of one name, one after the other, have different keys: their parts do not mix.
TEST_F(SealedFiles, parts_of_an_earlier_file_do_not_fit) {
    ASSERT_EQ(world_.put(kTenant, "f", text_of(2 * kChunk)), "");
    const std::string before = stored("f");
    ASSERT_EQ(world_.put(kTenant, "f", text_of(2 * kChunk)), "");
    stored("f").replace(place(1), kChunk + 16, before.substr(place(1), kChunk + 16));
    EXPECT_EQ(world_.get(kTenant, "f"), "files.damaged");
}

TEST_F(SealedFiles, another_name_or_tenant_does_not_open_it) {
    ASSERT_EQ(world_.put(kTenant, "f", "tea"), "");
    store_.objects["t/" + kTenant.text() + "/g"] = stored("f");
    store_.objects["t/" + kOther.text() + "/f"] = stored("f");
    EXPECT_EQ(world_.get(kTenant, "g"), "files.damaged");
    EXPECT_EQ(world_.get(kOther, "f"), "files.damaged");
    EXPECT_EQ(world_.get(kTenant, "f"), "tea");
}

TEST_F(SealedFiles, any_changed_byte_of_the_head_is_noticed) {
    ASSERT_EQ(world_.put(kTenant, "f", "tea"), "");
    const std::string whole = stored("f");
    for (std::size_t at = 0; at < whole.size(); ++at) {
        stored("f") = whole;
        stored("f")[at] ^= 0x10;
        EXPECT_EQ(world_.get(kTenant, "f"), "files.damaged") << at;
    }
    stored("f") = "";
    EXPECT_EQ(world_.get(kTenant, "f"), "files.damaged");
}

TEST_F(SealedFiles, tenants_that_are_not_there_and_names_that_are_none_are_refused) {
    EXPECT_EQ(world_.put(TenantId(7), "f", "x"), "files.not_found");
    EXPECT_EQ(world_.get(TenantId(7), "f"), "files.not_found");
    EXPECT_EQ(world_.put(kTenant, "../f", "x"), "files.name_invalid");
    EXPECT_EQ(world_.put(kTenant, "", "x"), "files.name_invalid");
    TextSource source("x");
    EXPECT_EQ(world_.files.put({kTenant, "f"}, std::string(81, 'x'), source).problem().code,
              "files.too_large");
    ASSERT_EQ(world_.put(kTenant, "f", text_of(1000)), "");
    EXPECT_EQ(world_.files.read_whole({kTenant, "f"}, 999).problem().code, "files.too_large");
}

TEST_F(SealedFiles, work_is_done_until_the_stop_and_refused_after_it) {
    std::promise<std::string> done;
    ASSERT_TRUE(world_.files.run([&] { done.set_value("done"); }));
    EXPECT_EQ(done.get_future().get(), "done");
    ASSERT_TRUE(world_.files.run([] { throw std::runtime_error("a fault"); }));
    world_.files.stop();
    EXPECT_FALSE(world_.files.run([] {}));
}

// The form is stored: an object of version 1 opens for ever.
TEST(SealedFormat, an_object_of_version_1_still_opens) {
    testing::MemoryKeyStore store;
    SeededRandomness randomness(7);
    crypto::KeyRing ring(Secret(std::string(32, 'r')), store, randomness);
    const auto keys = ring.create(kTenant);
    const SealedObject made = SealedObject::make(randomness, kTenant, "a/b", 3, "text/plain");
    const std::string head = made.seal_head(*keys);
    EXPECT_EQ(head.size(), 192u);
    EXPECT_EQ(head.substr(0, 4), std::string("HGF\x01"));
    EXPECT_EQ(to_hex(crypto::sha256(head + made.seal_chunk(0, "tea")).view()),
              "3913abba147d37aaafdf70546a52bf02455a93cec1e105fa39f8d9714516bfd6");
    const auto opened = SealedObject::open(*keys, kTenant, "a/b", head);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->bytes(), 3);
    EXPECT_EQ(opened->stored_bytes(), 192 + 3 + 16);
}

}  // namespace
}  // namespace hangu::files

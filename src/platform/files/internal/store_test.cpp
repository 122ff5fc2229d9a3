// What both sides of the port promise: the same questions to a folder and to a real server that
// speaks S3 and checks signatures.
#include "platform/files/internal/test_stores.hpp"

#include <gtest/gtest.h>

namespace hangu::files {
namespace {

class Stores : public ::testing::TestWithParam<Side> {
 protected:
    Result<void> put(const std::string& name, std::string_view text) {
        TextSource source(text);
        return stores_.store->put(name, source);
    }
    std::string get(const std::string& name) {
        const Result<std::string> found = stores_.store->get(name, 0, kGetBytesMax);
        return found.ok() ? found.value() : found.problem().code;
    }

    TestStores stores_{GetParam()};
};

std::vector<std::string> names_of(const Listing& listing) {
    std::vector<std::string> names;
    for (const ObjectInfo& one : listing.objects) {
        names.push_back(one.name);
    }
    return names;
}

TEST_P(Stores, what_was_put_is_there) {
    ASSERT_TRUE(put("a/b.txt", "tea").ok());
    EXPECT_EQ(get("a/b.txt"), "tea");
    const Result<ObjectInfo> info = stores_.store->head("a/b.txt");
    ASSERT_TRUE(info.ok());
    EXPECT_EQ(info->name, "a/b.txt");
    EXPECT_EQ(info->bytes, 3);
    ASSERT_TRUE(stores_.store->look().ok());
}

TEST_P(Stores, any_byte_survives) {
    std::string all;
    for (int i = 0; i < 70'000; ++i) {
        all += static_cast<char>(i * 31 % 256);
    }
    ASSERT_TRUE(put("bytes", all).ok());
    EXPECT_EQ(get("bytes"), all);
}

TEST_P(Stores, an_empty_object_is_an_object) {
    ASSERT_TRUE(put("empty", "").ok());
    if (GetParam() == Side::folder) {  // the test's server breaks off where S3 answers 416
        EXPECT_EQ(get("empty"), "");
    }
    EXPECT_EQ(stores_.store->head("empty")->bytes, 0);
    EXPECT_EQ(names_of(*stores_.store->list("", "", 10)), std::vector<std::string>{"empty"});
}

TEST_P(Stores, a_range_is_that_range) {
    ASSERT_TRUE(put("r", "0123456789").ok());
    EXPECT_EQ(stores_.store->get("r", 3, 4).value(), "3456");
    EXPECT_EQ(stores_.store->get("r", 8, 100).value(), "89");
    EXPECT_EQ(stores_.store->get("r", 10, 5).value(), "");
    EXPECT_EQ(stores_.store->get("r", 1000, 5).value(), "");
    EXPECT_EQ(stores_.store->get("none", 0, 5).problem().code, "files.not_found");
    EXPECT_EQ(stores_.store->get("none", 5, 5).problem().code, "files.not_found");
}

TEST_P(Stores, what_is_not_there_is_not_found) {
    EXPECT_EQ(get("a/none"), "files.not_found");
    EXPECT_EQ(stores_.store->head("a/none").problem().code, "files.not_found");
    EXPECT_TRUE(stores_.store->remove("a/none").ok());
    ASSERT_TRUE(put("a/b", "x").ok());
    EXPECT_EQ(get("a"), "files.not_found");
    EXPECT_EQ(get("a/b/c"), "files.not_found");
}

TEST_P(Stores, the_second_of_a_name_replaces_the_first) {
    ASSERT_TRUE(put("a/b", "the first, which is longer").ok());
    ASSERT_TRUE(put("a/b", "second").ok());
    EXPECT_EQ(get("a/b"), "second");
    EXPECT_EQ(stores_.store->list("", "", 10)->objects.size(), 1u);
}

TEST_P(Stores, removed_is_gone) {
    ASSERT_TRUE(put("a/b", "x").ok());
    ASSERT_TRUE(put("a/c", "y").ok());
    ASSERT_TRUE(stores_.store->remove("a/b").ok());
    EXPECT_EQ(get("a/b"), "files.not_found");
    EXPECT_EQ(get("a/c"), "y");
    EXPECT_EQ(names_of(*stores_.store->list("", "", 10)), std::vector<std::string>{"a/c"});
}

// "-" and "." come before "/" in the order of names (the test's server sorts them behind it, S3
// itself does not).
TEST_P(Stores, lists_are_in_the_order_of_names_and_by_pages) {
    std::vector<std::string> names{"a/1", "a/2/x", "a/2/y", "a/3", "a0/zz", "b/x_y", "b0"};
    if (GetParam() == Side::folder) {
        names.insert(names.begin(), {"a", "a-b", "a.b"});
    }
    for (auto it = names.rbegin(); it != names.rend(); ++it) {
        ASSERT_TRUE(put(*it, *it).ok());
    }
    const Result<Listing> all = stores_.store->list("", "", 100);
    ASSERT_TRUE(all.ok());
    EXPECT_EQ(names_of(*all), names);
    EXPECT_FALSE(all->more);
    EXPECT_EQ(all->objects.back().bytes, 2);
    for (const std::int64_t count : {1, 2, 4}) {
        std::vector<std::string> paged;
        Listing page;
        do {
            page = *stores_.store->list("", paged.empty() ? "" : paged.back(), count);
            EXPECT_LE(page.objects.size(), static_cast<std::size_t>(count));
            const std::vector<std::string> more = names_of(page);
            paged.insert(paged.end(), more.begin(), more.end());
        } while (page.more);
        EXPECT_EQ(paged, names) << count;
    }
    EXPECT_EQ(names_of(*stores_.store->list("a/", "", 100)),
              (std::vector<std::string>{"a/1", "a/2/x", "a/2/y", "a/3"}));
    EXPECT_EQ(names_of(*stores_.store->list("a/2", "", 100)),
              (std::vector<std::string>{"a/2/x", "a/2/y"}));
    EXPECT_EQ(names_of(*stores_.store->list("a/", "a/2/x", 1)),
              (std::vector<std::string>{"a/2/y"}));
    EXPECT_TRUE(stores_.store->list("c/", "", 100)->objects.empty());
}

TEST_P(Stores, names_that_could_mean_something_else_are_refused) {
    for (const std::string name :
         {"",    "/a",    "a/",   "a//b", "..",  "a/../b", "../a",        ".a",   "a/.b", "A",
          "a b", "a%2fb", "a\\b", "a@",   "a?b", "a#b",    "caf\xc3\xa9", "a\nb", "-a",   "~a"}) {
        EXPECT_EQ(put(name, "x").problem().code, "files.name_invalid") << name;
        EXPECT_EQ(get(name), "files.name_invalid") << name;
        EXPECT_EQ(stores_.store->remove(name).problem().code, "files.name_invalid") << name;
    }
    EXPECT_EQ(put(std::string(101, 'a'), "x").problem().code, "files.name_invalid");
    EXPECT_EQ(stores_.store->list("../", "", 10).problem().code, "files.name_invalid");
    EXPECT_TRUE(put(std::string(100, 'a') + "/" + std::string(100, 'b'), "x").ok());
}

// More than a part (64 KiB here): over S3 a multipart upload.
TEST_P(Stores, a_large_object_goes_up_in_parts_and_comes_back_whole) {
    std::string large;
    for (int i = 0; large.size() < 200'000; ++i) {
        large += std::to_string(i) + ",";
    }
    ASSERT_TRUE(put("large", large).ok());
    EXPECT_EQ(stores_.store->head("large")->bytes, static_cast<std::int64_t>(large.size()));
    EXPECT_EQ(get("large"), large);
    EXPECT_EQ(stores_.store->get("large", 150'000, 1000).value(), large.substr(150'000, 1000));
}

class BrokenSource final : public Source {
 public:
    std::int64_t bytes() const override { return 200'000; }
    Result<std::string> next(std::size_t bytes) override {
        const std::size_t more = std::min(bytes, 100'000 - given_);
        given_ += more;
        return std::string(more, 'x');
    }

 private:
    std::size_t given_ = 0;
};

TEST_P(Stores, a_source_that_ends_early_leaves_nothing) {
    ASSERT_TRUE(put("kept", "as it was").ok());
    for (const std::string name : {"fresh", "kept"}) {
        BrokenSource source;
        EXPECT_EQ(stores_.store->put(name, source).problem().code, "files.unavailable");
    }
    EXPECT_EQ(get("fresh"), "files.not_found");
    EXPECT_EQ(get("kept"), "as it was");
}

TEST_P(Stores, too_much_at_once_is_refused_before_anybody_is_asked) {
    EXPECT_EQ(stores_.store->get("a", 0, kGetBytesMax + 1).problem().code, "files.too_large");
    EXPECT_EQ(stores_.store->get("a", -1, 1).problem().code, "files.too_large");
    EXPECT_EQ(stores_.store->list("", "", kListCountMax + 1).problem().code, "files.name_invalid");
}

INSTANTIATE_TEST_SUITE_P(Both, Stores, ::testing::Values(Side::folder, Side::s3),
                         [](const auto& side) {
                             return std::string(side.param == Side::folder ? "folder" : "s3");
                         });

}  // namespace
}  // namespace hangu::files

#include "platform/http/internal/answer_cache.hpp"

#include <gtest/gtest.h>

namespace hangu::http {
namespace {

class AnswerCacheTest : public ::testing::Test {
 protected:
    static Response answer(std::string body) {
        Response response;
        response.set("content-type", "application/json");
        response.body = std::move(body);
        return response;
    }
    storage::Seen seen(std::size_t table) const {
        storage::Seen made{versions_, {}, 0};
        made.tables.set(table);
        made.stamp = versions_->stamp(made.tables);
        return made;
    }
    void write(std::size_t table) {
        storage::TableSet tables;
        tables.set(table);
        versions_->changed(tables);
    }
    static std::string body_of(const std::optional<Response>& response) {
        return response ? *std::get<std::shared_ptr<const std::string>>(response->body) : "none";
    }

    std::shared_ptr<storage::TableVersions> versions_ = std::make_shared<storage::TableVersions>();
    std::shared_ptr<const Caller> mei_ = std::make_shared<Caller>();
    std::shared_ptr<const Caller> li_ = std::make_shared<Caller>();
    std::shared_ptr<const settings::Snapshot> settings_;
    AnswerCache cache_{std::size_t{1} << 20U};
};

TEST_F(AnswerCacheTest, an_answer_is_given_again_until_a_table_it_was_read_from_changes) {
    cache_.keep(mei_, "/products", settings_, seen(3), answer("tea"));
    EXPECT_EQ(body_of(cache_.find(mei_, "/products", settings_)), "tea");
    write(4);
    EXPECT_EQ(body_of(cache_.find(mei_, "/products", settings_)), "tea");
    write(3);
    EXPECT_EQ(body_of(cache_.find(mei_, "/products", settings_)), "none");
}

TEST_F(AnswerCacheTest, an_answer_is_its_callers_and_its_targets_alone) {
    cache_.keep(mei_, "/products", settings_, seen(3), answer("tea"));
    EXPECT_EQ(body_of(cache_.find(li_, "/products", settings_)), "none");
    EXPECT_EQ(body_of(cache_.find(mei_, "/products?limit=1", settings_)), "none");
}

TEST_F(AnswerCacheTest, what_changed_before_it_could_be_kept_is_not_kept) {
    const storage::Seen before = seen(3);
    write(3);
    cache_.keep(mei_, "/products", settings_, before, answer("tea"));
    EXPECT_EQ(body_of(cache_.find(mei_, "/products", settings_)), "none");
}

TEST_F(AnswerCacheTest, a_closed_tenant_keeps_no_answers) {
    cache_.keep(mei_, "/products", settings_, seen(3), answer("tea"));
    versions_->close();
    EXPECT_EQ(body_of(cache_.find(mei_, "/products", settings_)), "none");
}

TEST_F(AnswerCacheTest, it_forgets_the_longest_unused_when_it_is_full) {
    for (int i = 0; i < 2000; ++i) {
        cache_.keep(mei_, "/products/" + std::to_string(i), settings_, seen(3),
                    answer(std::string(2000, 'x')));
    }
    EXPECT_EQ(body_of(cache_.find(mei_, "/products/0", settings_)), "none");
    EXPECT_NE(body_of(cache_.find(mei_, "/products/1999", settings_)), "none");
}

}  // namespace
}  // namespace hangu::http

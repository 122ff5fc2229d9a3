// A product's picture from the request to the browser, through the whole pipeline and a real
// folder.
#include "base/text.hpp"
#include "commerce/catalogue/internal/picture_rules.hpp"
#include "commerce/catalogue/module.hpp"
#include "commerce/organisation/module.hpp"
#include "platform/files/links.hpp"
#include "platform/http/pipeline.hpp"
#include "platform/http/waiting.hpp"
#include "platform/runtime/await.hpp"
#include "tests/support/route_call.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <future>

namespace hangu::catalogue {
namespace {

// One pixel, whole.
const std::string kPng = *from_hex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000b49444154"
    "78da636000020000050001e9fadcd80000000049454e44ae426082");

std::vector<http::PermissionNode> all_permissions() {
    std::vector<http::PermissionNode> all = permissions();
    const auto more = organisation::permissions();
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

// The one person who asks; others she can be made.
class OnePerson final : public http::Gate {
 public:
    std::optional<http::Credential> credential(const http::Request&) const override {
        return http::Credential{http::Realm::merchant, caller.tenant, "key", false, "", ""};
    }
    http::CallerPointer known(const http::Credential&, Time) override {
        return std::make_shared<const http::Caller>(caller);
    }
    Result<http::CallerPointer> recognise(storage::Tx&, const http::Credential&) override {
        return std::make_shared<const http::Caller>(caller);
    }
    http::Caller caller;
};

class Keys final : public files::KeySource {
 public:
    explicit Keys(testing::TestWorld& world) : world_(world) {}
    std::shared_ptr<crypto::TenantKeys> keys_of(TenantId tenant) override {
        return tenant == world_.tenant ? world_.keys->open(tenant) : nullptr;
    }

 private:
    testing::TestWorld& world_;
};

Task<void> answer_into(http::Pipeline* pipeline, http::Request request,
                       std::shared_ptr<std::promise<http::Response>> promise) {
    http::Response response = co_await pipeline->handle(std::move(request));
    promise->set_value(std::move(response));
}

class Pictures : public ::testing::Test {
 protected:
    Pictures() : world_({organisation::part(), part()}, all_permissions()) {
        runtime_.start();
        store_ = std::move(files::open_folder_store(world_.folder.path() + "/files", world_.clock,
                                                    world_.random))
                     .value();
        files_ = std::make_unique<files::Files>(*store_, keys_, world_.random, world_.log,
                                                world_.metrics, files::Files::Options{});
        http::Routes routes;
        add_routes(routes, catalogue_, organisation_);
        add_picture_routes(routes, {world_.engine.get(), &world_.world, &gate_, files_.get()});
        files::add_routes(routes,
                          {world_.engine.get(), &world_.clock, &gate_, &keys_, files_.get()});
        pipeline_ = std::make_unique<http::Pipeline>(
            world_.world, *world_.engine, gate_, routes.take(), http::FileSet(), world_.metrics);
        gate_.caller = world_.system();
        const auto category = ask("POST", "/api/v1/categories", R"({"name":"Tea"})");
        const auto made =
            ask("POST", "/api/v1/products",
                fmt::format(R"({{"code":"T","name":"Tea","category_id":"{}","specs":[)"
                            R"({{"code":"T1","name":"M","price_fen":1500}}],)"
                            R"("modifier_groups":[]}})",
                            testing::text(category, "id")));
        product_ = testing::text(made, "id");
    }
    ~Pictures() override {
        tasks_.close_and_wait();
        files_->stop();
        runtime_.stop();
    }

    http::Response answer(const std::string& method, const std::string& target,
                          const std::string& body = "") {
        http::Request request;
        request.method = method;
        request.target = target;
        request.path = target.substr(0, target.find('?'));
        if (request.path.size() < target.size()) {
            request.query = *http::parse_query(target.substr(request.path.size() + 1));
        }
        request.body = body;
        request.host = "hangu.test";
        request.remote_address = "10.0.0.1";
        request.headers.push_back({"content-type", "application/json"});
        request.trace = observe::new_trace(world_.random);
        auto promise = std::make_shared<std::promise<http::Response>>();
        std::future<http::Response> future = promise->get_future();
        runtime::spawn(runtime_, 0, tasks_,
                       answer_into(pipeline_.get(), std::move(request), promise));
        return future.get();
    }
    boost::json::value ask(const std::string& method, const std::string& target,
                           const std::string& body = "") {
        const http::Response response = answer(method, target, body);
        const auto* text = std::get_if<std::string>(&response.body);
        return boost::json::parse(text == nullptr || text->empty() ? "null" : *text);
    }
    std::string code(const std::string& method, const std::string& target,
                     const std::string& body = "") {
        const boost::json::value value = ask(method, target, body);
        const auto* found = value.is_object() ? value.as_object().if_contains("code") : nullptr;
        return found == nullptr ? "" : std::string(found->as_string());
    }
    std::string picture_path() const { return "/api/v1/products/" + product_ + "/picture"; }
    static std::string with(std::string_view bytes, int version) {
        return fmt::format(R"({{"content":"{}","version":{}}})", to_base64url(bytes), version);
    }
    std::vector<std::string> stored() {
        std::vector<std::string> names;
        const Result<files::Listing> all = files_->list(world_.tenant, "", "", 100);
        for (const files::ObjectInfo& one : all->objects) {
            names.push_back(one.name);
        }
        return names;
    }
    // What was handed to the threads of files before is done.
    void settle() {
        std::vector<std::future<void>> all;
        auto gate = std::make_shared<std::promise<void>>();
        const std::shared_future<void> open = gate->get_future().share();
        for (std::size_t i = 0; i < files::Files::Options{}.threads; ++i) {
            auto here = std::make_shared<std::promise<void>>();
            all.push_back(here->get_future());
            ASSERT_TRUE(files_->run([here, open] {
                here->set_value();
                open.wait();
            }));
        }
        for (std::future<void>& one : all) {
            one.get();
        }
        gate->set_value();
    }

    testing::TestWorld world_;
    organisation::Organisation organisation_;
    Catalogue catalogue_;
    OnePerson gate_;
    Keys keys_{world_};
    runtime::Runtime runtime_{1};
    runtime::TaskGroup tasks_;
    std::unique_ptr<files::ObjectStore> store_;
    std::unique_ptr<files::Files> files_;
    std::unique_ptr<http::Pipeline> pipeline_;
    std::string product_;
};

TEST_F(Pictures, one_is_put_shown_by_a_link_replaced_and_taken_away) {
    EXPECT_TRUE(ask("GET", "/api/v1/products/" + product_).at("picture").is_null());
    const auto first = ask("PUT", picture_path(), with(kPng, 1));
    EXPECT_EQ(testing::number(first, "version"), 2);
    const std::string picture = testing::text(first, "picture");
    const auto list = ask("GET", "/api/v1/products");
    EXPECT_EQ(testing::text(list.at("items").at(0), "picture"), picture);

    const auto links = ask("GET", "/api/v1/product-pictures?product_ids=" + product_);
    ASSERT_EQ(links.at("items").as_array().size(), 1u);
    EXPECT_EQ(testing::text(links.at("items").at(0), "picture"), picture);
    const std::string url = testing::text(links.at("items").at(0), "url");
    const http::Response shown = answer("GET", url);
    EXPECT_EQ(shown.status, 200);
    EXPECT_EQ(*std::get<http::FileBody>(shown.body).content, kPng);

    const auto second = ask("PUT", picture_path(), with(kPng, 2));
    EXPECT_NE(testing::text(second, "picture"), picture);
    settle();
    ASSERT_EQ(stored().size(), 1u);  // the first is gone
    EXPECT_EQ(answer("GET", url).status, 404);
    EXPECT_EQ(answer("DELETE", picture_path() + "?version=3").status, 200);
    settle();
    EXPECT_TRUE(stored().empty());
    EXPECT_TRUE(ask("GET", "/api/v1/product-pictures?product_ids=" + product_)
                    .at("items")
                    .as_array()
                    .empty());
    std::vector<std::string> actions;
    for (const auto& seen : world_.audit.seen()) {
        actions.push_back(seen.action);
    }
    EXPECT_EQ(actions, (std::vector<std::string>{"category.created", "product.created",
                                                 "product.picture_set", "product.picture_set",
                                                 "product.picture_removed"}));
}

TEST_F(Pictures, a_refusal_leaves_nothing_behind) {
    EXPECT_EQ(code("PUT", picture_path(), with(kPng, 9)), "product.stale");
    EXPECT_EQ(code("PUT", "/api/v1/products/0000000000001/picture", with(kPng, 1)),
              "product.not_found");
    EXPECT_EQ(code("PUT", picture_path(), with("<svg onload='alert(1)'/>", 1)), "input.invalid");
    EXPECT_EQ(code("PUT", picture_path(), with(kPng + std::string(kPictureBytesMax, 'x'), 1)),
              "input.invalid");
    gate_.caller = world_.staff({"product.view"}, {""});
    EXPECT_EQ(code("PUT", picture_path(), with(kPng, 1)), "permission.denied");
    EXPECT_EQ(code("DELETE", picture_path() + "?version=1"), "permission.denied");
    settle();
    EXPECT_TRUE(stored().empty());
}

TEST_F(Pictures, the_largest_that_may_be_is_taken) {
    const std::string large = kPng + std::string(kPictureBytesMax - kPng.size(), 'x');
    EXPECT_EQ(answer("PUT", picture_path(), with(large, 1)).status, 200);
    EXPECT_EQ(files_->read_whole({world_.tenant, stored().at(0)}, kPictureBytesMax).value(), large);
}

// What a crash between the store and the database left; what is young may still become a product's.
TEST_F(Pictures, nobodys_are_swept_after_a_day) {
    ASSERT_EQ(answer("PUT", picture_path(), with(kPng, 1)).status, 200);
    const std::string kept = stored().at(0);
    const auto put = [this](const std::string& name) {
        files::TextSource source("x");
        ASSERT_TRUE(files_->put({world_.tenant, name}, "image/png", source).ok());
    };
    const auto id = [this] { return id_text(world_.ids.next(world_.clock.now().unix_ms())); };
    put(std::string(kPictureFolder) + product_ + "/" + id());
    put(std::string(kPictureFolder) + id() + "/" + id());
    put("elsewhere/" + product_ + "/" + id());
    sweep_pictures(*world_.engine, *files_, world_.tenant, world_.clock.now().plus_ms(-kDayMs));
    EXPECT_EQ(stored().size(), 4u);
    world_.clock.advance_ms(2 * kDayMs);
    put(std::string(kPictureFolder) + product_ + "/" + id());
    sweep_pictures(*world_.engine, *files_, world_.tenant, world_.clock.now().plus_ms(-kDayMs));
    const std::vector<std::string> left = stored();
    ASSERT_EQ(left.size(), 3u);
    EXPECT_TRUE(left[0].starts_with("elsewhere/"));
    EXPECT_EQ(left[1], kept);
}

TEST(PictureRules, ids_are_read_as_a_list) {
    EXPECT_EQ(read_product_ids("0000000000001,0000000000002")->size(), 2u);
    for (const std::string text : {"", ",", "x", "0000000000001,", "0000000000001 0000000000002"}) {
        EXPECT_FALSE(read_product_ids(text).ok()) << text;
    }
    std::string many = "0000000000001";
    for (std::size_t i = 0; i < kPicturesAskedMax; ++i) {
        many += ",0000000000001";
    }
    EXPECT_FALSE(read_product_ids(many).ok());
    EXPECT_TRUE(read_product_ids(many.substr(14)).ok());
}

TEST(PictureRules, a_row_names_its_file) {
    const std::string file = picture_file(ProductId(1), PictureId(2));
    EXPECT_EQ(file, "product-picture/0000000000001/0000000000002");
    EXPECT_EQ(file_in(picture_url(file)), file);
    EXPECT_EQ(picture_in(picture_url(file)), "0000000000002");
    EXPECT_FALSE(file_in(std::nullopt) || file_in("https://pictures.test/1.png"));
}

}  // namespace
}  // namespace hangu::catalogue

// Links through the whole pipeline: who gets what, with which headers, and until when.
#include "base/text.hpp"
#include "platform/files/internal/memory_store.hpp"
#include "platform/files/links.hpp"
#include "platform/http/pipeline.hpp"
#include "platform/http/waiting.hpp"
#include "platform/runtime/await.hpp"
#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <future>

namespace hangu::files {
namespace {

const std::string kSmallPng =
    *from_hex("89504e470d0a1a0a0000000d494844520000000300000002080200000012163b4d");

// Whoever says so in a header.
class SaysWho final : public http::Gate {
 public:
    SaysWho(TenantId tenant, http::Caller caller) : tenant_(tenant), caller_(std::move(caller)) {}
    std::optional<http::Credential> credential(const http::Request& request) const override {
        if (request.header("x-who").empty()) {
            return std::nullopt;
        }
        return http::Credential{
            http::Realm::merchant, tenant_, std::string(request.header("x-who")), true, "", ""};
    }
    http::CallerPointer known(const http::Credential& credential, Time) override {
        http::Caller caller = caller_;
        caller.actor_id = credential.key == "anna" ? 7 : 8;
        return std::make_shared<const http::Caller>(std::move(caller));
    }
    Result<http::CallerPointer> recognise(storage::Tx&, const http::Credential&) override {
        return Problem::unauthenticated("session.required");
    }

 private:
    TenantId tenant_;
    http::Caller caller_;
};

class WorldKeys final : public KeySource {
 public:
    explicit WorldKeys(testing::TestWorld& world) : world_(world) {}
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

// All of it, or how it broke.
Task<void> drain_into(std::shared_ptr<http::Stream> stream,
                      std::shared_ptr<std::promise<std::string>> promise) {
    std::string whole;
    bool broke = false;
    try {
        while (true) {
            std::string piece = co_await stream->next();
            if (piece.empty()) {
                break;
            }
            whole += piece;
        }
    } catch (const std::exception&) {
        broke = true;
    }
    promise->set_value(broke ? "broken" : std::move(whole));
}

class LinkRoute : public ::testing::Test {
 protected:
    LinkRoute() : gate_(world_.tenant, world_.staff({}, {""})) {
        runtime_.start();
        http::Routes routes;
        add_routes(routes, {world_.engine.get(), &world_.clock, &gate_, &keys_, &files_});
        pipeline_ = std::make_unique<http::Pipeline>(
            world_.world, *world_.engine, gate_, routes.take(), http::FileSet(), world_.metrics);
        terms_.file = {world_.tenant, "pictures/tea"};
        terms_.until = world_.clock.now().plus_ms(kHourMs);
    }
    ~LinkRoute() override {
        tasks_.close_and_wait();
        runtime_.stop();
    }

    void put(std::string_view text, const std::string& type) {
        TextSource source(text);
        ASSERT_TRUE(files_.put(terms_.file, type, source).ok());
    }
    std::string link() { return make_link(*world_.keys->open(world_.tenant), terms_); }
    http::Response get(const std::string& path, const std::string& who = "") {
        http::Request request;
        request.method = "GET";
        request.target = request.path = path;
        request.host = "hangu.test";
        request.remote_address = "10.0.0.1";
        request.trace = observe::new_trace(world_.random);
        if (!who.empty()) {
            request.headers.push_back({"x-who", who});
        }
        auto promise = std::make_shared<std::promise<http::Response>>();
        std::future<http::Response> future = promise->get_future();
        runtime::spawn(runtime_, 0, tasks_,
                       answer_into(pipeline_.get(), std::move(request), promise));
        return future.get();
    }
    std::string streamed(const http::Response& response) {
        auto promise = std::make_shared<std::promise<std::string>>();
        std::future<std::string> future = promise->get_future();
        runtime::spawn(runtime_, 0, tasks_,
                       drain_into(std::get<std::shared_ptr<http::Stream>>(response.body), promise));
        return future.get();
    }
    static std::string header(const http::Response& response, std::string_view name) {
        for (const http::Header& one : response.headers) {
            if (one.name == name) {
                return one.value;
            }
        }
        return "";
    }
    static std::string body(const http::Response& response) {
        const auto* file = std::get_if<http::FileBody>(&response.body);
        return file != nullptr ? *file->content : "";
    }

    testing::TestWorld world_{{}};
    MemoryStore store_;
    WorldKeys keys_{world_};
    Files files_{store_, keys_, world_.random, world_.log, world_.metrics, Files::Options{}};
    SaysWho gate_;
    runtime::Runtime runtime_{1};
    runtime::TaskGroup tasks_;
    std::unique_ptr<http::Pipeline> pipeline_;
    LinkTerms terms_;
};

TEST_F(LinkRoute, gives_the_file_to_whoever_has_it) {
    put(kSmallPng, "image/png");
    terms_.disposition = Disposition::shown;
    const http::Response response = get(link());
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(body(response), kSmallPng);
    EXPECT_EQ(header(response, "content-type"), "image/png");
    EXPECT_EQ(header(response, "content-disposition"),
              "inline; filename=\"tea\"; filename*=UTF-8''tea");
    EXPECT_EQ(header(response, "x-content-type-options"), "nosniff");
    EXPECT_EQ(header(response, "cache-control"), "private, max-age=3600");
    EXPECT_NE(header(response, "content-security-policy").find("script-src 'self'"),
              std::string::npos);
}

TEST_F(LinkRoute, is_over_when_it_is_over) {
    put(kSmallPng, "image/png");
    const std::string made = link();
    world_.clock.advance_ms(kHourMs - 1);
    EXPECT_EQ(get(made).status, 200);
    world_.clock.advance_ms(1);
    EXPECT_EQ(get(made).status, 403);
    EXPECT_EQ(header(get(made), "cache-control"), "no-store");
}

TEST_F(LinkRoute, what_was_not_signed_is_not_there) {
    put(kSmallPng, "image/png");
    std::string changed = link();
    changed.back() = changed.back() == 'A' ? 'Q' : 'A';
    EXPECT_EQ(get(changed).status, 404);
    EXPECT_EQ(get("/files/AAAA").status, 404);
    EXPECT_EQ(get("/files/../secret").status, 404);
    terms_.file.tenant = TenantId(7);  // nobody's, signed with ours
    EXPECT_EQ(get(link()).status, 404);
    terms_.file = {world_.tenant, "pictures/none"};
    EXPECT_EQ(get(link()).status, 404);
}

// Who puts a page there under a picture's type gets neither a page nor a picture out of it.
TEST_F(LinkRoute, a_page_is_saved_and_never_shown) {
    terms_.disposition = Disposition::shown;
    for (const std::string type : {"text/html", "image/svg+xml", "image/png"}) {
        put("<html><script>alert(1)</script></html>", type);
        const http::Response response = get(link());
        EXPECT_EQ(response.status, 200);
        EXPECT_TRUE(header(response, "content-disposition").starts_with("attachment")) << type;
        EXPECT_EQ(header(response, "content-type"),
                  type == "image/png" ? type : "application/octet-stream");
    }
}

TEST_F(LinkRoute, a_bound_one_asks_who_it_is) {
    put(kSmallPng, "image/png");
    http::Caller anna = world_.staff({}, {""});
    anna.actor_id = 7;
    terms_.bound_to = binding_of(anna);
    EXPECT_EQ(get(link()).status, 401);
    EXPECT_EQ(get(link(), "bert").status, 404);
    EXPECT_EQ(get(link(), "anna").status, 200);
}

TEST_F(LinkRoute, a_large_file_comes_in_pieces_and_breaks_when_it_is_damaged) {
    std::string large;
    for (int i = 0; large.size() < (std::size_t{5} << 20U); ++i) {
        large += std::to_string(i) + " ";
    }
    put(large, "text/csv");
    const http::Response response = get(link());
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(streamed(response), large);
    const http::Response again = get(link());
    std::string& stored = store_.objects.begin()->second;
    stored[stored.size() - 10] ^= 1;
    EXPECT_EQ(streamed(again), "broken");
}

TEST_F(LinkRoute, a_damaged_file_is_not_handed_out) {
    put(kSmallPng, "image/png");
    store_.objects.begin()->second.back() ^= 1;
    EXPECT_EQ(get(link()).status, 503);
}

}  // namespace
}  // namespace hangu::files

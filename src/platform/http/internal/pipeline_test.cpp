// What the pipeline itself promises, whatever the handlers do.
#include "platform/http/pipeline.hpp"

#include "platform/runtime/await.hpp"
#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <iterator>

namespace hangu::http {
namespace {

constexpr Permission kMayLook{"thing.view"};

std::vector<PermissionNode> nodes() {
    return {{PermissionKind::menu, "things", "", "东西", "Things"},
            {PermissionKind::page, "thing.view", "things", "查看", "See"},
            {PermissionKind::button, "thing.edit", "thing.view", "修改", "Edit"}};
}

// Everybody is the same person, who may see things.
class OnePerson final : public Gate {
 public:
    OnePerson(TenantId tenant, Caller caller)
        : tenant_(tenant), caller_(std::make_shared<const Caller>(std::move(caller))) {}
    std::optional<Credential> credential(const Request&) const override {
        return Credential{Realm::merchant, tenant_, "key", true};
    }
    std::shared_ptr<const Caller> known(const Credential&, Time) override { return caller_; }
    Result<std::shared_ptr<const Caller>> recognise(storage::Tx&, const Credential&) override {
        return caller_;
    }

 private:
    TenantId tenant_;
    std::shared_ptr<const Caller> caller_;
};

using Handle = std::function<Result<Response>(Scope&, const Request&, const PathParameters&)>;

RouteEntry entry_of(Guard guard, Permission permission, Handle handle) {
    RouteEntry entry;
    entry.route.name = "thing.do";
    entry.route.method = "POST";
    entry.route.path = "/api/v1/things";
    entry.route.guard = guard;
    entry.route.permission = permission;
    entry.handle = std::move(handle);
    return entry;
}

Task<void> answer_into(Pipeline& pipeline, Request request,
                       std::shared_ptr<std::promise<Response>> promise) {
    Response response = co_await pipeline.handle(std::move(request));
    promise->set_value(std::move(response));
}

Task<void> next_into(Stream& stream, std::shared_ptr<std::promise<std::string>> promise) {
    std::string text = co_await stream.next();
    promise->set_value(std::move(text));
}

class PipelineTest : public ::testing::Test {
 protected:
    PipelineTest() : world_({}, nodes()), gate_(world_.tenant, world_.staff({"thing.view"}, {""})) {
        runtime_.start();
    }
    ~PipelineTest() override {
        tasks_.close_and_wait();
        runtime_.stop();
    }

    Response answer(RouteEntry entry, const std::string& origin = "https://hangu.test") {
        Request request;
        request.method = entry.route.method;
        request.target = entry.route.path;
        request.path = request.target;
        request.host = "hangu.test";
        request.secure = true;
        request.remote_address = "10.0.0.1";
        request.headers.push_back({"origin", origin});
        request.trace = observe::new_trace(world_.random);
        trace_ = request.trace.trace;
        Pipeline pipeline(world_.world, *world_.engine, gate_, {std::move(entry)}, FileSet(),
                          world_.metrics);
        auto promise = std::make_shared<std::promise<Response>>();
        std::future<Response> future = promise->get_future();
        runtime::spawn(runtime_, 0, tasks_, answer_into(pipeline, std::move(request), promise));
        return future.get();
    }
    // What the stream has to say now; "" when it has ended.
    std::string next_of(Stream& stream) {
        auto promise = std::make_shared<std::promise<std::string>>();
        std::future<std::string> future = promise->get_future();
        runtime::spawn(runtime_, 0, tasks_, next_into(stream, promise));
        return future.get();
    }
    std::string log() {
        world_.log.flush();
        std::ifstream in(world_.folder.path() + "/log", std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    testing::TestWorld world_;
    OnePerson gate_;
    runtime::Runtime runtime_{1};
    runtime::TaskGroup tasks_;
    std::string trace_;
};

std::string body_of(const Response& response) {
    return std::get<std::string>(response.body);
}

std::string header_of(const Response& response, std::string_view name) {
    for (const Header& header : response.headers) {
        if (header.name == name) {
            return header.value;
        }
    }
    return "";
}

Result<Response> act_without_asking(Scope& scope, const Request&, const PathParameters&) {
    scope.audit({.action = "thing.done", .subject_kind = "thing"});
    return json_response(200, "{\"secret\":1}");
}

Result<Response> act(Scope& scope, const Request&, const PathParameters&) {
    HANGU_CHECK(scope.authorize(kMayLook, ""));
    scope.audit({.action = "thing.done", .subject_kind = "thing"});
    return json_response(200, "{}");
}

TEST_F(PipelineTest, a_handler_that_never_asked_is_undone) {
    const Response undone = answer(entry_of(Guard::organisation, kMayLook, act_without_asking));
    EXPECT_EQ(undone.status, 500);
    EXPECT_EQ(body_of(undone).find("secret"), std::string::npos);
    EXPECT_TRUE(world_.audit.seen().empty());
    EXPECT_EQ(answer(entry_of(Guard::organisation, kMayLook, act)).status, 200);
    EXPECT_EQ(world_.audit.seen().size(), 1u);
}

TEST_F(PipelineTest, a_fault_is_undone_and_told_to_the_log_alone) {
    const Response fault = answer(entry_of(
        Guard::organisation, kMayLook,
        [](Scope& scope, const Request& request, const PathParameters& path) -> Result<Response> {
            HANGU_CHECK(act(scope, request, path));
            throw std::runtime_error("no such column: salary in select salary from pay");
        }));
    EXPECT_EQ(fault.status, 500);
    EXPECT_EQ(header_of(fault, "content-type"), "application/problem+json");
    const std::string incident = trace_.substr(0, 16);
    EXPECT_NE(body_of(fault).find(incident), std::string::npos) << body_of(fault);
    EXPECT_EQ(body_of(fault).find("salary"), std::string::npos) << body_of(fault);
    EXPECT_TRUE(world_.audit.seen().empty());
    const std::string lines = log();
    EXPECT_NE(lines.find("\"event\":\"request.fault\",\"route\":\"thing.do\","
                         "\"what\":\"no such column: salary in select salary from pay\","
                         "\"incident\":\"" +
                         incident + "\""),
              std::string::npos)
        << lines;
}

TEST_F(PipelineTest, a_route_that_nobody_guards_is_not_served) {
    const auto serve = [this](Guard guard, Permission permission) {
        Pipeline(world_.world, *world_.engine, gate_, {entry_of(guard, permission, act)}, FileSet(),
                 world_.metrics);
    };
    EXPECT_THROW(serve(Guard::organisation, {}), Bug);
    EXPECT_THROW(serve(Guard::tenant, {}), Bug);
    EXPECT_THROW(serve(Guard::organisation, {"thing.unknown"}), Bug);
    EXPECT_NO_THROW(serve(Guard::tenant, kMayLook));
}

TEST_F(PipelineTest, nobody_takes_all_places_of_live_listeners) {
    const auto streams = make_event_streams(runtime_, world_.world, gate_);
    std::vector<std::shared_ptr<Stream>> open;
    for (int i = 0; i < 33; ++i) {
        Routes routes;
        add_event_route(routes, streams);
        const Response response = answer(std::move(routes.take().front()));
        open.push_back(std::get<std::shared_ptr<Stream>>(response.body));
    }
    for (const std::size_t living : {std::size_t{1}, std::size_t{32}}) {
        EXPECT_NE(next_of(*open[living]).find("connected"), std::string::npos);
    }
    EXPECT_NE(next_of(*open[0]).find("connected"), std::string::npos);
    EXPECT_EQ(next_of(*open[0]), "");
    for (const std::shared_ptr<Stream>& stream : open) {
        stream->stop();
    }
}

TEST_F(PipelineTest, every_answer_is_kept_from_caches_frames_and_foreign_scripts) {
    const Response good = answer(entry_of(Guard::organisation, kMayLook, act));
    const Response bad = answer(entry_of(Guard::organisation, kMayLook, act), "https://evil.test");
    EXPECT_EQ(bad.status, 403);
    for (const Response* const response : {&good, &bad}) {
        EXPECT_EQ(header_of(*response, "cache-control"), "no-store");
        EXPECT_EQ(header_of(*response, "x-content-type-options"), "nosniff");
        EXPECT_EQ(header_of(*response, "cross-origin-resource-policy"), "same-origin");
        const std::string policy = header_of(*response, "content-security-policy");
        EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos) << policy;
        EXPECT_NE(policy.find("script-src 'self';"), std::string::npos) << policy;
        EXPECT_NE(header_of(*response, "strict-transport-security"), "");
    }
}

}  // namespace
}  // namespace hangu::http

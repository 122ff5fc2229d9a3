// What the pipeline itself promises, whatever the handlers do.
#include "platform/http/pipeline.hpp"

#include "platform/runtime/await.hpp"
#include "platform/shared_state/shared_state.hpp"
#include "platform/storage/owned_elsewhere.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

#include <atomic>
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
    std::shared_ptr<const Caller> known(const Credential&, Time) override {
        ++known_count;
        return caller_;
    }
    Result<std::shared_ptr<const Caller>> recognise(storage::Tx&, const Credential&) override {
        return caller_;
    }

    int known_count = 0;

 private:
    TenantId tenant_;
    std::shared_ptr<const Caller> caller_;
};

// All tenants are where the test says.
class OneOwner final : public Ownership {
 public:
    explicit OneOwner(Whereabouts found) : found_(std::move(found)) {}
    Whereabouts where(TenantId, bool) override { return found_; }

 private:
    Whereabouts found_;
};

class CountingSink final : public AuditSink {
 public:
    void record(storage::Tx&, const RequestFacts&, const std::vector<AuditFact>&) override {
        ++acts;
    }
    void visit(TenantId, const RequestFacts&, Time, int, std::string_view) override { ++visits; }
    std::atomic<int> acts{0};
    std::atomic<int> visits{0};
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

    Request request_of(std::string_view method, std::string_view path, const std::string& address,
                       const std::string& origin = "https://hangu.test") {
        Request request;
        request.method = method;
        request.target = path;
        request.path = request.target;
        request.host = "hangu.test";
        request.secure = true;
        request.remote_address = address;
        if (by_gateway_) {
            request.headers.push_back({"x-hangu-client", "10.0.0.1"});
        }
        if (hopped_) {
            request.headers.push_back({"x-hangu-hop", "1"});
        }
        request.headers.push_back({"origin", origin});
        request.trace = observe::new_trace(world_.random);
        trace_ = request.trace.trace;
        return request;
    }
    Response answer(RouteEntry entry, const std::string& origin = "https://hangu.test") {
        Request request = request_of(entry.route.method, entry.route.path, "10.0.0.1", origin);
        Pipeline pipeline(world_.world, *world_.engine, gate_, {std::move(entry)}, FileSet(),
                          world_.metrics);
        if (ownership_ != nullptr) {
            pipeline.use_ownership(*ownership_);
        }
        return answer_of(pipeline, std::move(request));
    }
    Response answer_of(Pipeline& pipeline, Request request) {
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
    bool by_gateway_ = false;
    bool hopped_ = false;
    Ownership* ownership_ = nullptr;
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

TEST_F(PipelineTest, a_database_that_is_away_has_a_number_and_no_words_of_its_own) {
    const Response away = answer(entry_of(
        Guard::organisation, kMayLook,
        [](Scope& scope, const Request& request, const PathParameters& path) -> Result<Response> {
            HANGU_CHECK(act(scope, request, path));
            throw storage::StorageFault("no connection to 10.0.0.7");
        }));
    EXPECT_EQ(away.status, 503);
    const std::string body = body_of(away);
    EXPECT_NE(body.find("\"incident\":\"" + trace_.substr(0, 16) + "\""), body.npos) << body;
    EXPECT_EQ(body.find("detail"), body.npos) << body;
    EXPECT_EQ(body.find("10.0.0.7"), body.npos) << body;
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

TEST_F(PipelineTest, alive_and_ready_are_two_questions) {
    bool ready = true;
    Pipeline pipeline(world_.world, *world_.engine, gate_, {}, FileSet(), world_.metrics);
    pipeline.use_readiness([&ready] { return ready; });
    const auto ask = [&](std::string path) {
        Request request;
        request.method = "GET";
        request.path = std::move(path);
        auto promise = std::make_shared<std::promise<Response>>();
        std::future<Response> future = promise->get_future();
        runtime::spawn(runtime_, 0, tasks_, answer_into(pipeline, std::move(request), promise));
        return future.get();
    };
    EXPECT_EQ(ask("/readyz").status, 200);
    EXPECT_EQ(body_of(ask("/readyz")), "{\"status\":\"ready\"}");
    ready = false;
    EXPECT_EQ(ask("/readyz").status, 503);
    EXPECT_EQ(ask("/healthz").status, 200);
}

// ---- tenants of other nodes

Result<Response> act_that_finds_it_elsewhere(Scope& scope, const Request& request,
                                             const PathParameters& path) {
    HANGU_CHECK(act(scope, request, path));
    throw storage::OwnedElsewhere("b");
}

struct Elsewhere {
    static Task<Result<Response>> find_out(Request, PathParameters) {
        throw storage::OwnedElsewhere("b");
        co_return Response();
    }
};

// What nginx needs, and nothing that it would keep beside the other node's answer.
void expect_sent_on(const Response& response) {
    EXPECT_EQ(header_of(response, "x-accel-redirect"), "@node_b");
    EXPECT_EQ(response.headers.size(), 1u);
    EXPECT_EQ(response.status, 421);
    EXPECT_EQ(body_of(response), "");
}

TEST_F(PipelineTest, a_request_for_another_node_is_sent_on_before_anything_is_believed) {
    OneOwner owner({Whereabouts::Kind::elsewhere, "b"});
    CountingSink sink;
    world_.world.audit = &sink;
    ownership_ = &owner;
    by_gateway_ = true;
    expect_sent_on(answer(entry_of(Guard::organisation, kMayLook, act)));
    EXPECT_EQ(gate_.known_count, 0);
    EXPECT_EQ(sink.acts, 0);
    EXPECT_EQ(sink.visits, 0);
    EXPECT_NE(world_.metrics.text().find("http_sent_on_total 1"), std::string::npos);
}

TEST_F(PipelineTest, the_engine_has_the_last_word_about_the_owner) {
    OneOwner owner({Whereabouts::Kind::here, ""});
    CountingSink sink;
    world_.world.audit = &sink;
    ownership_ = &owner;
    by_gateway_ = true;
    expect_sent_on(answer(entry_of(Guard::organisation, kMayLook, act_that_finds_it_elsewhere)));
    EXPECT_EQ(sink.acts, 0);
    EXPECT_EQ(sink.visits, 0);
    // A public route names its tenant in the body, so that its handler finds out.
    RouteEntry open = entry_of(Guard::open, {}, nullptr);
    open.handle_waiting = Elsewhere::find_out;
    expect_sent_on(answer(std::move(open)));
}

TEST_F(PipelineTest, without_a_gateway_the_caller_is_told) {
    OneOwner owner({Whereabouts::Kind::elsewhere, "b"});
    ownership_ = &owner;
    const Response response = answer(entry_of(Guard::organisation, kMayLook, act));
    EXPECT_EQ(response.status, 421);
    EXPECT_EQ(header_of(response, "x-accel-redirect"), "");
    EXPECT_NE(body_of(response).find("\"code\":\"node.elsewhere\""), std::string::npos);
    EXPECT_EQ(header_of(response, "cache-control"), "no-store");
}

TEST_F(PipelineTest, nobody_is_sent_on_twice) {
    OneOwner owner({Whereabouts::Kind::elsewhere, "b"});
    ownership_ = &owner;
    by_gateway_ = true;
    hopped_ = true;
    const Response response = answer(entry_of(Guard::organisation, kMayLook, act));
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(header_of(response, "x-accel-redirect"), "");
    EXPECT_EQ(header_of(response, "retry-after"), "1");
    EXPECT_NE(body_of(response).find("\"code\":\"node.moving\""), std::string::npos);
}

TEST_F(PipelineTest, a_tenant_between_two_owners_is_asked_for_again) {
    OneOwner owner({Whereabouts::Kind::nobody, ""});
    ownership_ = &owner;
    for (const bool through : {false, true}) {
        by_gateway_ = through;
        const Response response = answer(entry_of(Guard::organisation, kMayLook, act));
        EXPECT_EQ(response.status, 503);
        EXPECT_EQ(header_of(response, "retry-after"), "1");
        EXPECT_NE(body_of(response).find("\"code\":\"node.moving\""), std::string::npos);
    }
}

Task<Result<Response>> greet(Request, PathParameters) {
    co_return json_response(200, "{}");
}

// Two nodes with a real server between them: what an address may is counted together.
TEST_F(PipelineTest, an_address_that_nobody_knows_is_limited_over_all_nodes) {
    testing::RedisServer server(world_.folder.path() + "/redis");
    shared_state::SharedState::Options options;
    options.server.emplace();
    options.server->socket = server.socket();
    options.server->user = testing::RedisServer::kUser;
    options.server->password = Secret(testing::RedisServer::kPassword);
    crypto::SystemRandomness random;
    const shared_state::SharedState::Services services{world_.clock, random, world_.log,
                                                       world_.metrics};
    std::vector<std::unique_ptr<shared_state::SharedState>> nodes;
    std::vector<std::unique_ptr<Pipeline>> pipelines;
    for (int i = 0; i < 2; ++i) {
        nodes.push_back(std::make_unique<shared_state::SharedState>(options, services));
        nodes.back()->settle_and_wait();
        ASSERT_TRUE(nodes.back()->health().connected) << nodes.back()->health().detail;
        RouteEntry entry = entry_of(Guard::open, {}, nullptr);
        entry.route.per_minute_max = 6;  // five at once
        entry.handle_waiting = greet;
        pipelines.push_back(std::make_unique<Pipeline>(
            world_.world, *world_.engine, gate_, std::vector<RouteEntry>{std::move(entry)},
            FileSet(), world_.metrics, 100, SharedRates{&nodes.back()->rates(), "console"}));
    }
    const auto ask = [&](std::size_t node, const std::string& address) {
        return answer_of(*pipelines[node], request_of("POST", "/api/v1/things", address)).status;
    };
    std::map<int, int> statuses;
    for (std::size_t i = 0; i < 10; ++i) {
        ++statuses[ask(i % 2, "192.0.2.1")];
    }
    EXPECT_EQ(statuses[200], 5);
    EXPECT_EQ(statuses[429], 5);
    EXPECT_EQ(ask(0, "192.0.2.2"), 200);
    server.stop(SIGKILL);
    EXPECT_EQ(ask(0, "192.0.2.1"), 429);  // what this node saw is not forgotten with the server
    EXPECT_EQ(ask(0, "192.0.2.3"), 200);
    for (const auto& node : nodes) {
        node->stop();
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

#include "tests/story/world.hpp"

#include "app/arguments.hpp"
#include "app/commands.hpp"
#include "app/output.hpp"
#include "app/platform_realm.hpp"
#include "base/text.hpp"
#include "platform/runtime/await.hpp"
#include "tests/support/shard_of_test.hpp"

#include <fmt/format.h>

#include <exception>
#include <fstream>
#include <functional>
#include <future>
#include <iterator>

namespace hangu::story {

namespace {

constexpr std::string_view kHost = "hangu.test";

Task<void> answer_into(http::Pipeline& pipeline, http::Request request,
                       std::shared_ptr<std::promise<http::Response>> promise) {
    try {
        http::Response response = co_await pipeline.handle(std::move(request));
        promise->set_value(std::move(response));
    } catch (...) {
        promise->set_exception(std::current_exception());
    }
}

Task<void> next_into(http::Stream& stream, std::shared_ptr<std::promise<std::string>> promise) {
    try {
        std::string text = co_await stream.next();
        promise->set_value(std::move(text));
    } catch (...) {
        promise->set_exception(std::current_exception());
    }
}

app::HouseOptions options_of(const std::string& folder, const Clock& clock, Randomness& random) {
    app::HouseOptions options;
    options.data = folder + "/data";
    options.environment = {{"HANGU_STORAGE_LANES", "2"},
                           {"HANGU_NOTIFY_TEXT_SENDER", "mailbox"},
                           {"HANGU_NOTIFY_ALLOW_LOCAL_ROBOTS", "true"},
                           {"HANGU_EGRESS_HOSTS", "127.0.0.1"},
                           {"HANGU_EGRESS_ALLOW_LOOPBACK", "true"}};
    options.log_file = folder + "/log";
    options.shards = testing::shards_of_test(options.data);
    options.new_tenants_on = options.shards.empty() ? "" : "one";
    options.clock = &clock;
    options.randomness = &random;
    return options;
}

std::unique_ptr<app::House> open_house(const app::HouseOptions& options) {
    Result<std::unique_ptr<app::House>> opened = app::House::open(options);
    if (!opened.ok()) {
        const Problem& problem = opened.problem();
        std::string why = problem.code + " " + problem.detail + " " + problem.note;
        for (const FieldProblem& field : problem.fields) {
            why += fmt::format(" [{} {} {}]", field.field, field.code, field.detail);
        }
        throw StoryFault("the house does not open: " + why);
    }
    return std::move(opened).value();
}

std::string cookie_header(const std::map<std::string, std::string>& cookies) {
    std::string text;
    for (const auto& [name, value] : cookies) {
        text += fmt::format("{}{}={}", text.empty() ? "" : "; ", name, value);
    }
    return text;
}

// Keeps or drops a cookie as a browser would.
void keep_cookie(std::map<std::string, std::string>& cookies, std::string_view header) {
    const std::size_t semicolon = header.find(';');
    const std::string_view pair = header.substr(0, semicolon);
    const std::size_t equals = pair.find('=');
    const std::string name(pair.substr(0, equals));
    const std::string value(pair.substr(equals + 1));
    if (value.empty() || lower_ascii(header).find("max-age=0") != std::string::npos) {
        cookies.erase(name);
    } else {
        cookies[name] = value;
    }
}

}  // namespace

std::string Answer::header(std::string_view name) const {
    for (const http::Header& header : headers) {
        if (lower_ascii(header.name) == lower_ascii(name)) {
            return header.value;
        }
    }
    return "";
}

std::string Answer::code() const {
    const boost::json::value* code = at_path(json, ".code");
    return status < 400 || code == nullptr ? "" : as_text(*code);
}

std::string Answer::shown() const {
    return fmt::format("{} {}", status, body.substr(0, 2000));
}

World::World() {
    app::HouseOptions options = options_of(folder_.path(), clock, random);
    options.carrier = &carrier;
    house = open_house(options);
    runtime_ = std::make_unique<runtime::Runtime>(1);
    pipeline_ =
        std::make_unique<http::Pipeline>(house->world, *house->engine, *house->gates,
                                         house->routes(*runtime_), http::FileSet(), house->metrics);
    platform_pipeline_ = std::make_unique<http::Pipeline>(
        house->platform->world, *house->engine, house->platform->gates,
        house->platform_routes(*runtime_), http::FileSet(), house->metrics);
    runtime_->start();
}

std::string World::server_log() {
    house->log.flush();
    std::ifstream in(folder_.path() + "/log", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

World::~World() {
    for (const auto& [tenant, ticket] : tickets_) {
        house->hub.leave(tenant, ticket);
    }
    tasks_.close_and_wait();
    runtime_->stop();
    house->finish_jobs();
    pipeline_.reset();
    platform_pipeline_.reset();
    runtime_.reset();
    house.reset();
}

Person& World::person(const std::string& name) {
    const auto made = people_.try_emplace(name);
    Person& person = made.first->second;
    if (made.second) {  // everybody sits at a place of her own
        person.name = name;
        const std::size_t number = people_.size();
        person.address = fmt::format("10.7.{}.{}", number / 250, number % 250 + 1);
    }
    return person;
}

Answer World::send(Person& person, std::string_view method, std::string_view target,
                   const std::string& body, const Extras& extras) {
    clock.advance_ms(1);
    http::Request request;
    request.method = method;
    request.target = target;
    const std::size_t question = target.find('?');
    request.path = http::percent_decoded(target.substr(0, question)).value();
    if (question != std::string_view::npos) {
        request.query = http::parse_query(target.substr(question + 1)).value();
    }
    request.host = kHost;
    request.remote_address = extras.address.empty() ? person.address : extras.address;
    request.headers = extras.headers;
    request.headers.push_back({"host", std::string(kHost)});
    request.body = body;
    if (!body.empty()) {
        request.headers.push_back({"content-type", "application/json"});
    }
    const bool unsafe = method != "GET" && method != "HEAD";
    if (unsafe && extras.origin && person.bearer.empty()) {
        request.headers.push_back({"origin", *extras.origin});
    }
    if (!person.cookies.empty()) {
        request.headers.push_back({"cookie", cookie_header(person.cookies)});
    }
    if (!person.bearer.empty()) {
        request.headers.push_back({"authorization", "Bearer " + person.bearer});
    }
    request.trace = observe::new_trace(random);
    request.received_us = clock.monotonic_us();

    auto promise = std::make_shared<std::promise<http::Response>>();
    std::future<http::Response> future = promise->get_future();
    http::Pipeline& pipeline = person.at_platform ? *platform_pipeline_ : *pipeline_;
    runtime::spawn(*runtime_, 0, tasks_, answer_into(pipeline, std::move(request), promise));
    Answer answer = answer_of(future.get());
    settle();  // what it set going is part of what it did
    for (const http::Header& header : answer.headers) {
        if (lower_ascii(header.name) == "set-cookie") {
            keep_cookie(person.cookies, header.value);
        }
    }
    return answer;
}

void World::settle() {
    house->settle_and_wait();
}

Answer World::send(Person& person, std::string_view method, std::string_view target,
                   const boost::json::value& body, const Extras& extras) {
    return send(person, method, target, body.is_null() ? "" : boost::json::serialize(body), extras);
}

Answer World::answer_of(http::Response response) const {
    Answer answer;
    answer.status = response.status;
    answer.headers = std::move(response.headers);
    if (const auto* text = std::get_if<std::string>(&response.body)) {
        answer.body = *text;
    } else if (const auto* shared =
                   std::get_if<std::shared_ptr<const std::string>>(&response.body)) {
        answer.body = **shared;
    } else if (const auto* file = std::get_if<http::FileBody>(&response.body)) {
        answer.body = *file->content;
    } else {
        answer.stream = std::get<std::shared_ptr<http::Stream>>(response.body);
    }
    if (answer.header("content-type").find("json") != std::string::npos) {
        answer.json = boost::json::parse(answer.body);
    }
    return answer;
}

std::string World::next_of(http::Stream& stream) {
    auto promise = std::make_shared<std::promise<std::string>>();
    std::future<std::string> future = promise->get_future();
    runtime::spawn(*runtime_, 0, tasks_, next_into(stream, promise));
    return future.get();
}

World::CommandAnswer World::command(const std::vector<std::string>& words) {
    app::CollectedOutput output;
    CommandAnswer answer;
    const Result<app::Arguments> arguments = app::Arguments::parse(words, app::all_shapes());
    if (!arguments.ok()) {
        return {2, "", arguments.problem().detail};
    }
    const app::Command* command = app::find_command(arguments->command());
    if (command == nullptr || command->run == nullptr) {
        throw StoryFault("no such command in a story: " + words.front());
    }
    const Result<void> done = command->run(*house, *arguments, output);
    if (!done.ok()) {
        app::explain(done.problem(), arguments->json(), output);
        answer.status = 1;
    }
    answer.lines = output.lines;
    answer.notes = output.notes;
    return answer;
}

void World::listen_to(TenantId tenant) {
    const std::uint64_t ticket = house->hub.listen(tenant, [this](const events::Event& event) {
        const std::lock_guard lock(heard_mutex_);
        heard_.push_back(event);
    });
    tickets_.emplace_back(tenant, ticket);
}

std::vector<events::Event> World::take_heard() {
    const std::lock_guard lock(heard_mutex_);
    return std::exchange(heard_, {});
}

}  // namespace hangu::story

// The world of a story: the whole house in a folder of its own, its pipeline on an event loop, a
// clock that stands still until told otherwise, and people with their cookies.
#pragma once

#include "app/house.hpp"
#include "platform/http/pipeline.hpp"
#include "platform/runtime/runtime.hpp"
#include "tests/story/database.hpp"
#include "tests/story/values.hpp"
#include "tests/support/memory_carrier.hpp"
#include "tests/support/test_world.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::story {

// A clock that a test moves while lanes and loops read it.
class StoryClock final : public Clock {
 public:
    Time now() const override { return Time(ms_.load()); }
    std::int64_t monotonic_us() const override { return ms_.load() * 1000; }
    void set(Time time) { ms_ = time.unix_ms(); }
    void advance_ms(std::int64_t ms) { ms_ += ms; }

 private:
    std::atomic<std::int64_t> ms_{hangu::testing::kTestStartMs};
};

struct Person {
    std::string name;
    std::string tenant;   // code
    std::int64_t id = 0;  // staff or application key; 0: nobody yet
    std::map<std::string, std::string> cookies;
    std::string bearer;
    std::string address;
    bool at_platform = false;  // sits before the platform's own console
};

// What goes beside method, path and body.
struct Extras {
    std::optional<std::string> origin = "https://hangu.test";  // of unsafe methods; none: not sent
    std::vector<http::Header> headers;
    std::string address;  // "" : the person's
};

struct Answer {
    int status = 0;
    std::vector<http::Header> headers;
    std::string body;
    boost::json::value json;  // null when the body is none
    std::shared_ptr<http::Stream> stream;

    std::string header(std::string_view name) const;  // "" if absent
    std::string code() const;                         // of a problem
    std::string shown() const;                        // for messages
};

class World {
 public:
    World();
    ~World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    // What requests set going on the tenants' lanes, in transactions of their own, is done and
    // told.
    void settle();
    Answer send(Person& person, std::string_view method, std::string_view target,
                const std::string& body = "", const Extras& extras = {});
    Answer send(Person& person, std::string_view method, std::string_view target,
                const boost::json::value& body, const Extras& extras = {});
    // The next piece of a stream; waits for it. "" when it has ended.
    std::string next_of(http::Stream& stream);

    // Runs a command as the operator would: "tenant freeze tea --reason unpaid".
    struct CommandAnswer {
        int status = 0;
        std::string lines;
        std::string notes;
    };
    CommandAnswer command(const std::vector<std::string>& words);

    Person& person(const std::string& name);  // makes her if nobody has that name
    Snapshot snapshot() const { return read_databases(data_folder()); }
    std::string data_folder() const { return folder_.path() + "/data"; }
    std::string server_log();                 // all lines since the beginning
    std::vector<events::Event> take_heard();  // live events of all tenants since the last call
    void listen_to(TenantId tenant);

    StoryClock clock;
    hangu::testing::LockedRandomness random;
    hangu::testing::MemoryCarrier carrier;  // the broker

 private:
    Answer answer_of(http::Response response) const;

    hangu::testing::TemporaryFolder folder_;

 public:
    std::unique_ptr<app::House> house;

 private:
    std::unique_ptr<runtime::Runtime> runtime_;
    std::unique_ptr<http::Pipeline> pipeline_;
    std::unique_ptr<http::Pipeline> platform_pipeline_;
    runtime::TaskGroup tasks_;
    std::map<std::string, Person> people_;
    std::mutex heard_mutex_;
    std::vector<events::Event> heard_;
    std::vector<std::pair<TenantId, std::uint64_t>> tickets_;

 public:
    const std::vector<http::RouteEntry>& routes() const { return pipeline_->routes(); }
    const std::vector<http::RouteEntry>& platform_routes() const {
        return platform_pipeline_->routes();
    }
};

}  // namespace hangu::story

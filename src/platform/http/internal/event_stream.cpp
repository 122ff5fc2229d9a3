// Server-sent events for the signed-in: what was missed since Last-Event-ID, then live events,
// filtered by the listener's permissions and data scope. A stream ends when its session does.
#include "platform/http/pipeline.hpp"
#include "platform/runtime/await.hpp"
#include "platform/runtime/runtime.hpp"

#include <fmt/format.h>

#include <deque>

namespace hangu::http {

namespace {

constexpr std::size_t kQueueCountMax = 512;  // a listener that is slower than this is let go
constexpr std::size_t kBacklogCountMax = 500;
constexpr std::int64_t kCheckMs = 500;  // a session that ended is let go within a second
constexpr std::int64_t kChecksPerHeartbeat = 30;
constexpr std::size_t kStreamsCountMax = 4096;
constexpr std::size_t kOwnStreamsCountMax = 32;  // of one session or key

std::string as_text(const events::Event& event) {
    return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", event.id.text(), event.name,
                       event.payload);
}

}  // namespace

class EventStream final : public Stream {
 public:
    EventStream(World& world, Gate& gate, Credential credential, Caller caller)
        : world_(world),
          gate_(gate),
          credential_(std::move(credential)),
          caller_(std::move(caller)) {}

    ~EventStream() override {
        if (ticket_ != 0) {
            world_.hub->leave(caller_.tenant, ticket_);
        }
    }

    void listen(const std::shared_ptr<EventStream>& self) {
        const std::weak_ptr<EventStream> weak = self;
        ticket_ = world_.hub->listen(caller_.tenant, [weak](const events::Event& event) {
            if (const std::shared_ptr<EventStream> stream = weak.lock()) {
                stream->offer(event);
            }
        });
    }

    // What was missed, as the caller who has just been recognised.
    void offer_missed(const events::Event& event) {
        if (may_hear(caller_, event)) {
            push(as_text(event));
        }
    }

    // Of the caller as she is now: rights that were taken away a moment ago hear nothing more. One
    // who is to be read again is let go; her client comes back and resumes.
    void offer(const events::Event& event) {
        const std::shared_ptr<const Caller> now = gate_.known(credential_, world_.clock->now());
        if (now == nullptr) {
            stop();
        } else if (may_hear(*now, event)) {
            push(as_text(event));
        }
    }

    const std::string& key() const { return credential_.key; }

    void check() {
        if (gate_.known(credential_, world_.clock->now()) == nullptr) {
            stop();
        }
    }
    void beat() { push(": heartbeat\n\n"); }

    void push(std::string text) {
        std::function<void(std::string)> waiting;
        {
            const std::lock_guard lock(mutex_);
            if (stopped_) {
                return;
            }
            if (!waiting_) {
                stopped_ = queue_.size() >= kQueueCountMax;
                queue_.push_back(std::move(text));
                return;
            }
            waiting = std::move(waiting_);
            waiting_ = nullptr;
        }
        waiting(std::move(text));
    }

    Task<std::string> next() override {
        std::function<void(std::function<void(std::string)>)> start =
            [this](std::function<void(std::string)> answer) {
                std::string ready;
                {
                    const std::lock_guard lock(mutex_);
                    if (queue_.empty() && !stopped_) {
                        waiting_ = std::move(answer);
                        return;
                    }
                    while (!queue_.empty()) {
                        ready += queue_.front();
                        queue_.pop_front();
                    }
                }
                answer(std::move(ready));
            };
        std::string text = co_await runtime::from_callback<std::string>(std::move(start));
        co_return text;
    }

    bool stopped() {
        const std::lock_guard lock(mutex_);
        return stopped_;
    }

    void stop() override {
        std::function<void(std::string)> waiting;
        {
            const std::lock_guard lock(mutex_);
            stopped_ = true;
            waiting = std::move(waiting_);
            waiting_ = nullptr;
        }
        if (waiting) {
            waiting(std::string());
        }
    }

 private:
    // "staff:<id>" is for that person alone; without a place, holding the permission anywhere is
    // enough.
    bool may_hear(const Caller& caller, const events::Event& event) const {
        if (event.permission.starts_with("staff:")) {
            return caller.kind == ActorKind::staff &&
                   event.permission.substr(6) == id_text(caller.actor_id);
        }
        const std::optional<std::size_t> bit = world_.permissions->bit(event.permission);
        return bit && (event.org_path.empty() ? caller.rights.holds(*bit)
                                              : caller.rights.holds(*bit, event.org_path));
    }

    World& world_;
    Gate& gate_;
    Credential credential_;
    Caller caller_;
    std::uint64_t ticket_ = 0;
    std::mutex mutex_;
    std::deque<std::string> queue_;
    std::function<void(std::string)> waiting_;
    bool stopped_ = false;
};

class EventStreams {
 public:
    EventStreams(World& world, Gate& gate) : world_(world), gate_(gate) {}

    Result<Response> open(Scope& scope, const Request& request) {
        std::optional<Credential> credential = gate_.credential(request);
        HANGU_ASSERT(credential.has_value());
        auto stream =
            std::make_shared<EventStream>(world_, gate_, std::move(*credential), scope.caller());
        HANGU_CHECK(admit(stream));
        stream->push("retry: 2000\n: connected\n\n");
        // Listen first, then read what was missed: an event may come twice, never not at all.
        stream->listen(stream);
        const std::string last(request.header("last-event-id"));
        if (const auto id = events::EventId::parse(last)) {
            for (const events::Event& event : events::since(scope.tx(), *id, kBacklogCountMax)) {
                stream->offer_missed(event);
            }
        }
        Response response;
        response.set("content-type", "text/event-stream");
        response.set("x-accel-buffering", "no");  // a gateway passes each event on at once
        response.body = std::shared_ptr<Stream>(std::move(stream));
        return response;
    }

    void check(bool beat) {
        for (const std::shared_ptr<EventStream>& stream : alive()) {
            stream->check();
            if (beat) {
                stream->beat();
            }
        }
    }

 private:
    Result<void> admit(const std::shared_ptr<EventStream>& stream) {
        const std::lock_guard lock(mutex_);
        std::erase_if(streams_, [](const auto& weak) { return weak.expired(); });
        if (streams_.size() >= kStreamsCountMax) {
            return Problem::unavailable("server.busy", "too many live listeners");
        }
        end_oldest_of(stream->key());
        streams_.push_back(stream);
        return {};
    }

    // Nobody takes the places of all others. The oldest goes, as it may be of a lost connection.
    void end_oldest_of(const std::string& key) {
        std::shared_ptr<EventStream> oldest;
        std::size_t count = 0;
        for (const std::weak_ptr<EventStream>& weak : streams_) {
            std::shared_ptr<EventStream> stream = weak.lock();
            if (stream && stream->key() == key && !stream->stopped()) {
                oldest = oldest ? oldest : stream;
                ++count;
            }
        }
        if (count >= kOwnStreamsCountMax) {
            oldest->stop();
        }
    }

    std::vector<std::shared_ptr<EventStream>> alive() {
        const std::lock_guard lock(mutex_);
        std::vector<std::shared_ptr<EventStream>> list;
        for (const std::weak_ptr<EventStream>& weak : streams_) {
            if (std::shared_ptr<EventStream> stream = weak.lock()) {
                list.push_back(std::move(stream));
            }
        }
        return list;
    }

    World& world_;
    Gate& gate_;
    std::mutex mutex_;
    std::vector<std::weak_ptr<EventStream>> streams_;
};

std::shared_ptr<EventStreams> make_event_streams(runtime::Runtime& runtime, World& world,
                                                 Gate& gate) {
    auto streams = std::make_shared<EventStreams>(world, gate);
    const std::weak_ptr<EventStreams> weak = streams;
    runtime.every(kCheckMs, [weak, checks = std::int64_t{0}]() mutable {
        if (const std::shared_ptr<EventStreams> alive = weak.lock()) {
            alive->check(++checks % kChecksPerHeartbeat == 0);
        }
    });
    return streams;
}

void add_event_route(Routes& routes, std::shared_ptr<EventStreams> streams) {
    RouteEntry entry;
    entry.route.name = "event.stream";
    entry.route.method = "GET";
    entry.route.path = "/api/v1/events";
    entry.route.guard = Guard::signed_in;
    entry.route.work = Work::read;
    entry.route.summary = "Live events (text/event-stream); resumes after Last-Event-ID";
    entry.route.tag = "events";
    entry.handle = [streams](Scope& scope, const Request& request, const PathParameters&) {
        return streams->open(scope, request);
    };
    routes.add_entry(std::move(entry));
}

}  // namespace hangu::http

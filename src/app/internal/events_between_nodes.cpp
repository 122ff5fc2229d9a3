#include "app/events_between_nodes.hpp"

#include "base/text.hpp"

#include <charconv>
#include <chrono>
#include <optional>

namespace hangu::app {

namespace {

constexpr std::string_view kStream = "events";
constexpr std::size_t kLengthMax = 10'000;
constexpr std::size_t kWaitingMax = 4'096;
constexpr std::size_t kBatchMax = 100;
constexpr std::int64_t kBlockMs = 1'000;
constexpr std::int64_t kPauseMs = 1'000;

shared_state::StreamFields fields_of(const std::string& node, TenantId tenant,
                                     const events::Event& event) {
    return {{"node", node},
            {"tenant", tenant.text()},
            {"id", event.id.text()},
            {"name", event.name},
            {"org_path", event.org_path},
            {"permission", event.permission},
            {"payload", event.payload},
            {"at", std::to_string(event.at.unix_ms())},
            {"subject", event.subject}};
}

std::string field(const shared_state::StreamFields& fields, std::string_view name) {
    for (const auto& [key, value] : fields) {
        if (key == name) {
            return value;
        }
    }
    return "";
}

std::optional<events::Event> event_of(const shared_state::StreamFields& fields) {
    events::Event event;
    const std::optional<events::EventId> id = events::EventId::parse(field(fields, "id"));
    const std::string at = field(fields, "at");
    std::int64_t unix_ms = 0;
    if (!id || std::from_chars(at.data(), at.data() + at.size(), unix_ms).ec != std::errc()) {
        return std::nullopt;  // another version's
    }
    event.id = *id;
    event.at = Time(unix_ms);
    event.name = field(fields, "name");
    event.org_path = field(fields, "org_path");
    event.permission = field(fields, "permission");
    event.payload = field(fields, "payload");
    event.subject = field(fields, "subject");
    return event;
}

}  // namespace

EventsBetweenNodes::EventsBetweenNodes(Services services)
    : services_(std::move(services)),
      lane_("events-out", kWaitingMax, kBatchMax, [this](std::vector<Said>& said) { send(said); }) {
    services_.hub.follow([this](TenantId tenant, const std::vector<events::Event>& events) {
        // Whoever listens to a tenant of this node listens here.
        if (services_.works_for(tenant)) {
            return;
        }
        for (const events::Event& event : events) {
            lane_.push({tenant, event});  // a full queue drops a hint
        }
    });
}

EventsBetweenNodes::~EventsBetweenNodes() {
    stop();
}

void EventsBetweenNodes::start() {
    thread_ = std::thread([this] { listen(); });
}

void EventsBetweenNodes::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) {
        thread_.join();
    }
    lane_.stop();
}

void EventsBetweenNodes::send(const std::vector<Said>& said) {
    std::vector<shared_state::StreamFields> entries;
    entries.reserve(said.size());
    for (const Said& one : said) {
        entries.push_back(fields_of(services_.node, one.tenant, one.event));
    }
    if (!services_.streams.append_all(kStream, entries, kLengthMax).ok()) {
        services_.log.warning("events.not_passed_on", {{"count", said.size()}});
    }
}

void EventsBetweenNodes::listen() {
    runtime::name_this_thread("events-in");
    bool joined = false;
    do {
        if (!joined) {
            joined = services_.streams.create_group(kStream, services_.node, "$").ok();
        }
        while (joined && hear_some()) {
            const std::lock_guard lock(mutex_);
            if (stopping_) {
                return;
            }
        }
        joined = false;
    } while (pause());
}

// False: the server is away, or has lost what it had.
bool EventsBetweenNodes::hear_some() {
    const auto entries =
        services_.streams.read_group(kStream, services_.node, services_.node, kBatchMax, kBlockMs);
    if (!entries.ok()) {
        return false;
    }
    std::vector<std::string> done;
    for (const shared_state::StreamEntry& entry : *entries) {
        const std::optional<TenantId> tenant = TenantId::parse(field(entry.fields, "tenant"));
        const std::optional<events::Event> event = event_of(entry.fields);
        const bool own = field(entry.fields, "node") == services_.node;  // heard when it was said
        if (!own && tenant && event && services_.hub.is_heard(*tenant)) {
            services_.hub.hear(*tenant, {*event});
        }
        done.push_back(entry.id);
    }
    return done.empty() || services_.streams.ack(kStream, services_.node, done).ok();
}

bool EventsBetweenNodes::pause() {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, std::chrono::milliseconds(kPauseMs), [this] { return stopping_; });
    return !stopping_;
}

}  // namespace hangu::app

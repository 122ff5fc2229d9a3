// What the system says about itself: structured log (JSON lines), metrics (Prometheus text), trace
// ids.
#pragma once

#include "base/id.hpp"
#include "base/randomness.hpp"
#include "base/sealed.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace hangu::observe {

enum class Level { debug, info, warning, error };

// One field of a log line. Takes numbers, booleans, texts and ids. Secrets, phones and sealed
// values do not compile; as a second net the sink replaces whatever looks like a phone number or a
// credential by "***" and counts it (metric log_redacted_total).
class Field {
 public:
    template <class T>
    requires(std::is_integral_v<T> && !std::is_same_v<T, bool>)
        Field(std::string_view name, T value)
        : name_(name), value_(static_cast<std::int64_t>(value)) {}
    Field(std::string_view name, bool value) : name_(name), value_(value) {}
    Field(std::string_view name, double value) : name_(name), value_(value) {}
    Field(std::string_view name, std::string_view value) : name_(name), value_(value) {}
    Field(std::string_view name, const std::string& value)
        : name_(name), value_(std::string_view(value)) {}
    Field(std::string_view name, const char* value)
        : name_(name), value_(std::string_view(value)) {}
    template <class Tag>
    Field(std::string_view name, Id<Tag> value)
        : name_(name), value_(value.is_set() ? value.value() : 0), is_id_(true) {}
    Field(std::string_view, const Secret&) = delete;
    Field(std::string_view, const Phone&) = delete;
    Field(std::string_view, const Email&) = delete;
    Field(std::string_view, const PersonName&) = delete;
    template <class T>
    Field(std::string_view, const Sealed<T>&) = delete;
    template <class T>
    Field(std::string_view, const Revealed<T>&) = delete;

    std::string_view name() const { return name_; }
    bool is_id() const { return is_id_; }
    const std::variant<std::int64_t, bool, double, std::string_view>& value() const {
        return value_;
    }

 private:
    std::string_view name_;
    std::variant<std::int64_t, bool, double, std::string_view> value_;
    bool is_id_ = false;
};

class Log {
 public:
    struct Options {
        Level level = Level::info;
        std::string file;  // empty: standard error
    };
    Log(Options options, const Clock& clock);
    ~Log();

    // One JSON line: {"at":…,"level":…,"event":"server.started",…fields}. Never throws.
    void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});
    void info(std::string_view event, std::initializer_list<Field> fields = {}) {
        write(Level::info, event, fields);
    }
    void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
        write(Level::warning, event, fields);
    }
    void error(std::string_view event, std::initializer_list<Field> fields = {}) {
        write(Level::error, event, fields);
    }
    void flush();
    std::uint64_t redacted_count() const;

 private:
    struct State;
    std::unique_ptr<State> state_;
};

// Replaces phone numbers (Chinese mobile, E.164) and credentials (hgk_…, session cookies) by "***".
// Returns how many were replaced.
int redact(std::string& text);

class Counter {
 public:
    virtual ~Counter() = default;
    virtual void add(double amount = 1) = 0;
};
class Gauge {
 public:
    virtual ~Gauge() = default;
    virtual void set(double value) = 0;
    virtual void add(double amount) = 0;
};
class Histogram {
 public:
    virtual ~Histogram() = default;
    virtual void observe(double value) = 0;
};

struct Label {
    std::string name;
    std::string value;
};

// Names follow Prometheus: snake_case, unit last, counters end in _total. The returned references
// live as long as Metrics; asking twice with the same name and labels gives the same one.
class Metrics {
 public:
    Metrics();
    ~Metrics();
    Counter& counter(const std::string& name, const std::string& help,
                     const std::vector<Label>& labels = {});
    Gauge& gauge(const std::string& name, const std::string& help,
                 const std::vector<Label>& labels = {});
    // Buckets for durations in seconds: 0.5 ms to 10 s.
    Histogram& histogram(const std::string& name, const std::string& help,
                         const std::vector<Label>& labels = {});
    std::string text() const;  // exposition format 0.0.4

 private:
    struct State;
    std::unique_ptr<State> state_;
};

// W3C trace context: 16 and 8 random bytes.
struct TraceId {
    std::string trace;  // 32 hex digits
    std::string span;   // 16 hex digits
};
TraceId new_trace(Randomness& randomness);
// Takes the trace of a well-formed traceparent header, with a span of our own; else a new one.
TraceId trace_from(std::string_view traceparent, Randomness& randomness);

}  // namespace hangu::observe

#include "base/json.hpp"
#include "platform/observe/observe.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cmath>

namespace hangu::observe {

namespace {

constexpr std::size_t kTextBytesMax = 4096;  // of one value; the rest is cut off
constexpr std::size_t kCutMarginBytes = 256;
constexpr std::int64_t kFlushEveryMs = 1000;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::string_view level_text(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warning:
            return "warning";
        case Level::error:
            break;
    }
    return "error";
}

bool is_ascii(std::string_view text) {
    unsigned char all = 0;
    for (const char c : text) {
        all |= static_cast<unsigned char>(c);
    }
    return all < 0x80;
}

bool continues(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// Replaces each byte that is not part of a character.
std::string as_utf8(std::string_view text) {
    if (is_ascii(text) || is_utf8(text)) {
        return std::string(text);
    }
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const std::size_t length = first >= 0xF0U ? 4 : first >= 0xE0U ? 3 : first >= 0xC2U ? 2 : 1;
        const std::string_view character = text.substr(at, length);
        if (is_utf8(character)) {
            out += character;
            at += length;
        } else {
            out += kReplacement;
            ++at;
        }
    }
    return out;
}

// Cuts at a whole character.
void cut(std::string& text) {
    if (text.size() <= kTextBytesMax) {
        return;
    }
    std::size_t end = kTextBytesMax;
    while (end > 0 && continues(text[end])) {
        --end;
    }
    text.resize(end);
    text += "…";
}

// Builds one line. Texts are redacted before they are escaped, because an escape ("\n" as two
// characters) would glue letters to what follows it.
class Line {
 public:
    int redacted_count() const { return redacted_count_; }
    const std::string& text() const { return out_; }

    void begin(Time at, Level level, std::string_view event) {
        out_.clear();
        redacted_count_ = 0;
        out_ += "{\"at\":\"";
        out_ += time_text(at);
        out_ += "\",\"level\":\"";
        out_ += level_text(level);
        out_ += "\",\"event\":";
        add_text(event);
    }
    void add(const Field& field) {
        out_ += ',';
        add_text(field.name());
        out_ += ':';
        std::visit([this, &field](auto value) { add_value(value, field.is_id()); }, field.value());
    }
    void end() { out_ += '}'; }

 private:
    void add_text(std::string_view text) {
        // The margin keeps a phone together that stands where the text will be cut.
        std::string clean = as_utf8(text.substr(0, kTextBytesMax + kCutMarginBytes));
        redacted_count_ += redact(clean);
        cut(clean);
        json::write_text(out_, clean);
    }
    // A number may be a phone too; what takes its place is a text, so that the line stays JSON.
    void add_number(std::string number) {
        const int found = redact(number);
        redacted_count_ += found;
        if (found == 0) {
            out_ += number;
        } else {
            json::write_text(out_, number);
        }
    }
    void add_value(std::int64_t value, bool is_id) {
        if (is_id) {
            out_ += '"';
            out_ += value == 0 ? std::string() : id_text(value);
            out_ += '"';
        } else {
            add_number(fmt::format_int(value).str());
        }
    }
    void add_value(bool value, bool) { out_ += value ? "true" : "false"; }
    void add_value(double value, bool) {
        if (std::isfinite(value)) {
            add_number(fmt::format("{}", value));
        } else {
            out_ += "null";
        }
    }
    void add_value(std::string_view value, bool) { add_text(value); }

    std::string out_;
    int redacted_count_ = 0;
};

std::shared_ptr<spdlog::sinks::sink> open_sink(const std::string& file) {
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (file.empty()) {
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    } else {
        sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
    }
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    return sink;
}

}  // namespace

struct Log::State {
    State(Level from, const Clock& time, std::shared_ptr<spdlog::sinks::sink> to)
        : level(from), clock(time), sink(std::move(to)) {}

    Level level;
    const Clock& clock;
    std::shared_ptr<spdlog::sinks::sink> sink;  // has its own mutex
    std::atomic<std::uint64_t> redacted_count{0};
    std::atomic<std::int64_t> flushed_at_ms{0};

    // A file is flushed at once where somebody will look for the line, and else once a second.
    bool is_flush_due(Level of_line, Time now) {
        const std::int64_t before = flushed_at_ms.load(std::memory_order_relaxed);
        const std::int64_t since = now.unix_ms() - before;
        const bool due = of_line >= Level::warning || since >= kFlushEveryMs || since < 0;
        if (due) {
            flushed_at_ms.store(now.unix_ms(), std::memory_order_relaxed);
        }
        return due;
    }
};

Log::Log(Options options, const Clock& clock)
    : state_(std::make_unique<State>(options.level, clock, open_sink(options.file))) {}

Log::~Log() {
    flush();
}

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) {
    if (level < state_->level) {
        return;
    }
    try {
        thread_local Line line;
        const Time now = state_->clock.now();
        line.begin(now, level, event);
        for (const Field& field : fields) {
            line.add(field);
        }
        line.end();
        if (line.redacted_count() > 0) {
            state_->redacted_count.fetch_add(static_cast<std::uint64_t>(line.redacted_count()),
                                             std::memory_order_relaxed);
        }
        state_->sink->log(spdlog::details::log_msg({}, spdlog::level::info, line.text()));
        if (state_->is_flush_due(level, now)) {
            state_->sink->flush();
        }
    } catch (...) {
        // A full disk must not fail the request that wanted to say something.
        return;
    }
}

void Log::flush() {
    try {
        state_->sink->flush();
    } catch (...) {
        return;
    }
}

std::uint64_t Log::redacted_count() const {
    return state_->redacted_count.load(std::memory_order_relaxed);
}

}  // namespace hangu::observe

#include "base/json.hpp"

#include <boost/json/basic_parser_impl.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace hangu::json {

namespace {

constexpr std::size_t kDepthMax = 16;
constexpr std::size_t kValuesCountMax = 20'000;
constexpr std::size_t kProblemsCountMax = 50;

enum class Fault { none, duplicate_key, too_large };

// Forwards to boost::json's value_stack and watches what basic_parser does not: duplicate keys and
// the number of values.
class Handler {
 public:
    static constexpr std::size_t max_object_size = 256;
    static constexpr std::size_t max_array_size = kValuesCountMax;
    static constexpr std::size_t max_key_size = 128;
    static constexpr std::size_t max_string_size = std::size_t{8} << 20U;

    Handler() { stack_.reset(); }

    boost::json::value release() { return stack_.release(); }
    Fault fault() const { return fault_; }

    bool on_document_begin(boost::json::error_code&) { return true; }
    bool on_document_end(boost::json::error_code&) { return true; }
    bool on_object_begin(boost::json::error_code&) {
        keys_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t count, boost::json::error_code& error) {
        keys_.pop_back();
        stack_.push_object(count);
        return counted(error);
    }
    bool on_array_begin(boost::json::error_code&) { return true; }
    bool on_array_end(std::size_t count, boost::json::error_code& error) {
        stack_.push_array(count);
        return counted(error);
    }
    bool on_key_part(boost::json::string_view part, std::size_t, boost::json::error_code&) {
        key_.append(part.data(), part.size());
        stack_.push_chars(part);
        return true;
    }
    bool on_key(boost::json::string_view part, std::size_t, boost::json::error_code& error) {
        key_.append(part.data(), part.size());
        std::vector<std::string>& seen = keys_.back();
        if (std::find(seen.begin(), seen.end(), key_) != seen.end()) {
            return fail(Fault::duplicate_key, error);
        }
        seen.push_back(key_);
        key_.clear();
        stack_.push_key(part);
        return counted(error);
    }
    bool on_string_part(boost::json::string_view part, std::size_t, boost::json::error_code&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_string(boost::json::string_view part, std::size_t, boost::json::error_code& error) {
        stack_.push_string(part);
        return counted(error);
    }
    bool on_number_part(boost::json::string_view, boost::json::error_code&) { return true; }
    bool on_int64(std::int64_t value, boost::json::string_view, boost::json::error_code& error) {
        stack_.push_int64(value);
        return counted(error);
    }
    bool on_uint64(std::uint64_t value, boost::json::string_view, boost::json::error_code& error) {
        stack_.push_uint64(value);
        return counted(error);
    }
    bool on_double(double value, boost::json::string_view, boost::json::error_code& error) {
        if (!std::isfinite(value)) {  // 1e400
            return fail(Fault::none, error);
        }
        stack_.push_double(value);
        return counted(error);
    }
    bool on_bool(bool value, boost::json::error_code& error) {
        stack_.push_bool(value);
        return counted(error);
    }
    bool on_null(boost::json::error_code& error) {
        stack_.push_null();
        return counted(error);
    }
    bool on_comment_part(boost::json::string_view, boost::json::error_code&) { return true; }
    bool on_comment(boost::json::string_view, boost::json::error_code&) { return true; }

 private:
    bool counted(boost::json::error_code& error) {
        return ++count_ <= kValuesCountMax || fail(Fault::too_large, error);
    }
    bool fail(Fault fault, boost::json::error_code& error) {
        fault_ = fault;
        error = boost::json::make_error_code(boost::json::error::syntax);
        return false;
    }

    boost::json::value_stack stack_;
    std::vector<std::vector<std::string>> keys_;
    std::string key_;
    std::size_t count_ = 0;
    Fault fault_ = Fault::none;
};

}  // namespace

Result<boost::json::value> parse(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = kDepthMax;
    boost::json::basic_parser<Handler> parser(options);
    boost::json::error_code error;
    const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
    if (error == boost::json::error::too_deep) {
        return Problem::invalid("json.too_deep", "at most 16 levels");
    }
    if (parser.handler().fault() == Fault::duplicate_key) {
        return Problem::invalid("json.duplicate_key");
    }
    const bool too_large = parser.handler().fault() == Fault::too_large ||
                           error == boost::json::error::object_too_large ||
                           error == boost::json::error::array_too_large ||
                           error == boost::json::error::key_too_large ||
                           error == boost::json::error::string_too_large;
    if (too_large) {
        return Problem::invalid("json.too_large", "at most 20000 values");
    }
    const bool blank_rest = text.find_first_not_of(" \t\r\n", used) == std::string_view::npos;
    if (error || !parser.done() || !blank_rest) {
        return Problem::invalid("json.malformed");
    }
    return parser.handler().release();
}

void write_text(std::string& out, std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out += '"';
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        out.append(text.substr(from, i - from));
        from = i + 1;
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += "\\u00";
                out += kHex[c >> 4U];
                out += kHex[c & 15U];
        }
    }
    out.append(text.substr(from));
    out += '"';
}

// An unknown name comes from outside and is said back in the answer: a run of digits in it might be
// a phone number that stands where it should not.
static std::string speakable(std::string_view name) {
    constexpr std::size_t kDigitsMax = 5;
    std::string said(name);
    std::size_t digits = 0;
    for (std::size_t i = 0; i < said.size(); ++i) {
        digits = said[i] >= '0' && said[i] <= '9' ? digits + 1 : 0;
        if (digits > kDigitsMax) {
            said[i] = '#';
            digits = kDigitsMax;
        }
    }
    return said;
}

void Reader::push(std::string_view field) {
    marks_.push_back(path_.size());
    if (!path_.empty()) {
        path_ += '.';
    }
    path_ += speakable(field);
}

void Reader::push(std::size_t index) {
    marks_.push_back(path_.size());
    path_ += fmt::format("[{}]", index);
}

void Reader::pop() {
    path_.resize(marks_.back());
    marks_.pop_back();
}

void Reader::complain(std::string_view code, std::string_view detail) {
    if (problems_.size() < kProblemsCountMax) {
        problems_.push_back({path_, std::string(code), std::string(detail)});
    }
}

boost::json::object string_schema(std::string_view format) {
    boost::json::object schema{{"type", "string"}};
    if (!format.empty()) {
        schema["format"] = format;
    }
    return schema;
}

void write_integer(std::string& out, std::int64_t value) {
    std::array<char, 24> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    out.append(buffer.data(), end);
}

bool read_integer(const boost::json::value& json, std::int64_t& value, Reader& reader) {
    if (const std::int64_t* number = json.if_int64()) {
        value = *number;
        return true;
    }
    reader.complain(json.is_uint64() ? "field.out_of_range" : "field.wrong_type", "a whole number");
    return false;
}

void Codec<double>::write(std::string& out, double value) {
    HANGU_ASSERT(std::isfinite(value));
    out += fmt::format("{}", value);
}

bool read_string(const boost::json::value& json, std::string& value, std::size_t characters_min,
                 std::size_t characters_max, Reader& reader) {
    const boost::json::string* found = json.if_string();
    if (found == nullptr) {
        reader.complain("field.wrong_type", "a text");
        return false;
    }
    const std::string_view text = trimmed(std::string_view(found->data(), found->size()));
    if (!is_utf8(text)) {
        reader.complain("field.not_utf8");
        return false;
    }
    if (has_control_characters(text)) {
        reader.complain("field.control_characters");
        return false;
    }
    const std::size_t count = count_characters(text);
    if (count < characters_min) {
        reader.complain(count == 0 ? "field.required" : "field.too_short",
                        fmt::format("at least {} characters", characters_min));
        return false;
    }
    if (count > characters_max) {
        reader.complain("field.too_long", fmt::format("at most {} characters", characters_max));
        return false;
    }
    value.assign(text);
    return true;
}

void Codec<Secret>::read(const boost::json::value& json, Secret& value, Reader& reader) {
    const boost::json::string* text = json.if_string();
    if (text == nullptr) {
        reader.complain("field.wrong_type", "a text");
    } else if (text->empty() || text->size() > 256) {
        reader.complain("field.wrong_length", "1 to 256 bytes");
    } else {
        value = Secret(std::string(text->data(), text->size()));
    }
}

void Codec<Time>::read(const boost::json::value& json, Time& value, Reader& reader) {
    const boost::json::string* text = json.if_string();
    const std::optional<Time> time =
        text == nullptr ? std::nullopt : parse_time(std::string_view(text->data(), text->size()));
    if (time) {
        value = *time;
    } else {
        reader.complain("field.not_a_time", "2026-11-22T10:00:00.000Z");
    }
}

void Codec<Day>::read(const boost::json::value& json, Day& value, Reader& reader) {
    const boost::json::string* text = json.if_string();
    const std::optional<Day> day =
        text == nullptr ? std::nullopt : Day::parse(std::string_view(text->data(), text->size()));
    if (day) {
        value = *day;
    } else {
        reader.complain("field.not_a_day", "2026-11-22");
    }
}

void Codec<Phone>::read(const boost::json::value& json, Phone& value, Reader& reader) {
    const boost::json::string* text = json.if_string();
    const std::optional<Phone> phone =
        text == nullptr ? std::nullopt : Phone::parse(std::string_view(text->data(), text->size()));
    if (phone) {
        value = *phone;
    } else {
        reader.complain("field.not_a_phone");
    }
}

}  // namespace hangu::json

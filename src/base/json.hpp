// JSON of described values (base/describe.hpp): writing, reading with every bad field at once, and
// the JSON Schema that OpenAPI shows. A type from outside always has its limits in its type:
// Text<1, 40>, Number<1, 99>, List<Line, 1, 50>; bare std::string and std::vector are for answers
// only. Other types join by specialising Codec.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/money.hpp"
#include "base/problem.hpp"
#include "base/result.hpp"
#include "base/sealed.hpp"
#include "base/secret.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <charconv>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hangu {

// A whole number within bounds.
template <std::int64_t Min, std::int64_t Max>
class Number {
 public:
    static constexpr std::int64_t kMin = Min;
    static constexpr std::int64_t kMax = Max;

    constexpr Number() = default;
    constexpr Number(std::int64_t value) : value_(value) {}
    constexpr operator std::int64_t() const { return value_; }

 private:
    std::int64_t value_ = Min > 0 ? Min : 0;
};

// A list of Min to Max elements.
template <class T, std::size_t Min, std::size_t Max>
class List : public std::vector<T> {
 public:
    static constexpr std::size_t kMin = Min;
    static constexpr std::size_t kMax = Max;
    using std::vector<T>::vector;
};

namespace json {

// Limits of a parsed document: 16 levels, 20,000 values, keys of 128 bytes; duplicate keys and
// invalid UTF-8 are refused. Codes: "json.malformed", "json.duplicate_key", "json.too_deep",
// "json.too_large".
Result<boost::json::value> parse(std::string_view text);

void write_text(std::string& out, std::string_view text);  // quoted and escaped

// Where a reader stands, and what it found wrong. Collects at most 50 problems.
class Reader {
 public:
    void push(std::string_view field);
    void push(std::size_t index);
    void pop();
    void complain(std::string_view code, std::string_view detail = {});
    bool ok() const { return problems_.empty(); }
    std::vector<FieldProblem> take() { return std::move(problems_); }

 private:
    std::string path_;
    std::vector<std::size_t> marks_;
    std::vector<FieldProblem> problems_;
};

// Collects the named schemas that others refer to.
class Schemas {
 public:
    boost::json::object named;
};

template <class T>
struct Codec;  // write(out, value), read(json, value, reader), schema(schemas)

template <class T>
void write(std::string& out, const T& value) {
    Codec<T>::write(out, value);
}

template <class T>
std::string to_text(const T& value) {
    std::string out;
    Codec<T>::write(out, value);
    return out;
}

// Reads a whole document into a described struct. Unknown members are refused ("field.unknown").
template <class T>
Result<T> from_text(std::string_view text) {
    HANGU_TRY(const boost::json::value document, parse(text));
    T value{};
    Reader reader;
    Codec<T>::read(document, value, reader);
    if (!reader.ok()) {
        Problem problem = Problem::invalid("input.invalid");
        problem.fields = reader.take();
        return problem;
    }
    return value;
}

template <class T>
boost::json::object schema(Schemas& schemas) {
    return Codec<T>::schema(schemas);
}

// ---- codecs of the basic types ----

boost::json::object string_schema(std::string_view format = {});

template <>
struct Codec<bool> {
    static void write(std::string& out, bool value) { out += value ? "true" : "false"; }
    static void read(const boost::json::value& json, bool& value, Reader& reader) {
        if (const bool* found = json.if_bool()) {
            value = *found;
        } else {
            reader.complain("field.wrong_type", "true or false");
        }
    }
    static boost::json::object schema(Schemas&) { return {{"type", "boolean"}}; }
};

void write_integer(std::string& out, std::int64_t value);
bool read_integer(const boost::json::value& json, std::int64_t& value, Reader& reader);

template <class T>
requires(std::is_integral_v<T> && !std::is_same_v<T, bool>) struct Codec<T> {
    static void write(std::string& out, T value) {
        write_integer(out, static_cast<std::int64_t>(value));
    }
    static void read(const boost::json::value& json, T& value, Reader& reader) {
        std::int64_t number = 0;
        if (!read_integer(json, number, reader)) {
            return;
        }
        if (!std::in_range<T>(number)) {
            reader.complain("field.out_of_range");
            return;
        }
        value = static_cast<T>(number);
    }
    static boost::json::object schema(Schemas&) {
        return {{"type", "integer"}, {"format", "int64"}};
    }
};

template <std::int64_t Min, std::int64_t Max>
struct Codec<Number<Min, Max>> {
    static void write(std::string& out, Number<Min, Max> value) { write_integer(out, value); }
    static void read(const boost::json::value& json, Number<Min, Max>& value, Reader& reader) {
        std::int64_t number = 0;
        if (!read_integer(json, number, reader)) {
            return;
        }
        if (number < Min || number > Max) {
            reader.complain("field.out_of_range", fmt::format("{} to {}", Min, Max));
            return;
        }
        value = number;
    }
    static boost::json::object schema(Schemas&) {
        return {{"type", "integer"}, {"minimum", Min}, {"maximum", Max}};
    }
};

// Answers only: rates and ratios. Money never is a floating point number.
template <>
struct Codec<double> {
    static void write(std::string& out, double value);
    static boost::json::object schema(Schemas&) { return {{"type", "number"}}; }
};

template <>
struct Codec<std::string> {  // answers only
    static void write(std::string& out, const std::string& value) { write_text(out, value); }
    static boost::json::object schema(Schemas&) { return string_schema(); }
};

bool read_string(const boost::json::value& json, std::string& value, std::size_t characters_min,
                 std::size_t characters_max, Reader& reader);

template <std::size_t Min, std::size_t Max>
struct Codec<Text<Min, Max>> {
    static void write(std::string& out, const Text<Min, Max>& value) {
        write_text(out, value.str());
    }
    static void read(const boost::json::value& json, Text<Min, Max>& value, Reader& reader) {
        std::string text;
        if (read_string(json, text, Min, Max, reader)) {
            value = Text<Min, Max>(std::move(text));
        }
    }
    static boost::json::object schema(Schemas&) {
        return {{"type", "string"}, {"minLength", Min}, {"maxLength", Max}};
    }
};

// A password or token in a request; never written.
template <>
struct Codec<Secret> {
    static void read(const boost::json::value& json, Secret& value, Reader& reader);
    static boost::json::object schema(Schemas&) {
        return {{"type", "string"}, {"format", "password"}, {"minLength", 1}, {"maxLength", 256}};
    }
};

template <class Tag>
struct Codec<Id<Tag>> {
    static void write(std::string& out, Id<Tag> value) {
        out += '"';
        out += value.text();
        out += '"';
    }
    static void read(const boost::json::value& json, Id<Tag>& value, Reader& reader) {
        const boost::json::string* text = json.if_string();
        const std::optional<Id<Tag>> id =
            text == nullptr ? std::nullopt
                            : Id<Tag>::parse(std::string_view(text->data(), text->size()));
        if (id) {
            value = *id;
        } else {
            reader.complain("field.not_an_id");
        }
    }
    static boost::json::object schema(Schemas&) {
        return {{"type", "string"}, {"pattern", "^[0-9a-hjkmnp-tv-z]{13}$"}};
    }
};

template <>
struct Codec<Money> {
    static constexpr std::int64_t kFenMax = 10'000'000'000;  // 100 million yuan

    static void write(std::string& out, Money value) { write_integer(out, value.fen()); }
    static void read(const boost::json::value& json, Money& value, Reader& reader) {
        std::int64_t fen = 0;
        if (!read_integer(json, fen, reader)) {
            return;
        }
        if (fen < 0 || fen > kFenMax) {
            reader.complain("field.out_of_range", "0 to 10000000000 fen");
            return;
        }
        value = Money(fen);
    }
    static boost::json::object schema(Schemas&) {
        return {{"type", "integer"}, {"format", "int64"}, {"description", "whole fen"}};
    }
};

template <>
struct Codec<Time> {
    static void write(std::string& out, Time value) {
        out += '"';
        out += time_text(value);
        out += '"';
    }
    static void read(const boost::json::value& json, Time& value, Reader& reader);
    static boost::json::object schema(Schemas&) { return string_schema("date-time"); }
};

template <>
struct Codec<Day> {
    static void write(std::string& out, Day value) {
        out += '"';
        out += value.text();
        out += '"';
    }
    static void read(const boost::json::value& json, Day& value, Reader& reader);
    static boost::json::object schema(Schemas&) { return string_schema("date"); }
};

template <>
struct Codec<Phone> {  // requests only: a phone is answered as Masked or Revealed
    static void read(const boost::json::value& json, Phone& value, Reader& reader);
    static boost::json::object schema(Schemas&) {
        return {{"type", "string"}, {"minLength", 7}, {"maxLength", 24}};
    }
};

template <class T>
struct Codec<Masked<T>> {
    static void write(std::string& out, const Masked<T>& value) { write_text(out, value.text()); }
    static boost::json::object schema(Schemas&) { return string_schema(); }
};

template <class T>
struct Codec<Revealed<T>> {
    static void write(std::string& out, const Revealed<T>& value) { write_text(out, value.text()); }
    static boost::json::object schema(Schemas&) { return string_schema(); }
};

template <class T>
struct Codec<std::optional<T>> {
    static void write(std::string& out, const std::optional<T>& value) {
        if (value) {
            Codec<T>::write(out, *value);
        } else {
            out += "null";
        }
    }
    static void read(const boost::json::value& json, std::optional<T>& value, Reader& reader) {
        if (json.is_null()) {
            value.reset();
            return;
        }
        T inner{};
        Codec<T>::read(json, inner, reader);
        value = std::move(inner);
    }
    static boost::json::object schema(Schemas& schemas) {
        boost::json::object inner = Codec<T>::schema(schemas);
        if (inner.contains("$ref")) {
            return {{"anyOf", boost::json::array{inner, {{"type", "null"}}}}};
        }
        boost::json::value type = inner["type"];
        inner["type"] = boost::json::array{type, "null"};
        if (inner.contains("enum")) {
            inner["enum"].as_array().push_back(nullptr);
        }
        return inner;
    }
};

template <class T>
struct Codec<std::vector<T>> {  // answers only
    static void write(std::string& out, const std::vector<T>& values) {
        out += '[';
        bool first = true;
        for (const T& value : values) {
            if (!first) {
                out += ',';
            }
            first = false;
            Codec<T>::write(out, value);
        }
        out += ']';
    }
    static boost::json::object schema(Schemas& schemas) {
        return {{"type", "array"}, {"items", Codec<T>::schema(schemas)}};
    }
};

template <class T, std::size_t Min, std::size_t Max>
struct Codec<List<T, Min, Max>> {
    static void write(std::string& out, const List<T, Min, Max>& values) {
        Codec<std::vector<T>>::write(out, values);
    }
    static void read(const boost::json::value& json, List<T, Min, Max>& values, Reader& reader) {
        const boost::json::array* array = json.if_array();
        if (array == nullptr) {
            reader.complain("field.wrong_type", "a list");
            return;
        }
        if (array->size() < Min || array->size() > Max) {
            reader.complain("field.wrong_length", fmt::format("{} to {} entries", Min, Max));
            return;
        }
        for (std::size_t i = 0; i < array->size(); ++i) {
            reader.push(i);
            Codec<T>::read((*array)[i], values.emplace_back(), reader);
            reader.pop();
        }
    }
    static boost::json::object schema(Schemas& schemas) {
        return {{"type", "array"},
                {"items", Codec<T>::schema(schemas)},
                {"minItems", Min},
                {"maxItems", Max}};
    }
};

template <DescribedEnum E>
struct Codec<E> {
    static void write(std::string& out, E value) {
        out += '"';
        out += enum_text(value);
        out += '"';
    }
    static void read(const boost::json::value& json, E& value, Reader& reader) {
        const boost::json::string* text = json.if_string();
        const std::optional<E> found =
            text == nullptr ? std::nullopt
                            : parse_enum<E>(std::string_view(text->data(), text->size()));
        if (found) {
            value = *found;
        } else {
            std::string choices;
            boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto entry) {
                choices += choices.empty() ? "" : ", ";
                choices += entry.name;
            });
            reader.complain("field.not_a_choice", choices);
        }
    }
    static boost::json::object schema(Schemas&) {
        boost::json::array names;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>(
            [&](auto entry) { names.push_back(boost::json::string(entry.name)); });
        return {{"type", "string"}, {"enum", names}};
    }
};

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <DescribedStruct T>
struct Codec<T> {
    static void write(std::string& out, const T& object) {
        out += '{';
        bool first = true;
        for_each_member(object, [&](std::string_view name, const auto& member) {
            if (!first) {
                out += ',';
            }
            first = false;
            out += '"';
            out += name;
            out += "\":";
            Codec<std::remove_cvref_t<decltype(member)>>::write(out, member);
        });
        out += '}';
    }

    static void read(const boost::json::value& json, T& object, Reader& reader) {
        const boost::json::object* fields = json.if_object();
        if (fields == nullptr) {
            reader.complain("field.wrong_type", "an object");
            return;
        }
        std::size_t known = 0;
        for_each_member(object, [&](std::string_view name, auto& member) {
            using Member = std::remove_cvref_t<decltype(member)>;
            const boost::json::value* found = fields->if_contains(name);
            reader.push(name);
            if (found != nullptr) {
                ++known;
                Codec<Member>::read(*found, member, reader);
            } else if constexpr (!IsOptional<Member>::value) {
                reader.complain("field.required");
            }
            reader.pop();
        });
        if (known != fields->size()) {
            complain_of_unknown(*fields, reader);
        }
    }

    static boost::json::object schema(Schemas& schemas) {
        const std::string name(type_name<T>());
        if (!schemas.named.contains(name)) {
            schemas.named[name] = nullptr;  // a type may hold itself
            boost::json::object properties;
            boost::json::array required;
            boost::mp11::mp_for_each<Members<T>>([&](auto member) {
                using Member = std::remove_cvref_t<decltype(std::declval<T>().*member.pointer)>;
                properties[member.name] = Codec<Member>::schema(schemas);
                if constexpr (!IsOptional<Member>::value) {
                    required.push_back(boost::json::string(member.name));
                }
            });
            boost::json::object schema{
                {"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
            if (!required.empty()) {
                schema["required"] = required;
            }
            schemas.named[name] = schema;
        }
        return {{"$ref", "#/components/schemas/" + name}};
    }

 private:
    static void complain_of_unknown(const boost::json::object& fields, Reader& reader) {
        for (const auto& field : fields) {
            const std::string_view key(field.key().data(), field.key().size());
            bool known = false;
            boost::mp11::mp_for_each<Members<T>>(
                [&](auto member) { known = known || key == member.name; });
            if (!known) {
                reader.push(key.substr(0, 64));
                reader.complain("field.unknown");
                reader.pop();
            }
        }
    }
};

}  // namespace json
}  // namespace hangu

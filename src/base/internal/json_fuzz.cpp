// Reading arbitrary bytes never crashes. What was read is written in a form that reads the same,
// and a document that reads as a described type is accepted again after it was written.
#include "base/json.hpp"

#include <algorithm>
#include <cstdlib>

namespace fuzz {

using namespace hangu;

enum class Mode { dine_in, pick_up };
HANGU_ENUM(Mode, dine_in, pick_up)

struct Line {
    TenantId product_id;
    Number<1, 99> quantity;
};
HANGU_STRUCT(Line, product_id, quantity)

struct Draft {
    Text<1, 40> name;
    Mode mode = Mode::dine_in;
    List<Line, 0, 3> lines;
    std::optional<Money> price;
    std::optional<Time> at;
    std::optional<Day> day;
    std::optional<bool> flag;
};
HANGU_STRUCT(Draft, name, mode, lines, price, at, day, flag)

struct Login {
    Phone phone;
    Secret password;
};
HANGU_STRUCT(Login, phone, password)

}  // namespace fuzz

namespace {

void require(bool fact) {
    if (!fact) {
        std::abort();
    }
}

// No type of ours reads a decimal number, and reading one may be off in its last digit.
bool has_decimals(const boost::json::value& value) {
    if (const boost::json::array* array = value.if_array()) {
        return std::any_of(array->begin(), array->end(), has_decimals);
    }
    if (const boost::json::object* object = value.if_object()) {
        return std::any_of(object->begin(), object->end(),
                           [](const auto& member) { return has_decimals(member.value()); });
    }
    return value.is_double();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace hangu;
    const std::string_view text(reinterpret_cast<const char*>(data), size);

    if (const Result<boost::json::value> document = json::parse(text);
        document.ok() && !has_decimals(*document)) {
        const std::string again = boost::json::serialize(*document);
        const Result<boost::json::value> second = json::parse(again);
        require(second.ok() && boost::json::serialize(*second) == again);
    }
    if (const Result<fuzz::Draft> draft = json::from_text<fuzz::Draft>(text); draft.ok()) {
        const std::string written = json::to_text(*draft);
        const Result<fuzz::Draft> second = json::from_text<fuzz::Draft>(written);
        require(second.ok() && json::to_text(*second) == written);
    }
    static_cast<void>(json::from_text<fuzz::Login>(text));

    std::string quoted;
    json::write_text(quoted, text);
    const Result<boost::json::value> back = json::parse(quoted);
    require(back.ok() == is_utf8(text));
    if (back.ok()) {
        const boost::json::string& found = back->as_string();
        require(std::string_view(found.data(), found.size()) == text);
    }
    return 0;
}

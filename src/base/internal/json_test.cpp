#include "base/json.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace hangu::json_test {

enum class Mode { dine_in, pick_up };
HANGU_ENUM(Mode, dine_in, pick_up)

struct Line {
    TenantId product_id;
    Number<1, 99> quantity;
};
HANGU_STRUCT(Line, product_id, quantity)

struct Draft {
    Text<1, 5> name;
    Mode mode = Mode::dine_in;
    List<Line, 1, 3> lines;
    std::optional<Text<0, 10>> note;
};
HANGU_STRUCT(Draft, name, mode, lines, note)

struct Everything {
    bool flag = false;
    std::int32_t small = 0;
    Number<-5, 5> bounded;
    Text<0, 3> text;
    TenantId id;
    Money price;
    Time at;
    Day day;
    Mode mode = Mode::dine_in;
    std::optional<std::int64_t> maybe;
    List<Number<0, 9>, 0, 2> list;
};
HANGU_STRUCT(Everything, flag, small, bounded, text, id, price, at, day, mode, maybe, list)

struct Answer {
    std::string text;
    double rate = 0;
    std::vector<std::string> names;
    Masked<Phone> phone;
    Revealed<PersonName> name;
    std::optional<Mode> mode;
};
HANGU_STRUCT(Answer, text, rate, names, phone, name, mode)

struct Login {
    Phone phone;
    Secret password;
};
HANGU_STRUCT(Login, phone, password)

struct Tree {
    std::string name;
    std::vector<Tree> children;
};
HANGU_STRUCT(Tree, name, children)

namespace {

template <class T>
concept Writable = requires(std::string& out, const T& value) {
    json::Codec<T>::write(out, value);
};
static_assert(!Writable<Secret> && !Writable<Phone>);

std::string code_of(std::string_view text) {
    const Result<boost::json::value> result = json::parse(text);
    return result.ok() ? "" : result.problem().code;
}

// "field code" of each problem, in order.
template <class T>
std::vector<std::string> faults(std::string_view text) {
    const Result<T> result = json::from_text<T>(text);
    std::vector<std::string> out;
    if (!result.ok()) {
        out.push_back(result.problem().code);
        for (const FieldProblem& field : result.problem().fields) {
            out.push_back(field.field + " " + field.code);
        }
    }
    return out;
}
using Faults = std::vector<std::string>;

std::string repeated(std::string_view text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

TEST(JsonParse, TakesWellFormedDocuments) {
    for (const std::string_view text :
         {"{}", "[]", "null", "1", "\"x\"", " {\"a\" : [1, 2.5, -3e2, true, null]} \n",
          "\"\\u51fd\\ud83d\\ude00\"", "\"\\u0000\""}) {
        EXPECT_EQ(code_of(text), "") << text;
    }
}

TEST(JsonParse, RefusesMalformedDocuments) {
    for (const std::string_view text : {"",
                                        " ",
                                        "{",
                                        "}",
                                        "[1,]",
                                        "{\"a\":1,}",
                                        "{a:1}",
                                        "{'a':1}",
                                        "01",
                                        "+1",
                                        ".5",
                                        "1.",
                                        "NaN",
                                        "Infinity",
                                        "tru",
                                        "{} {}",
                                        "{}x",
                                        "[1] // x",
                                        "/* x */ 1",
                                        "\"a",
                                        "\"\\x\"",
                                        "\"\t\"",
                                        "\"\\ud83d\"",
                                        "\"\xFF\"",
                                        "\"\xC3(\"",
                                        "\"\xED\xA0\x80\"",
                                        "{\"a\"}",
                                        "{\"a\":}",
                                        "[1 2]"}) {
        EXPECT_EQ(code_of(text), "json.malformed") << text;
    }
    EXPECT_EQ(code_of(std::string_view("1\0", 2)), "json.malformed");
}

TEST(JsonParse, LimitsDepth) {
    EXPECT_EQ(code_of(repeated("[", 16) + repeated("]", 16)), "");
    EXPECT_EQ(code_of(repeated("[", 17) + repeated("]", 17)), "json.too_deep");
    EXPECT_EQ(code_of(repeated("{\"a\":", 17) + "1" + repeated("}", 17)), "json.too_deep");
    EXPECT_EQ(code_of(repeated("[", 1'000'000)), "json.too_deep");
}

TEST(JsonParse, LimitsTheNumberOfValues) {
    EXPECT_EQ(code_of("[" + repeated("1,", 19'998) + "1]"), "");
    EXPECT_EQ(code_of("[" + repeated("1,", 19'999) + "1]"), "json.too_large");
    EXPECT_EQ(code_of("[" + repeated("[1,1],", 9'999) + "1]"), "json.too_large");
}

TEST(JsonParse, LimitsKeys) {
    EXPECT_EQ(code_of("{\"" + std::string(128, 'k') + "\":1}"), "");
    EXPECT_NE(code_of("{\"" + std::string(129, 'k') + "\":1}"), "");
}

TEST(JsonParse, RefusesDuplicateKeysOfOneObject) {
    EXPECT_EQ(code_of("{\"a\":1,\"a\":2}"), "json.duplicate_key");
    EXPECT_EQ(code_of("{\"a\":1,\"\\u0061\":2}"), "json.duplicate_key");
    EXPECT_EQ(code_of("{\"x\":{\"a\":1,\"b\":2,\"a\":3}}"), "json.duplicate_key");
    EXPECT_EQ(code_of("{\"\":1,\"\":2}"), "json.duplicate_key");
    EXPECT_EQ(code_of("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":1}]}"), "");
}

TEST(JsonText, IsEscaped) {
    using std::string_literals::operator""s;
    const std::string text = "a\"\\/\b\f\n\r\t\x01\x1F\0é函😀"s;
    std::string out;
    json::write_text(out, text);
    EXPECT_EQ(out, "\"a\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u0001\\u001f\\u0000é函😀\"");
    const Result<boost::json::value> back = json::parse(out);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(std::string_view(back->as_string()), text);
}

TEST(JsonRead, TakesAWholeDocument) {
    const Result<Draft> draft = json::from_text<Draft>(
        "{\"lines\":[{\"quantity\":2,\"product_id\":\"0000000000011\"}],\"mode\":\"pick_up\","
        "\"name\":\"  函谷关 \"}");
    ASSERT_TRUE(draft.ok());
    EXPECT_EQ(draft->name.str(), "函谷关");
    EXPECT_EQ(draft->mode, Mode::pick_up);
    ASSERT_EQ(draft->lines.size(), 1U);
    EXPECT_EQ(draft->lines[0].product_id, TenantId(33));
    EXPECT_EQ(draft->lines[0].quantity, 2);
    EXPECT_FALSE(draft->note);
}

TEST(JsonRead, ReportsEveryBadFieldAtOnce) {
    EXPECT_EQ(
        faults<Draft>("{\"name\":\"abcdef\",\"mode\":\"fly\",\"lines\":[{\"product_id\":\"x\","
                      "\"quantity\":100},{\"quantity\":\"1\",\"extra\":1}],\"nmae\":1}"),
        (Faults{"input.invalid", "name field.too_long", "mode field.not_a_choice",
                "lines[0].product_id field.not_an_id", "lines[0].quantity field.out_of_range",
                "lines[1].product_id field.required", "lines[1].quantity field.wrong_type",
                "lines[1].extra field.unknown", "nmae field.unknown"}));
}

TEST(JsonRead, ReportsMissingAndUnknownFields) {
    EXPECT_EQ(faults<Draft>("{}"), (Faults{"input.invalid", "name field.required",
                                           "mode field.required", "lines field.required"}));
    EXPECT_EQ(faults<Line>("{\"product_id\":\"0000000000011\",\"quantity\":1,\"Quantity\":1}"),
              (Faults{"input.invalid", "Quantity field.unknown"}));
    EXPECT_EQ(faults<Draft>("[]"), (Faults{"input.invalid", " field.wrong_type"}));
    EXPECT_EQ(faults<Draft>("{"), (Faults{"json.malformed"}));
}

TEST(JsonRead, ReportsAtMostFiftyProblems) {
    std::string text = "{";
    for (int i = 0; i < 100; ++i) {
        text += fmt::format("\"k{}\":1,", i);
    }
    EXPECT_EQ(faults<Line>(text + "\"z\":1}").size(), 51U);
}

// Puts `value` in the place of one member of a good document.
std::string everything_with(std::string_view name, std::string_view value) {
    boost::json::object good{{"flag", true},
                             {"small", -7},
                             {"bounded", 5},
                             {"text", "abc"},
                             {"id", "0000000000011"},
                             {"price", 1230},
                             {"at", "2025-11-22T10:00:00.000Z"},
                             {"day", "2025-11-22"},
                             {"mode", "pick_up"},
                             {"maybe", nullptr},
                             {"list", boost::json::array{1}}};
    std::string out = "{";
    for (const auto& [key, old] : good) {
        out += out.size() > 1 ? "," : "";
        out += "\"" + std::string(key) + "\":";
        out += key == name ? std::string(value) : boost::json::serialize(old);
    }
    return out + "}";
}

TEST(JsonCodecs, ComeBackThroughText) {
    const Result<Everything> read = json::from_text<Everything>(everything_with("maybe", "9"));
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(json::to_text(*read),
              "{\"flag\":true,\"small\":-7,\"bounded\":5,\"text\":\"abc\",\"id\":\"0000000000011\","
              "\"price\":1230,\"at\":\"2025-11-22T10:00:00.000Z\",\"day\":\"2025-11-22\","
              "\"mode\":\"pick_up\",\"maybe\":9,\"list\":[1]}");
    EXPECT_EQ(read->price, Money(1230));
    EXPECT_EQ(read->maybe, 9);
}

TEST(JsonCodecs, RefuseWhatIsOutsideTheirType) {
    const std::vector<std::array<std::string, 3>> table{
        {"flag", "1", "field.wrong_type"},
        {"flag", "\"true\"", "field.wrong_type"},
        {"small", "2147483648", "field.out_of_range"},
        {"small", "1.0", "field.wrong_type"},
        {"small", "18446744073709551615", "field.out_of_range"},
        {"small", "null", "field.wrong_type"},
        {"bounded", "6", "field.out_of_range"},
        {"bounded", "-6", "field.out_of_range"},
        {"text", "\"abcd\"", "field.too_long"},
        {"text", "\"a\\u0007\"", "field.control_characters"},
        {"text", "5", "field.wrong_type"},
        {"id", "33", "field.not_an_id"},
        {"id", "\"0000000000000\"", "field.not_an_id"},
        {"price", "-1", "field.out_of_range"},
        {"price", "10000000001", "field.out_of_range"},
        {"price", "12.3", "field.wrong_type"},
        {"price", "\"12\"", "field.wrong_type"},
        {"at", "\"yesterday\"", "field.not_a_time"},
        {"at", "1763805600000", "field.not_a_time"},
        {"day", "\"2025-02-29\"", "field.not_a_day"},
        {"mode", "\"\"", "field.not_a_choice"},
        {"mode", "0", "field.not_a_choice"},
        {"maybe", "\"9\"", "field.wrong_type"},
        {"list", "[1,2,3]", "field.wrong_length"},
        {"list", "1", "field.wrong_type"}};
    for (const auto& [name, value, code] : table) {
        EXPECT_EQ(faults<Everything>(everything_with(name, value)),
                  (Faults{"input.invalid", name + " " + code}))
            << value;
    }
    EXPECT_EQ(faults<Everything>(everything_with("list", "[1,true]")),
              (Faults{"input.invalid", "list[1] field.wrong_type"}));
}

TEST(JsonCodecs, TakeTheEdgesOfTheirBounds) {
    for (const auto& [name, value] :
         std::vector<std::pair<std::string, std::string>>{{"small", "2147483647"},
                                                          {"small", "-2147483648"},
                                                          {"bounded", "-5"},
                                                          {"text", "\"\""},
                                                          {"text", "\" 函谷关 \""},
                                                          {"price", "0"},
                                                          {"price", "10000000000"},
                                                          {"id", "\"7zzzzzzzzzzzz\""},
                                                          {"maybe", "null"},
                                                          {"maybe", "-9223372036854775808"},
                                                          {"list", "[]"},
                                                          {"list", "[0,9]"}}) {
        EXPECT_EQ(faults<Everything>(everything_with(name, value)), Faults{}) << value;
    }
}

TEST(JsonCodecs, TellWhyATextIsTooShort) {
    EXPECT_EQ(faults<Draft>("{\"name\":\" \",\"mode\":\"dine_in\",\"lines\":[]}"),
              (Faults{"input.invalid", "name field.required", "lines field.wrong_length"}));
}

TEST(JsonCodecs, ReadPhonesAndPasswords) {
    const Result<Login> login =
        json::from_text<Login>("{\"phone\":\"138 1234 5678\",\"password\":\" p\\u0000w \"}");
    ASSERT_TRUE(login.ok());
    EXPECT_EQ(login->phone.plain(), "+8613812345678");
    EXPECT_EQ(login->password.expose(), std::string_view(" p\0w ", 5));  // exactly as typed
    EXPECT_EQ(faults<Login>("{\"phone\":\"123\",\"password\":\"\"}"),
              (Faults{"input.invalid", "phone field.not_a_phone", "password field.wrong_length"}));
    EXPECT_EQ(faults<Login>("{\"phone\":1,\"password\":\"" + std::string(257, 'x') + "\"}"),
              (Faults{"input.invalid", "phone field.not_a_phone", "password field.wrong_length"}));
}

TEST(JsonCodecs, WriteAnswers) {
    Answer answer{"a\"b",
                  0.25,
                  {"x", "y"},
                  Sealed<Phone>(*Phone::parse("13812345678")).masked(),
                  Sealed<PersonName>(PersonName("王")).shown(),
                  std::nullopt};
    EXPECT_EQ(json::to_text(answer),
              "{\"text\":\"a\\\"b\",\"rate\":0.25,\"names\":[\"x\",\"y\"],"
              "\"phone\":\"138****5678\",\"name\":\"王\",\"mode\":null}");
    answer.rate = std::numeric_limits<double>::quiet_NaN();
    EXPECT_THROW(json::to_text(answer), Bug);
    EXPECT_EQ(json::to_text(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
    EXPECT_EQ(json::to_text(std::vector<Money>{}), "[]");
}

TEST(JsonSchema, DescribesTheTypes) {
    json::Schemas schemas;
    EXPECT_EQ(boost::json::serialize(json::schema<Draft>(schemas)),
              "{\"$ref\":\"#/components/schemas/Draft\"}");
    EXPECT_EQ(boost::json::serialize(schemas.named.at("Line")),
              "{\"type\":\"object\",\"properties\":{\"product_id\":{\"type\":\"string\","
              "\"pattern\":\"^[0-9a-hjkmnp-tv-z]{13}$\"},\"quantity\":{\"type\":\"integer\","
              "\"minimum\":1,\"maximum\":99}},\"additionalProperties\":false,"
              "\"required\":[\"product_id\",\"quantity\"]}");
    EXPECT_EQ(boost::json::serialize(schemas.named.at("Draft")),
              "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"minLength\":1,"
              "\"maxLength\":5},\"mode\":{\"type\":\"string\",\"enum\":[\"dine_in\",\"pick_up\"]},"
              "\"lines\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Line\"},"
              "\"minItems\":1,\"maxItems\":3},\"note\":{\"type\":[\"string\",\"null\"],"
              "\"minLength\":0,\"maxLength\":10}},\"additionalProperties\":false,"
              "\"required\":[\"name\",\"mode\",\"lines\"]}");
}

TEST(JsonSchema, DescribesEveryBasicType) {
    json::Schemas schemas;
    const auto text = [&schemas]<class T>(std::type_identity<T>) {
        return boost::json::serialize(json::schema<T>(schemas));
    };
    EXPECT_EQ(text(std::type_identity<bool>{}), "{\"type\":\"boolean\"}");
    EXPECT_EQ(text(std::type_identity<std::int64_t>{}),
              "{\"type\":\"integer\",\"format\":\"int64\"}");
    EXPECT_EQ(text(std::type_identity<double>{}), "{\"type\":\"number\"}");
    EXPECT_EQ(text(std::type_identity<Time>{}), "{\"type\":\"string\",\"format\":\"date-time\"}");
    EXPECT_EQ(text(std::type_identity<Day>{}), "{\"type\":\"string\",\"format\":\"date\"}");
    EXPECT_EQ(text(std::type_identity<Masked<Phone>>{}), "{\"type\":\"string\"}");
    EXPECT_EQ(text(std::type_identity<std::optional<Mode>>{}),
              "{\"type\":[\"string\",\"null\"],\"enum\":[\"dine_in\",\"pick_up\",null]}");
    EXPECT_EQ(text(std::type_identity<std::optional<Line>>{}),
              "{\"anyOf\":[{\"$ref\":\"#/components/schemas/Line\"},{\"type\":\"null\"}]}");
}

TEST(JsonSchema, EndsForATypeThatHoldsItself) {
    json::Schemas schemas;
    json::schema<Tree>(schemas);
    EXPECT_EQ(boost::json::serialize(schemas.named.at("Tree").at("properties").at("children")),
              "{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/Tree\"}}");
    EXPECT_EQ(json::to_text(Tree{"a", {Tree{"b", {}}}}),
              "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]}");
}

}  // namespace
}  // namespace hangu::json_test

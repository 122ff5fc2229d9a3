#include "platform/http/route.hpp"

#include <charconv>

namespace hangu::http {

Response json_response(int status, std::string body) {
    Response response;
    response.status = status;
    response.set("content-type", "application/json");
    response.body = std::move(body);
    return response;
}

namespace detail {

namespace {

boost::json::value typed(std::string_view text, const InputField& field) {
    if (field.numeric) {
        std::int64_t number = 0;
        const auto end = text.data() + text.size();
        const auto parsed = std::from_chars(text.data(), end, number);
        if (parsed.ec == std::errc() && parsed.ptr == end && !text.empty()) {
            return number;
        }
    }
    if (field.boolean && (text == "true" || text == "false")) {
        return text == "true";
    }
    return boost::json::string(text);
}

const InputField* find_field(const std::vector<InputField>& fields, std::string_view name) {
    for (const InputField& field : fields) {
        if (field.name == name) {
            return &field;
        }
    }
    return nullptr;
}

Result<boost::json::object> body_object(const Request& request) {
    if (request.body.empty()) {
        return boost::json::object();
    }
    const std::string_view type = request.header("content-type");
    if (!type.starts_with("application/json")) {
        return Problem::invalid("body.not_json", "send Content-Type: application/json");
    }
    HANGU_TRY(boost::json::value body, json::parse(request.body));
    if (!body.is_object()) {
        return Problem::invalid("body.not_an_object");
    }
    return std::move(body.as_object());
}

}  // namespace

Result<boost::json::value> gather(const Request& request, const PathParameters& path,
                                  const std::vector<InputField>& fields) {
    HANGU_TRY(boost::json::object object, body_object(request));
    const bool from_query = request.method == "GET" || request.method == "DELETE";
    for (const auto& [name, value] : request.query) {
        if (!from_query) {
            return Problem::invalid_field("query", "field.unknown",
                                          "this route takes no query");
        }
        if (object.contains(name)) {
            return Problem::invalid_field("query", "field.repeated");
        }
        const InputField* field = find_field(fields, name);
        object[name] = field == nullptr ? boost::json::value(boost::json::string(value))
                                        : typed(value, *field);
    }
    for (const auto& [name, value] : path) {
        if (const InputField* field = find_field(fields, name)) {
            object[name] = typed(value, *field);
        }
    }
    return boost::json::value(std::move(object));
}

}  // namespace detail
}  // namespace hangu::http

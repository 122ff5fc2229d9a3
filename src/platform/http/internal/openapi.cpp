// OpenAPI 3.1 from the routes: the same descriptions that read and write the JSON.
#include "platform/http/pipeline.hpp"

#include "platform/http/internal/openapi_tags.hpp"
#include "platform/http/problem_response.hpp"

#include <fmt/format.h>

#include <set>

namespace hangu::http {

namespace {

namespace bj = boost::json;

constexpr const char* kProblemSchema = R"({
    "type": "object",
    "description": "RFC 9457 problem document; `code` never changes its meaning",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "incident": {"type": "string"},
        "fields": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"}
                }
            }
        }
    }
})";

struct TagText {
    std::string_view tag;
    std::string_view text;
};

constexpr TagText kTagTexts[] = {
    {"app keys", "Keys by which programs of the merchant call this API."},
    {"audit", "Who did what, and when: acts and visits with their leaf hashes."},
    {"events", "What happens, as it happens, as server-sent events."},
    {"members", "The merchant's customers; phones are masked."},
    {"orders", "Pricing, placing, making, cancelling and refunding."},
    {"organisation", "Headquarters, regions, stores and staff."},
    {"products", "Categories, products, specs, modifiers and what differs in a store."},
    {"reports", "Figures over orders."},
    {"roles", "Permissions, and roles as sets of them."},
    {"session", "Signing in and out."},
};

bool in_path(std::string_view path, std::string_view name) {
    return path.find(fmt::format("{{{}}}", name)) != std::string_view::npos;
}

bj::object parameter(std::string_view name, std::string_view place, const bj::value& schema,
                     bool required) {
    return {{"name", name}, {"in", place}, {"required", required}, {"schema", schema}};
}

// Splits the described input into path and query parameters and a body schema.
void add_input(const RouteEntry& entry, json::Schemas& schemas, bj::object& operation) {
    const Route& route = entry.route;
    const bj::object reference = entry.input_schema(schemas);
    const std::string pointer(reference.at("$ref").as_string().c_str());
    const std::string name = pointer.substr(pointer.rfind('/') + 1);
    const bj::object whole = schemas.named.at(name).as_object();
    std::set<std::string> required;
    if (whole.contains("required")) {
        for (const bj::value& entry_name : whole.at("required").as_array()) {
            required.emplace(entry_name.as_string().c_str());
        }
    }
    const bool from_query = route.method == "GET" || route.method == "DELETE";
    bj::array parameters;
    bj::object body_properties;
    bj::array body_required;
    for (const auto& property : whole.at("properties").as_object()) {
        const std::string key(property.key());
        if (in_path(route.path, key)) {
            parameters.push_back(parameter(key, "path", property.value(), true));
        } else if (from_query) {
            parameters.push_back(parameter(key, "query", property.value(), required.contains(key)));
        } else {
            body_properties[key] = property.value();
            if (required.contains(key)) {
                body_required.push_back(bj::string(key));
            }
        }
    }
    if (route.idempotent) {
        parameters.push_back(
            parameter("Idempotency-Key", "header",
                      bj::object{{"type", "string"}, {"minLength", 8}, {"maxLength", 64}}, true));
    }
    if (!parameters.empty()) {
        operation["parameters"] = parameters;
    }
    const bool split_up = body_properties.size() != whole.at("properties").as_object().size();
    if (!from_query && !body_properties.empty()) {
        bj::value schema = reference;
        if (split_up) {
            bj::object own{{"type", "object"},
                           {"properties", body_properties},
                           {"additionalProperties", false}};
            if (!body_required.empty()) {
                own["required"] = body_required;
            }
            schema = own;
        }
        operation["requestBody"] = bj::object{
            {"required", true},
            {"content", bj::object{{"application/json", bj::object{{"schema", schema}}}}}};
    }
    if (split_up || from_query) {
        schemas.named.erase(name);  // stands in the operation itself
    }
}

bj::object success(const RouteEntry& entry, json::Schemas& schemas) {
    bj::object answer{{"description", "Done"}};
    const bj::object schema = entry.output_schema ? entry.output_schema(schemas) : bj::object();
    if (!schema.empty()) {
        answer["content"] = bj::object{{"application/json", bj::object{{"schema", schema}}}};
    } else if (entry.success_status == 200) {
        answer["content"] = bj::object{
            {"text/event-stream", bj::object{{"schema", bj::object{{"type", "string"}}}}}};
    }
    return answer;
}

bj::array security(const Route& route) {
    bj::array options;
    if (route.guard == Guard::open) {
        return options;
    }
    if ((route.realms & static_cast<Realms>(Realm::merchant)) != 0) {
        options.push_back(bj::object{{"session", bj::array{}}});
    }
    if ((route.realms & static_cast<Realms>(Realm::application)) != 0) {
        options.push_back(bj::object{{"applicationKey", bj::array{}}});
    }
    if ((route.realms & static_cast<Realms>(Realm::platform)) != 0) {
        options.push_back(bj::object{{"operatorSession", bj::array{}}});
    }
    return options;
}

bj::object operation_of(const RouteEntry& entry, json::Schemas& schemas) {
    const Route& route = entry.route;
    bj::object operation{{"operationId", route.name},
                         {"summary", route.summary.empty() ? route.name : route.summary},
                         {"tags", bj::array{route.tag.empty() ? "other" : route.tag}},
                         {"security", security(route)}};
    if (!route.permission.code.empty()) {
        operation["description"] = fmt::format("Permission: `{}`. At most {} requests a minute.",
                                               route.permission.code, route.per_minute_max);
    }
    if (entry.input_schema) {
        add_input(entry, schemas, operation);
    }
    bj::object responses;
    responses[std::to_string(entry.success_status)] = success(entry, schemas);
    const bj::object problem{{"$ref", "#/components/responses/Problem"}};
    for (const char* status : {"401", "403", "404", "409", "422", "429", "500", "503"}) {
        responses[status] = problem;
    }
    operation["responses"] = responses;
    return operation;
}

bj::object cookie_scheme(std::string_view cookie, std::string_view description) {
    return {{"type", "apiKey"}, {"in", "cookie"}, {"name", cookie}, {"description", description}};
}

// A listener serves the merchants and their applications, or the platform's own people.
bj::object security_schemes(const std::vector<RouteEntry>& routes) {
    const bool platform = std::all_of(routes.begin(), routes.end(), [](const RouteEntry& entry) {
        return entry.route.realms == static_cast<Realms>(Realm::platform);
    });
    if (platform) {
        return {{"operatorSession",
                 cookie_scheme("__Host-hangu_platform", "Session of the platform's own people")}};
    }
    return {{"session", cookie_scheme("__Host-hangu_merchant", "Session of a merchant's staff")},
            {"applicationKey", bj::object{{"type", "http"},
                                          {"scheme", "bearer"},
                                          {"description", "Application key, hgk_…"}}}};
}

}  // namespace

std::string tag_text(std::string_view tag) {
    const auto* found = std::find_if(std::begin(kTagTexts), std::end(kTagTexts),
                                     [tag](const TagText& entry) { return entry.tag == tag; });
    return found == std::end(kTagTexts) ? fmt::format("Routes about {}.", tag)
                                        : std::string(found->text);
}

std::string openapi_document(const std::vector<RouteEntry>& routes, std::string_view version) {
    json::Schemas schemas;
    bj::object paths;
    std::set<std::string> tags;
    for (const RouteEntry& entry : routes) {
        if (entry.route.hidden) {
            continue;
        }
        const std::string path(entry.route.path);
        if (!paths.contains(path)) {
            paths[path] = bj::object();
        }
        paths[path].as_object()[lower_ascii(entry.route.method)] = operation_of(entry, schemas);
        tags.emplace(entry.route.tag.empty() ? "other" : entry.route.tag);
    }
    schemas.named["Problem"] = bj::parse(kProblemSchema);
    bj::array tag_list;
    for (const std::string& tag : tags) {
        tag_list.push_back(bj::object{{"name", tag}, {"description", tag_text(tag)}});
    }
    const bj::object problem_answer{
        {"description", "Refused; see `code`"},
        {"content",
         bj::object{
             {"application/problem+json",
              bj::object{{"schema", bj::object{{"$ref", "#/components/schemas/Problem"}}}}}}}};
    const bj::object document{
        {"openapi", "3.1.0"},
        {"info",
         bj::object{{"title", "Hangu API"},
                    {"version", version},
                    {"description",
                     "Commerce for chain merchants. Money is whole fen, ids are "
                     "opaque texts, times are RFC 3339 in UTC."},
                    {"license", bj::object{{"name", "Apache-2.0"}, {"identifier", "Apache-2.0"}}}}},
        {"servers", bj::array{bj::object{{"url", "/"}}}},
        {"tags", tag_list},
        {"paths", paths},
        {"components", bj::object{{"schemas", schemas.named},
                                  {"responses", bj::object{{"Problem", problem_answer}}},
                                  {"securitySchemes", security_schemes(routes)}}}};
    return bj::serialize(document);
}

}  // namespace hangu::http

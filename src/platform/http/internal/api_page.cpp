// A readable page of the API, made on the server: no script is needed to read it.
#include "platform/http/pipeline.hpp"

#include "platform/http/internal/openapi_tags.hpp"

#include <fmt/format.h>

#include <map>

namespace hangu::http {

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

// The type of a property in few words: "text (1–40)", "integer", "list of OrderLineView".
std::string type_words(const boost::json::value& schema) {
    const boost::json::object& object = schema.as_object();
    if (object.contains("$ref")) {
        const std::string pointer(object.at("$ref").as_string().c_str());
        return pointer.substr(pointer.rfind('/') + 1);
    }
    if (object.contains("anyOf")) {
        return type_words(object.at("anyOf").as_array().front()) + " or null";
    }
    std::string words;
    const boost::json::value& type = object.at("type");
    if (type.is_array()) {
        words = std::string(type.as_array().front().as_string().c_str()) + " or null";
    } else {
        words = type.as_string().c_str();
    }
    if (object.contains("items")) {
        words += " of " + type_words(object.at("items"));
    }
    if (object.contains("enum")) {
        words.clear();
        for (const boost::json::value& choice : object.at("enum").as_array()) {
            words += words.empty() ? "" : " | ";
            words += choice.is_null() ? "null" : choice.as_string().c_str();
        }
    }
    if (object.contains("minLength")) {
        words += fmt::format(" ({}–{} characters)", object.at("minLength").to_number<int>(),
                             object.at("maxLength").to_number<int>());
    }
    if (object.contains("minimum")) {
        words += fmt::format(" ({} to {})", object.at("minimum").to_number<std::int64_t>(),
                             object.at("maximum").to_number<std::int64_t>());
    }
    return words;
}

std::string members_table(const boost::json::object& schema) {
    std::string out = "<table><tr><th>member</th><th>type</th></tr>";
    for (const auto& property : schema.at("properties").as_object()) {
        out += fmt::format("<tr><td><code>{}</code></td><td>{}</td></tr>",
                           escaped(std::string_view(property.key().data(), property.key().size())),
                           escaped(type_words(property.value())));
    }
    return out + "</table>";
}

std::string schema_section(const std::string& title,
                           const std::function<boost::json::object(json::Schemas&)>& schema,
                           json::Schemas& schemas) {
    if (!schema) {
        return "";
    }
    const boost::json::object reference = schema(schemas);
    if (!reference.contains("$ref")) {
        return "";
    }
    const std::string pointer(reference.at("$ref").as_string().c_str());
    const std::string name = pointer.substr(pointer.rfind('/') + 1);
    return fmt::format("<p>{}: <a href=\"#{}\">{}</a></p>", title, name, name);
}

constexpr std::string_view kStyle =
    "body{font:15px/1.6 system-ui,'Noto Sans CJK SC',sans-serif;max-width:62rem;margin:2rem auto;"
    "padding:0 1rem;color:#1d2b27}h1,h2{color:#12463a}code{background:#eef3f1;padding:.1em .3em;"
    "border-radius:3px;overflow-wrap:anywhere}h2::first-letter{text-transform:uppercase}a{color:"
    "#12463a}h3,td,summary{overflow-wrap:anywhere}table{border-collapse:collapse;width:100%;margin:"
    ".5rem 0}td,th{border:1px "
    "solid #d8e2de;padding:.3rem .5rem;text-align:left;vertical-align:top}details{border:1px solid "
    "#d8e2de;border-radius:6px;margin:.4rem 0;padding:.4rem .8rem}summary{cursor:pointer}"
    ".m{display:inline-block;min-width:4.2rem;font-weight:700;color:#12463a}";

}  // namespace

std::string api_page(const std::vector<RouteEntry>& routes) {
    json::Schemas schemas;
    std::map<std::string, std::string> groups;
    for (const RouteEntry& entry : routes) {
        const Route& route = entry.route;
        if (route.hidden) {
            continue;
        }
        const bool by_key = (route.realms & static_cast<Realms>(Realm::application)) != 0;
        groups[std::string(route.tag.empty() ? "other" : route.tag)] += fmt::format(
            "<details><summary><span class=\"m\">{}</span><code>{}</code> {}</summary>"
            "<p>{}{}{}</p>{}{}</details>",
            escaped(route.method), escaped(route.path), escaped(route.summary),
            route.permission.code.empty()
                ? "No permission of its own."
                : fmt::format("Permission <code>{}</code>.", escaped(route.permission.code)),
            by_key ? " Takes an application key." : "",
            route.idempotent ? " Needs an <code>Idempotency-Key</code>." : "",
            schema_section("Input", entry.input_schema, schemas),
            schema_section("Answer", entry.output_schema, schemas));
    }
    std::string out = fmt::format(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width,initial-scale=1\"><title>Hangu API</title><style>{}</style>"
        "</head><body><h1>Hangu API</h1><p>The machine-readable form is <a "
        "href=\"/openapi.json\">/openapi.json</a> (OpenAPI 3.1). Money is whole fen, ids are "
        "opaque "
        "texts, times are RFC 3339 in UTC. Refusals are RFC 9457 problem documents with a stable "
        "<code>code</code>.</p>",
        kStyle);
    for (const auto& [tag, body] : groups) {
        out += fmt::format("<h2>{}</h2><p>{}</p>{}", escaped(tag), escaped(tag_text(tag)), body);
    }
    out += "<h2>Shapes</h2>";
    const boost::json::object named = schemas.named;
    for (const auto& schema : named) {
        const std::string name(schema.key());
        out += fmt::format("<h3 id=\"{}\">{}</h3>{}", name, name,
                           members_table(schema.value().as_object()));
    }
    return out + "</body></html>";
}

}  // namespace hangu::http

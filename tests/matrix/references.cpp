#include "tests/matrix/references.hpp"

#include <algorithm>
#include <set>

namespace hangu::matrix {

namespace {

namespace bj = boost::json;

bool names_things(std::string_view field) {
    return field.ends_with("_id") || field.ends_with("_ids");
}

void collect(const bj::value& schema, const bj::object& named, std::set<std::string>& fields,
             std::set<std::string>& seen) {
    if (const bj::array* list = schema.if_array()) {
        for (const bj::value& one : *list) {
            collect(one, named, fields, seen);
        }
    }
    const bj::object* object = schema.if_object();
    if (object == nullptr) {
        return;
    }
    for (const auto& [key, value] : *object) {
        if (key == "$ref") {
            const std::string pointer = story::as_text(value);
            const std::string name = pointer.substr(pointer.rfind('/') + 1);
            if (seen.insert(name).second) {
                collect(named.at(name), named, fields, seen);
            }
        } else if (key == "properties") {
            for (const auto& [field, property] : value.as_object()) {
                if (names_things(field)) {
                    fields.emplace(field);
                }
                collect(property, named, fields, seen);
            }
        } else {
            collect(value, named, fields, seen);
        }
    }
}

bj::value as_named(const std::string& field, const std::string& foreign) {
    return field.ends_with("_ids") ? bj::value(bj::array{bj::value(foreign)}) : bj::value(foreign);
}

bool replace(bj::value& body, const std::string& field, const std::string& foreign) {
    bool replaced = false;
    if (bj::array* list = body.if_array()) {
        for (bj::value& one : *list) {
            replaced = replace(one, field, foreign) || replaced;
        }
    } else if (bj::object* object = body.if_object()) {
        for (auto& member : *object) {
            if (member.key() == field) {
                member.value() = as_named(field, foreign);
                replaced = true;
            } else {
                replaced = replace(member.value(), field, foreign) || replaced;
            }
        }
    }
    return replaced;
}

// Where a good request leaves it out: at the top, or in the objects of its lists.
void insert(bj::object& body, const std::string& field, const std::string& foreign, bool at_top) {
    if (at_top) {
        body[field] = as_named(field, foreign);
        return;
    }
    for (auto& member : body) {
        if (bj::array* list = member.value().if_array()) {
            for (bj::value& one : *list) {
                if (bj::object* object = one.if_object()) {
                    (*object)[field] = as_named(field, foreign);
                    if (field == "group_id") {
                        object->erase("node_id");  // a place or a group, one of the two
                    }
                }
            }
        }
    }
}

bj::object input_of(const http::RouteEntry& entry, json::Schemas& schemas) {
    const std::string pointer = story::as_text(entry.input_schema(schemas).at("$ref"));
    return schemas.named.at(pointer.substr(pointer.rfind('/') + 1)).as_object();
}

bool replace_in_path(std::string_view pattern, std::string& target, const std::string& field,
                     const std::string& foreign) {
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    const std::string wanted = "{" + field + "}";
    while (in_pattern < pattern.size() && at < target.size()) {
        if (pattern.substr(in_pattern).starts_with(wanted)) {
            const std::size_t end = target.find_first_of("/?", at);
            target.replace(at, (end == std::string::npos ? target.size() : end) - at, foreign);
            return true;
        }
        if (pattern[in_pattern] == '{') {
            in_pattern = pattern.find('}', in_pattern) + 1;
            at = std::min(target.find_first_of("/?", at), target.size());
        } else {
            ++in_pattern;
            ++at;
        }
    }
    return false;
}

void set_in_query(std::string& target, const std::string& field, const std::string& foreign) {
    const std::size_t query = target.find('?');
    const std::size_t found = query == std::string::npos ? query : target.find(field + "=", query);
    if (found == std::string::npos) {
        target += (query == std::string::npos ? "?" : "&") + field + "=" + foreign;
        return;
    }
    const std::size_t from = found + field.size() + 1;
    const std::size_t end = std::min(target.find('&', from), target.size());
    target.replace(from, end - from, foreign);
}

}  // namespace

std::vector<std::string> id_fields(const http::RouteEntry& entry) {
    if (!entry.input_schema) {
        return {};
    }
    json::Schemas schemas;
    const bj::value input = entry.input_schema(schemas);
    std::set<std::string> fields;
    std::set<std::string> seen;
    collect(input, schemas.named, fields, seen);
    return {fields.begin(), fields.end()};
}

Call naming(const http::RouteEntry& entry, Call good, const std::string& field,
            const std::string& foreign) {
    if (replace_in_path(entry.route.path, good.target, field, foreign)) {
        return good;
    }
    if (entry.route.method == "GET" || entry.route.method == "DELETE") {
        set_in_query(good.target, field, foreign);
        return good;
    }
    if (!replace(good.body, field, foreign)) {
        json::Schemas schemas;
        const bj::object input = input_of(entry, schemas);
        insert(good.body.as_object(), field, foreign,
               input.at("properties").as_object().contains(field));
    }
    return good;
}

}  // namespace hangu::matrix

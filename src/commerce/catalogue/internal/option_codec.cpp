// The JSON of an option, whose member "default" cannot be a member of a C++ struct.
#include "commerce/catalogue/catalogue.hpp"
#include "commerce/catalogue/internal/product_view.hpp"

namespace hangu::json {

namespace {

using catalogue::ModifierOption;
using catalogue::ModifierOptionInput;

// The same option with describable names; `default` is read apart.
struct ModifierOptionFields {
    std::optional<catalogue::OptionId> id;
    Text<1, 40> name;
    catalogue::Price price_fen;
    std::optional<bool> available;
};
HANGU_STRUCT(ModifierOptionFields, id, name, price_fen, available)

}  // namespace

void Codec<ModifierOptionInput>::read(const boost::json::value& json, ModifierOptionInput& value,
                                      Reader& reader) {
    const boost::json::object* object = json.if_object();
    if (object == nullptr) {
        reader.complain("field.wrong_type", "an object");
        return;
    }
    boost::json::object rest = *object;
    if (const boost::json::value* preselected = rest.if_contains("default")) {
        reader.push("default");
        Codec<bool>::read(*preselected, value.preselected, reader);
        reader.pop();
        rest.erase("default");
    }
    ModifierOptionFields fields;
    Codec<ModifierOptionFields>::read(rest, fields, reader);
    value.id = fields.id;
    value.name = std::move(fields.name);
    value.price_fen = fields.price_fen;
    value.available = fields.available;
}

boost::json::object Codec<ModifierOptionInput>::schema(Schemas& schemas) {
    if (!schemas.named.contains("ModifierOptionInput")) {
        schemas.named["ModifierOptionInput"] = boost::json::object{
            {"type", "object"},
            {"properties",
             boost::json::object{{"id", Codec<std::optional<catalogue::OptionId>>::schema(schemas)},
                                 {"name", Codec<Text<1, 40>>::schema(schemas)},
                                 {"price_fen", Codec<catalogue::Price>::schema(schemas)},
                                 {"default", Codec<bool>::schema(schemas)},
                                 {"available", Codec<std::optional<bool>>::schema(schemas)}}},
            {"required", boost::json::array{"name", "price_fen"}},
            {"additionalProperties", false}};
    }
    return {{"$ref", "#/components/schemas/ModifierOptionInput"}};
}

void Codec<ModifierOption>::write(std::string& out, const ModifierOption& value) {
    out += "{\"id\":";
    json::write(out, value.id);
    out += ",\"name\":";
    json::write(out, value.name);
    out += ",\"price_fen\":";
    json::write(out, value.price_fen);
    out += ",\"default\":";
    json::write(out, value.preselected);
    out += ",\"available\":";
    json::write(out, value.available);
    out += '}';
}

boost::json::object Codec<ModifierOption>::schema(Schemas& schemas) {
    if (!schemas.named.contains("ModifierOption")) {
        schemas.named["ModifierOption"] = boost::json::object{
            {"type", "object"},
            {"properties", boost::json::object{{"id", Codec<catalogue::OptionId>::schema(schemas)},
                                               {"name", Codec<std::string>::schema(schemas)},
                                               {"price_fen", Codec<Money>::schema(schemas)},
                                               {"default", Codec<bool>::schema(schemas)},
                                               {"available", Codec<bool>::schema(schemas)}}},
            {"required", boost::json::array{"id", "name", "price_fen", "default", "available"}},
            {"additionalProperties", false}};
    }
    return {{"$ref", "#/components/schemas/ModifierOption"}};
}

}  // namespace hangu::json

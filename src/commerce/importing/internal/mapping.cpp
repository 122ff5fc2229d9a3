#include "commerce/importing/internal/mapping.hpp"

#include "commerce/importing/internal/mapping_section.hpp"
#include "commerce/importing/internal/toml.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace hangu::importing {

namespace {

constexpr std::int64_t kMappingFormat = 1;
constexpr std::size_t kRolesCountMax = 50;

struct Choice {
    std::string_view word;
    int value;
};

template <class E, std::size_t N>
E choose(Section& section, std::string_view key, E fallback, const std::array<Choice, N>& choices) {
    const std::optional<std::string> word = section.text(key, false);
    if (!word) {
        return fallback;
    }
    std::string words;
    for (const Choice& choice : choices) {
        if (choice.word == *word) {
            return static_cast<E>(choice.value);
        }
        words += (words.empty() ? "" : ", ") + std::string(choice.word);
    }
    section.complain(key, "mapping.wrong_value", "one of: " + words);
    return fallback;
}

constexpr std::array<Choice, 3> kEncodings = {{{"auto", static_cast<int>(Encoding::automatic)},
                                               {"utf-8", static_cast<int>(Encoding::utf8)},
                                               {"gbk", static_cast<int>(Encoding::gbk)}}};
constexpr std::array<Choice, 2> kUnits = {
    {{"yuan", static_cast<int>(MoneyUnit::yuan)}, {"fen", static_cast<int>(MoneyUnit::fen)}}};
constexpr std::array<Choice, 2> kAbovePrices = {
    {{"refuse", static_cast<int>(AbovePrice::refuse)},
     {"raise_unit_price", static_cast<int>(AbovePrice::raise_unit_price)}}};

char character(Section& section, std::string_view key, char fallback, std::string_view allowed) {
    const std::optional<std::string> text = section.text(key, false);
    if (!text) {
        return fallback;
    }
    if (text->empty() && allowed.find('\0') != std::string_view::npos) {
        return '\0';
    }
    if (text->size() != 1 || allowed.find(text->front()) == std::string_view::npos) {
        section.complain(key, "mapping.wrong_value",
                         "one character, such as " + std::string(1, fallback));
        return fallback;
    }
    return text->front();
}

MoneyForm money_form(Section section, const MoneyForm& fallback) {
    MoneyForm form = fallback;
    form.unit = choose(section, "unit", form.unit, kUnits);
    form.decimal = character(section, "decimal", form.decimal, ".,");
    form.thousands =
        character(section, "thousands", form.thousands, std::string_view(",. '_\0", 6));
    if (form.decimal == form.thousands) {
        section.complain("thousands", "mapping.wrong_value", "not the same as decimal");
    }
    section.finish();
    return form;
}

// encoding, separator and money stand in [defaults] and in each file's section.
void file_form(Section& section, FileForm& form) {
    form.encoding = choose(section, "encoding", form.encoding, kEncodings);
    form.separator = character(section, "separator", form.separator, ",;\t|");
    if (std::optional<Section> money = section.section("money")) {
        form.money = money_form(*std::move(money), form.money);
    }
}

FileForm named_file(Section& section, const FileForm& defaults) {
    FileForm form = defaults;
    file_form(section, form);
    form.file = section.text("file", true).value_or("");
    const bool inside = !form.file.empty() && form.file.front() != '/' &&
                        form.file.find("..") == std::string::npos &&
                        !has_control_characters(form.file);
    if (!inside && !form.file.empty()) {
        section.complain("file", "mapping.wrong_value", "a file inside the imported folder");
    }
    return form;
}

StoresMapping stores_of(Section section, const FileForm& defaults) {
    StoresMapping stores;
    stores.form = named_file(section, defaults);
    stores.ref = section.field("ref");
    stores.kind = section.optional_field("kind");
    stores.code = section.optional_field("code");
    stores.name = section.field("name");
    stores.address = section.optional_field("address");
    stores.phone = section.optional_field("phone");
    section.finish();
    return stores;
}

StaffMapping staff_of(Section section, const FileForm& defaults) {
    StaffMapping staff;
    staff.form = named_file(section, defaults);
    staff.ref = section.field("ref");
    staff.name = section.field("name");
    staff.login_name = section.field("login_name");
    staff.place = section.field("place");
    staff.role = section.optional_field("role");
    staff.phone = section.optional_field("phone");
    section.finish();
    return staff;
}

ProductsMapping products_of(Section section, const FileForm& defaults) {
    ProductsMapping products;
    products.form = named_file(section, defaults);
    products.ref = section.field("ref");
    products.code = section.optional_field("code");
    products.name = section.field("name");
    products.category = section.field("category");
    products.description = section.optional_field("description");
    products.state = section.optional_field("state");
    products.spec_code = section.optional_field("spec_code");
    products.spec_name = section.optional_field("spec_name");
    products.price = section.field("price");
    section.finish();
    return products;
}

MembersMapping members_of(Section section, const FileForm& defaults) {
    MembersMapping members;
    members.form = named_file(section, defaults);
    members.ref = section.field("ref");
    members.phone = section.field("phone");
    members.name = section.optional_field("name");
    members.email = section.optional_field("email");
    members.birthday = section.optional_field("birthday", FieldKind::day);
    members.gender = section.optional_field("gender");
    members.store = section.optional_field("store");
    members.joined = section.optional_field("joined", FieldKind::day);
    members.level = section.optional_field("level");
    section.finish();
    return members;
}

LineMapping line_of(Section section) {
    LineMapping line;
    line.ref = section.optional_field("ref");
    line.product = section.field("product");
    line.quantity = section.field("quantity");
    line.unit_price = section.field("unit_price");
    line.amount = section.optional_field("amount");
    line.discount = section.optional_field("discount");
    line.above_price = choose(section, "above_price", line.above_price, kAbovePrices);
    if (!line.amount && !line.discount) {
        section.complain("amount", "mapping.missing_key", "amount, or discount, or both");
    }
    section.finish();
    return line;
}

OrdersMapping orders_of(Section section, const FileForm& defaults) {
    OrdersMapping orders;
    orders.form = named_file(section, defaults);
    orders.key = section.texts("key", 1, 10);
    orders.store = section.field("store");
    orders.day = section.field("day", FieldKind::day);
    orders.time = section.optional_field("time", FieldKind::time);
    orders.staff = section.optional_field("staff");
    orders.member = section.optional_field("member");
    orders.mode = section.optional_field("mode");
    orders.tender = section.optional_field("tender");
    orders.total = section.optional_field("total");
    orders.remark = section.optional_field("remark");
    if (std::optional<Section> line = section.section("line")) {
        orders.line = line_of(*std::move(line));
    } else {
        section.complain("line", "mapping.missing_key", "[orders.line]");
    }
    section.finish();
    return orders;
}

std::vector<RoleMapping> roles_of(Section section) {
    std::vector<RoleMapping> roles;
    for (const std::string& name : section.keys()) {
        if (roles.size() == kRolesCountMax) {
            section.complain(name, "mapping.wrong_value", "too many roles");
            break;
        }
        if (std::optional<Section> role = section.section(name)) {
            roles.push_back({name, role->texts("permissions", 0, 256)});
            role->finish();
        }
    }
    return roles;
}

// "tenant" or "+08:00".
std::optional<int> offset_of(Section& section) {
    const std::string text = section.text("utc_offset", false).value_or("tenant");
    if (text == "tenant") {
        return std::nullopt;
    }
    const bool shaped = text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':';
    const auto number = [&text](std::size_t at) {
        const Value<std::int64_t> read = read_count(text.substr(at, 2));
        const std::int64_t* value = std::get_if<std::int64_t>(&read);
        return value == nullptr ? -1 : static_cast<int>(*value);
    };
    const int hours = shaped ? number(1) : -1;
    const int minutes = shaped ? number(4) : -1;
    if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59) {
        section.complain("utc_offset", "mapping.wrong_value", "\"tenant\" or such as \"+08:00\"");
        return std::nullopt;
    }
    return (text[0] == '-' ? -1 : 1) * (hours * 60 + minutes);
}

void defaults_of(Section section, Mapping& mapping, FileForm& form) {
    file_form(section, form);
    mapping.utc_offset_minutes = offset_of(section);
    if (std::optional<TimePattern> day = section.pattern("day", FieldKind::day)) {
        mapping.day_pattern = *std::move(day);
    }
    if (std::optional<TimePattern> time = section.pattern("time", FieldKind::time)) {
        mapping.time_pattern = *std::move(time);
    }
    const std::string country = section.text("phone_country", false).value_or("86");
    const bool digits = !country.empty() && country.size() <= 3 && country[0] != '0' &&
                        country.find_first_not_of("0123456789") == std::string::npos;
    if (digits) {
        mapping.phone_country = country;
    } else {
        section.complain("phone_country", "mapping.wrong_value", "the digits of a country code");
    }
    mapping.phone_national = section.flag("phone_national").value_or(mapping.phone_national);
    section.finish();
}

void take_format(Section& root) {
    const std::optional<std::int64_t> format = root.integer("format", true);
    if (format && *format != kMappingFormat) {
        root.complain("format", "mapping.wrong_value", "this program reads format 1");
    }
}

std::string take_source(Section& root) {
    std::string source = root.text("source", true).value_or("");
    const bool sound =
        source.size() <= 32 &&
        source.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if (!sound) {
        root.complain("source", "mapping.wrong_value",
                      "1 to 32 of a-z, 0-9 and -: the name of the other system");
    }
    return source;
}

Mapping mapping_of(Section& root) {
    Mapping mapping;
    take_format(root);
    mapping.source = take_source(root);
    FileForm form;
    if (std::optional<Section> defaults = root.section("defaults")) {
        defaults_of(*std::move(defaults), mapping, form);
    }
    if (std::optional<Section> roles = root.section("roles")) {
        mapping.roles = roles_of(*std::move(roles));
    }
    if (std::optional<Section> stores = root.section("stores")) {
        mapping.stores = stores_of(*std::move(stores), form);
    }
    if (std::optional<Section> staff = root.section("staff")) {
        mapping.staff = staff_of(*std::move(staff), form);
    }
    if (std::optional<Section> products = root.section("products")) {
        mapping.products = products_of(*std::move(products), form);
    }
    if (std::optional<Section> members = root.section("members")) {
        mapping.members = members_of(*std::move(members), form);
    }
    if (std::optional<Section> orders = root.section("orders")) {
        mapping.orders = orders_of(*std::move(orders), form);
    }
    if (!mapping.stores && !mapping.staff && !mapping.products && !mapping.members &&
        !mapping.orders) {
        root.complain("stores", "mapping.missing_key",
                      "at least one of [stores], [staff], [products], [members], [orders]");
    }
    root.finish();
    return mapping;
}

Problem invalid(std::vector<FieldProblem> faults) {
    Problem problem = Problem::invalid("import.mapping_invalid");
    problem.detail = fmt::format("{} {}", faults.front().field, faults.front().detail);
    problem.fields = std::move(faults);
    return problem;
}

}  // namespace

Result<Mapping> parse_mapping(std::string_view text) {
    if (text.size() > kMappingBytesMax) {
        return invalid({{"", "mapping.syntax", "line 1: larger than 256 KiB"}});
    }
    try {
        const toml::table table = toml::parse(text);
        MappingFaults faults;
        Section root(table, "", faults);
        Mapping mapping = mapping_of(root);
        if (!faults.empty()) {
            return invalid(std::move(faults));
        }
        return mapping;
    } catch (const toml::parse_error& error) {
        return invalid(
            {{"", "mapping.syntax",
              fmt::format("line {}: {}", error.source().begin.line, error.description())}});
    }
}

}  // namespace hangu::importing

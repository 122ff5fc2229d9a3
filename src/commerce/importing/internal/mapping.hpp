// The mapping file (TOML): which file is what, which columns mean what. Strict: every unknown key,
// missing key and wrong value is told with its line, all at once. Its language is described with
// the example tests/import/coffee-chain.toml.
#pragma once

#include "commerce/importing/internal/text_decoder.hpp"
#include "commerce/importing/internal/value_rules.hpp"

#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::importing {

inline constexpr std::size_t kMappingBytesMax = std::size_t{256} << 10U;

// Where a value comes from: columns joined, or a constant; then looked up in a value map.
struct FieldSource {
    std::string key;                   // "orders.line.quantity": for messages
    std::vector<std::string> columns;  // empty: a constant
    std::string join = " ";
    std::string constant;
    std::map<std::string, std::string, std::less<>> values;
    std::optional<std::string>
        otherwise;                       // for values not in `values`; none: they stay as they are
    std::optional<TimePattern> pattern;  // of days and times; none: the default
};
using OptionalField = std::optional<FieldSource>;

// One file of the source.
struct FileForm {
    std::string file;
    Encoding encoding = Encoding::automatic;
    char separator = ',';
    MoneyForm money;
};

struct StoresMapping {
    FileForm form;
    FieldSource ref;
    OptionalField kind;  // "store", "place" (a node of the organisation that sells nothing), "skip"
    OptionalField code;  // none: the ref
    FieldSource name;
    OptionalField address;
    OptionalField phone;
};

struct StaffMapping {
    FileForm form;
    FieldSource ref;
    FieldSource name;
    FieldSource login_name;
    FieldSource place;  // ref of a store or place, or "@headquarters"
    OptionalField role;
    OptionalField phone;
};

struct ProductsMapping {
    FileForm form;
    FieldSource ref;     // what receipts call the spec
    OptionalField code;  // of the product; rows of one code are its specs. None: the ref
    FieldSource name;
    FieldSource category;
    OptionalField description;
    OptionalField state;      // "on", "off"
    OptionalField spec_code;  // none: the ref
    OptionalField spec_name;  // none: the product's name
    FieldSource price;
};

struct MembersMapping {
    FileForm form;
    FieldSource ref;
    FieldSource phone;
    OptionalField name;
    OptionalField email;
    OptionalField birthday;
    OptionalField gender;  // "female", "male", "unknown"
    OptionalField store;
    OptionalField joined;
    OptionalField level;
};

// What to do with a line whose amount is above quantity × unit price.
enum class AbovePrice { refuse, raise_unit_price };

struct LineMapping {
    OptionalField ref;  // tells lines of one receipt apart; two alike are an error
    FieldSource product;
    FieldSource quantity;
    FieldSource unit_price;
    OptionalField amount;    // what was paid for the line
    OptionalField discount;  // at least one of the two
    AbovePrice above_price = AbovePrice::refuse;
};

struct OrdersMapping {
    FileForm form;
    std::vector<std::string> key;  // columns that tell receipts apart
    FieldSource store;
    FieldSource day;  // or day and time in one
    OptionalField time;
    OptionalField staff;
    OptionalField member;  // "": nobody
    OptionalField mode;    // "dine_in", "pick_up", "retail"
    OptionalField tender;  // "cash", "external"
    OptionalField total;   // of the receipt, repeated in its lines
    OptionalField remark;
    LineMapping line;
};

struct RoleMapping {
    std::string name;
    std::vector<std::string> permissions;
};

struct Mapping {
    std::string source;  // the other system's name; part of every external reference
    std::optional<int> utc_offset_minutes;  // of its clocks; none: the tenant's
    TimePattern day_pattern = *TimePattern::parse("yyyy-MM-dd");
    TimePattern time_pattern = *TimePattern::parse("HH:mm:ss");
    std::string phone_country = "86";
    bool phone_national = true;
    std::vector<RoleMapping> roles;
    std::optional<StoresMapping> stores;
    std::optional<StaffMapping> staff;
    std::optional<ProductsMapping> products;
    std::optional<MembersMapping> members;
    std::optional<OrdersMapping> orders;
};

// "import.mapping_invalid" with fields: field = key, code = "mapping.syntax",
// "mapping.unknown_key", "mapping.missing_key", "mapping.wrong_type", "mapping.wrong_value"; the
// detail begins with "line 12".
Result<Mapping> parse_mapping(std::string_view text);

}  // namespace hangu::importing

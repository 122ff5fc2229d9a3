// Codes, groups and their bounds.
#include "commerce/catalogue/internal/catalogue_rules.hpp"

#include <gtest/gtest.h>

namespace hangu::catalogue {
namespace {

std::string faults_of(const Result<void>& result) {
    std::string text;
    if (!result.ok()) {
        for (const FieldProblem& field : result.problem().fields) {
            text += (text.empty() ? "" : " ") + field.field + "=" + field.code;
        }
    }
    return text;
}

SpecInput spec(std::string code) {
    return {std::nullopt, Text<1, 40>(std::move(code)), Text<1, 40>("M"), 100};
}

ModifierGroupInput group(std::int64_t min, std::int64_t max, std::size_t options,
                         std::size_t preselected) {
    ModifierGroupInput made;
    made.name = Text<1, 40>("Sugar");
    made.min = min;
    made.max = max;
    for (std::size_t i = 0; i < options; ++i) {
        made.options.push_back(
            {std::nullopt, Text<1, 40>("Half"), 50, i < preselected, std::nullopt});
    }
    return made;
}

TEST(CatalogueRules, codes_stand_once) {
    EXPECT_EQ(faults_of(check_specs({spec("A"), spec("B")})), "");
    EXPECT_EQ(faults_of(check_specs({spec("A"), spec("B"), spec("A")})),
              "specs[2].code=field.twice");
}

TEST(CatalogueRules, groups_can_be_satisfied) {
    EXPECT_EQ(faults_of(check_groups({group(0, 2, 2, 2), group(1, 1, 1, 0)})), "");
    EXPECT_EQ(faults_of(check_groups({group(2, 1, 2, 0)})),
              "modifier_groups[0].min=product.group_min_above_max");
    EXPECT_EQ(faults_of(check_groups({group(0, 3, 2, 0)})), "");
    EXPECT_EQ(faults_of(check_groups({group(3, 3, 2, 0)})),
              "modifier_groups[0].min=product.group_min_above_options");
    EXPECT_EQ(faults_of(check_groups({group(0, 1, 2, 2)})),
              "modifier_groups[0].options=product.too_many_defaults");
    EXPECT_EQ(required_groups_of({group(0, 2, 2, 0), group(1, 1, 1, 0), group(2, 2, 2, 0)}), 2);
}

TEST(CatalogueRules, a_default_is_called_default) {
    const auto document = json::parse(R"({"name":"Half","price_fen":50,"default":true})");
    ModifierOptionInput option;
    json::Reader reader;
    json::Codec<ModifierOptionInput>::read(*document, option, reader);
    EXPECT_TRUE(reader.ok());
    EXPECT_TRUE(option.preselected);
    json::Reader second;
    json::Codec<ModifierOptionInput>::read(*json::parse(R"({"name":"x","defaut":1})"), option,
                                           second);
    EXPECT_EQ(second.take().size(), 2u);  // price_fen is missing, defaut is unknown
}

}  // namespace
}  // namespace hangu::catalogue

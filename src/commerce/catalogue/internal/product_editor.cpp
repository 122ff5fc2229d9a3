// Making and changing products: specs and groups are given as a whole and matched to what is there.
#include "commerce/catalogue/internal/catalogue_rules.hpp"
#include "commerce/catalogue/internal/catalogue_store.hpp"

#include <fmt/format.h>

namespace hangu::catalogue {

namespace {

struct Editor {
    http::Scope& scope;
    CatalogueStore& catalogue;
    ProductId product;
    std::vector<http::AuditField> fields;

    void note(std::string name, std::string before, std::string after) {
        if (before != after) {
            fields.push_back({std::move(name), std::move(before), std::move(after)});
        }
    }
};

// The spec that an entry means: by its id, else by its code among the product's own.
const SpecRow* match(const std::vector<SpecRow>& specs, const SpecInput& input) {
    for (const SpecRow& row : specs) {
        if (input.id ? row.id == *input.id : row.code == input.code.str()) {
            return &row;
        }
    }
    return nullptr;
}

Result<SpecRow> put_spec(Editor& editor, const std::vector<SpecRow>& before, const SpecInput& input,
                         std::size_t at) {
    const SpecRow* old = match(before, input);
    if (input.id && old == nullptr) {
        return Problem::invalid_field(fmt::format("specs[{}].id", at), "product.spec_not_found");
    }
    SpecRow row;
    row.id = old != nullptr ? old->id : editor.scope.new_id<SpecId>();
    row.product_id = editor.product;
    row.code = input.code.str();
    row.name = input.name.str();
    row.price_fen = Money(input.price_fen);
    row.sort = static_cast<std::int64_t>(at) + 1;
    const std::optional<KnownSpec> holder = editor.catalogue.find_spec_by_code(row.code);
    if (holder && holder->id != row.id) {
        return Problem::conflict("product.spec_code_taken", row.code);
    }
    if (old != nullptr) {
        editor.catalogue.save(row);
    } else {
        editor.catalogue.insert(row);
    }
    const bool was_on = old != nullptr && old->state == ProductState::on;
    editor.note(fmt::format("spec {}", row.code),
                was_on ? fmt::format("{} {}", old->name, yuan_text(old->price_fen)) : "",
                fmt::format("{} {}", row.name, yuan_text(row.price_fen)));
    return row;
}

// Specs that are no longer given are switched off, never deleted: orders and stores refer to them.
Result<void> replace_specs(Editor& editor, const SpecInputs& specs) {
    HANGU_CHECK(check_specs(specs));
    const std::vector<SpecRow> before = editor.catalogue.specs_of(editor.product);
    std::vector<SpecId> kept;
    for (std::size_t i = 0; i < specs.size(); ++i) {
        HANGU_TRY(const SpecRow row, put_spec(editor, before, specs[i], i));
        kept.push_back(row.id);
    }
    for (SpecRow row : before) {
        const bool stays = std::find(kept.begin(), kept.end(), row.id) != kept.end();
        if (!stays && row.state == ProductState::on) {
            row.state = ProductState::off;
            editor.catalogue.save(row);
            editor.note(fmt::format("spec {}", row.code),
                        fmt::format("{} {}", row.name, yuan_text(row.price_fen)), "");
        }
    }
    return {};
}

template <class Row, class TypedId>
Result<TypedId> id_for(Editor& editor, const std::vector<Row>& before,
                       const std::optional<TypedId>& given, const std::string& field) {
    if (!given) {
        return editor.scope.new_id<TypedId>();
    }
    for (const Row& row : before) {
        if (row.id == *given) {
            return *given;
        }
    }
    return Problem::invalid_field(field, "product.modifier_not_found");
}

// Groups and options are written anew under the ids they had; order lines keep copies of their
// names.
Result<void> replace_groups(Editor& editor, const GroupInputs& groups) {
    HANGU_CHECK(check_groups(groups));
    const std::vector<GroupRow> groups_before = editor.catalogue.groups_of(editor.product);
    const std::vector<OptionRow> options_before = editor.catalogue.options_of(editor.product);
    editor.catalogue.delete_groups(editor.product);
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const ModifierGroupInput& group = groups[i];
        const std::string where = fmt::format("modifier_groups[{}]", i);
        HANGU_TRY(const GroupId group_id, id_for(editor, groups_before, group.id, where + ".id"));
        editor.catalogue.insert(GroupRow{group_id, editor.product, group.name.str(), group.kind,
                                         group.min, group.max, static_cast<std::int64_t>(i) + 1});
        for (std::size_t j = 0; j < group.options.size(); ++j) {
            const ModifierOptionInput& option = group.options[j];
            HANGU_TRY(const OptionId option_id, id_for(editor, options_before, option.id,
                                                       fmt::format("{}.options[{}].id", where, j)));
            const OptionRow row{option_id,
                                group_id,
                                editor.product,
                                option.name.str(),
                                Money(option.price_fen),
                                option.preselected,
                                option.available.value_or(true),
                                static_cast<std::int64_t>(j) + 1};
            if (!editor.catalogue.try_insert(row)) {
                return Problem::invalid_field(fmt::format("{}.options[{}].id", where, j),
                                              "field.twice");
            }
        }
    }
    editor.note("modifier_groups", fmt::format("{} groups", groups_before.size()),
                groups_text(groups));
    return {};
}

void apply(ProductRow& row, const ProductChange& change, Editor& editor) {
    if (change.code) {
        editor.note("code", row.code, change.code->str());
        row.code = change.code->str();
    }
    if (change.name) {
        editor.note("name", row.name, change.name->str());
        row.name = change.name->str();
    }
    if (change.category_id) {
        editor.note("category_id", row.category_id.text(), change.category_id->text());
        row.category_id = *change.category_id;
    }
    if (change.description) {
        editor.note("description", row.description, change.description->str());
        row.description = change.description->str();
    }
    if (change.state) {
        editor.note("state", std::string(enum_text(row.state)),
                    std::string(enum_text(*change.state)));
        row.state = *change.state;
    }
    if (change.modifier_groups) {
        row.required_groups = required_groups_of(*change.modifier_groups);
    }
}

Result<void> check_category(CatalogueStore& catalogue, CategoryId id) {
    if (!catalogue.find_category(id)) {
        return Problem::invalid_field("category_id", "category.not_found");
    }
    return {};
}

}  // namespace

Result<ProductId> Catalogue::create_product(http::Scope& scope, const ProductDraft& draft) const {
    CatalogueStore catalogue(scope.tx());
    HANGU_CHECK(check_category(catalogue, draft.category_id));
    HANGU_CHECK(check_groups(draft.modifier_groups));
    ProductRow row;
    row.id = scope.new_id<ProductId>();
    row.code = draft.code.str();
    row.name = draft.name.str();
    row.category_id = draft.category_id;
    row.description = draft.description.str();
    row.state = draft.state;
    row.required_groups = required_groups_of(draft.modifier_groups);
    if (!catalogue.try_insert(row)) {
        return Problem::conflict("product.code_taken");
    }
    Editor editor{scope, catalogue, row.id, {}};
    editor.note("code", "", row.code);
    editor.note("name", "", row.name);
    HANGU_CHECK(replace_specs(editor, draft.specs));
    if (!draft.modifier_groups.empty()) {
        HANGU_CHECK(replace_groups(editor, draft.modifier_groups));
    }
    scope.audit(
        {"product.created", "product", row.id.text(), row.code, std::move(editor.fields), ""});
    return row.id;
}

Result<void> Catalogue::change_product(http::Scope& scope, ProductId id, std::int64_t version,
                                       const ProductChange& change) const {
    CatalogueStore catalogue(scope.tx());
    std::optional<ProductRow> row = catalogue.find_product(id);
    if (!row) {
        return Problem::not_found("product.not_found");
    }
    if (change.category_id) {
        HANGU_CHECK(check_category(catalogue, *change.category_id));
    }
    if (change.code) {
        const std::optional<KnownProduct> holder = catalogue.find_product_by_code(*change.code);
        if (holder && holder->id != id) {
            return Problem::conflict("product.code_taken");
        }
    }
    Editor editor{scope, catalogue, id, {}};
    apply(*row, change, editor);
    row->version = version + 1;
    if (!catalogue.save(*row, version)) {
        return Problem::conflict("product.stale");
    }
    if (change.specs) {
        HANGU_CHECK(replace_specs(editor, *change.specs));
    }
    if (change.modifier_groups) {
        HANGU_CHECK(replace_groups(editor, *change.modifier_groups));
    }
    scope.audit({"product.edited", "product", id.text(), row->code, std::move(editor.fields), ""});
    return {};
}

}  // namespace hangu::catalogue

#include "commerce/organisation/organisation.hpp"

#include "commerce/organisation/internal/organisation_rules.hpp"
#include "commerce/organisation/internal/organisation_store.hpp"

namespace hangu::organisation {

namespace {

NodePlace place_of(const NodeRow& row) {
    return {row.id, row.kind, row.name, row.path, row.depth};
}

// Makes a child node: takes its label and writes it. The caller audits.
Result<NodeRow> make_child(http::Scope& scope, NodeId parent_id, NodeKind kind,
                           std::string_view name, std::optional<StoreId> store_id) {
    OrganisationStore store(scope.tx());
    const std::optional<NodeRow> parent = store.find_node(parent_id);
    if (!parent) {
        return Problem::not_found("org.not_found");
    }
    HANGU_CHECK(may_have_child(parent->kind, parent->depth));
    if (parent->last_child >= kChildrenCountMax) {
        return Problem::conflict("org.too_many_children");
    }
    NodeRow row;
    row.id = scope.new_id<NodeId>();
    row.parent_id = parent_id;
    row.kind = kind;
    row.name = name;
    const std::int64_t label = store.take_label(parent_id);
    row.path = child_path(parent->path, label);
    row.depth = parent->depth + 1;
    row.sort = label;
    row.store_id = store_id;
    store.insert(row);
    return row;
}

Result<void> check_store(const NewStore& store) {
    if (!is_store_code(store.code)) {
        return Problem::invalid_field("code", "store.code_malformed", "letters, digits, - and _");
    }
    if (const std::optional<std::string> wrong = wrong_time_field(store.opening_hours)) {
        return Problem::invalid_field(*wrong, "field.not_a_time_of_day", "07:00");
    }
    return {};
}

}  // namespace

NodePlace Organisation::seed(storage::Tx& tx, IdSource& ids, std::string_view name) const {
    OrganisationStore store(tx);
    if (std::optional<NodePlace> found = store.find_headquarters()) {
        return *std::move(found);
    }
    NodeRow row;
    row.id = NodeId(ids.next(tx.now().unix_ms()));
    row.kind = NodeKind::headquarters;
    row.name = name;
    row.path = "";  // what belongs to headquarters belongs to the whole tenant
    row.sort = 1;
    store.insert(row);
    return place_of(row);
}

Result<NodePlace> Organisation::headquarters(storage::Tx& tx) const {
    std::optional<NodePlace> node = OrganisationStore(tx).find_headquarters();
    if (!node) {
        return Problem::not_found("org.not_found");
    }
    return *std::move(node);
}

Result<StorePlace> Organisation::store(storage::Tx& tx, StoreId id) const {
    std::optional<StorePlace> place = OrganisationStore(tx).find_place(id);
    if (!place) {
        return Problem::not_found("store.not_found");
    }
    return *std::move(place);
}

std::optional<StorePlace> Organisation::find_store_by_code(storage::Tx& tx,
                                                           std::string_view code) const {
    return OrganisationStore(tx).find_place_by_code(code);
}

std::vector<StorePlace> Organisation::stores_within(storage::Tx& tx,
                                                    const storage::DataScope& within) const {
    return OrganisationStore(tx).places_within(within);
}

std::optional<StorePlace> Organisation::only_store_within(storage::Tx& tx,
                                                          const storage::DataScope& within) const {
    std::vector<StorePlace> places = OrganisationStore(tx).two_places_within(within);
    if (places.size() != 1) {
        return std::nullopt;
    }
    return std::move(places.front());
}

Result<NodePlace> Organisation::node(storage::Tx& tx, NodeId id) const {
    const std::optional<NodeRow> row = OrganisationStore(tx).find_node(id);
    if (!row) {
        return Problem::not_found("org.not_found");
    }
    return place_of(*row);
}

std::optional<NodePlace> Organisation::find_node_by_path(storage::Tx& tx,
                                                         std::string_view path) const {
    return OrganisationStore(tx).find_by_path(path);
}

Result<NodePlace> Organisation::create_region(http::Scope& scope, NodeId parent,
                                              const Text<1, 60>& name) const {
    HANGU_TRY(const NodeRow row,
              make_child(scope, parent, NodeKind::region, name.str(), std::nullopt));
    scope.audit(
        {"org.created", "org_node", row.id.text(), row.name, {{"name", "", row.name}}, row.path});
    return place_of(row);
}

Result<StorePlace> Organisation::create_store(http::Scope& scope, const NewStore& input) const {
    HANGU_CHECK(check_store(input));
    OrganisationStore store(scope.tx());
    if (store.find_place_by_code(input.code)) {
        return Problem::conflict("store.code_taken");
    }
    StoreRow row;
    row.id = scope.new_id<StoreId>();
    HANGU_TRY(const NodeRow node,
              make_child(scope, input.parent_id, NodeKind::store, input.name.str(), row.id));
    row.node_id = node.id;
    row.code = input.code.str();
    row.name = input.name.str();
    row.address = input.address.str();
    row.phone = input.phone.str();
    row.opening_hours = hours_text(input.opening_hours);
    row.path = node.path;
    row.created_at = scope.now();
    if (!store.insert(row)) {
        return Problem::conflict("store.code_taken");
    }
    scope.audit({"store.created",
                 "store",
                 row.id.text(),
                 row.code,
                 {{"code", "", row.code}, {"name", "", row.name}},
                 row.path});
    return StorePlace{row.id, row.node_id, row.code, row.name, row.path, row.state};
}

}  // namespace hangu::organisation

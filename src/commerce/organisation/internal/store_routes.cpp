#include "commerce/organisation/internal/organisation_rules.hpp"
#include "commerce/organisation/internal/organisation_store.hpp"
#include "commerce/organisation/internal/routes.hpp"
#include "commerce/organisation/module.hpp"
#include "commerce/organisation/paging.hpp"

namespace hangu::organisation {

struct Store {
    StoreId id;
    NodeId node_id;
    NodeId parent_id;
    std::string parent_name;
    std::string code;
    std::string name;
    std::string address;
    std::string phone;
    std::vector<OpeningHours> opening_hours;
    StoreState state = StoreState::open;
    std::int64_t version = 0;
    Time created_at;
};
HANGU_STRUCT(Store, id, node_id, parent_id, parent_name, code, name, address, phone, opening_hours,
             state, version, created_at)

struct StoreList {
    std::vector<Store> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(StoreList, items, next_cursor, total)

struct StoreListInput {
    PageQuery q;
    PageLimit limit;
    PageCursor cursor;
    std::optional<NodeId> region_id;
};
HANGU_STRUCT(StoreListInput, q, limit, cursor, region_id)

struct StoreViewInput {
    StoreId store_id;
};
HANGU_STRUCT(StoreViewInput, store_id)

struct StoreCreateInput {
    NodeId parent_id;
    Text<1, 16> code;
    Text<1, 60> name;
    std::optional<Text<0, 200>> address;
    std::optional<Text<0, 24>> phone;
    std::optional<List<OpeningHours, 0, 21>> opening_hours;
};
HANGU_STRUCT(StoreCreateInput, parent_id, code, name, address, phone, opening_hours)

struct StoreEditInput {
    StoreId store_id;
    std::optional<Text<1, 60>> name;
    std::optional<Text<0, 200>> address;
    std::optional<Text<0, 24>> phone;
    std::optional<List<OpeningHours, 0, 21>> opening_hours;
    std::optional<StoreState> state;
    Number<1, INT64_MAX> version;
};
HANGU_STRUCT(StoreEditInput, store_id, name, address, phone, opening_hours, state, version)

namespace {

Store view_of(const StoreListRow& row) {
    return {row.id,          row.node_id, row.parent_id,
            row.parent_name, row.code,    row.name,
            row.address,     row.phone,   hours_of(row.opening_hours),
            row.state,       row.version, row.created_at};
}

Result<StoreList> list_stores(const Organisation& organisation, http::Scope& scope,
                              const StoreListInput& input) {
    HANGU_TRY(const std::string after, key_of(input.cursor));
    HANGU_TRY(const storage::DataScope within, scope.within(kMayViewStore));
    StoreFilter filter{like_pattern(input.q), ""};
    if (input.region_id) {
        HANGU_TRY(const NodePlace region, organisation.node(scope.tx(), *input.region_id));
        filter.region_path = region.path;
    }
    OrganisationStore stores(scope.tx());
    const std::int64_t limit = rows_of(input.limit);
    const std::vector<StoreListRow> rows = stores.stores_within(within, filter, after, limit + 1);
    StoreList list;
    for (const StoreListRow& row : rows) {
        if (static_cast<std::int64_t>(list.items.size()) == limit) {
            list.next_cursor = cursor_of(list.items.back().code);
            break;
        }
        list.items.push_back(view_of(row));
    }
    list.total = stores.count_within(within, filter);
    return list;
}

Result<Store> view_store(const Organisation& organisation, http::Scope& scope,
                         const StoreViewInput& input) {
    HANGU_TRY(const StorePlace place, organisation.store(scope.tx(), input.store_id));
    HANGU_CHECK(scope.authorize(kMayViewStore, place.path));
    return view_of(OrganisationStore(scope.tx()).find_store(input.store_id).value());
}

Result<http::Created<Store>> create_store(const Organisation& organisation, http::Scope& scope,
                                          const StoreCreateInput& input) {
    HANGU_TRY(const NodePlace parent, organisation.node(scope.tx(), input.parent_id));
    HANGU_CHECK(scope.authorize(kMayEditStore, parent.path));
    NewStore store;
    store.parent_id = input.parent_id;
    store.code = input.code;
    store.name = input.name;
    store.address = input.address.value_or(Text<0, 200>());
    store.phone = input.phone.value_or(Text<0, 24>());
    store.opening_hours = input.opening_hours.value_or(List<OpeningHours, 0, 21>());
    HANGU_TRY(const StorePlace made, organisation.create_store(scope, store));
    return http::Created<Store>{view_of(OrganisationStore(scope.tx()).find_store(made.id).value())};
}

// The row after the change, with what changed as audit fields.
StoreListRow changed(const StoreListRow& before, const StoreEditInput& input,
                     std::vector<http::AuditField>& fields) {
    StoreListRow after = before;
    const auto put = [&fields](std::string_view name, std::string& value, std::string_view given) {
        if (value != given) {
            fields.push_back({std::string(name), value, std::string(given)});
            value = given;
        }
    };
    if (input.name) {
        put("name", after.name, *input.name);
    }
    if (input.address) {
        put("address", after.address, *input.address);
    }
    if (input.phone) {
        put("phone", after.phone, *input.phone);
    }
    if (input.opening_hours) {
        put("opening_hours", after.opening_hours, hours_text(*input.opening_hours));
    }
    if (input.state && *input.state != after.state) {
        fields.push_back(
            {"state", std::string(enum_text(after.state)), std::string(enum_text(*input.state))});
        after.state = *input.state;
    }
    return after;
}

Result<Store> edit_store(const Organisation& organisation, http::Scope& scope,
                         const StoreEditInput& input) {
    HANGU_TRY(const StorePlace place, organisation.store(scope.tx(), input.store_id));
    HANGU_CHECK(scope.authorize(kMayEditStore, place.path));
    if (input.opening_hours) {
        if (const std::optional<std::string> wrong = wrong_time_field(*input.opening_hours)) {
            return Problem::invalid_field(*wrong, "field.not_a_time_of_day", "07:00");
        }
    }
    OrganisationStore stores(scope.tx());
    const StoreListRow before = stores.find_store(input.store_id).value();
    std::vector<http::AuditField> fields;
    const StoreListRow after = changed(before, input, fields);
    if (!stores.save_store(after, input.version)) {
        return Problem::conflict("store.stale");
    }
    if (after.name != before.name) {
        stores.rename_node_of(place.node_id, after.name);
    }
    scope.audit(
        {"store.edited", "store", place.id.text(), place.code, std::move(fields), place.path});
    return view_of(stores.find_store(input.store_id).value());
}

}  // namespace

void add_store_routes(http::Routes& routes, const Organisation& organisation) {
    routes.add_with<StoreList, StoreListInput>(
        {.name = "store.list",
         .method = "GET",
         .path = "/api/v1/stores",
         .permission = kMayViewStore,
         .work = http::Work::read,
         .summary = "Stores by code; q matches code and name",
         .tag = "organisation"},
        [&organisation](http::Scope& scope, const StoreListInput& input) {
            return list_stores(organisation, scope, input);
        });
    routes.add_with<http::Created<Store>, StoreCreateInput>(
        {.name = "store.create",
         .method = "POST",
         .path = "/api/v1/stores",
         .permission = kMayEditStore,
         .summary = "Open a store under a region or headquarters",
         .tag = "organisation"},
        [&organisation](http::Scope& scope, const StoreCreateInput& input) {
            return create_store(organisation, scope, input);
        });
    routes.add_with<Store, StoreViewInput>(
        {.name = "store.view",
         .method = "GET",
         .path = "/api/v1/stores/{store_id}",
         .permission = kMayViewStore,
         .work = http::Work::read,
         .summary = "One store",
         .tag = "organisation"},
        [&organisation](http::Scope& scope, const StoreViewInput& input) {
            return view_store(organisation, scope, input);
        });
    routes.add_with<Store, StoreEditInput>(
        {.name = "store.edit",
         .method = "PATCH",
         .path = "/api/v1/stores/{store_id}",
         .permission = kMayEditStore,
         .summary = "Change a store, pause or close it",
         .tag = "organisation"},
        [&organisation](http::Scope& scope, const StoreEditInput& input) {
            return edit_store(organisation, scope, input);
        });
}

}  // namespace hangu::organisation

#include "commerce/importing/internal/known.hpp"

namespace hangu::importing {

void Known::load(storage::Tx& tx, const Mapping& mapping) {
    ImportStore refs(tx, mapping.source);
    if (const Result<organisation::NodePlace> node = services_.organisation.headquarters(tx);
        node.ok()) {
        headquarters_ = node->id;
    }
    for (const RefRow& row : refs.all(RefKind::store)) {
        const Result<organisation::StorePlace> store =
            services_.organisation.store(tx, organisation::StoreId(row.target_id));
        if (store.ok()) {
            learn(row.ref, *store);
        }
    }
    for (const RefRow& row : refs.all(RefKind::place)) {
        learn_place(row.ref, organisation::NodeId(row.target_id));
    }
    for (const RefRow& row : refs.all(RefKind::staff)) {
        learn_staff(row.ref, row.target_id);
    }
    for (const RefRow& row : refs.all(RefKind::spec)) {
        learn_spec(row.ref, catalogue::SpecId(row.target_id));
    }
    for (const authorization::Role& role : services_.staff.authorization().roles(tx)) {
        learn_role(role.name, role.id);
    }
    for (const RoleMapping& role : mapping.roles) {
        roles_.try_emplace(role.name, authorization::RoleId(0));
    }
}

void Known::plan(const SourceStore& store) {
    nodes_.try_emplace(store.ref, organisation::NodeId(0));
    if (store.kind == StoreKind::store) {
        stores_.try_emplace(store.ref, organisation::StorePlace{});
    }
}

void Known::learn(const std::string& ref, const organisation::StorePlace& store) {
    stores_[ref] = store;
    nodes_[ref] = store.node_id;
}

const organisation::StorePlace& Known::store(std::string_view ref) const {
    const auto found = stores_.find(std::string(ref));
    HANGU_ASSERT(found != stores_.end() && found->second.id.is_set());
    return found->second;
}

organisation::NodeId Known::node(std::string_view ref) const {
    if (ref == kHeadquartersWord) {
        return headquarters_;
    }
    const auto found = nodes_.find(std::string(ref));
    HANGU_ASSERT(found != nodes_.end() && found->second.is_set());
    return found->second;
}

std::optional<authorization::RoleId> Known::role(std::string_view name) const {
    const auto found = roles_.find(name);
    if (name.empty() || found == roles_.end()) {
        return std::nullopt;
    }
    return found->second;
}

std::vector<catalogue::SpecId> Known::specs() const {
    std::vector<catalogue::SpecId> ids;
    for (const auto& [ref, id] : specs_) {
        if (id != 0) {
            ids.emplace_back(id);
        }
    }
    return ids;
}

std::optional<organisation::StoreId> Known::any_store() const {
    for (const auto& [ref, store] : stores_) {
        if (store.id.is_set()) {
            return store.id;
        }
    }
    return std::nullopt;
}

}  // namespace hangu::importing

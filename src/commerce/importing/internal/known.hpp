// What the source's references stand for: loaded from what was imported before, complemented by
// what this run plans and makes. Members and receipts are too many for it; they are looked up one
// by one.
#pragma once

#include "commerce/importing/internal/import_store.hpp"
#include "commerce/importing/internal/source_records.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace hangu::importing {

class Known final : public References {
 public:
    explicit Known(const Importer::Services& services) : services_(services) {}

    void load(storage::Tx& tx, const Mapping& mapping);

    bool has_place(std::string_view ref) const override { return has(nodes_, ref); }
    bool has_store(std::string_view ref) const override { return has(stores_, ref); }
    bool has_staff(std::string_view ref) const override { return has(staff_, ref); }
    bool has_product(std::string_view ref) const override { return has(specs_, ref); }
    bool has_role(std::string_view name) const override {
        return roles_.find(name) != roles_.end();
    }

    // What a run plans is known before it has an id.
    void plan(const SourceStore& store);
    void plan_staff(const std::string& ref) { staff_.try_emplace(ref, 0); }
    void plan_spec(const std::string& ref) { specs_.try_emplace(ref, 0); }

    // What it made, or found here.
    void learn(const std::string& ref, const organisation::StorePlace& store);
    void learn_place(const std::string& ref, organisation::NodeId node) { nodes_[ref] = node; }
    void learn_staff(const std::string& ref, std::int64_t id) { staff_[ref] = id; }
    void learn_spec(const std::string& ref, catalogue::SpecId id) { specs_[ref] = id.value(); }
    void learn_role(const std::string& name, authorization::RoleId id) { roles_[name] = id; }

    const organisation::StorePlace& store(std::string_view ref) const;
    organisation::NodeId node(std::string_view ref) const;  // also "@headquarters"
    organisation::NodeId headquarters() const { return headquarters_; }
    std::optional<authorization::RoleId> role(std::string_view name) const;
    catalogue::SpecId spec(const std::string& ref) const {
        return catalogue::SpecId(specs_.at(ref));
    }
    std::vector<catalogue::SpecId> specs() const;
    std::size_t stores_count() const { return stores_.size(); }
    std::optional<organisation::StoreId> any_store() const;

 private:
    template <class Map>
    static bool has(const Map& map, std::string_view ref) {
        return map.find(std::string(ref)) != map.end();
    }

    const Importer::Services& services_;
    organisation::NodeId headquarters_;
    std::unordered_map<std::string, organisation::StorePlace> stores_;
    std::unordered_map<std::string, organisation::NodeId> nodes_;
    std::unordered_map<std::string, std::int64_t> staff_;
    std::unordered_map<std::string, std::int64_t> specs_;
    std::map<std::string, authorization::RoleId, std::less<>> roles_;  // 0: this run will make it
};

}  // namespace hangu::importing

// Makes merchants, places, people and goods for stories and for the permission matrix, always
// through the product's own commands and routes.
#pragma once

#include "tests/story/world.hpp"

#include <string>
#include <utility>
#include <vector>

namespace hangu::story {

// Sends and fails unless the answer is good.
boost::json::value must(World& world, Person& person, std::string_view method,
                        std::string_view target, const boost::json::value& body = nullptr,
                        const Extras& extras = {});

struct Topping {
    std::string name;
    std::int64_t fen = 0;
};
struct Choice {
    std::string name;
    std::vector<std::string> options;
};

// One merchant under construction. Ids are kept in values: $store.S1, $node.S1, $region.North,
// $headquarters, $category.Drinks, $product.tea, $spec.tea, $option.pearl, $role.clerk,
// $staff.wang, $link.wang, $member.zhao, $key.till.
class Merchant {
 public:
    Merchant(World& world, Values& values, std::string code, std::string owner);

    const std::string& code() const { return code_; }
    TenantId tenant_id() const;
    Person& owner() { return world_.person(owner_); }

    void region(const std::string& name);
    void store(const std::string& code, const std::string& region = "");
    void category(const std::string& name);
    void product(const std::string& code, std::int64_t fen, const std::vector<Topping>& toppings,
                 const std::vector<Choice>& choices);
    // Price and count of a product in a store; nullopt: the product's own, not counted.
    void offer(const std::string& store, const std::string& product,
               std::optional<std::int64_t> fen, bool available,
               std::optional<std::int64_t> remaining);
    void role(const std::string& name, const std::vector<std::string>& permissions);
    // `place`: a store's code, a region's name, or "headquarters". Signs her in by her link.
    void staff(const std::string& name, const std::string& place, const std::string& role);
    void member(const std::string& name, const std::string& phone);
    void application(const std::string& name, const std::vector<std::string>& permissions,
                     const std::string& place);

    std::string node_of(const std::string& place) const;

 private:
    std::string id(const std::string& kind, const std::string& name) const;

    World& world_;
    Values& values_;
    std::string code_;
    std::string owner_;
};

}  // namespace hangu::story

// The merchant's organisation: headquarters, regions, stores. Everything that happens at a place
// carries the path of its node ("0001/0003/"; headquarters' is ""), and a person may see the
// subtrees of the nodes she was granted.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/http/scope.hpp"
#include "platform/storage/data_scope.hpp"
#include "platform/storage/tx.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::organisation {

struct NodeTag;
using NodeId = Id<NodeTag>;
struct StoreTag;
using StoreId = Id<StoreTag>;

enum class NodeKind { headquarters, region, store };
HANGU_ENUM(NodeKind, headquarters, region, store)
enum class StoreState { open, paused, closed };
HANGU_ENUM(StoreState, open, paused, closed)

inline constexpr std::size_t kDepthMax = 6;             // headquarters is depth 0
inline constexpr std::size_t kStoresCountMax = 20'000;  // per tenant

// What others need of a store: who it is and where it stands in the tree.
struct StorePlace {
    StoreId id;
    NodeId node_id;
    std::string code;
    std::string name;
    std::string path;
    StoreState state = StoreState::open;
};
HANGU_STRUCT(StorePlace, id, node_id, code, name, path, state)

struct NodePlace {
    NodeId id;
    NodeKind kind = NodeKind::region;
    std::string name;
    std::string path;
    std::int64_t depth = 0;
};
HANGU_STRUCT(NodePlace, id, kind, name, path, depth)

struct OpeningHours {
    Number<1, 7> weekday;  // Monday is 1
    Text<5, 5> opens;      // "07:00"
    Text<5, 5> closes;     // "22:00"; not later than opens: it closes on the next day
};
HANGU_STRUCT(OpeningHours, weekday, opens, closes)

struct NewStore {
    NodeId parent_id;
    Text<1, 16> code;  // letters, digits, "-" and "_"; in order numbers
    Text<1, 60> name;
    Text<0, 200> address;
    Text<0, 24> phone;  // the shop's public line
    List<OpeningHours, 0, 21> opening_hours;
};

class Organisation {
 public:
    // The headquarters node of a new tenant; finds it where it is. For tenant creation; repeatable.
    NodePlace seed(storage::Tx& tx, IdSource& ids, std::string_view name) const;
    Result<NodePlace> headquarters(storage::Tx& tx) const;  // "org.not_found"

    Result<StorePlace> store(storage::Tx& tx, StoreId id) const;  // "store.not_found"
    std::optional<StorePlace> find_store_by_code(storage::Tx& tx, std::string_view code) const;
    // The stores within a scope, by code. All of them: the tenant's number of stores is bounded.
    std::vector<StorePlace> stores_within(storage::Tx& tx, const storage::DataScope& within) const;

    // The only store within a scope, as for someone who works in one; none if there are several.
    std::optional<StorePlace> only_store_within(storage::Tx& tx,
                                                const storage::DataScope& within) const;

    Result<NodePlace> node(storage::Tx& tx, NodeId id) const;  // "org.not_found"
    std::optional<NodePlace> find_node_by_path(storage::Tx& tx, std::string_view path) const;

    // For imports and the demo; the routes use them too. They audit and do not ask for permission.
    // "org.not_found", "org.too_deep", "store.code_taken", "input.invalid"
    Result<NodePlace> create_region(http::Scope& scope, NodeId parent,
                                    const Text<1, 60>& name) const;
    Result<StorePlace> create_store(http::Scope& scope, const NewStore& store) const;
};

}  // namespace hangu::organisation

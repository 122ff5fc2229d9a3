// A list query with ranges from anywhere, in place of a scope.
#include "platform/http/scope.hpp"
#include "platform/storage/tx.hpp"

namespace hangu {

constexpr storage::Statement<std::int64_t(storage::DataScope)> kList{
    "example.list", "select id from example where tenant_id = ?1 and " HANGU_WITHIN_SCOPE("path")};

Result<std::vector<std::int64_t>> list(http::Scope& scope) {
    const storage::PathRanges within{storage::subtree("")};
    return scope.tx().list(kList, within);
}

}  // namespace hangu

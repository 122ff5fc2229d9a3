// A list query with a scope of its own making.
#include "platform/http/scope.hpp"
#include "platform/storage/tx.hpp"

namespace hangu {

constexpr storage::Statement<std::int64_t(storage::DataScope)> kList{
    "example.list", "select id from example where tenant_id = ?1 and " HANGU_WITHIN_SCOPE("path")};

Result<std::vector<std::int64_t>> list(http::Scope& scope) {
    const storage::DataScope within(std::make_shared<const storage::PathRanges>());
    return scope.tx().list(kList, within);
}

}  // namespace hangu

// A list query that nobody asked about.
#include "platform/http/scope.hpp"
#include "platform/storage/tx.hpp"

namespace hangu {

constexpr storage::Statement<std::int64_t(storage::DataScope)> kList{
    "example.list", "select id from example where tenant_id = ?1 and " HANGU_WITHIN_SCOPE("path")};

Result<std::vector<std::int64_t>> list(http::Scope& scope) {
    return scope.tx().list(kList);
}

}  // namespace hangu

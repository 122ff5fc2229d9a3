// A list query with the scope that the caller was given for a permission: compiles.
#include "platform/http/scope.hpp"
#include "platform/storage/tx.hpp"

namespace hangu {

constexpr storage::Statement<std::int64_t(storage::DataScope)> kList{
    "example.list", "select id from example where tenant_id = ?1 and " HANGU_WITHIN_SCOPE("path")};

Result<std::vector<std::int64_t>> list(http::Scope& scope) {
    HANGU_TRY(const storage::DataScope within, scope.within({"example.view"}));
    return scope.tx().list(kList, within);
}

}  // namespace hangu

// What the law made go, and whether it stays gone.
#pragma once

#include "security/audit/internal/audit_store.hpp"

#include <optional>
#include <string_view>

namespace hangu::audit {

inline constexpr std::string_view kErased = "audit.erased";

// An older row or bundle that is put back fits its leaf, as the values are true; but the log still
// holds the act that erased them. The record of which an act kErased is no longer true; nullopt:
// all is gone, or there is no such record to be read, which the check of that one finds.
std::optional<StoredRecord> come_back(AuditStore& store, const Record& act);

}  // namespace hangu::audit

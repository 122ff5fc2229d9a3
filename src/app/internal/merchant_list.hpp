// The list of merchants that the platform's people look through.
#pragma once

#include "base/describe.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "platform/storage/engine.hpp"
#include "security/tenant/tenant.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hangu::app {

class House;

struct MerchantQuery {
    std::optional<Text<1, 64>> q;
    std::optional<tenant::State> state;
    std::optional<Number<1, 100>> limit;
    std::optional<Text<1, 32>> cursor;  // the last code that was shown
};
HANGU_STRUCT(MerchantQuery, q, state, limit, cursor)

struct MerchantView {
    TenantId id;
    std::string code;
    std::string name;
    tenant::State state = tenant::State::active;
    std::string state_reason;
    Time created_at;
    std::int64_t utc_offset_minutes = 0;
    std::string place;  // files, or a shard's name
};
HANGU_STRUCT(MerchantView, id, code, name, state, state_reason, created_at, utc_offset_minutes,
             place)

struct MerchantPage {
    std::vector<MerchantView> items;
    std::optional<std::string> next_cursor;
    std::int64_t total = 0;
};
HANGU_STRUCT(MerchantPage, items, next_cursor, total)

MerchantView view_of(const storage::Engine& engine, const tenant::Tenant& merchant);

// By code, in memory; the platform's own tenant is none of them.
Result<MerchantPage> list_merchants(const House& house, const MerchantQuery& query);

}  // namespace hangu::app

#include "app/internal/merchant_list.hpp"

#include "app/house.hpp"
#include "base/text.hpp"

namespace hangu::app {

namespace {

constexpr std::int64_t kLimitDefault = 20;

bool is_wanted(const tenant::Tenant& merchant, const MerchantQuery& query,
               const std::string& text) {
    return merchant.id != tenant::kPlatformTenant &&
           (!query.state || merchant.state == *query.state) &&
           (text.empty() || merchant.code.find(text) != std::string::npos ||
            lower_ascii(merchant.name).find(text) != std::string::npos);
}

}  // namespace

MerchantView view_of(const storage::Engine& engine, const tenant::Tenant& merchant) {
    return {merchant.id,
            merchant.code,
            merchant.name,
            merchant.state,
            merchant.state_reason,
            merchant.created_at,
            merchant.utc_offset_minutes,
            engine.place_of(merchant.id)};
}

Result<MerchantPage> list_merchants(const House& house, const MerchantQuery& query) {
    const std::string text = lower_ascii(query.q.value_or(Text<1, 64>()).str());
    const std::string after = query.cursor.value_or(Text<1, 32>()).str();
    const auto limit =
        static_cast<std::size_t>(query.limit ? std::int64_t{*query.limit} : kLimitDefault);
    MerchantPage page;
    for (const auto& merchant : house.tenants->list()) {
        if (!is_wanted(*merchant, query, text)) {
            continue;
        }
        ++page.total;
        if (merchant->code <= after) {
            continue;
        }
        if (page.items.size() < limit) {
            page.items.push_back(view_of(*house.engine, *merchant));
        } else {
            page.next_cursor = page.items.back().code;
        }
    }
    return page;
}

}  // namespace hangu::app

// What the files of this module share.
#pragma once

#include "platform/egress/egress.hpp"
#include "platform/http/scope.hpp"
#include "platform/runtime/runtime.hpp"
#include "security/notify/internal/channel_store.hpp"
#include "security/notify/internal/notice_rules.hpp"
#include "security/notify/internal/notify_settings.hpp"
#include "security/notify/internal/text_store.hpp"
#include "security/notify/notify.hpp"
#include "security/tenant/tenant.hpp"

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace hangu::notify {

inline constexpr std::size_t kMailAddressesMax = 10;  // of a channel

struct Notify::State {
    State(Notify& given_notify, storage::Engine& given_engine, tenant::Tenants& given_tenants,
          http::World& given_world, egress::Egress& given_egress);
    ~State();

    template <class TypedId>
    TypedId new_id(Time now) {
        return TypedId(world.ids->next(now.unix_ms()));
    }
    std::shared_ptr<const settings::Snapshot> settings() const {
        return world.settings->snapshot();
    }
    std::string tenant_name(TenantId tenant) const;

    // Runs `work` on the thread that sends; it may wait for transactions, never for the outside.
    void push(std::function<void()> work);
    // Something begun outside of that thread; ended() when its answer was dealt with.
    void begun();
    void ended();

    void wake(TenantId tenant);             // look at it now
    void due_at(TenantId tenant, Time at);  // … or then
    void look(TenantId tenant);             // on the thread that sends
    AfterCommit ring(TenantId tenant, std::vector<events::Event> events, bool send_now);

    Notify& notify;
    storage::Engine& engine;
    tenant::Tenants& tenants;
    http::World& world;
    egress::Egress& egress;
    Freshness* freshness = nullptr;

    std::mutex mutex;
    std::condition_variable settled;
    std::size_t outstanding = 0;
    std::map<TenantId, Time> due;
    bool stopping = false;
    std::unique_ptr<runtime::Lane<std::function<void()>>> lane;
};

// --- send_texts.cpp
// Takes what is due and begins to send it; true: there is more.
bool send_due_texts(Notify::State& state, TenantId tenant);

// --- send_deliveries.cpp
bool send_due_deliveries(Notify::State& state, TenantId tenant);
// Of the JSON they are stored as.
std::vector<Parameter> read_parameters(const std::string& text);
std::vector<Parameter> parameters_of(const NoticeRow& notice);

// --- platform_notices.cpp
// `rung`: whether its bell rings here, or is left to the node that works for the platform's people.
void keep_platform_notice(Notify::State& state, const Notice& notice, bool rung);
// On the bells of the platform's people.
void ring_for_merchant(Notify::State& state, const NoticeKind& kind, const std::string& merchant,
                       const std::vector<Parameter>& parameters, const std::string& key);

}  // namespace hangu::notify

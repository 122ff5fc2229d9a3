// What people are told at once: alerts of protection, changes of what they sign in with, and damage
// of the audit log. All of it becomes notices; some of it reaches whoever runs the platform, too.
#pragma once

#include "platform/http/scope.hpp"
#include "platform/observe/observe.hpp"
#include "platform/runtime/runtime.hpp"
#include "security/notify/notify.hpp"
#include "security/protection/protection.hpp"
#include "security/protection/watch_list.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::app {

// Stands between the pipeline and the audit log: an act on the list is told to its owner in the
// transaction that records it, whichever module did it.
class Telling final : public protection::Alerts, public http::AuditSink {
 public:
    struct Services {
        http::AuditSink& records;
        storage::Engine& engine;
        notify::Notify& notify;
        protection::WatchList& watch_list;
        http::World& world;
    };
    explicit Telling(const Services& services);

    void raise(http::Scope& scope, const protection::Alert& alert) override;
    void record(storage::Tx& tx, const http::RequestFacts& request,
                const std::vector<http::AuditFact>& facts) override;
    void visit(TenantId tenant, const http::RequestFacts& request, Time at, int status,
               std::string_view subject_id) override;
    // Waits until the platform was told what there was; for tests.
    void settle_and_wait();
    // The audit log of a merchant does not agree with itself or with what was served. Never waits.
    void audit_damaged(TenantId tenant, const std::string& finding);

 private:
    void tell_platform(TenantId tenant, notify::Notice notice);
    void going_on(TenantId tenant, Time at);
    void on_platform_lane(std::function<void()> work, std::string_view what);

    const Services to_;
    runtime::Lane<std::function<void()>> platform_;  // for what waits for the disk
};

}  // namespace hangu::app

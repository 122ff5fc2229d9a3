// Scope is the whole world of a request: tenant, actor, transaction, time, settings. The pipeline
// makes it, lends it to the handler and keeps what the handler said (audit facts, events). Never
// store it.
#pragma once

#include "base/id.hpp"
#include "base/json.hpp"
#include "base/randomness.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/events/events.hpp"
#include "platform/http/caller.hpp"
#include "platform/http/permission.hpp"
#include "platform/observe/observe.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/tx.hpp"

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::http {

// One changed field of an audited act. Values are texts that may be shown to an auditor: sensitive
// ones are given masked.
struct AuditField {
    std::string name;
    std::string before;
    std::string after;
};

// What happened, for the audit record: an act by the caller on a subject.
struct AuditFact {
    std::string_view action;        // "order.cancelled", stable for ever
    std::string_view subject_kind;  // "order"
    std::string subject_id;         // id text
    std::string subject_label;      // number, code or name that people know it by
    std::vector<AuditField> fields;
    std::string org_path;  // where it happened; "" : the whole tenant
};

// Where the acts of a request end up; implemented by security/audit. Runs in the same transaction:
// if it throws, the act is rolled back.
struct RequestFacts {
    const Caller* caller = nullptr;
    std::string_view route;
    std::string_view remote_address;
    std::string_view trace;
};
class AuditSink {
 public:
    virtual ~AuditSink() = default;
    virtual void record(storage::Tx& tx, const RequestFacts& request,
                        const std::vector<AuditFact>& facts) = 0;
    // A visit (a request that changed nothing, or was refused); buffered, written soon after in its
    // own transaction. From any thread.
    virtual void visit(TenantId tenant, const RequestFacts& request, Time at, int status,
                       std::string_view subject_id) = 0;
};

// Services that a scope needs and that outlive every request.
struct World {
    const Clock* clock = nullptr;
    Randomness* randomness = nullptr;
    IdSource* ids = nullptr;
    observe::Log* log = nullptr;
    const PermissionCatalogue* permissions = nullptr;
    settings::Settings* settings = nullptr;
    AuditSink* audit = nullptr;
    events::Hub* hub = nullptr;
};

class Scope {
 public:
    Scope(World& world, storage::Tx& tx, const Caller& caller,
          std::shared_ptr<const settings::Snapshot> settings, RequestFacts request);
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

    TenantId tenant() const { return tx_.tenant(); }
    storage::Tx& tx() { return tx_; }
    const Caller& caller() const { return caller_; }
    Time now() const {
        asked_for_the_moment_ = true;
        return tx_.now();
    }
    std::string_view remote_address() const { return request_.remote_address; }
    int utc_offset_minutes() const { return caller_.utc_offset_minutes; }
    Day today() const { return Day::at(now(), utc_offset_minutes()); }
    const settings::Snapshot& settings() const { return *settings_; }
    Randomness& randomness() {
        asked_for_the_moment_ = true;
        return *world_.randomness;
    }
    observe::Log& log() { return *world_.log; }

    template <class TypedId>
    TypedId new_id() {
        return TypedId(world_.ids->next(now().unix_ms()));
    }

    // May the caller do this at that node of the organisation? "permission.denied", or
    // "permission.outside_scope" when she holds it, but not there.
    Result<void> authorize(Permission permission, std::string_view org_path);
    // May the caller do this to things that belong to the whole tenant (roles, categories)? The
    // route's own permission was checked before; this marks the request as guarded.
    Result<void> authorize(Permission permission);
    // The part of the organisation in which the caller may do this: for list queries.
    Result<storage::DataScope> within(Permission permission);
    // May the caller see the clear value? Records the reveal as an audit fact.
    Result<RevealGrant> reveal(Permission permission, std::string_view org_path, AuditFact fact);
    bool knows(Permission permission) const;  // is there one of that code in this realm?
    bool holds(Permission permission) const;  // at some place
    bool holds(Permission permission, std::string_view org_path) const;
    bool was_guarded() const { return guarded_; }

    // Record and tell, in the same transaction. An event says its name, who may hear it, and by
    // subject() what it is about.
    void audit(AuditFact fact);
    template <class E>
    void publish(const E& event, std::string_view org_path) {
        publish_text(E::kName, E::kPermission, org_path, event.subject(), json::to_text(event));
    }
    // After the commit is durable, on the lane; short.
    void after_commit(std::function<void()> work) { after_commit_.push_back(std::move(work)); }

    // For the pipeline (and other runners of scopes): writes facts and events into the transaction.
    void finish();
    // Then, when the commit is durable: wakes listeners and runs after_commit work.
    void committed();
    bool wrote_facts() const { return !facts_.empty(); }
    // The answer may differ another time although nothing changed.
    bool asked_for_the_moment() const { return asked_for_the_moment_; }

 private:
    void publish_text(std::string_view name, std::string_view permission, std::string_view org_path,
                      std::string subject, std::string payload);

    World& world_;
    storage::Tx& tx_;
    const Caller& caller_;
    std::shared_ptr<const settings::Snapshot> settings_;
    RequestFacts request_;
    std::vector<AuditFact> facts_;
    std::vector<events::Event> events_;
    std::vector<std::function<void()>> after_commit_;
    bool guarded_ = false;
    mutable bool asked_for_the_moment_ = false;
};

// The caller that the system itself is (command line, import, demo, jobs): everything, everywhere.
Caller system_caller(TenantId tenant, std::string name, const PermissionCatalogue& permissions,
                     int utc_offset_minutes);

// Runs a use case outside HTTP as the pipeline would: scope, work, facts and events in one
// transaction; a problem rolls back. Blocks.
template <class F>
auto run_use_case(storage::Engine& engine, World& world, const Caller& caller, storage::Work kind,
                  F&& use_case) -> decltype(use_case(std::declval<Scope&>())) {
    std::unique_ptr<Scope> scope;
    auto answer = engine.run(caller.tenant, kind, [&](storage::Tx& tx) {
        RequestFacts facts{&caller, "system", "", ""};
        scope = std::make_unique<Scope>(world, tx, caller, world.settings->snapshot(), facts);
        auto result = use_case(*scope);
        if (result.ok()) {
            scope->finish();
        }
        return result;
    });
    if (answer.ok()) {
        scope->committed();
    }
    return answer;
}

}  // namespace hangu::http

// The whole house, constructed by hand in layer order; destruction is the reverse. Every command
// that works on data opens one.
#pragma once

#include "app/settings.hpp"
#include "base/result.hpp"
#include "commerce/catalogue/catalogue.hpp"
#include "commerce/importing/importing.hpp"
#include "commerce/member/member.hpp"
#include "commerce/order/order.hpp"
#include "commerce/organisation/organisation.hpp"
#include "commerce/staff/staff.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/egress/egress.hpp"
#include "platform/events/events.hpp"
#include "platform/http/pipeline.hpp"
#include "platform/http/scope.hpp"
#include "platform/observe/observe.hpp"
#include "platform/runtime/runtime.hpp"
#include "platform/settings/settings.hpp"
#include "platform/shared_state/shared_state.hpp"
#include "platform/storage/engine.hpp"
#include "security/approval/approval.hpp"
#include "security/audit/audit.hpp"
#include "security/audit/audit_log.hpp"
#include "security/audit/record_counts.hpp"
#include "security/authorization/authorization.hpp"
#include "security/delivery/delivery.hpp"
#include "security/disclosure/disclosure.hpp"
#include "security/head_log/head_log.hpp"
#include "security/identity/identity.hpp"
#include "security/notify/notify.hpp"
#include "security/open_api/open_api.hpp"
#include "security/protection/protection.hpp"
#include "security/protection/watch_list.hpp"
#include "security/protection/watched_audit.hpp"
#include "security/tenant/tenant.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hangu::app {

class FileHouse;
class PlatformRealm;
class Telling;
class EventsBetweenNodes;
class TenantMoves;
class Upgrades;

struct HouseOptions {
    std::string data = "data";
    std::string config;  // "" : none
    std::map<std::string, std::string> environment;
    std::string log_file;  // "" : standard error
    observe::Level log_level = observe::Level::info;
    // Tests bring their own.
    std::vector<storage::ShardOptions> shards;  // besides those of the settings
    std::string new_tenants_on;
    const Clock* clock = nullptr;
    Randomness* randomness = nullptr;
    events::Carrier* carrier = nullptr;  // instead of the broker of the settings
};

// Everything declared, for the engine, the catalogue and the documents; of the schema, all_parts()
// is asked.
std::vector<storage::Part> parts_of_modules();
std::vector<http::PermissionNode> all_permissions();
std::vector<settings::Setting> all_settings();

class House {
 public:
    // "data.locked", "root_key.…", "settings.invalid", "schema.differs", "migration.…"
    static Result<std::unique_ptr<House>> open(const HouseOptions& options);
    explicit House(const HouseOptions& options);
    ~House();
    House(const House&) = delete;
    House& operator=(const House&) = delete;

    // The routes of every module, and those for the platform's own people. `runtime` beats the
    // event streams.
    std::vector<http::RouteEntry> routes(runtime::Runtime& runtime);
    std::vector<http::RouteEntry> platform_routes(runtime::Runtime& runtime);
    // Work that has to happen now and then: visits, last-seen, retention. Started by serve.
    void start_jobs(runtime::Runtime& runtime);
    void finish_jobs();  // before the engine stops
    // Gives this node's tenants to others, while their requests are sent on; returns when it is
    // done.
    void leave();
    // Waits until what has happened so far was told to everybody; for tests.
    void settle_and_wait();

    // Limits of addresses, for a pipeline: those of all nodes, where nodes share something.
    http::SharedRates shared_rates(std::string_view listener);
    // The system as a caller of a tenant.
    http::Caller system_of(const tenant::Tenant& tenant, std::string name) const;
    // Of several nodes, this one works for it from now on. "tenant.not_found", "tenant.elsewhere"
    Result<std::shared_ptr<const tenant::Tenant>> tenant_by_code(std::string_view code) const;
    // Those that this node works for.
    std::vector<std::shared_ptr<const tenant::Tenant>> own_tenants() const;

    HouseOptions options;
    runtime::SystemClock system_clock;
    runtime::OffsetClock cluster_clock{system_clock};  // the time of all nodes
    crypto::SystemRandomness system_randomness;
    const Clock& clock;
    Randomness& randomness;
    settings::Settings settings;
    observe::Log log;
    observe::Metrics metrics;
    IdSource ids{0};
    http::PermissionCatalogue permissions;
    events::Hub hub;
    http::World world;

    std::unique_ptr<shared_state::SharedState> shared;
    std::unique_ptr<storage::Engine> engine;
    std::unique_ptr<tenant::Tenants> tenants;
    std::unique_ptr<crypto::KeyRing> keys;
    std::unique_ptr<crypto::HashPool> hash_pool;
    std::unique_ptr<audit::Audit> audit;
    std::unique_ptr<audit::AuditLog> audit_log;
    std::unique_ptr<audit::RecordCounts> record_counts;
    std::unique_ptr<egress::Egress> egress;
    std::unique_ptr<FileHouse> files;
    std::unique_ptr<notify::Notify> notify;
    std::unique_ptr<events::Carrier> broker;  // null: none is set
    std::unique_ptr<delivery::Deliveries> deliveries;
    std::unique_ptr<head_log::HeadLog> head_log;
    std::unique_ptr<identity::Identity> identity;
    std::unique_ptr<authorization::Authorization> authorization;
    std::unique_ptr<protection::Protection> protection;
    std::unique_ptr<protection::WatchList> watch_list;
    std::unique_ptr<open_api::OpenApi> open_api;
    std::unique_ptr<open_api::Gates> gates;
    std::unique_ptr<approval::Approvals> approvals;
    std::unique_ptr<disclosure::Disclosures> disclosures;

    organisation::Organisation organisation;
    catalogue::Catalogue catalogue;
    member::Members members;
    std::unique_ptr<staff::Staff> staff;
    std::unique_ptr<order::Orders> orders;
    std::unique_ptr<importing::Importer> importer;
    std::unique_ptr<PlatformRealm> platform;
    std::unique_ptr<TenantMoves> moves;
    std::unique_ptr<Upgrades> upgrades;

    // Tells people that a merchant's audit log is damaged; for those who look after it.
    std::function<void(TenantId, const std::string&)> alarm();

 private:
    Result<void> open_data();
    Result<void> open_shared(const Secret& root);
    void share_with(identity::Identity& of_realm);
    Result<void> start();
    void record_acts();
    void join_nodes();
    void ring_directory_bell();
    Result<void> protect();
    Result<void> deliver();
    Result<void> seed(storage::Tx& tx, const tenant::Tenant& tenant);
    void sweep_retention();
    void look_at_logs();
    void expire_approvals();
    void look_at_sending();
    void ownership_changed(TenantId tenant, storage::Ownership what);
    void ring_for_the_platform();

    Secret challenge_key_;
    std::unique_ptr<protection::WatchedAudit> watched_audit_;
    std::unique_ptr<protection::PlaceSource> places_;
    std::unique_ptr<Telling> telling_;
    std::unique_ptr<notify::Freshness> freshness_;
    std::unique_ptr<identity::PlaceNames> place_names_;
    std::unique_ptr<identity::PhoneBook> phone_book_;
    std::unique_ptr<identity::TextMessages> texts_;
    std::unique_ptr<open_api::NodePaths> node_paths_;
    std::unique_ptr<delivery::Places> event_places_;
    std::unique_ptr<approval::People> people_;
    std::atomic<shared_state::Bells*> bells_{nullptr};  // the node's thread is there before them
    std::unique_ptr<shared_state::Listening> directory_bell_;
    std::unique_ptr<EventsBetweenNodes> events_between_nodes_;
    std::unique_ptr<runtime::Lane<int>> platform_bell_;  // rings for what other nodes have seen
    std::size_t next_swept_ = 0;
    std::size_t next_looked_at_ = 0;
    std::size_t next_expired_ = 0;
    std::size_t next_sent_ = 0;
};

}  // namespace hangu::app

#include "app/house.hpp"

#include "app/events_between_nodes.hpp"
#include "app/internal/archiving.hpp"
#include "app/internal/file_house.hpp"
#include "app/internal/sensitive_acts.hpp"
#include "app/internal/shards.hpp"
#include "app/internal/telling.hpp"
#include "app/internal/tenant_moves.hpp"
#include "app/internal/upgrades.hpp"
#include "app/platform_realm.hpp"
#include "app/program.hpp"
#include "app/redis_settings.hpp"
#include "commerce/catalogue/module.hpp"
#include "commerce/importing/module.hpp"
#include "commerce/member/module.hpp"
#include "commerce/order/module.hpp"
#include "commerce/organisation/module.hpp"
#include "commerce/staff/module.hpp"
#include "security/approval/module.hpp"
#include "security/audit/module.hpp"
#include "security/authorization/module.hpp"
#include "security/delivery/module.hpp"
#include "security/disclosure/module.hpp"
#include "security/head_log/module.hpp"
#include "security/identity/module.hpp"
#include "security/notify/module.hpp"
#include "security/open_api/module.hpp"
#include "security/protection/module.hpp"
#include "security/tenant/module.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace hangu::app {

namespace {

constexpr std::size_t kHashQueueCountMax = 16;

// Needs travel up as ports; this plugs the organisation into open_api's.
class NodePathsOfOrganisation final : public open_api::NodePaths {
 public:
    explicit NodePathsOfOrganisation(const organisation::Organisation& organisation)
        : organisation_(organisation) {}
    Result<std::string> path_of_node(storage::Tx& tx, std::int64_t node_id) override {
        HANGU_TRY(const organisation::NodePlace place,
                  organisation_.node(tx, organisation::NodeId(node_id)));
        return place.path;
    }

 private:
    const organisation::Organisation& organisation_;
};

// Who may do what at this moment, for approvals.
class PeopleOfTheHouse final : public approval::People {
 public:
    PeopleOfTheHouse(identity::Identity& identity, authorization::Authorization& authorization)
        : identity_(identity), authorization_(authorization) {}
    bool may(storage::Tx& tx, std::int64_t staff, std::string_view permission,
             std::string_view org_path) override {
        const auto account = identity_.find(tx, identity::StaffId(staff));
        if (!account.ok() || account->state != identity::AccountState::active) {
            return false;
        }
        const std::optional<std::size_t> bit = authorization_.catalogue().bit(permission);
        const identity::ActorGrants grants =
            authorization_.grants_of(tx, http::ActorKind::staff, staff);
        return bit && grants.rights.holds(*bit, org_path);
    }
    std::string name_of(storage::Tx& tx, std::int64_t staff) override {
        const auto account = identity_.find(tx, identity::StaffId(staff));
        return account.ok() ? account->name.shown().text() : id_text(staff);
    }

 private:
    identity::Identity& identity_;
    authorization::Authorization& authorization_;
};

// Codes of identity leave as text messages.
class TextsOfNotify final : public identity::TextMessages {
 public:
    TextsOfNotify(notify::Notify& notify, settings::Settings& settings)
        : notify_(notify), settings_(settings) {}
    bool are_sent() const override { return notify::text_advice(*settings_.snapshot()).empty(); }
    void send(http::Scope& scope, const identity::TextMessage& message) override {
        notify::Text text;
        text.kind = message.purpose == identity::TextPurpose::recovery
                        ? notify::TextKind::recovery_code
                        : notify::TextKind::sign_in_code;
        text.to = message.to;
        text.code_or_link = message.code;
        text.lifetime_ms = message.lifetime_ms;
        text.decoy = message.decoy;
        notify_.send_text(scope, text);
    }

 private:
    notify::Notify& notify_;
    settings::Settings& settings_;
};

// Plugs identity into notify's: channels are changed by who proved of late who she is.
class FreshnessOfIdentity final : public notify::Freshness {
 public:
    explicit FreshnessOfIdentity(identity::Identity& identity) : identity_(identity) {}
    Result<void> require_fresh(http::Scope& scope) override {
        return identity_.require_fresh(scope);
    }

 private:
    identity::Identity& identity_;
};

Result<void> check_settings(const settings::Snapshot& settings) {
    HANGU_CHECK(identity::check_settings(settings));
    HANGU_CHECK(protection::check_settings(settings));
    HANGU_CHECK(egress::check_settings(settings));
    HANGU_CHECK(files::check_settings(settings));
    return notify::check_settings(settings);
}

storage::Engine::Options engine_options(const HouseOptions& options,
                                        const settings::Snapshot& snapshot) {
    storage::Engine::Options made;
    made.folder = options.data;
    made.lanes = static_cast<std::size_t>(snapshot.get(kStorageLanes));
    made.redo_segment_bytes = static_cast<std::size_t>(snapshot.get(kRedoSegmentMb)) << 20U;
    made.open_tenants_max = static_cast<std::size_t>(snapshot.get(kOpenTenantsMax));
    made.report_ms_max = snapshot.get(kReportMsMax);
    made.release = program_version();
    made.blocking_ddl = snapshot.get(kBlockingDdl);
    made.shards = options.shards;
    made.node.name = snapshot.get(kClusterNode);
    made.node.address = snapshot.get(kClusterAddress);
    made.node.version = std::string(program_version());
    made.node.lease_ms = snapshot.get(kClusterLeaseSeconds) * kSecondMs;
    made.new_tenants_on =
        options.new_tenants_on.empty() ? snapshot.get(kNewTenants) : options.new_tenants_on;
    return made;
}

std::unique_ptr<head_log::HeadLog> make_head_log(House& house, const settings::Snapshot& snapshot) {
    head_log::HeadLog::Options options;
    options.interval_ms = snapshot.get(kHeadIntervalMinutes) * 60'000;
    options.alarm = house.alarm();
    return std::make_unique<head_log::HeadLog>(*house.engine, *house.keys, *house.tenants,
                                               *house.audit_log, house.clock, house.log,
                                               house.metrics, options);
}

template <class T>
void append(std::vector<T>& all, std::vector<T> more) {
    for (T& one : more) {
        all.push_back(std::move(one));
    }
}

}  // namespace

std::vector<storage::Part> parts_of_modules() {
    std::vector<storage::Part> all{
        storage::part(),         events::part(),     http::part(),
        tenant::part(),          audit::part(),      identity::part(),
        authorization::part(),   open_api::part(),   protection::part(),
        approval::part(),        disclosure::part(), organisation::part(),
        staff::part(),           member::part(),     catalogue::part(),
        order::part(),           importing::part(),  notify::part(),
        notify::platform_part(), head_log::part(),   protection::watch_list_part(),
        delivery::part()};
    append(all, storage::upgrade_parts());
    return all;
}

// The order of declaration is the order of the bits and of the console's menus; a parent stands
// before its children.
std::vector<http::PermissionNode> all_permissions() {
    std::vector<http::PermissionNode> all;
    append(all, order::permissions());
    append(all, catalogue::permissions());
    append(all, member::permissions());
    append(all, organisation::permissions());
    append(all, staff::permissions());
    append(all, authorization::permissions());
    append(all, audit::permissions());
    append(all, protection::permissions());
    append(all, open_api::permissions());
    append(all, approval::permissions());
    append(all, disclosure::permissions());
    append(all, notify::permissions());
    append(all, delivery::permissions());
    return all;
}

std::vector<settings::Setting> all_settings() {
    std::vector<settings::Setting> all = own_settings();
    append(all, shard_settings());
    append(all, cluster_settings());
    append(all, redis_settings());
    append(all, identity::settings());
    append(all, protection::settings());
    append(all, staff::settings());
    append(all, approval::settings());
    append(all, disclosure::settings());
    append(all, egress::settings());
    append(all, files::settings());
    append(all, notify::settings());
    append(all, delivery::settings());
    return all;
}

House::House(const HouseOptions& given)
    : options(given),
      clock(given.clock != nullptr ? *given.clock : cluster_clock),
      randomness(given.randomness != nullptr ? *given.randomness : system_randomness),
      settings(all_settings()),
      log({given.log_level, given.log_file}, clock),
      permissions(all_permissions()) {}

House::~House() {
    if (moves) {
        moves->stop();
    }
    if (upgrades) {
        upgrades->stop();
    }
    if (deliveries) {
        deliveries->stop();
    }
    if (files) {
        files->stop();
    }
    if (notify) {
        notify->stop();
    }
    if (audit) {
        audit->flush_visits_and_wait();
    }
    if (audit_log) {
        audit_log->sequence_and_wait();
    }
    if (head_log) {
        head_log->enter_and_wait();
    }
    if (engine) {
        engine->stop();
    }
}

Result<std::unique_ptr<House>> House::open(const HouseOptions& options) {
    auto house = std::make_unique<House>(options);
    HANGU_CHECK(house->start());
    return house;
}

// Settings, the databases, and the keys that open them.
Result<void> House::open_data() {
    HANGU_CHECK(settings.load(options.config, options.environment));
    const auto snapshot = settings.snapshot();
    HANGU_CHECK(check_settings(*snapshot));

    storage::Engine::Options storage_options = engine_options(options, *snapshot);
    HANGU_CHECK(add_shards(storage_options, *snapshot, options.data));
    storage_options.node.clock_differs = [this](std::int64_t ms) { cluster_clock.put_forward(ms); };
    storage_options.node.tell_others = [this] { ring_directory_bell(); };
    engine = std::make_unique<storage::Engine>(storage_options, all_parts(), log, clock);
    HANGU_CHECK(engine->start());
    if (engine->clustered()) {
        ids.become(static_cast<std::uint32_t>(engine->node_number()));
    }

    // Keys: the root key lies beside the data folder, so that a copy of the folder opens nothing.
    tenants = std::make_unique<tenant::Tenants>(*engine, ids, clock, log);
    const std::string& file = snapshot->get(kRootKeyFile);
    const bool fresh = tenants->none_yet() && std::filesystem::is_empty(options.data + "/tenants");
    HANGU_TRY(Secret root, crypto::load_root_key(file.empty() ? options.data + ".root.key" : file,
                                                 fresh, randomness));
    HANGU_CHECK(open_shared(root));
    keys = std::make_unique<crypto::KeyRing>(std::move(root), *tenants, randomness);
    engine->set_key_ring(*keys);
    tenants->set_key_ring(*keys);
    return {};
}

// What every module is given, and who writes down what they do.
void House::record_acts() {
    audit = std::make_unique<audit::Audit>(*engine, ids, randomness, clock, log, metrics,
                                           audit::Audit::Options{});
    audit::AuditLog::Options options_of_log;
    options_of_log.alarm = alarm();
    audit_log = std::make_unique<audit::AuditLog>(*engine, *audit, randomness, clock, log, metrics,
                                                  options_of_log);
    world.clock = &clock;
    world.randomness = &randomness;
    world.ids = &ids;
    world.log = &log;
    world.permissions = &permissions;
    world.settings = &settings;
    world.audit = audit.get();
    world.hub = &hub;
}

Result<void> House::start() {
    HANGU_CHECK(open_data());
    const auto snapshot = settings.snapshot();
    record_acts();
    head_log = make_head_log(*this, *snapshot);
    egress =
        std::make_unique<egress::Egress>(settings, log, metrics, clock, egress::Egress::Options{});
    files = std::make_unique<FileHouse>(*this);
    HANGU_CHECK(files->open());
    notify = std::make_unique<notify::Notify>(*engine, *tenants, world, *egress);

    const auto threads = static_cast<std::size_t>(snapshot->get(kHashThreads));
    hash_pool = std::make_unique<crypto::HashPool>(threads, kHashQueueCountMax);
    identity = std::make_unique<identity::Identity>(*engine, *tenants, world, *hash_pool,
                                                    identity::options_of(http::Realm::merchant));
    authorization = std::make_unique<authorization::Authorization>(permissions, *identity);
    identity->set_grant_source(*authorization);
    share_with(*identity);
    HANGU_CHECK(protect());
    freshness_ = std::make_unique<FreshnessOfIdentity>(*identity);
    notify->set_freshness(*freshness_);
    open_api = std::make_unique<open_api::OpenApi>(*engine, *tenants, world);
    gates = std::make_unique<open_api::Gates>(std::vector<open_api::Gates::RealmGate>{
        {http::Realm::merchant, identity.get()}, {http::Realm::application, open_api.get()}});

    approvals = std::make_unique<approval::Approvals>(permissions);
    people_ = std::make_unique<PeopleOfTheHouse>(*identity, *authorization);
    approvals->set_people(*people_);
    disclosures = std::make_unique<disclosure::Disclosures>(*approvals);

    node_paths_ = std::make_unique<NodePathsOfOrganisation>(organisation);
    open_api->set_node_paths(*node_paths_);
    HANGU_CHECK(deliver());
    place_names_ = std::make_unique<staff::PlaceNames>(organisation);
    identity->set_place_names(*place_names_);
    phone_book_ = std::make_unique<staff::PhoneBook>();
    identity->set_phone_book(*phone_book_);
    texts_ = std::make_unique<TextsOfNotify>(*notify, settings);
    identity->set_text_messages(*texts_);
    staff = std::make_unique<staff::Staff>(*identity, *authorization, organisation);
    staff->set_open_api(*open_api);
    orders = std::make_unique<order::Orders>(organisation, members, catalogue);

    importer = std::make_unique<importing::Importer>(importing::Importer::Services{
        *engine, world, organisation, *staff, catalogue, members, *orders});

    platform = std::make_unique<PlatformRealm>(*this, *telling_);
    share_with(platform->identity);
    moves = std::make_unique<TenantMoves>(*this);
    upgrades = std::make_unique<Upgrades>(*this);

    tenants->set_seed(
        [this](storage::Tx& tx, const tenant::Tenant& tenant) { return seed(tx, tenant); });
    HANGU_CHECK(tenants->load());
    join_nodes();
    return {};
}

// What finds the audit log damaged is set up before those who tell.
std::function<void(TenantId, const std::string&)> House::alarm() {
    return [this](TenantId tenant, const std::string& finding) {
        if (telling_) {
            telling_->audit_damaged(tenant, finding);
        }
    };
}

// Sign-ins are judged, refusals and requests are counted, from here on.
Result<void> House::protect() {
    protection = std::make_unique<protection::Protection>(
        protection::Protection::Services{*engine, *tenants, world, *identity, metrics});
    if (const std::string& file = settings.snapshot()->get(protection::kPlacesFile);
        !file.empty()) {
        HANGU_TRY(places_, protection::PlaceFile::load(file));
        protection->set_places(*places_);
    }
    watch_list = std::make_unique<protection::WatchList>(*engine);
    telling_ =
        std::make_unique<Telling>(Telling::Services{*audit, *engine, *notify, *watch_list, world});
    protection->set_alerts(*telling_);
    identity->set_sign_in_judge(*protection);
    watched_audit_ = std::make_unique<protection::WatchedAudit>(*telling_);
    watched_audit_->add(*protection);
    audit::RecordCounts::Options record_counts_options;
    record_counts_options.alarm = alarm();
    record_counts = std::make_unique<audit::RecordCounts>(*engine, *audit, clock, log, metrics,
                                                          record_counts_options);
    watched_audit_->add(*record_counts);
    world.audit = watched_audit_.get();
    return {};
}

// What a new tenant begins with. Repeatable, because a crash may come in between.
Result<void> House::seed(storage::Tx& tx, const tenant::Tenant& tenant) {
    authorization->seed_owner_role(tx, ids);
    organisation.seed(tx, ids, tenant.name);
    return {};
}

http::Caller House::system_of(const tenant::Tenant& tenant, std::string name) const {
    return http::system_caller(tenant.id, std::move(name), permissions,
                               static_cast<int>(tenant.utc_offset_minutes));
}

Result<std::shared_ptr<const tenant::Tenant>> House::tenant_by_code(std::string_view code) const {
    std::shared_ptr<const tenant::Tenant> found = tenants->find_by_code(code);
    if (!found) {
        return Problem::not_found(
            "tenant.not_found",
            fmt::format("no tenant has the code \"{}\"; see hangu tenant list", code));
    }
    if (!engine->bring(found->id, storage::Engine::kBringMsMax)) {
        return Problem::unavailable("tenant.elsewhere",
                                    "another node works for it and did not hand it over");
    }
    return found;
}

std::vector<http::RouteEntry> House::routes(runtime::Runtime& runtime) {
    http::Routes all;
    identity::add_routes(all, *identity);
    authorization::add_routes(all, *authorization);
    audit::add_routes(all);
    protection::add_routes(all, *protection);
    open_api::add_routes(all, *open_api);
    approval::add_routes(all, *approvals);
    disclosure::add_routes(all, *disclosures);
    notify::add_routes(all, *notify);
    delivery::add_routes(all, *deliveries);
    organisation::add_routes(all, organisation);
    staff::add_routes(all, *staff);
    member::add_routes(all, members, organisation);
    catalogue::add_routes(all, catalogue, organisation);
    files->add_routes(all);
    order::add_routes(all, *orders);
    http::add_event_route(all, http::make_event_streams(runtime, world, *gates));
    std::vector<http::RouteEntry> routes = all.take();
    ask_again(routes, *identity, http::Realm::merchant);
    return routes;
}

std::vector<http::RouteEntry> House::platform_routes(runtime::Runtime& runtime) {
    std::vector<http::RouteEntry> routes = platform->routes(runtime);
    ask_again(routes, platform->identity, http::Realm::platform);
    return routes;
}

}  // namespace hangu::app

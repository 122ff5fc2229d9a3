// GET  /api/v1/platform/going-on                                   attacks and locks, everywhere
// GET  /api/v1/platform/merchants                                  all of them
// POST /api/v1/platform/merchants/{code}/freeze, …/thaw            with a reason
// GET  /api/v1/platform/merchants/{code}/sign-ins, …/lock-outs, …/sign-in-attacks
// POST /api/v1/platform/merchants/{code}/lock-outs/{staff_id}/unlock
// GET  /api/v1/platform/notices                                    what the platform was told
#include "app/internal/merchant_window.hpp"

#include "app/house.hpp"
#include "app/internal/going_on.hpp"
#include "app/internal/merchant_list.hpp"
#include "app/internal/merchant_standing.hpp"
#include "app/platform_realm.hpp"
#include "base/text.hpp"
#include "platform/http/request_job.hpp"
#include "platform/http/waiting.hpp"
#include "security/protection/module.hpp"

#include <algorithm>

namespace hangu::app {

namespace {

using http::CallerPointer;
using http::PathParameters;
using http::Request;
using http::Response;
using http::Scope;
using PermissionKind = http::PermissionKind;

inline constexpr http::Permission kMayViewMerchants{"merchant.view"};
inline constexpr http::Permission kMayFreeze{"merchant.freeze"};
inline constexpr http::Permission kMayViewSafety{"merchant.safety"};
inline constexpr http::Permission kMayUnlock{"merchant.unlock"};
inline constexpr http::Permission kMayViewNotices{"platform.notices"};

constexpr std::size_t kJobsCountMax = 64;
constexpr std::int64_t kWatchedMax = 50;
constexpr std::int64_t kNoticesMax = 200;

// A merchant's own route, and how it is asked from outside.
struct Window {
    std::string_view name;
    std::string_view of;  // the merchants' route
    std::string_view method;
    std::string_view path;
    http::Permission permission;
    bool acts = false;  // asks again who it is, and stands in the platform's audit log as an act
    std::string_view summary;
};
constexpr Window kWindows[] = {
    {"merchant.sign_ins", "sign_in.list", "GET", "/api/v1/platform/merchants/{code}/sign-ins",
     kMayViewSafety, false, "A merchant's sign-ins; the look is recorded there"},
    {"merchant.lock_outs", "lock_out.list", "GET", "/api/v1/platform/merchants/{code}/lock-outs",
     kMayViewSafety, false, "A merchant's locked accounts; the look is recorded there"},
    {"merchant.sign_in_attacks", "sign_in_attack.list", "GET",
     "/api/v1/platform/merchants/{code}/sign-in-attacks", kMayViewSafety, false,
     "Attacks on a merchant's sign-in; the look is recorded there"},
    {"merchant.unlock", "lock_out.unlock", "POST",
     "/api/v1/platform/merchants/{code}/lock-outs/{staff_id}/unlock", kMayUnlock, true,
     "End every lock of an account of a merchant; the reason is recorded in both logs"},
};

struct FreezeRequest {
    Text<1, 32> code;
    Text<2, 200> reason;
};
HANGU_STRUCT(FreezeRequest, code, reason)

struct UnlockRequest {
    Text<1, 32> code;
    identity::StaffId staff_id;
    Text<2, 200> reason;
};
HANGU_STRUCT(UnlockRequest, code, staff_id, reason)

struct PlatformNoticeList {
    std::vector<notify::PlatformNotice> items;
};
HANGU_STRUCT(PlatformNoticeList, items)

struct Nothing {};

http::Origin origin_of(const Request& request, std::string_view route) {
    return {std::string(route), request.remote_address, request.trace.trace};
}

std::string code_of(const PathParameters& path) {
    for (const auto& [name, value] : path) {
        if (name == "code") {
            return value;
        }
    }
    return "";
}

}  // namespace

struct MerchantWindow::State {
    State(House& the_house, PlatformRealm& the_realm)
        : house(the_house),
          realm(the_realm),
          merchants(*the_house.tenants, false),
          lane("platform", kJobsCountMax, 1, [](std::vector<std::function<void()>>& jobs) {
              for (const std::function<void()>& job : jobs) {
                  job();
              }
          }) {
        http::Routes routes;
        protection::add_routes(routes, *house.protection);
        entries = routes.take();
    }

    const http::RouteEntry& entry(std::string_view name) const {
        const auto found = std::find_if(
            entries.begin(), entries.end(),
            [name](const http::RouteEntry& one) { return one.route.name == name && one.handle; });
        HANGU_ASSERT(found != entries.end());
        return *found;
    }

    House& house;
    PlatformRealm& realm;
    const tenant::TenantsOfRealm merchants;
    std::vector<http::RouteEntry> entries;      // the merchants' own
    runtime::Lane<std::function<void()>> lane;  // for what waits for the disk
};

namespace {

using State = MerchantWindow::State;

// Who of the platform asks; that she may was decided before.
Task<Result<CallerPointer>> operator_of(State* state, const Request* request) {
    const std::optional<http::Credential> credential = state->realm.gates.credential(*request);
    HANGU_ASSERT(credential.has_value());
    http::Credential known = *credential;
    return http::recognised(state->house.engine.get(), state->realm.world.clock,
                            &state->realm.gates, std::move(known));
}

using MerchantPointer = std::shared_ptr<const tenant::Tenant>;

// What was done to a merchant, and why; in the platform's log and in the merchant's own.
http::AuditFact fact_of(std::string_view action, const tenant::Tenant& merchant,
                        const std::string& reason) {
    http::AuditFact fact;
    fact.action = action;
    fact.subject_kind = "tenant";
    fact.subject_id = merchant.id.text();
    fact.subject_label = merchant.code;
    fact.fields.push_back({"reason", "", reason});
    return fact;
}

// The act stands in the platform's own log before it is done: what was tried is known either way.
Task<Result<Nothing>> record_act(State* state, CallerPointer caller, http::Origin origin,
                                 MerchantPointer merchant, std::string_view action,
                                 std::string reason) {
    std::function<Result<Nothing>(Scope&)> work = [state, merchant, action,
                                                   reason](Scope& scope) -> Result<Nothing> {
        HANGU_CHECK(state->realm.identity.require_fresh(scope));
        scope.audit(fact_of(action, *merchant, reason));
        return Nothing();
    };
    http::Caller own = *caller;
    Result<Nothing> done =
        co_await http::run_scope<Nothing>(state->house.engine.get(), &state->realm.world,
                                          std::move(own), std::move(origin), std::move(work));
    co_return done;
}

// As whom the merchant's route is asked: the merchant reads the name in its own log.
http::Caller visitor_of(const State& state, const tenant::Tenant& merchant,
                        const http::Caller& caller) {
    return http::system_caller(merchant.id, "platform: " + caller.actor_name,
                               state.house.permissions,
                               static_cast<int>(merchant.utc_offset_minutes));
}

template <class T>
http::Ran<T> ran_of(const std::function<Result<T>()>& work) {
    http::Ran<T> ran;
    try {
        ran.result.emplace(work());
    } catch (...) {
        ran.fault = std::current_exception();
    }
    return ran;
}

// What the work throws is thrown here: the lane's thread has nobody to tell.
template <class T>
Task<Result<T>> on_lane(State* state, std::function<Result<T>()> work) {
    std::function<void(std::function<void(http::Ran<T>)>)> start =
        [state, work = std::move(work)](std::function<void(http::Ran<T>)> answer) {
            if (!state->lane.push([work, answer] { answer(ran_of(work)); })) {
                http::Ran<T> busy;
                busy.result.emplace(Problem::unavailable("server.busy"));
                answer(std::move(busy));
            }
        };
    http::Ran<T> ran = co_await runtime::from_callback<http::Ran<T>>(std::move(start));
    if (ran.fault) {
        std::rethrow_exception(ran.fault);
    }
    co_return std::move(*ran.result);
}

// What is asked at a merchant is asked by the node that works for it: this one, from now on.
Task<Result<Nothing>> brought(State* state, TenantId merchant) {
    storage::Engine* engine = state->house.engine.get();
    if (engine->works_for(merchant)) {
        co_return Nothing();
    }
    std::function<Result<Nothing>()> bring = [engine, merchant]() -> Result<Nothing> {
        if (!engine->bring(merchant, storage::Engine::kBringMsMax)) {
            return Problem::unavailable("tenant.elsewhere");
        }
        return Nothing();
    };
    Result<Nothing> done = co_await on_lane<Nothing>(state, std::move(bring));
    co_return done;
}

// Who does this, and to whom.
struct Asked {
    CallerPointer caller;
    MerchantPointer merchant;
    http::Origin origin;
};
Task<Result<Asked>> asked_by(State* state, const Request* request, const PathParameters* path,
                             std::string_view route) {
    Result<CallerPointer> asking = co_await operator_of(state, request);
    HANGU_CO_TRY(CallerPointer caller, std::move(asking));
    MerchantPointer merchant = state->merchants.find_by_code(code_of(*path));
    if (merchant == nullptr) {
        co_return Problem::not_found("tenant.not_found");
    }
    Result<Nothing> here = co_await brought(state, merchant->id);
    HANGU_CO_CHECK(std::move(here));
    Asked asked;
    asked.caller = std::move(caller);
    asked.merchant = std::move(merchant);
    asked.origin = origin_of(*request, route);
    co_return asked;
}

// A use case in the merchant's own database, under the operator's name.
template <class T>
Task<Result<T>> at_merchant(State* state, const Asked* asked,
                            std::function<Result<T>(Scope&)> work) {
    http::Caller visitor = visitor_of(*state, *asked->merchant, *asked->caller);
    http::Origin origin = asked->origin;
    return http::run_scope<T>(state->house.engine.get(), &state->house.world, std::move(visitor),
                              std::move(origin), std::move(work));
}

Task<Result<Response>> ask_merchant(State* state, const Window* window, Request request,
                                    PathParameters path) {
    Result<Asked> asking = co_await asked_by(state, &request, &path, window->name);
    HANGU_CO_TRY(const Asked asked, std::move(asking));
    std::erase_if(path, [](const auto& one) { return one.first == "code"; });
    std::function<Result<Response>(Scope&)> work = [entry = &state->entry(window->of), window,
                                                    request, path](Scope& scope) {
        Result<Response> answer = entry->handle(scope, request, path);
        if (answer.ok()) {
            http::AuditFact fact;
            fact.action = "platform.looked";
            fact.subject_kind = "tenant";
            fact.subject_id = scope.tenant().text();
            fact.fields.push_back({"what", "", std::string(window->of)});
            scope.audit(std::move(fact));
        }
        return answer;
    };
    Result<Response> answer = co_await at_merchant<Response>(state, &asked, std::move(work));
    co_return answer;
}

// Not by the merchant's route: that asks its own session who it is, and the visitor has none. The
// operator's was asked when the act was recorded.
Task<Result<Response>> unlock(State* state, Request request, PathParameters path) {
    Result<Asked> asking = co_await asked_by(state, &request, &path, "merchant.unlock");
    HANGU_CO_TRY(const Asked asked, std::move(asking));
    HANGU_CO_TRY(const UnlockRequest input, http::detail::read_input<UnlockRequest>(request, path));
    std::string reason = input.reason.str();
    http::Origin origin = asked.origin;
    Result<Nothing> recorded =
        co_await record_act(state, asked.caller, std::move(origin), asked.merchant,
                            "merchant.account_unlocked", std::move(reason));
    HANGU_CO_CHECK(std::move(recorded));
    std::function<Result<Response>(Scope&)> work = [state,
                                                    input](Scope& scope) -> Result<Response> {
        HANGU_CHECK(protection::unlock(*state->house.protection, scope, input.staff_id,
                                       input.reason.str()));
        Response response;
        response.status = 204;
        return response;
    };
    Result<Response> answer = co_await at_merchant<Response>(state, &asked, std::move(work));
    co_return answer;
}

// On the lane for what waits for the disk: neither on a loop nor in a transaction.

Task<Result<Response>> freeze(State* state, bool frozen, Request request, PathParameters path) {
    Result<Asked> asking =
        co_await asked_by(state, &request, &path, frozen ? "merchant.freeze" : "merchant.thaw");
    HANGU_CO_TRY(const Asked asked, std::move(asking));
    HANGU_CO_TRY(const FreezeRequest input, http::detail::read_input<FreezeRequest>(request, path));
    const TenantId merchant = asked.merchant->id;
    std::string reason = input.reason.str();
    http::Origin origin = asked.origin;
    Result<Nothing> recorded =
        co_await record_act(state, asked.caller, std::move(origin), asked.merchant,
                            frozen ? "merchant.frozen" : "merchant.thawed", std::move(reason));
    HANGU_CO_CHECK(std::move(recorded));
    std::function<Result<Nothing>()> change = [state, merchant, frozen,
                                               input]() -> Result<Nothing> {
        HANGU_CHECK(frozen ? state->house.tenants->freeze(merchant, input.reason.str())
                           : state->house.tenants->thaw(merchant, input.reason.str()));
        return Nothing();
    };
    Result<Nothing> done = co_await on_lane<Nothing>(state, std::move(change));
    HANGU_CO_CHECK(std::move(done));
    std::function<Result<Nothing>(Scope&)> tell = [frozen, asked,
                                                   input](Scope& scope) -> Result<Nothing> {
        scope.audit(fact_of(frozen ? "tenant.frozen" : "tenant.thawed", *asked.merchant,
                            input.reason.str()));
        return Nothing();
    };
    Result<Nothing> told = co_await at_merchant<Nothing>(state, &asked, std::move(tell));
    HANGU_CO_CHECK(std::move(told));
    const MerchantPointer after = state->merchants.find(merchant);
    HANGU_ASSERT(after != nullptr);
    co_return http::json_response(200, json::to_text(view_of(*state->house.engine, *after)));
}

// ---- what is going on

struct Watched {
    std::vector<protection::WatchedMerchant> newest;
    std::int64_t count = 0;
    bool listed = false;
    std::vector<ShardView> shards;
    ClusterView cluster;
};

// Waits for the control database and for shards. Without the former it is told who is away.
Watched look_around(House& house) {
    Watched seen;
    try {
        seen.newest = house.watch_list->newest(kWatchedMax);
        seen.count = house.watch_list->count();
        seen.listed = true;
    } catch (const storage::StorageFault& fault) {
        house.log.warning("watch_list.unreachable", {{"what", fault.what()}});
        seen.newest.clear();
    }
    seen.shards = shards_now(*house.engine);
    seen.cluster = cluster_now(*house.engine, *house.shared);
    return seen;
}

void drop_all(House& house, const std::vector<protection::WatchedMerchant>& over) {
    try {
        for (const protection::WatchedMerchant& one : over) {
            house.watch_list->drop(one);
        }
    } catch (const storage::StorageFault& fault) {
        house.log.warning("watch_list.unreachable", {{"what", fault.what()}});
    }
}

// Nothing when the merchant's place is away: what was seen there stays to be looked at.
Task<std::optional<Standing>> standing_of(State* state, TenantId merchant) {
    http::TxJob<Standing>::Body look = [state](storage::Tx& tx) -> Result<Standing> {
        return standing_at(*state->house.protection, tx);
    };
    try {
        Result<Standing> seen = co_await http::run_tx<Standing>(
            state->house.engine.get(), merchant, storage::Work::report, std::move(look), nullptr);
        if (seen.ok()) {
            co_return seen.value();
        }
    } catch (const storage::OwnedElsewhere&) {
        // Another node works for it; what was seen there stays to be looked at.
    } catch (const storage::StorageFault& fault) {
        state->house.log.warning("merchant.unreachable",
                                 {{"tenant", merchant}, {"what", fault.what()}});
    }
    co_return std::nullopt;
}

Task<Result<Response>> going_on(State* state) {
    House* house = &state->house;
    std::function<Result<Watched>()> read = [house]() -> Result<Watched> {
        return look_around(*house);
    };
    Result<Watched> looked = co_await on_lane<Watched>(state, std::move(read));
    HANGU_CO_TRY(const Watched watched, std::move(looked));
    GoingOnList answer;
    answer.listed = watched.listed;
    answer.shards = watched.shards;
    answer.cluster = watched.cluster;
    answer.others_count = watched.count - static_cast<std::int64_t>(watched.newest.size());
    std::vector<protection::WatchedMerchant> over;
    for (const protection::WatchedMerchant& one : watched.newest) {
        const MerchantPointer merchant = state->merchants.find(one.id);
        if (merchant == nullptr) {
            over.push_back(one);
            continue;
        }
        const std::optional<Standing> seen = co_await standing_of(state, one.id);
        if (!seen) {
            ++answer.others_count;
            continue;
        }
        const Standing standing = *seen;
        if (standing.attacks_count + standing.locked_count == 0) {
            over.push_back(one);
            continue;
        }
        GoingOn row{one.id,
                    merchant->code,
                    merchant->name,
                    standing.attacks_count,
                    standing.locked_count,
                    one.first_at,
                    one.last_at};
        answer.items.push_back(std::move(row));
    }
    if (!over.empty()) {
        // Nobody waits for that: what stays is looked at again.
        state->lane.push([house, over] { drop_all(*house, over); });
    }
    co_return http::json_response(200, json::to_text(answer));
}

// What the merchant's route takes, and the merchant's code in the path.
std::function<boost::json::object(json::Schemas&)> with_code(const http::RouteEntry& entry,
                                                             std::string_view name) {
    return [inner = entry.input_schema, name = std::string(name)](json::Schemas& schemas) {
        boost::json::object whole{{"type", "object"}, {"properties", boost::json::object()}};
        if (inner) {
            const boost::json::object reference = inner(schemas);
            const std::string pointer(reference.at("$ref").as_string().c_str());
            const std::string inner_name = pointer.substr(pointer.rfind('/') + 1);
            whole = schemas.named.at(inner_name).as_object();
            schemas.named.erase(inner_name);
        }
        whole["properties"].as_object()["code"] = json::Codec<Text<1, 32>>::schema(schemas);
        schemas.named[name] = whole;
        return boost::json::object{{"$ref", "#/components/schemas/" + name}};
    };
}

void add_windows(http::Routes& routes, State* state) {
    for (const Window& window : kWindows) {
        http::RouteEntry entry = state->entry(window.of);
        entry.route.name = window.name;
        entry.route.method = window.method;
        entry.route.path = window.path;
        entry.route.permission = window.permission;
        entry.route.guard = http::Guard::tenant;
        entry.route.summary = window.summary;
        entry.route.tag = "platform";
        entry.input_schema = with_code(entry, window.name);
        entry.handle = nullptr;
        entry.handle_waiting = [state, of = &window](Request request, PathParameters path) {
            return of->acts ? unlock(state, std::move(request), std::move(path))
                            : ask_merchant(state, of, std::move(request), std::move(path));
        };
        routes.add_entry(std::move(entry));
    }
}

}  // namespace

std::vector<http::PermissionNode> merchant_window_permissions() {
    return {{PermissionKind::menu, "platform", "", "平台", "Platform"},
            {PermissionKind::page, "merchant.view", "platform", "商家", "Merchants"},
            {PermissionKind::button, "merchant.freeze", "merchant.view", "冻结与恢复商家",
             "Freeze and thaw merchants"},
            {PermissionKind::page, "merchant.safety", "platform", "商家登录安全",
             "Merchants' sign-ins and locks"},
            {PermissionKind::button, "merchant.unlock", "merchant.safety", "解除商家账号锁定",
             "Unlock merchants' accounts"},
            {PermissionKind::page, "platform.notices", "platform", "平台通知",
             "The platform's notices"}};
}

MerchantWindow::MerchantWindow(House& house, PlatformRealm& realm)
    : state_(std::make_unique<State>(house, realm)) {}

MerchantWindow::~MerchantWindow() = default;

void MerchantWindow::add_routes(http::Routes& routes) {
    State* state = state_.get();
    routes.add_with<MerchantPage, MerchantQuery>(
        {.name = "merchant.list",
         .method = "GET",
         .path = "/api/v1/platform/merchants",
         .permission = kMayViewMerchants,
         .guard = http::Guard::tenant,
         .work = http::Work::report,  // states change without a transaction of this tenant
         .summary = "Merchants, by code",
         .tag = "platform"},
        [state](Scope&, const MerchantQuery& query) {
            return list_merchants(state->house, query);
        });
    for (const bool frozen : {true, false}) {
        routes.add_waiting<MerchantView, FreezeRequest>(
            {.name = frozen ? "merchant.freeze" : "merchant.thaw",
             .method = "POST",
             .path = frozen ? "/api/v1/platform/merchants/{code}/freeze"
                            : "/api/v1/platform/merchants/{code}/thaw",
             .permission = kMayFreeze,
             .guard = http::Guard::tenant,
             .per_minute_max = 60,
             .body_bytes_max = 4096,
             .summary = frozen ? "Refuse a merchant's people and keys from now on; its data stays"
                               : "Let a frozen merchant work again",
             .tag = "platform"},
            [state, frozen](Request request, PathParameters path) {
                return freeze(state, frozen, std::move(request), std::move(path));
            });
    }
    add_windows(routes, state);
    http::RouteEntry now;
    now.route = {.name = "merchant.going_on",
                 .method = "GET",
                 .path = "/api/v1/platform/going-on",
                 .permission = kMayViewSafety,
                 .guard = http::Guard::tenant,
                 .summary =
                     "Merchants with an attack in progress or a locked account, the latest "
                     "first",
                 .tag = "platform"};
    now.output_schema = [](json::Schemas& schemas) {
        return json::Codec<GoingOnList>::schema(schemas);
    };
    now.handle_waiting = [state](const Request&, const PathParameters&) { return going_on(state); };
    routes.add_entry(std::move(now));
    http::RouteEntry notices;
    notices.route = {.name = "platform_notice.list",
                     .method = "GET",
                     .path = "/api/v1/platform/notices",
                     .permission = kMayViewNotices,
                     .guard = http::Guard::tenant,
                     .work = http::Work::report,
                     .summary = "What the platform was told, the newest first",
                     .tag = "platform"};
    notices.output_schema = [](json::Schemas& schemas) {
        return json::Codec<PlatformNoticeList>::schema(schemas);
    };
    notices.handle = [state](Scope&, const Request&, const PathParameters&) -> Result<Response> {
        PlatformNoticeList list;
        list.items = state->house.notify->platform_notices(kNoticesMax);
        return http::json_response(200, json::to_text(list));
    };
    routes.add_entry(std::move(notices));
}

}  // namespace hangu::app

#include "platform/http/scope.hpp"

namespace hangu::http {

Scope::Scope(World& world, storage::Tx& tx, const Caller& caller,
             std::shared_ptr<const settings::Snapshot> settings, RequestFacts request)
    : world_(world), tx_(tx), caller_(caller), settings_(std::move(settings)), request_(request) {
    HANGU_ASSERT(caller.tenant == tx.tenant());
}

bool Scope::knows(Permission permission) const {
    return world_.permissions->bit(permission.code).has_value();
}

bool Scope::holds(Permission permission) const {
    if (permission.code.empty()) {
        return caller_.kind != ActorKind::nobody;
    }
    const std::optional<std::size_t> bit = world_.permissions->bit(permission.code);
    HANGU_ASSERT(bit.has_value());
    return caller_.rights.holds(*bit);
}

Result<void> Scope::authorize(Permission permission) {
    guarded_ = true;
    if (!holds(permission)) {
        return Problem::forbidden("permission.denied");
    }
    return {};
}

Result<void> Scope::authorize(Permission permission, std::string_view org_path) {
    HANGU_CHECK(authorize(permission));
    if (!holds(permission, org_path)) {
        return Problem::forbidden("permission.outside_scope");
    }
    return {};
}

bool Scope::holds(Permission permission, std::string_view org_path) const {
    const std::optional<std::size_t> bit = world_.permissions->bit(permission.code);
    HANGU_ASSERT(bit.has_value());
    return caller_.rights.holds(*bit, org_path);
}

Result<storage::DataScope> Scope::within(Permission permission) {
    HANGU_CHECK(authorize(permission));
    const std::optional<std::size_t> bit = world_.permissions->bit(permission.code);
    HANGU_ASSERT(bit.has_value());
    return storage::DataScope(caller_.rights.places(*bit));
}

Result<RevealGrant> Scope::reveal(Permission permission, std::string_view org_path,
                                  AuditFact fact) {
    HANGU_CHECK(authorize(permission, org_path));
    audit(std::move(fact));
    return RevealGrant();
}

void Scope::audit(AuditFact fact) {
    facts_.push_back(std::move(fact));
}

void Scope::publish_text(std::string_view name, std::string_view permission,
                         std::string_view org_path, std::string subject, std::string payload) {
    events::Event event;
    event.id = new_id<events::EventId>();
    event.name = name;
    event.org_path = org_path;
    event.permission = permission;
    event.payload = std::move(payload);
    event.at = now();
    event.subject = std::move(subject);
    events_.push_back(std::move(event));
}

void Scope::finish() {
    if (!facts_.empty()) {
        world_.audit->record(tx_, request_, facts_);
    }
    for (events::Event& event : events_) {
        events::append(tx_, event);
    }
}

void Scope::committed() {
    if (!events_.empty()) {
        world_.hub->publish(caller_.tenant, events_);
    }
    for (const std::function<void()>& work : after_commit_) {
        work();
    }
}

Caller system_caller(TenantId tenant, std::string name, const PermissionCatalogue& permissions,
                     int utc_offset_minutes) {
    Caller caller;
    caller.kind = ActorKind::system;
    caller.tenant = tenant;
    caller.utc_offset_minutes = utc_offset_minutes;
    caller.actor_name = std::move(name);
    caller.rights = Rights::at(permissions.all(), "");
    caller.places = {""};
    return caller;
}

}  // namespace hangu::http

#include "security/open_api/open_api.hpp"

#include "base/text.hpp"
#include "security/open_api/internal/app_key_rules.hpp"
#include "security/open_api/internal/app_key_store.hpp"

#include <algorithm>
#include <utility>

namespace hangu::open_api {

namespace {

constexpr std::int64_t kSeenWriteMs = 5 * kMinuteMs;
constexpr std::size_t kSeenCountMax = 2'000;             // per flush
constexpr std::int64_t kCallerFreshMs = 60 * kSecondMs;  // then the key is read again
constexpr std::int64_t kForeverMs = 100LL * 365 * kDayMs;

std::vector<std::string> codes_of(std::string_view text) {
    std::vector<std::string> codes;
    for (const std::string_view code : split(text, ' ')) {
        if (!code.empty()) {
            codes.emplace_back(code);
        }
    }
    return codes;
}

Key key_of(const AppKeyRow& row) {
    return {row.id,        row.name,  row.prefix,       codes_of(row.permissions),
            row.node_path, row.state, row.last_used_at, row.created_at,
            row.version};
}

Result<std::string> text_of(const http::PermissionCatalogue& catalogue,
                            const std::vector<std::string>& codes) {
    Problem problem = Problem::invalid("input.invalid");
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (!catalogue.bit(codes[i])) {
            problem.fields.push_back({"permissions[" + std::to_string(i) + "]",
                                      "permission.unknown", "no such permission"});
        }
    }
    if (!problem.fields.empty()) {
        return problem;
    }
    std::string text;
    for (const std::string& code : catalogue.codes_of(catalogue.set_of(codes))) {
        text += text.empty() ? "" : " ";
        text += code;
    }
    return text;
}

}  // namespace

OpenApi::OpenApi(storage::Engine& engine, tenant::Tenants& tenants, http::World& world,
                 std::size_t callers_count_max)
    : engine_(engine), tenants_(tenants), world_(world), callers_(callers_count_max) {}

Result<NewKey> OpenApi::create(http::Scope& scope, std::string_view name,
                               const std::vector<std::string>& permissions,
                               std::string_view node_path) {
    HANGU_TRY(const std::string text, text_of(*world_.permissions, permissions));
    const http::PermissionSet given = world_.permissions->set_of(permissions);
    const http::Rights& held = scope.caller().rights;
    if ((given & ~held.anywhere()).any()) {
        return Problem::forbidden("role.ceiling");
    }
    // Each at that place: what she may do elsewhere is not hers to give here.
    if (held.lacking(http::Rights::at(given, node_path)).any()) {
        return Problem::forbidden("permission.outside_scope");
    }
    AppKeyStore store(scope.tx());
    if (store.count_active() >= AppKeyStore::kKeysCountMax) {
        return Problem::conflict("app_key.too_many");
    }
    AppKeyRow row;
    row.id = scope.new_id<AppKeyId>();
    std::string secret = make_key_text(scope.tenant(), row.id, scope.randomness());
    row.name = name;
    row.prefix = key_prefix(scope.tenant(), row.id);
    row.secret_hash.bytes = hash_of_credential(credential_key(secret, row.id));
    row.permissions = text;
    row.node_path = node_path;
    row.created_by = scope.caller().actor_id;
    row.created_at = scope.now();
    store.add(row);
    return NewKey{key_of(row), std::move(secret)};
}

Result<Key> OpenApi::revoke(http::Scope& scope, AppKeyId id) {
    AppKeyStore store(scope.tx());
    std::optional<AppKeyRow> row = store.find(id);
    if (!row) {
        return Problem::not_found("app_key.not_found");
    }
    if (row->state == KeyState::active) {
        HANGU_ASSERT(store.revoke(id, row->version));
        row->state = KeyState::revoked;
        row->version += 1;
        scope.after_commit([this, tenant = scope.tenant(), id] {
            callers_.forget(tenant, http::ActorKind::application, {id.value()});
        });
    }
    return key_of(*row);
}

Result<Key> OpenApi::find(storage::Tx& tx, AppKeyId id) {
    const std::optional<AppKeyRow> row = AppKeyStore(tx).find(id);
    if (!row) {
        return Problem::not_found("app_key.not_found");
    }
    return key_of(*row);
}

KeyList OpenApi::list(storage::Tx& tx, const storage::DataScope& places, AppKeyId before,
                      std::size_t count_max) {
    AppKeyStore store(tx);
    KeyList list;
    list.total = store.count(places);
    for (const AppKeyRow& row :
         store.newest(places, before, static_cast<std::int64_t>(count_max) + 1)) {
        if (list.items.size() == count_max) {
            list.next = list.items.back().id;
            break;
        }
        list.items.push_back(key_of(row));
    }
    return list;
}

std::vector<Key> OpenApi::end_keys_of(http::Scope& scope, std::int64_t staff,
                                      const http::Rights& still) {
    std::vector<Key> ended;
    for (const AppKeyRow& row : AppKeyStore(scope.tx()).active_made_by(staff)) {
        const http::PermissionSet given = world_.permissions->set_of(codes_of(row.permissions));
        if (still.lacking(http::Rights::at(given, row.node_path)).none()) {
            continue;
        }
        Result<Key> key = revoke(scope, row.id);
        HANGU_ASSERT(key.ok());
        ended.push_back(std::move(key).value());
    }
    return ended;
}

std::int64_t OpenApi::count_keys_of(storage::Tx& tx, std::int64_t staff) {
    return static_cast<std::int64_t>(AppKeyStore(tx).active_made_by(staff).size());
}

void OpenApi::flush_last_used() {
    submit_seen(engine_, callers_.take_seen(kSeenWriteMs, kSeenCountMax),
                [](storage::Tx& tx, const identity::CallerCache::Seen& seen) {
                    AppKeyStore(tx).note_used(AppKeyId(seen.record_id), seen.at);
                });
}

std::optional<http::Credential> OpenApi::credential(const http::Request& request) const {
    const std::string_view token = bearer_token(request.header("authorization"));
    const std::optional<KeyText> parsed = parse_key_text(token);
    if (!parsed) {
        return std::nullopt;
    }
    return http::Credential{http::Realm::application, parsed->tenant,
                            credential_key(token, parsed->key), false};
}

std::shared_ptr<const http::Caller> OpenApi::known(const http::Credential& credential, Time now) {
    if (credential.realm != http::Realm::application || !tenants_.is_active(credential.tenant)) {
        return nullptr;
    }
    return callers_.find(credential.key, now);
}

Result<std::shared_ptr<const http::Caller>> OpenApi::recognise(storage::Tx& tx,
                                                               const http::Credential& credential) {
    const Problem refused = Problem::unauthenticated("session.required");
    const auto tenant = tenants_.find(credential.tenant);
    if (credential.realm != http::Realm::application || credential.tenant != tx.tenant() ||
        !tenant) {
        return refused;
    }
    const auto row = AppKeyStore(tx).find(key_of_credential(credential.key));
    if (!row || row->state != KeyState::active ||
        !equal_in_constant_time(row->secret_hash.bytes, hash_of_credential(credential.key))) {
        callers_.forget_key(credential.key);
        return refused;
    }
    if (tenant->state != tenant::State::active) {
        return Problem::forbidden("tenant.frozen");
    }
    auto caller = std::make_shared<http::Caller>();
    caller->kind = http::ActorKind::application;
    caller->realm = http::Realm::application;
    caller->tenant = tx.tenant();
    caller->utc_offset_minutes = static_cast<int>(tenant->utc_offset_minutes);
    caller->actor_id = row->id.value();
    caller->actor_name = row->name;
    caller->rights =
        http::Rights::at(world_.permissions->set_of(codes_of(row->permissions)), row->node_path);
    caller->places = {row->node_path};

    identity::CallerCache::Entry entry;
    entry.caller = caller;
    entry.record_id = row->id.value();
    entry.expires_at = tx.now().plus_ms(kForeverMs);
    entry.seen_at = tx.now();
    entry.seen_written_at = row->last_used_at.value_or(Time());
    entry.fresh_until = tx.now().plus_ms(kCallerFreshMs);
    callers_.put(credential.key, std::move(entry));
    return std::shared_ptr<const http::Caller>(std::move(caller));
}

}  // namespace hangu::open_api

#include "base/check.hpp"
#include "platform/crypto/crypto.hpp"
#include "platform/crypto/internal/envelope.hpp"
#include "platform/crypto/internal/tenant_keys.hpp"

#include <future>
#include <list>
#include <unordered_map>

namespace hangu::crypto {

namespace {

using Keys = std::shared_ptr<TenantKeys>;

}  // namespace

struct KeyRing::State {
    struct Kept {
        Keys keys;
        std::list<TenantId>::iterator used;
    };
    struct Loading {
        std::promise<Keys> promise;
        std::shared_future<Keys> keys = promise.get_future().share();
    };

    State(Secret root_key, KeyStore& its_store, Randomness& its_randomness, std::size_t its_max)
        : root(std::move(root_key)),
          store(its_store),
          randomness(its_randomness),
          tenants_count_max(its_max) {}

    // All three with `mutex` held.
    Keys find(TenantId tenant) {
        const auto found = kept.find(tenant);
        if (found == kept.end()) {
            return nullptr;
        }
        by_use.splice(by_use.begin(), by_use, found->second.used);
        return found->second.keys;
    }
    void keep(TenantId tenant, const Keys& keys) {
        drop(tenant);
        by_use.push_front(tenant);
        kept[tenant] = {keys, by_use.begin()};
        if (kept.size() > tenants_count_max) {
            drop(by_use.back());
        }
    }
    void drop(TenantId tenant) {
        const auto found = kept.find(tenant);
        if (found != kept.end()) {
            by_use.erase(found->second.used);
            kept.erase(found);
        }
    }

    Keys load(TenantId tenant) {
        const std::vector<WrappedKey> wrapped = store.load(tenant);
        HANGU_ASSERT(!wrapped.empty());
        return open_wrapped_keys(root, tenant, wrapped, randomness);
    }

    GcmKey root;
    KeyStore& store;
    Randomness& randomness;
    const std::size_t tenants_count_max;

    std::mutex creating;  // held over the store, so that two makers of one tenant meet
    std::mutex mutex;     // never held over the store
    std::unordered_map<TenantId, Kept> kept;
    std::list<TenantId> by_use;  // the most recent first
    std::unordered_map<TenantId, std::shared_ptr<Loading>> loading;
};

KeyRing::KeyRing(Secret root_key, KeyStore& store, Randomness& randomness,
                 std::size_t tenants_count_max)
    : state_(std::make_unique<State>(std::move(root_key), store, randomness, tenants_count_max)) {
    HANGU_ASSERT(tenants_count_max > 0);
}

KeyRing::~KeyRing() = default;

Keys KeyRing::create(TenantId tenant) {
    HANGU_ASSERT(tenant.is_set());
    const std::lock_guard creating(state_->creating);
    // Keys made twice would make everything sealed under the first ones unreadable.
    HANGU_ASSERT(state_->store.load(tenant).empty());
    const std::vector<WrappedKey> made =
        make_wrapped_keys(state_->root, tenant, state_->randomness);
    const Keys keys = open_wrapped_keys(state_->root, tenant, made, state_->randomness);
    state_->store.save(tenant, made);
    const std::lock_guard lock(state_->mutex);
    state_->keep(tenant, keys);
    return keys;
}

// The first thread that misses loads; the others that miss meanwhile wait for it.
Keys KeyRing::open(TenantId tenant) {
    HANGU_ASSERT(tenant.is_set());
    std::shared_ptr<State::Loading> mine;
    std::shared_future<Keys> others;
    {
        const std::lock_guard lock(state_->mutex);
        if (Keys keys = state_->find(tenant)) {
            return keys;
        }
        std::shared_ptr<State::Loading>& place = state_->loading[tenant];
        if (place == nullptr) {
            mine = place = std::make_shared<State::Loading>();
        } else {
            others = place->keys;
        }
    }
    if (mine == nullptr) {
        return others.get();
    }
    Keys keys;
    std::exception_ptr failure;
    try {
        keys = state_->load(tenant);
    } catch (...) {
        failure = std::current_exception();
    }
    {
        const std::lock_guard lock(state_->mutex);
        const auto place = state_->loading.find(tenant);
        // A forget() that came meanwhile has taken our place away: hand out, but do not keep.
        if (place != state_->loading.end() && place->second == mine) {
            state_->loading.erase(place);
            if (keys != nullptr) {
                state_->keep(tenant, keys);
            }
        }
    }
    if (failure != nullptr) {
        mine->promise.set_exception(failure);
        std::rethrow_exception(failure);
    }
    mine->promise.set_value(keys);
    return keys;
}

void KeyRing::forget(TenantId tenant) {
    const std::lock_guard lock(state_->mutex);
    state_->drop(tenant);
    state_->loading.erase(tenant);
}

}  // namespace hangu::crypto

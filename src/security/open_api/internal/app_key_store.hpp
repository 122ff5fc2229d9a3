// All SQL of the open API module.
#pragma once

#include "platform/storage/data_scope.hpp"
#include "platform/storage/tx.hpp"
#include "security/open_api/open_api.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::open_api {

struct AppKeyRow {
    static constexpr std::string_view kTable = "app_key";
    AppKeyId id;
    std::string name;
    std::string prefix;
    storage::Blob secret_hash;
    KeyState state = KeyState::active;
    std::string permissions;
    std::string node_path;
    std::int64_t created_by = 0;
    std::optional<Time> last_used_at;
    Time created_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(AppKeyRow, id, name, prefix, secret_hash, state, permissions, node_path, created_by,
             last_used_at, created_at, version)

class AppKeyStore {
 public:
    static constexpr std::int64_t kKeysCountMax = 200;  // active ones of a tenant

    explicit AppKeyStore(storage::Tx& tx) : tx_(tx) {}

    void add(const AppKeyRow& key) { tx_.insert(key); }
    std::optional<AppKeyRow> find(AppKeyId id);
    bool revoke(AppKeyId id, std::int64_t version);
    void note_used(AppKeyId id, Time at);
    std::int64_t count_active();
    std::vector<AppKeyRow> active_made_by(std::int64_t staff);
    std::vector<AppKeyRow> newest(const storage::DataScope& places, AppKeyId before,
                                  std::int64_t count_max);
    std::int64_t count(const storage::DataScope& places);

 private:
    storage::Tx& tx_;
};

}  // namespace hangu::open_api

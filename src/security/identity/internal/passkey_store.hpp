// SQL of passkeys.
#pragma once

#include "platform/storage/tx.hpp"
#include "security/identity/identity.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::identity {

struct PasskeyTag;
using PasskeyId = Id<PasskeyTag>;

struct PasskeyRow {
    static constexpr std::string_view kTable = "passkey";
    PasskeyId id;
    StaffId account_id;
    storage::Blob credential_id;
    std::string user_handle;
    std::string site;
    std::int64_t algorithm = 0;
    storage::Blob public_key;
    std::int64_t counter = 0;
    bool backed_up = false;
    std::string name;
    Time created_at;
    std::optional<Time> last_used_at;
    std::optional<Time> doubted_at;
};
HANGU_STRUCT(PasskeyRow, id, account_id, credential_id, user_handle, site, algorithm, public_key,
             counter, backed_up, name, created_at, last_used_at, doubted_at)

class PasskeyStore {
 public:
    static constexpr std::size_t kPasskeysCountMax = 10;  // per account

    explicit PasskeyStore(storage::Tx& tx) : tx_(tx) {}

    bool add(const PasskeyRow& row) { return tx_.try_insert(row); }  // false: it is there already
    std::optional<PasskeyRow> find(const std::string& credential_id);
    std::vector<PasskeyRow> list(StaffId account);
    std::int64_t count(StaffId account);
    bool has(StaffId account);  // one that opens something
    // False: the counter did not grow, so there is a second one of this authenticator.
    bool use(const PasskeyRow& passkey, std::int64_t counter);
    void doubt(PasskeyId id);
    bool remove(StaffId account, PasskeyId id);
    void remove_all(StaffId account);

 private:
    storage::Tx& tx_;
};

void add_passkey_tables(storage::Part& part);

}  // namespace hangu::identity

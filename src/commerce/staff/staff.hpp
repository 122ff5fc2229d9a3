// The staff: where each person works and how she is reached. Her account (name, login name, state,
// password) is identity's, her roles are authorization's; one id for all three.
#pragma once

#include "base/sealed.hpp"
#include "base/text.hpp"
#include "commerce/organisation/organisation.hpp"
#include "security/authorization/authorization.hpp"
#include "security/identity/identity.hpp"
#include "security/open_api/open_api.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hangu::staff {

using identity::StaffId;
using organisation::NodeId;

struct NewStaff {
    Text<1, 40> name;
    std::string login_name;
    std::optional<Phone> phone;
    NodeId node_id;
    std::vector<authorization::RoleId> role_ids;
};

struct StaffMade {
    StaffId id;
    identity::SignInLink link;
};

// What of a person is changed; the rest stays. Moving her moves her roles.
struct StaffChange {
    std::optional<Text<1, 40>> name;
    std::optional<NodeId> node_id;
    std::optional<std::vector<authorization::RoleId>> role_ids;
};

// What an act ended at once.
struct Ended {
    std::int64_t sessions = 0;
    std::int64_t grants = 0;
    std::int64_t keys = 0;  // application keys of hers that reach further than she still does
};

class Staff {
 public:
    Staff(identity::Identity& identity, authorization::Authorization& authorization,
          const organisation::Organisation& organisation)
        : organisation_(organisation), identity_(identity), authorization_(authorization) {}
    // Keys that a person made end with her rights.
    void set_open_api(open_api::OpenApi& open_api) { open_api_ = &open_api; }

    // They audit; the caller has asked for permission. Account, place, roles and a one-time link.
    // "org.not_found", "staff.login_name_taken", "staff.phone_taken", "role.ceiling",
    // "role.unknown"
    Result<StaffMade> create(http::Scope& scope, const NewStaff& staff) const;
    // The first person of a new tenant: the owner role at headquarters, and her sign-in link.
    Result<identity::SignInLink> create_owner(http::Scope& scope, std::string_view login_name,
                                              std::string_view name) const;
    // "staff.not_found", "staff.stale"
    Result<void> change(http::Scope& scope, StaffId id, std::int64_t version,
                        const StaffChange& change) const;
    // Suspended or left: every session ends at once. "staff.wrong_state", "role.last_owner"
    Result<void> set_state(http::Scope& scope, StaffId id, std::int64_t version,
                           identity::AccountState state) const;
    // All of her grants, as Authorization::set_grants. "staff.stale"
    Result<void> set_grants(http::Scope& scope, StaffId id, std::int64_t version,
                            const std::vector<authorization::GrantWish>& wishes) const;
    // To another place with these roles and nothing else: what she had ends, her sessions too.
    Result<Ended> transfer(http::Scope& scope, StaffId id, std::int64_t version, NodeId node_id,
                           const std::vector<authorization::RoleId>& role_ids) const;
    // What would end if she left now.
    Ended holdings(http::Scope& scope, StaffId id) const;
    // "staff.not_active"
    Result<identity::SignInLink> invite(http::Scope& scope, StaffId id) const;

    // Who may do more than the caller is not hers to change, to suspend or to sign in as:
    // "role.ceiling"
    Result<void> check_ceiling(http::Scope& scope, StaffId id) const;

    const organisation::Organisation& organisation() const { return organisation_; }
    identity::Identity& identity() const { return identity_; }
    authorization::Authorization& authorization() const { return authorization_; }

 private:
    std::int64_t end_keys(http::Scope& scope, StaffId id) const;

    const organisation::Organisation& organisation_;
    identity::Identity& identity_;
    authorization::Authorization& authorization_;
    open_api::OpenApi* open_api_ = nullptr;
};

// Tells identity how people are reached.
class PhoneBook final : public identity::PhoneBook {
 public:
    std::string phone_tail_of(storage::Tx& tx, identity::StaffId account) override;
    std::optional<identity::StaffId> owner_of(storage::Tx& tx, const Phone& phone) override;
};

// Tells identity what places are called, for "where may she work".
class PlaceNames final : public identity::PlaceNames {
 public:
    explicit PlaceNames(const organisation::Organisation& organisation)
        : organisation_(organisation) {}
    std::string place_name(storage::Tx& tx, std::string_view path) override;

 private:
    const organisation::Organisation& organisation_;
};

}  // namespace hangu::staff

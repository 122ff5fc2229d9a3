// Requests that others have to agree to before something happens. A module declares a kind of
// request with its steps, opens requests, and is told in the same transaction when one is closed.
// Nobody decides on her own request, nobody counts twice in one, and only votes of people who still
// hold the right count when it is closed.
#pragma once

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "platform/http/scope.hpp"
#include "platform/settings/settings.hpp"
#include "platform/storage/data_scope.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::approval {

struct RequestTag;
using RequestId = Id<RequestTag>;
struct VoteTag;
using VoteId = Id<VoteTag>;

enum class State { open, approved, refused, withdrawn, expired };
HANGU_ENUM(State, open, approved, refused, withdrawn, expired)

enum class Verdict { approve, refuse };
HANGU_ENUM(Verdict, approve, refuse)

// Who has to agree: so many people who hold this permission where the request belongs.
struct Step {
    std::string name;  // "authorise"
    std::string permission;
    std::int64_t needed = 1;

    friend bool operator==(const Step&, const Step&) = default;
};

struct Fact {
    std::string name;
    std::string value;

    friend bool operator==(const Fact&, const Fact&) = default;
};

struct Request {
    RequestId id;
    std::string kind;
    std::string subject_kind;
    std::string subject_id;
    std::string subject_label;
    std::string org_path;
    std::vector<Fact> facts;  // what is decided on, in words; no personal data
    std::string reason;
    std::vector<Step> steps;
    State state = State::open;
    std::int64_t asked_by = 0;  // account; 0: the system
    Time asked_at;
    Time expires_at;  // open until before this moment
    std::optional<Time> closed_at;
    std::int64_t version = 1;
};

struct Vote {
    VoteId id;
    std::int64_t step = 0;
    std::int64_t voter = 0;  // account
    Verdict verdict = Verdict::approve;
    std::string reason;
    Time at;
    bool stands = true;  // its voter still holds the step's permission there
};

// What somebody asks for.
struct Wish {
    std::string_view kind;
    std::string_view subject_kind;
    std::string subject_id;
    std::string subject_label;
    std::string org_path;
    std::vector<Fact> facts;
    std::string reason;
};

// Told in the transaction that closes a request: a problem rolls all of it back.
class OnClosed {
 public:
    virtual ~OnClosed() = default;
    virtual Result<void> closed(http::Scope& scope, const Request& request) = 0;
};

struct Definition {
    std::string_view kind;     // "audit.disclosure"
    std::vector<Step> steps;   // one after the other
    std::string_view hours;    // key of the setting: how long a request stays open
    OnClosed* told = nullptr;  // nobody
};

// Port: who people are and what they may do now (identity, authorization).
class People {
 public:
    virtual ~People() = default;
    // Her account works, and she holds the permission there.
    virtual bool may(storage::Tx& tx, std::int64_t staff, std::string_view permission,
                     std::string_view org_path) = 0;
    virtual std::string name_of(storage::Tx& tx, std::int64_t staff) = 0;
};

struct RequestFilter {
    bool only_own = false;
    std::optional<State> state;
    RequestId before;  // none: from the newest on
};

class Approvals {
 public:
    explicit Approvals(const http::PermissionCatalogue& catalogue) : catalogue_(catalogue) {}

    // Once per kind, before the first request. `people` and what is told outlive this.
    void define(Definition definition);
    void set_people(People& people) { people_ = &people; }

    // The caller asks her permission first. "approval.too_many" when too many are open.
    Result<Request> open(http::Scope& scope, Wish wish);
    Result<Request> find(storage::Tx& tx, RequestId id);  // "approval.not_found"
    std::vector<Vote> votes(storage::Tx& tx, const Request& request);

    // The caller must hold the permission of the step that is due ("permission.denied",
    // "permission.outside_scope"). "approval.closed", "approval.expired", "approval.own_request",
    // "approval.voted_already", "approval.stale".
    Result<Request> decide(http::Scope& scope, RequestId id, Verdict verdict,
                           const std::string& reason, std::int64_t version);
    // Only who asked: "approval.not_asker".
    Result<Request> withdraw(http::Scope& scope, RequestId id, const std::string& reason,
                             std::int64_t version);
    // Closes what nobody decided in time; answers how many. For a job.
    Result<std::int64_t> expire_due(http::Scope& scope);

    // Newest first, of these places and the caller's own.
    std::vector<Request> list(http::Scope& scope, const storage::DataScope& places,
                              const RequestFilter& filter, std::int64_t count_max);
    std::int64_t count(http::Scope& scope, const storage::DataScope& places,
                       const RequestFilter& filter);
    // Open ones that the caller may decide on now, those that end first first.
    std::vector<Request> to_decide(http::Scope& scope);
    // The caller may decide on it now: as decide() would answer.
    Result<void> may_decide(http::Scope& scope, const Request& request);

    People& people() const { return *people_; }

 private:
    Result<Request> close(http::Scope& scope, Request request, State state);

    const http::PermissionCatalogue& catalogue_;
    std::map<std::string_view, Definition> definitions_;
    People* people_ = nullptr;
};

}  // namespace hangu::approval

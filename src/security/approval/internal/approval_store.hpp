// All SQL of the approval module.
#pragma once

#include "platform/storage/data_scope.hpp"
#include "platform/storage/tx.hpp"
#include "security/approval/approval.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hangu::approval {

struct RequestRow {
    static constexpr std::string_view kTable = "approval_request";
    RequestId id;
    std::string kind;
    std::string subject_kind;
    std::string subject_id;
    std::string subject_label;
    std::string org_path;
    std::string facts;
    std::string reason;
    std::string steps;
    State state = State::open;
    std::int64_t asked_by = 0;
    Time asked_at;
    Time expires_at;
    std::optional<Time> closed_at;
    std::int64_t version = 1;
};
HANGU_STRUCT(RequestRow, id, kind, subject_kind, subject_id, subject_label, org_path, facts, reason,
             steps, state, asked_by, asked_at, expires_at, closed_at, version)

struct VoteRow {
    static constexpr std::string_view kTable = "approval_vote";
    VoteId id;
    RequestId request_id;
    std::int64_t step = 0;
    std::int64_t voter = 0;
    Verdict verdict = Verdict::approve;
    std::string reason;
    Time at;
    std::optional<Time> lapsed_at;
};
HANGU_STRUCT(VoteRow, id, request_id, step, voter, verdict, reason, at, lapsed_at)

// In the order of the statement's parameters; empty texts and zeros do not filter.
struct ListFilter {
    std::int64_t self = 0;
    bool only_own = false;
    std::string state;
    RequestId before;
};
HANGU_STRUCT(ListFilter, self, only_own, state, before)

class ApprovalStore {
 public:
    static constexpr std::int64_t kOpenReadMax = 10'000;  // as many as the setting allows

    explicit ApprovalStore(storage::Tx& tx) : tx_(tx) {}

    void add(const Request& request);
    std::optional<Request> find(RequestId id);
    // False when somebody was faster: nothing was written.
    bool save(const Request& request);
    std::vector<Request> open();  // those that end first first
    std::vector<Request> due(Time now, std::int64_t count_max);
    std::int64_t count_open();
    std::vector<Request> newest(const storage::DataScope& places, const ListFilter& filter,
                                std::int64_t count_max);
    std::int64_t count(const storage::DataScope& places, const ListFilter& filter);

    bool add(const VoteRow& vote) { return tx_.try_insert(vote); }
    std::vector<VoteRow> votes(RequestId request);
    void lapse(VoteId vote, Time at);

 private:
    storage::Tx& tx_;
};

}  // namespace hangu::approval

// What this module tells the world. Live listeners need "approval.view" and the place in their
// scope.
#pragma once

#include "security/approval/approval.hpp"

#include <string>

namespace hangu::approval {

struct ApprovalOpened {
    static constexpr std::string_view kName = "approval.opened";
    static constexpr std::string_view kPermission = "approval.view";
    RequestId approval_id;
    std::string kind;
    State state = State::open;
    std::string subject() const { return "approval:" + approval_id.text(); }
};
HANGU_STRUCT(ApprovalOpened, approval_id, kind, state)

struct ApprovalVoted {
    static constexpr std::string_view kName = "approval.voted";
    static constexpr std::string_view kPermission = "approval.view";
    RequestId approval_id;
    std::string kind;
    State state = State::open;
    std::string subject() const { return "approval:" + approval_id.text(); }
};
HANGU_STRUCT(ApprovalVoted, approval_id, kind, state)

struct ApprovalClosed {
    static constexpr std::string_view kName = "approval.closed";
    static constexpr std::string_view kPermission = "approval.view";
    RequestId approval_id;
    std::string kind;
    State state = State::open;
    std::string subject() const { return "approval:" + approval_id.text(); }
};
HANGU_STRUCT(ApprovalClosed, approval_id, kind, state)

}  // namespace hangu::approval

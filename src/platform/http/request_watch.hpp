// Port: who wants to hear how the requests of known callers ended, beside what is recorded of them,
// to count refusals against persons and requests against records. The world's audit sink may be
// one; the pipeline looks once, when it is made.
#pragma once

#include "base/time.hpp"
#include "platform/http/caller.hpp"

#include <string_view>

namespace hangu::http {

// A request that should have left a record: of a known caller, on a route that is not public.
struct Answered {
    const Caller* caller = nullptr;
    std::string_view route;
    std::string_view subject_id;  // the id in its path, if it has the form of one
    std::string_view address;
    int status = 0;
    std::string_view code;  // of the problem; "" : none
    Time at;
};

class RequestWatch {
 public:
    virtual ~RequestWatch() = default;
    // From any thread; never waits.
    virtual void answered(const Answered& answered) = 0;
};

}  // namespace hangu::http

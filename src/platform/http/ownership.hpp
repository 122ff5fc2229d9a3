// Port: which node of a cluster serves a tenant. A tenant has one owner at a time, and whatever is
// kept in memory of it (callers, answers, rates, listeners) is right on that node alone.
#pragma once

#include "base/id.hpp"

#include <string>

namespace hangu::http {

struct Whereabouts {
    enum class Kind {
        here,
        elsewhere,  // on `node`, which is alive as far as this one knows
        nobody,     // between two owners: a moment later there will be one
    };
    Kind kind = Kind::here;
    std::string node;
};

class Ownership {
 public:
    virtual ~Ownership() = default;
    // From memory, on an event loop; never waits. What it does not know yet it calls `here`: the
    // storage engine has the last word and throws storage::OwnedElsewhere. `hopped`: another node
    // has sent the request here, so what this one knows may be old.
    virtual Whereabouts where(TenantId tenant, bool hopped) = 0;
};

}  // namespace hangu::http

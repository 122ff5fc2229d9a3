// A commit whose end nobody was told.
#pragma once

#include "platform/storage/tx.hpp"

namespace hangu::storage {

// The connection broke while the commit was under way, or a node of a cluster lost the others then
// (1180; half of such commits were found to stand): whether it stands is not known. Never run again
// by itself; an idempotency key tells.
class CommitUnknown : public StorageFault {
 public:
    using StorageFault::StorageFault;
};

}  // namespace hangu::storage

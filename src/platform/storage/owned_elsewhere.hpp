// What the engine throws for a tenant of another node.
#pragma once

#include "platform/storage/tx.hpp"

#include <string>
#include <utility>

namespace hangu::storage {

// The tenant belongs to another node at present. Nothing was written: the same request, made there,
// is as good as new.
class OwnedElsewhere final : public StorageFault {
 public:
    explicit OwnedElsewhere(std::string node)
        : StorageFault("the tenant belongs to node " + node), node_(std::move(node)) {}
    const std::string& node() const { return node_; }

 private:
    std::string node_;
};

}  // namespace hangu::storage

// Plugs the engine's directory into the pipeline's port.
#pragma once

#include "platform/http/ownership.hpp"
#include "platform/storage/engine.hpp"

namespace hangu::app {

class OwnerNodes final : public http::Ownership {
 public:
    explicit OwnerNodes(storage::Engine& engine) : engine_(engine) {}

    http::Whereabouts where(TenantId tenant, bool hopped) override {
        if (engine_.works_for(tenant)) {
            return {};
        }
        if (hopped) {
            engine_.doubt(tenant);  // the node that we take for its owner has sent it here
            return {};
        }
        std::optional<std::string> node = engine_.elsewhere(tenant);
        return node ? http::Whereabouts{http::Whereabouts::Kind::elsewhere, *std::move(node)}
                    : http::Whereabouts{};
    }

 private:
    storage::Engine& engine_;
};

}  // namespace hangu::app

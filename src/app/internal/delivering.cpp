// Events on their way to merchants' own programs: which ones there are, and what carries them.
#include "app/house.hpp"
#include "commerce/order/events.hpp"
#include "platform/events/rabbit.hpp"
#include "security/approval/events.hpp"
#include "security/delivery/module.hpp"

namespace hangu::app {

namespace {

// Plugs the organisation into delivery's, as into open_api's.
class EventPlacesOfOrganisation final : public delivery::Places {
 public:
    explicit EventPlacesOfOrganisation(open_api::NodePaths& paths) : paths_(paths) {}
    Result<std::string> path_of_node(storage::Tx& tx, std::int64_t node_id) override {
        return paths_.path_of_node(tx, node_id);
    }

 private:
    open_api::NodePaths& paths_;
};

// What merchants' own programs can be told of.
std::vector<std::string_view> event_names() {
    return {order::OrderPlaced::kName,      order::OrderPaid::kName,
            order::OrderAdvanced::kName,    order::OrderCancelled::kName,
            order::OrderRefunded::kName,    approval::ApprovalOpened::kName,
            approval::ApprovalVoted::kName, approval::ApprovalClosed::kName};
}

}  // namespace

// Events leave for merchants' own programs, if there is a broker.
Result<void> House::deliver() {
    HANGU_TRY(std::optional<events::RabbitOptions> found,
              delivery::broker_of(*settings.snapshot()));
    if (found && options.carrier == nullptr) {
        broker = events::make_rabbit_carrier(*std::move(found), log);
    }
    events::Carrier* carrier = options.carrier != nullptr ? options.carrier : broker.get();
    deliveries = std::make_unique<delivery::Deliveries>(
        delivery::Deliveries::Services{*engine, world, *notify, metrics, carrier, event_names()});
    event_places_ = std::make_unique<EventPlacesOfOrganisation>(*node_paths_);
    deliveries->set_places(*event_places_);
    deliveries->set_freshness(*freshness_);
    return {};
}

}  // namespace hangu::app

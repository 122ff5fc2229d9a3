#include "platform/http/waiting.hpp"

namespace hangu::http {

Task<Result<CallerPointer>> recognised(storage::Engine* engine, const Clock* clock, Gate* gate,
                                       Credential credential) {
    CallerPointer known = gate->known(credential, clock->now());
    if (known) {
        co_return known;
    }
    const TenantId tenant = credential.tenant;
    TxJob<CallerPointer>::Body recognise = [gate, credential](storage::Tx& tx) {
        return gate->recognise(tx, credential);
    };
    Result<CallerPointer> found = co_await run_tx<CallerPointer>(
        engine, tenant, storage::Work::read, std::move(recognise), nullptr);
    co_return found;
}

}  // namespace hangu::http

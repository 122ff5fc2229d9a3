#include "platform/storage/internal/place_schema.hpp"

#include "platform/storage/internal/maria_migration.hpp"
#include "platform/storage/internal/tx_session.hpp"

namespace hangu::storage {

SchemaView schema_of_place(Engine& engine, Shard* shard, TenantId tenant, const Steps& steps) {
    if (shard != nullptr) {
        shard->require_ready();
        MariaConnection connection(shard->as_ro());
        SchemaView view = shard_view(connection, steps);
        connection.roll_back();
        return view;
    }
    SchemaView view;
    const Result<void> read = engine.run(tenant, Work::read, [&](Tx& tx) -> Result<void> {
        view = schema_view(dynamic_cast<Connection&>(TxSession::of(tx)), steps);
        return {};
    });
    HANGU_ASSERT(read.ok());
    return view;
}

}  // namespace hangu::storage

// What a place that tenants are in has had of the schema's steps.
#pragma once

#include "platform/storage/internal/schema_view.hpp"
#include "platform/storage/internal/shard.hpp"

namespace hangu::storage {

// Of the shard; null: of the tenant's file, which its lane opens.
SchemaView schema_of_place(Engine& engine, Shard* shard, TenantId tenant, const Steps& steps);

}  // namespace hangu::storage

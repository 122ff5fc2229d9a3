// What a shard would make of the product: every migration, every statement.
#include "app/program.hpp"
#include "platform/storage/shard_check.hpp"
#include "tests/support/maria_server.hpp"
#include "tests/support/test_world.hpp"

#include <gtest/gtest.h>

namespace hangu {
namespace {

TEST(ShardStatements, every_statement_is_prepared_and_reads_one_tenant) {
    const testing::TemporaryFolder folder;
    const testing::MariaServer server(HANGU_MARIADB, folder.path() + "/db",
                                      {"--innodb-flush-log-at-trx-commit=0"});
    EXPECT_EQ(storage::shard_statement_faults(app::all_parts(), server.socket()),
              std::vector<std::string>());
}

}  // namespace
}  // namespace hangu

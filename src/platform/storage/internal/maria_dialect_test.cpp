#include "platform/storage/internal/maria_dialect.hpp"

#include <gtest/gtest.h>

namespace hangu::storage {
namespace {

using Numbers = std::vector<int>;
using Texts = std::vector<std::string>;

TEST(MariaDialect, numbered_parameters_become_places) {
    const MariaText text = maria_text(
        "update note set amount = amount - ?2 where tenant_id = ?1 and id = ?3 and amount >= ?2");
    EXPECT_EQ(text.fault, "");
    EXPECT_EQ(text.sql,
              "update note set amount = amount - ? where tenant_id = ? and id = ? and amount >= ?");
    EXPECT_EQ(text.parameters, (Numbers{2, 1, 3, 2}));
}

TEST(MariaDialect, an_upsert_of_the_primary_key) {
    const MariaText text = maria_text(
        "insert into tile (tenant_id, id, hashes) values (?1, ?2, ?3)"
        " on conflict (id) do update set hashes = excluded.hashes");
    EXPECT_EQ(text.fault, "");
    EXPECT_EQ(text.sql,
              "insert into tile ( tenant_id , id , hashes ) values ( ? , ? , ? )"
              " on duplicate key update hashes = values(hashes)");
}

TEST(MariaDialect, what_means_something_else_is_refused) {
    for (const char* sql :
         {"select a / 2 from t where tenant_id = ?1", "delete from t where id = ?1 returning id",
          "insert into t (id) values (?1) on conflict (code) do update set id = excluded.id",
          "insert into t (id) values (?1) on conflict do nothing",
          "select printf('%d', a) from t where tenant_id = ?1",
          "select a from t where tenant_id = ?1 and b not like ?2", "select 'open"}) {
        EXPECT_NE(maria_text(sql).fault, "") << sql;
    }
}

TEST(MariaDialect, inner_selects_get_names_and_their_limits_a_place) {
    EXPECT_EQ(
        maria_text("select count(*) from (select id from t where tenant_id = ?1 limit ?2)").sql,
        "select count( * ) from ( select id from t where tenant_id = ? limit ? ) as inner_1");
    EXPECT_EQ(maria_text("delete from t where tenant_id = ?1 and id in (select id from t where"
                         " tenant_id = ?1 limit ?2)")
                  .sql,
              "delete from t where tenant_id = ? and id in (select * from ( select id from t where"
              " tenant_id = ? limit ? ) as inner_1 )");
}

TEST(MariaDialect, texts_stay_as_they_are_and_reserved_words_are_quoted) {
    EXPECT_EQ(maria_text("select key, left from t left join u on t.key = u.key"
                         " where t.name = 'a?1 / ''key''' -- on conflict")
                  .sql,
              "select \"key\" , \"left\" from t left join u on t.\"key\" = u.\"key\""
              " where t.name = 'a?1 / ''key'''");
}

TEST(MariaSchema, every_key_begins_with_the_tenant) {
    MariaSchema schema(false);
    const MariaSchema::Step step = schema.step(
        "create table note (tenant_id integer not null, id integer primary key, code text not null,"
        " body text not null, seal blob);"
        " create unique index note_code on note (tenant_id, code) where code is not null;");
    EXPECT_EQ(step.fault, "");
    EXPECT_EQ(step.statements,
              (Texts{"create table note (tenant_id bigint not null, id bigint not null, code"
                     " varchar(255) not null, body longtext not null, seal longblob, primary key"
                     " (tenant_id, id)) engine=innodb row_format=dynamic default charset=utf8mb4"
                     " collate=utf8mb4_nopad_bin",
                     "create unique index note_code on note (tenant_id, code)"}));
    EXPECT_NE(schema.step("create index bad on note (code)").fault, "");
    EXPECT_NE(schema.step("create table bad (id integer not null, primary key (id))").fault, "");
}

TEST(MariaSchema, an_index_that_comes_later_bounds_its_column_first) {
    MariaSchema schema(false);
    schema.step(
        "create table note (tenant_id integer not null, id integer primary key,"
        " label text not null)");
    EXPECT_EQ(schema.step("create index note_label on note (tenant_id, label)").statements,
              (Texts{"alter table note modify label varchar(255) not null",
                     "create index note_label on note (tenant_id, label)"}));
    EXPECT_EQ(schema.step("alter table note add column grade text not null default ''").statements,
              (Texts{"alter table note add column grade longtext not null default ''"}));
    EXPECT_NE(
        schema.step("create unique index n on note (tenant_id, label) where grade is not null")
            .fault,
        "");
    EXPECT_NE(schema.step("drop index unknown").fault, "");
    EXPECT_EQ(schema
                  .step("drop index note_label; alter table note drop column grade; drop table"
                        " note")
                  .statements,
              (std::vector<std::string>{"drop index note_label on note",
                                        "alter table note drop column grade", "drop table note"}));
}

}  // namespace
}  // namespace hangu::storage

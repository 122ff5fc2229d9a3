#include "security/audit/internal/export_rules.hpp"

#include "security/audit/internal/record_rules.hpp"

#include <gtest/gtest.h>

namespace hangu::audit {
namespace {

Record exported_record() {
    Record record;
    record.id = RecordId(42);
    record.at = Time(1'795'305'600'000);
    record.actor_kind = http::ActorKind::staff;
    record.actor_id = 7;
    record.actor_name = Sealed<PersonName>(PersonName("=cmd|' /C calc'!A0"));
    record.action = "store.edited";
    record.subject_label = "a \"quoted\"\nlabel";
    record.fields.bytes =
        encode_changes({Form::per_field, std::string(16, 's'), {{"name", "旧", "新"}}, {}});
    return record;
}

TEST(AuditExport, a_spreadsheet_runs_nothing_and_keeps_every_sign) {
    std::string out;
    export_line(out, ExportFormat::csv, exported_record());
    EXPECT_EQ(out,
              "\"000000000001a\",\"2026-11-22T00:00:00.000Z\",\"act\",\"staff\",\"0000000000007\","
              "\"'=cmd|' /C calc'!A0\",\"store.edited\",\"ok\",\"\",\"\","
              "\"a \"\"quoted\"\"\nlabel\",\"\",\"\",\"name: 旧 → 新\",\"\",\"\"\r\n");
    EXPECT_TRUE(export_head(ExportFormat::csv).starts_with("\xEF\xBB\xBFid,at,kind,"));
}

TEST(AuditExport, lines_of_json_are_one_object_each) {
    std::string out = export_head(ExportFormat::jsonl);
    export_line(out, ExportFormat::jsonl, exported_record());
    export_line(out, ExportFormat::jsonl, exported_record());
    EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 2);
    EXPECT_NE(out.find("\"subject_label\":\"a \\\"quoted\\\"\\nlabel\""), std::string::npos) << out;
}

}  // namespace
}  // namespace hangu::audit

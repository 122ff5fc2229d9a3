// Records as lines of a file: CSV as spreadsheets read it, or JSON, one object a line. Pure.
#pragma once

#include "security/audit/audit.hpp"

#include <string>

namespace hangu::audit {

enum class ExportFormat { csv, jsonl };
HANGU_ENUM(ExportFormat, csv, jsonl)

std::string export_head(ExportFormat format);  // with the mark that tells spreadsheets of UTF-8
void export_line(std::string& out, ExportFormat format, const Record& record);

}  // namespace hangu::audit

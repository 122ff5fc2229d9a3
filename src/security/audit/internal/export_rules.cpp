#include "security/audit/internal/export_rules.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "security/audit/internal/record_rules.hpp"

namespace hangu::audit {

namespace {

struct ExportedLine {
    RecordId id;
    Time at;
    RecordKind kind = RecordKind::act;
    http::ActorKind actor_kind = http::ActorKind::nobody;
    std::string actor_id;
    Revealed<PersonName> actor_name;
    std::string action;
    std::string result;
    std::string subject_kind;
    std::string subject_id;
    std::string subject_label;
    std::string address;
    std::string route;
    std::string changes;
    std::string leaf_hash;
    std::string trace_id;
};
HANGU_STRUCT(ExportedLine, id, at, kind, actor_kind, actor_id, actor_name, action, result,
             subject_kind, subject_id, subject_label, address, route, changes, leaf_hash, trace_id)

std::string changes_text(const Record& record) {
    std::string text;
    const std::optional<Changes> changes = decode_changes(record.fields.bytes);
    if (!changes) {
        return text;
    }
    for (const http::AuditField& field : changes->fields) {
        text += (text.empty() ? "" : "; ") + field.name + ": " + field.before + " → " + field.after;
    }
    return text;
}

ExportedLine line_of(const Record& record) {
    return {record.id,
            record.at,
            record.kind,
            record.actor_kind,
            record.actor_id == 0 ? "" : id_text(record.actor_id),
            record.actor_name.shown(),
            record.action,
            std::string(result_of(record.kind, record.action, record.status)),
            record.subject_kind,
            record.subject_id,
            record.subject_label,
            record.address,
            record.route,
            changes_text(record),
            to_hex(record.leaf_hash.bytes),
            record.trace};
}

std::string cell_text(const std::string& value) {
    return value;
}
std::string cell_text(RecordId value) {
    return value.text();
}
std::string cell_text(Time value) {
    return time_text(value);
}
std::string cell_text(const Revealed<PersonName>& value) {
    return value.text();
}
template <DescribedEnum E>
std::string cell_text(E value) {
    return std::string(enum_text(value));
}

// A cell that a spreadsheet would take for a formula gets an apostrophe in front.
void put_cell(std::string& out, std::string text) {
    if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) {
        text.insert(0, 1, '\'');
    }
    out += '"';
    for (const char c : text) {
        out += c;
        if (c == '"') {
            out += '"';
        }
    }
    out += '"';
}

}  // namespace

std::string export_head(ExportFormat format) {
    if (format == ExportFormat::jsonl) {
        return "";
    }
    std::string head = "\xEF\xBB\xBF";
    ExportedLine line;
    bool first = true;
    for_each_member(line, [&](std::string_view name, const auto&) {
        head += first ? "" : ",";
        head += name;
        first = false;
    });
    return head + "\r\n";
}

void export_line(std::string& out, ExportFormat format, const Record& record) {
    const ExportedLine line = line_of(record);
    if (format == ExportFormat::jsonl) {
        out += json::to_text(line) + "\n";
        return;
    }
    bool first = true;
    for_each_member(line, [&](std::string_view, const auto& value) {
        out += first ? "" : ",";
        put_cell(out, cell_text(value));
        first = false;
    });
    out += "\r\n";
}

}  // namespace hangu::audit

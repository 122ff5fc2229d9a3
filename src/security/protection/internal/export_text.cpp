#include "security/protection/internal/export_text.hpp"

namespace hangu::protection {

namespace {

constexpr std::string_view kHead =
    "\xEF\xBB\xBF"
    "id,at,login_name,name,result,reason,method,address,network,place,user_agent,known_device,"
    "score,risks\r\n";

// A cell that a spreadsheet would take for a formula gets an apostrophe in front.
void put_cell(std::string& out, std::string_view text) {
    const bool formula =
        !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
    out += formula ? "\"'" : "\"";
    for (const char c : text) {
        out += c;
        if (c == '"') {
            out += '"';
        }
    }
    out += '"';
}

}  // namespace

std::string export_head() {
    return std::string(kHead);
}

void export_line(std::string& out, const SignInEntry& entry, std::string_view login_name,
                 std::string_view name) {
    const std::string cells[] = {entry.id.text(),
                                 time_text(entry.at),
                                 std::string(login_name),
                                 std::string(name),
                                 std::string(enum_text(entry.result)),
                                 std::string(enum_text(entry.reason)),
                                 entry.method,
                                 entry.address,
                                 entry.network,
                                 entry.place,
                                 entry.user_agent,
                                 entry.known_device ? "yes" : "no",
                                 std::to_string(entry.score),
                                 entry.risks};
    for (std::size_t i = 0; i < std::size(cells); ++i) {
        out += i == 0 ? "" : ",";
        put_cell(out, cells[i]);
    }
    out += "\r\n";
}

}  // namespace hangu::protection

#include "platform/http/internal/response_writer.hpp"

#include "platform/http/internal/response_writer_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace hangu::http {
namespace {

constexpr std::size_t kCompressedBytesMin = 1024;
constexpr std::size_t kCompressedBytesMax = 512 * 1024;  // about 5 ms of the loop

struct Reason {
    int status;
    std::string_view text;
};
// The most frequent ones first.
constexpr Reason kReasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

std::string_view reason_of(int status) {
    for (const Reason& reason : kReasons) {
        if (reason.status == status) {
            return reason.text;
        }
    }
    return "Other";
}

bool same(std::string_view name, std::string_view lower_name) {
    if (name.size() != lower_name.size()) {
        return false;
    }
    for (std::size_t i = 0; i < name.size(); ++i) {
        const char c = name[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != lower_name[i]) {
            return false;
        }
    }
    return true;
}

bool is_engines_own(std::string_view name) {
    constexpr std::array<std::string_view, 5> kOwn{"date", "connection", "keep-alive",
                                                   "content-length", "transfer-encoding"};
    for (const std::string_view own : kOwn) {
        if (same(name, own)) {
            return true;
        }
    }
    return false;
}

void append_number(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

void append_status(std::string& out, int status) {
    out += "HTTP/1.1 ";
    append_number(out, static_cast<std::uint64_t>(status));
    out += ' ';
    out += reason_of(status);
    out += "\r\n";
}

std::string_view find(const Response& response, std::string_view lower_name) {
    for (const Header& header : response.headers) {
        if (same(header.name, lower_name)) {
            return header.value;
        }
    }
    return {};
}

bool is_bodiless(int status) {
    return status == 204 || status == 304 || status < 200;
}

bool is_token(std::string_view name) {
    for (const char c : name) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
        if (!plain) {
            return false;
        }
    }
    return !name.empty();
}

}  // namespace

// What the response will be, decided before the first byte is written.
struct ResponseWriter::Plan {
    int status = 200;
    std::string_view body;
    Stream* stream = nullptr;
    bool file = false;
    bool gzip = false;
    bool varies = false;
    std::string etag;
    std::string content_range;
};

Conditions conditions_of(const Request& request, const HeadFacts& facts) {
    Conditions conditions;
    conditions.head = request.method == "HEAD";
    conditions.http_1_0 = facts.http_1_0;
    for (const Header& header : request.headers) {
        const std::string_view name = header.name;
        if (name == "accept-encoding") {
            conditions.takes_gzip = takes_gzip(header.value);
        } else if (name == "range") {
            conditions.range = header.value;
        } else if (name == "if-range") {
            conditions.if_range = header.value;
        } else if (name == "if-none-match") {
            conditions.if_none_match = header.value;
        } else if (name == "if-modified-since") {
            conditions.if_modified_since = header.value;
        }
    }
    return conditions;
}

void ResponseWriter::set_date(Time now) {
    const std::time_t seconds = now.unix_ms() / kSecondMs;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 40> text;
    const std::size_t size =
        std::strftime(text.data(), text.size(), "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
    date_line_.assign(text.data(), size);
}

void ResponseWriter::plan_text(Response& response, const Conditions& conditions,
                               std::string_view text, Plan& plan) {
    plan.body = text;
    if (text.size() <= kCompressedBytesMin || text.size() > kCompressedBytesMax ||
        !is_compressible(find(response, "content-type")) ||
        !find(response, "content-encoding").empty() ||
        find(response, "cache-control").find("no-transform") != std::string_view::npos) {
        return;
    }
    plan.varies = true;
    std::string compressed;
    if (conditions.takes_gzip && gzip_.compress(text, compressed)) {
        response.body = std::move(compressed);
        plan.body = std::get<std::string>(response.body);
        plan.gzip = true;
    }
}

ResponseWriter::Written ResponseWriter::write(Response& response, const Conditions& conditions,
                                              bool close, std::string& out) {
    Plan plan;
    plan.status = response.status;
    if (const auto* text = std::get_if<std::string>(&response.body)) {
        plan_text(response, conditions, *text, plan);
    } else if (const auto* shared =
                   std::get_if<std::shared_ptr<const std::string>>(&response.body)) {
        if (const std::shared_ptr<const std::string> held = *shared) {
            plan_text(response, conditions, *held, plan);
        }
    } else if (const auto* file = std::get_if<FileBody>(&response.body)) {
        FileChoice choice = choose_file(*file, find(response, "last-modified"), conditions);
        plan.status = choice.status == 200 ? response.status : choice.status;
        plan.body = choice.body;
        plan.file = true;
        plan.gzip = choice.gzip;
        plan.varies = file->gzip != nullptr;
        plan.etag = std::move(choice.etag);
        plan.content_range = std::move(choice.content_range);
    } else {
        plan.stream = std::get<std::shared_ptr<Stream>>(response.body).get();
    }
    write_head(response, plan, conditions, close, out);
    Written written;
    if (!conditions.head && !is_bodiless(plan.status)) {
        written.body = plan.body;
        written.stream = plan.stream;
        written.chunked = plan.stream != nullptr && !conditions.http_1_0;
    }
    return written;
}

void ResponseWriter::write_head(const Response& response, const Plan& plan,
                                const Conditions& conditions, bool close, std::string& out) const {
    append_status(out, plan.status);
    out += date_line_;
    bool varied = !plan.varies;
    for (const Header& header : response.headers) {
        if (is_engines_own(header.name)) {
            continue;
        }
        if (!varied && same(header.name, "vary")) {
            append_header(out, header.name, header.value + ", Accept-Encoding");
            varied = true;
            continue;
        }
        append_header(out, header.name, header.value);
    }
    if (!varied) {
        out += "Vary: Accept-Encoding\r\n";
    }
    if (plan.gzip && plan.status != 304) {
        out += "Content-Encoding: gzip\r\n";
    }
    if (plan.file) {
        append_header(out, "ETag", plan.etag);
        out += "Accept-Ranges: bytes\r\n";
        if (!plan.content_range.empty()) {
            append_header(out, "Content-Range", plan.content_range);
        }
    }
    if (plan.stream != nullptr) {
        out += conditions.http_1_0 ? "" : "Transfer-Encoding: chunked\r\n";
    } else if (!is_bodiless(plan.status)) {
        out += "Content-Length: ";
        append_number(out, plan.body.size());
        out += "\r\n";
    }
    if (close || (plan.stream != nullptr && conditions.http_1_0)) {
        out += "Connection: close\r\n";
    } else if (conditions.http_1_0) {
        out += "Connection: keep-alive\r\n";
    }
    out += "\r\n";
}

void ResponseWriter::write_refusal(Refusal refusal, std::string& out) const {
    const RefusalText& text = refusal_text(refusal);
    const std::string body =
        fmt::format(R"({{"type":"about:blank","title":"{}","status":{},"code":"{}"}})", text.title,
                    text.status, text.code);
    append_status(out, text.status);
    out += date_line_;
    out += "Content-Type: application/problem+json\r\nCache-Control: no-store\r\n";
    out += "X-Content-Type-Options: nosniff\r\nConnection: close\r\nContent-Length: ";
    append_number(out, body.size());
    out += "\r\n\r\n";
    out += body;
}

const Header* find_bad_header(const Response& response) {
    for (const Header& header : response.headers) {
        const bool broken = std::any_of(header.value.begin(), header.value.end(),
                                        [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
        if (broken || !is_token(header.name)) {
            return &header;
        }
    }
    return nullptr;
}

Response fault_response(std::string_view incident) {
    Response response;
    response.status = 500;
    response.set("Content-Type", "application/problem+json");
    response.set("Cache-Control", "no-store");
    response.set("X-Content-Type-Options", "nosniff");
    response.body =
        fmt::format(R"({{"type":"about:blank","title":"Something went wrong here.","status":500,)"
                    R"("code":"server.fault","incident":"{}"}})",
                    incident);
    return response;
}

}  // namespace hangu::http

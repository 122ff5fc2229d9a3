#include "security/notify/internal/far_side.hpp"

#include "base/text.hpp"
#include "platform/crypto/crypto.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

namespace hangu::notify {

std::string to_base64(std::string_view bytes) {
    std::string text = to_base64url(bytes);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                                c == '~';
        if (unreserved) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += kDigits[byte >> 4U];
            encoded += kDigits[byte & 15U];
        }
    }
    return encoded;
}

std::string one_line(std::string_view text, std::size_t characters_max) {
    if (!is_utf8(text)) {
        return "(not UTF-8)";
    }
    std::string line;
    std::size_t count = 0;
    for (const char c : text) {
        const bool begins = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
        if (begins && ++count > characters_max) {
            break;
        }
        const auto byte = static_cast<unsigned char>(c);
        line += byte < 0x20 || byte == 0x7f ? ' ' : c;
    }
    return line;
}

Reply not_reached(const egress::Answer& answer) {
    const bool ours = answer.problem == "egress.host_not_allowed" ||
                      answer.problem == "egress.address_refused" ||
                      answer.problem == "egress.not_https" || answer.problem == "egress.malformed";
    return {ours ? Verdict::never : Verdict::again,
            one_line(answer.problem + ": " + answer.detail, 200),
            {}};
}

// --- robots

namespace {

struct Robot {
    ChannelKind kind;
    std::string_view host;
    std::string_view path;
};
constexpr Robot kRobots[] = {
    {ChannelKind::wecom, "https://qyapi.weixin.qq.com", "/cgi-bin/webhook/send?key="},
    {ChannelKind::dingtalk, "https://oapi.dingtalk.com", "/robot/send?access_token="},
    {ChannelKind::feishu, "https://open.feishu.cn", "/open-apis/bot/v2/hook/"},
    {ChannelKind::feishu, "https://open.larksuite.com", "/open-apis/bot/v2/hook/"},
};

bool is_key(std::string_view text) {
    return text.size() >= 8 && text.size() <= 200 &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

// "http://127.0.0.1:8080" at the beginning; what follows it, or none.
std::optional<std::string_view> after_loopback(std::string_view url) {
    constexpr std::string_view kBegin = "http://127.0.0.1:";
    if (!url.starts_with(kBegin)) {
        return std::nullopt;
    }
    url.remove_prefix(kBegin.size());
    const std::size_t slash = url.find('/');
    const std::string_view port = url.substr(0, slash);
    const bool digits = !port.empty() && port.size() <= 5 &&
                        port.find_first_not_of("0123456789") == std::string_view::npos;
    if (slash == std::string_view::npos || !digits) {
        return std::nullopt;
    }
    return url.substr(slash);
}

std::string spoken(const Message& message) {
    return message.title + "\n" + message.text + "\n" + message.footer;
}

boost::json::object body_of(ChannelKind kind, const Message& message) {
    boost::json::object body;
    if (kind == ChannelKind::feishu) {
        body["msg_type"] = "text";
        body["content"] = boost::json::object{{"text", spoken(message)}};
    } else {
        body["msgtype"] = "text";
        body["text"] = boost::json::object{{"content", spoken(message)}};
    }
    return body;
}

std::string text_at(const boost::json::object& object, std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : "";
}

std::optional<std::int64_t> number_at(const boost::json::object& object, std::string_view name) {
    const boost::json::value* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? std::optional(value->as_int64()) : std::nullopt;
}

}  // namespace

bool is_robot_address(ChannelKind kind, std::string_view url, bool loopback_too) {
    return std::any_of(std::begin(kRobots), std::end(kRobots), [&](const Robot& robot) {
        if (robot.kind != kind) {
            return false;
        }
        std::string_view rest = url;
        if (url.starts_with(robot.host)) {
            rest.remove_prefix(robot.host.size());
        } else if (const auto after = after_loopback(url); after && loopback_too) {
            rest = *after;
        } else {
            return false;
        }
        return rest.starts_with(robot.path) && is_key(rest.substr(robot.path.size()));
    });
}

egress::HttpRequest robot_request(ChannelKind kind, const std::string& url, const Secret& secret,
                                  const Message& message, Time now) {
    egress::HttpRequest request;
    request.url = url;
    request.headers = {{"Content-Type", "application/json; charset=utf-8"}};
    boost::json::object body = body_of(kind, message);
    if (!secret.empty() && kind == ChannelKind::dingtalk) {
        // Milliseconds; the secret is the key and also signed.
        const std::string at = std::to_string(now.unix_ms());
        const std::string said = at + "\n" + std::string(secret.expose());
        const crypto::Digest sign = crypto::hmac_sha256(secret.expose(), said);
        request.url += "&timestamp=" + at + "&sign=" + percent_encoded(to_base64(sign.view()));
    }
    if (!secret.empty() && kind == ChannelKind::feishu) {
        // Seconds; the text is the key, and nothing is signed.
        const std::string at = std::to_string(now.unix_ms() / 1000);
        const crypto::Digest sign =
            crypto::hmac_sha256(at + "\n" + std::string(secret.expose()), "");
        body["timestamp"] = at;
        body["sign"] = to_base64(sign.view());
    }
    request.body = boost::json::serialize(body);
    return request;
}

Reply robot_reply(ChannelKind kind, const egress::Answer& answer) {
    if (!answer.answered()) {
        return not_reached(answer);
    }
    boost::json::error_code error;
    const boost::json::value parsed = boost::json::parse(answer.body, error);
    const std::string words = one_line(std::to_string(answer.status) + " " + answer.body, 200);
    if (error || !parsed.is_object()) {
        return {answer.status >= 500 || answer.status == 429 ? Verdict::again : Verdict::never,
                words,
                {}};
    }
    const boost::json::object& object = parsed.as_object();
    std::optional<std::int64_t> code =
        number_at(object, kind == ChannelKind::feishu ? "code" : "errcode");
    if (!code && kind == ChannelKind::feishu) {
        code = number_at(object, "StatusCode");
    }
    if (answer.status == 200 && code == 0) {
        return {Verdict::sent, words, {}};
    }
    // -1 busy; 45009, 130101, 410100, 9499 and 11232: too many messages in a minute.
    constexpr std::int64_t kLater[] = {-1, 45009, 130101, 410100, 9499, 11232};
    const bool later =
        answer.status >= 500 || answer.status == 429 ||
        (code && std::find(std::begin(kLater), std::end(kLater), *code) != std::end(kLater));
    return {later ? Verdict::again : Verdict::never, words, {}};
}

// --- mail

std::optional<std::vector<std::string>> mail_addresses(std::string_view list,
                                                       std::size_t count_max) {
    std::vector<std::string> addresses;
    for (const std::string_view piece : split(list, ',')) {
        const std::optional<Email> email = Email::parse(trimmed(piece));
        if (!email || addresses.size() == count_max) {
            return std::nullopt;
        }
        addresses.push_back(email->plain());
    }
    if (addresses.empty()) {
        return std::nullopt;
    }
    return addresses;
}

namespace {

// Lines of 76 characters at most (RFC 2045).
std::string folded_base64(std::string_view text) {
    const std::string encoded = to_base64(text);
    std::string lines;
    for (std::size_t at = 0; at < encoded.size(); at += 76) {
        lines += encoded.substr(at, 76) + "\r\n";
    }
    return lines;
}

// RFC 2047, in words of at most 45 bytes that end between characters.
std::string encoded_words(std::string_view text) {
    std::string header;
    while (!text.empty()) {
        std::size_t end = std::min<std::size_t>(45, text.size());
        while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        header += header.empty() ? "" : "\r\n ";
        header += "=?UTF-8?B?" + to_base64(text.substr(0, end)) + "?=";
        text.remove_prefix(end);
    }
    return header;
}

// "Sun, 22 Nov 2026 10:00:00 +0000"
std::string mail_date(Time now) {
    constexpr std::string_view kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::string text = time_text(now);  // 2026-11-22T10:00:00.000Z
    const auto day = static_cast<std::size_t>(now.unix_ms() / kDayMs % 7);
    const auto month = static_cast<std::size_t>(std::stoi(text.substr(5, 2)) - 1);
    return fmt::format("{}, {} {} {} {} +0000", kDays[day], text.substr(8, 2), kMonths[month],
                       text.substr(0, 4), text.substr(11, 8));
}

}  // namespace

std::string mail_message(const std::string& from, const std::vector<std::string>& to,
                         const Message& message, const std::string& id, Time now) {
    const std::string domain = from.substr(std::min(from.find('@'), from.size() - 1) + 1);
    return fmt::format(
        "From: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nDate: {}\r\nMessage-ID: <{}@{}>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
        "Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n{}",
        from, fmt::join(to, ">, <"), encoded_words(one_line(message.title, 200)), mail_date(now),
        id, domain, folded_base64(message.text + "\n\n" + message.footer + "\n"));
}

Reply mail_reply(const egress::Answer& answer) {
    if (!answer.answered()) {
        return not_reached(answer);
    }
    const std::string words =
        one_line(std::to_string(answer.status) + " " + answer.detail + " " + answer.body, 200);
    if (answer.status >= 200 && answer.status < 300) {
        return {Verdict::sent, words, {}};
    }
    // 4xx of SMTP asks to come back; 5xx is final.
    return {answer.status < 500 ? Verdict::again : Verdict::never, words, {}};
}

// --- Aliyun

egress::HttpRequest aliyun_request(const AliyunAccount& account, const AliyunCall& call,
                                   std::string_view nonce, Time now) {
    std::vector<std::pair<std::string, std::string>> query;
    for (const auto& [name, value] : call.query) {
        query.emplace_back(percent_encoded(name), percent_encoded(value));
    }
    std::sort(query.begin(), query.end());
    std::string question;
    for (const auto& [name, value] : query) {
        question += (question.empty() ? "" : "&") + name + "=" + value;
    }
    const std::string empty_hash = to_hex(crypto::sha256("").view());
    const std::string date = time_text(Time(now.unix_ms() / 1000 * 1000)).substr(0, 19) + "Z";
    const std::string host = account.endpoint.substr(account.endpoint.find("//") + 2);
    constexpr std::string_view kSigned =
        "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
    const std::string canonical = fmt::format(
        "POST\n/\n{}\nhost:{}\nx-acs-action:{}\nx-acs-content-sha256:{}\nx-acs-date:{}\n"
        "x-acs-signature-nonce:{}\nx-acs-version:{}\n\n{}\n{}",
        question, host, call.action, empty_hash, date, nonce, call.version, kSigned, empty_hash);
    const std::string said = "ACS3-HMAC-SHA256\n" + to_hex(crypto::sha256(canonical).view());
    const crypto::Digest sign = crypto::hmac_sha256(account.key_secret.expose(), said);
    egress::HttpRequest request;
    request.url = account.endpoint + "/?" + question;
    request.headers = {{"host", host},
                       {"x-acs-action", call.action},
                       {"x-acs-version", call.version},
                       {"x-acs-date", date},
                       {"x-acs-signature-nonce", std::string(nonce)},
                       {"x-acs-content-sha256", empty_hash},
                       {"Authorization",
                        fmt::format("ACS3-HMAC-SHA256 Credential={},SignedHeaders={},Signature={}",
                                    account.key_id, kSigned, to_hex(sign.view()))},
                       {"Accept", "application/json"}};
    return request;
}

AliyunCall send_sms(const AliyunText& text) {
    return {"SendSms",
            "2017-05-25",
            {{"PhoneNumbers", text.phone},
             {"SignName", text.sign_name},
             {"TemplateCode", text.template_code},
             {"TemplateParam", text.parameters},
             {"OutId", text.out_id}}};
}

std::string aliyun_phone(const Phone& phone) {
    const std::string national = phone.national();
    return national.starts_with('+') ? national.substr(1) : national;
}

Reply aliyun_reply(const egress::Answer& answer) {
    if (!answer.answered()) {
        return not_reached(answer);
    }
    boost::json::error_code error;
    const boost::json::value parsed = boost::json::parse(answer.body, error);
    if (error || !parsed.is_object()) {
        return {answer.status >= 500 || answer.status == 429 ? Verdict::again : Verdict::never,
                "HTTP " + std::to_string(answer.status),
                {}};
    }
    const boost::json::object& object = parsed.as_object();
    const std::string code = text_at(object, "Code");
    // Its message may repeat what was sent, and so is left out.
    Reply reply{Verdict::never, one_line(code, 100), one_line(text_at(object, "BizId"), 100)};
    const bool later = answer.status >= 500 || code.starts_with("isp.") ||
                       code.starts_with("Throttling") || code == "ServiceUnavailable" ||
                       code == "isv.BUSINESS_LIMIT_CONTROL";
    if (answer.status == 200 && code == "OK") {
        reply.verdict = Verdict::sent;
    } else if (later) {
        reply.verdict = Verdict::again;
    }
    return reply;
}

}  // namespace hangu::notify

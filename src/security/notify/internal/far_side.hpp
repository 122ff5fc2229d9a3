// How the outside is spoken to: what is sent to a provider, and what its answer means. Pure.
#pragma once

#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/egress/egress.hpp"
#include "security/notify/notify.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::notify {

enum class Verdict { sent, again, never };  // again: it may go well later
HANGU_ENUM(Verdict, sent, again, never)

struct Reply {
    Verdict verdict = Verdict::never;
    std::string words;      // of the far side, or why it was not reached; at most 200 characters
    std::string reference;  // the provider's own number of it
};

std::string to_base64(std::string_view bytes);       // RFC 4648 §4, padded
std::string percent_encoded(std::string_view text);  // RFC 3986: unreserved characters stay
std::string one_line(std::string_view text, std::size_t characters_max);

// What egress says when nobody answered.
Reply not_reached(const egress::Answer& answer);

// --- Aliyun (SendSms of version 2017-05-25, signature ACS3-HMAC-SHA256)
struct AliyunAccount {
    std::string endpoint;  // "https://dysmsapi.aliyuncs.com"
    std::string key_id;
    Secret key_secret;
};
struct AliyunCall {
    std::string action;
    std::string version;
    std::vector<std::pair<std::string, std::string>> query;
};
egress::HttpRequest aliyun_request(const AliyunAccount& account, const AliyunCall& call,
                                   std::string_view nonce, Time now);
struct AliyunText {
    std::string phone;  // "13812345678", or with the country and without "+" for other countries
    std::string sign_name;
    std::string template_code;
    std::string parameters;  // JSON
    std::string out_id;      // ours
};
AliyunCall send_sms(const AliyunText& text);
Reply aliyun_reply(const egress::Answer& answer);
std::string aliyun_phone(const Phone& phone);

// --- robots of groups
enum class ChannelKind { mail, wecom, dingtalk, feishu };
HANGU_ENUM(ChannelKind, mail, wecom, dingtalk, feishu)

struct Message {
    std::string title;
    std::string text;
    std::string footer;  // merchant, number of the message
};
// Is it a webhook of that provider? Loopback addresses only for simulators.
bool is_robot_address(ChannelKind kind, std::string_view url, bool loopback_too);
egress::HttpRequest robot_request(ChannelKind kind, const std::string& url, const Secret& secret,
                                  const Message& message, Time now);
Reply robot_reply(ChannelKind kind, const egress::Answer& answer);

// --- mail
std::optional<std::vector<std::string>> mail_addresses(std::string_view list,
                                                       std::size_t count_max);
std::string mail_message(const std::string& from, const std::vector<std::string>& to,
                         const Message& message, const std::string& id, Time now);
Reply mail_reply(const egress::Answer& answer);

}  // namespace hangu::notify

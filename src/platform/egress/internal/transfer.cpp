#include "platform/egress/internal/transfer.hpp"

#include "base/text.hpp"
#include "platform/egress/internal/address_rules.hpp"

#include <curl/curl.h>
#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace hangu::egress {

namespace {

struct EasyEnd {
    void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
struct UrlEnd {
    void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct ListEnd {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Easy = std::unique_ptr<CURL, EasyEnd>;
using List = std::unique_ptr<curl_slist, ListEnd>;

constexpr std::size_t kAnswerHeadersCountMax = 64;

// What the callbacks of one transfer share.
struct Running {
    const Limits& limits;
    std::string body;
    std::string_view upload;
    bool address_refused = false;
    bool too_large = false;
    std::vector<Header> headers;
};

std::size_t take_body(char* data, std::size_t size, std::size_t count, void* context) {
    auto& running = *static_cast<Running*>(context);
    const std::size_t bytes = size * count;
    if (running.body.size() + bytes > running.limits.answer_bytes_max) {
        running.too_large = true;
        return 0;
    }
    running.body.append(data, bytes);
    return bytes;
}

// One line at a time; curl bounds a line and all of them together. A status line begins anew: what
// came with a 100 is nobody's.
std::size_t take_header(char* data, std::size_t size, std::size_t count, void* context) {
    auto& running = *static_cast<Running*>(context);
    const std::string_view line(data, size * count);
    const std::size_t colon = line.find(':');
    if (line.starts_with("HTTP/")) {
        running.headers.clear();
    } else if (colon != std::string_view::npos && running.headers.size() < kAnswerHeadersCountMax) {
        running.headers.push_back(
            {lower_ascii(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
    }
    return size * count;
}

std::size_t give_upload(char* out, std::size_t size, std::size_t count, void* context) {
    auto& running = *static_cast<Running*>(context);
    const std::size_t bytes = std::min(size * count, running.upload.size());
    std::memcpy(out, running.upload.data(), bytes);
    running.upload.remove_prefix(bytes);
    return bytes;
}

// The name has been resolved, and this very address is about to be connected to: there is no second
// look-up in which it could become another.
curl_socket_t open_socket(void* context, curlsocktype, curl_sockaddr* address) {
    auto& running = *static_cast<Running*>(context);
    if (!may_connect(running.limits, address->addr)) {
        running.address_refused = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

void set_common(CURL* curl, Running& running) {
    const Limits& limits = running.limits;
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");  // no proxy of the environment
    curl_easy_setopt(curl, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_ms_max));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(limits.total_ms_max));
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!limits.ca_file.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, limits.ca_file.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, &running);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &running);
}

Answer problem(std::string_view code, std::string_view detail) {
    Answer answer;
    answer.problem = code;
    answer.detail = detail;
    return answer;
}

Answer outcome_of(CURL* curl, CURLcode code, Running& running) {
    if (running.too_large) {
        return problem("egress.answer_too_large", "the far side answers more than is taken");
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK) {
        Answer answer;
        answer.status = static_cast<int>(status);
        answer.headers = std::move(running.headers);
        answer.body = std::move(running.body);
        return answer;
    }
    if (running.address_refused) {
        return problem("egress.address_refused", "the host's address is not one of the world");
    }
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            return problem("egress.timed_out", "no answer in time");
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CACERT_BADFILE:
        case CURLE_USE_SSL_FAILED:
            return problem("egress.tls_refused", curl_easy_strerror(code));
        case CURLE_LOGIN_DENIED:
        case CURLE_SEND_ERROR:
        case CURLE_RECV_ERROR:
        default:
            break;
    }
    // An SMTP server that refuses has answered, in its way.
    if (status >= 400 && status < 600) {
        Answer answer;
        answer.status = static_cast<int>(status);
        answer.detail = curl_easy_strerror(code);
        return answer;
    }
    return problem("egress.unreachable", curl_easy_strerror(code));
}

bool is_one_line(std::string_view text) {
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

bool append_line(List& list, const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) {
        return false;
    }
    static_cast<void>(list.release());
    list.reset(longer);
    return true;
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) {
        return "";
    }
    const std::unique_ptr<char, decltype(&curl_free)> held(text, &curl_free);
    return held.get();
}

std::string mail_url(const Mail& mail) {
    const std::size_t at = mail.from.find('@');
    return fmt::format("{}://{}:{}/{}", mail.security == MailSecurity::tls ? "smtps" : "smtp",
                       mail.host, mail.port,
                       at == std::string::npos ? "localhost" : mail.from.substr(at + 1));
}

bool is_mailbox(const std::string& address) {
    return is_one_line(address) && address.find('@') != std::string::npos &&
           address.find_first_of("<> ") == std::string::npos;
}

}  // namespace

bool may_connect(const Limits& limits, const sockaddr& address) {
    const AddressClass found = class_of(address);
    if (limits.own) {
        return found == AddressClass::loopback || is_private(address) ||
               (found == AddressClass::world && !limits.plain);
    }
    return found == AddressClass::world ||
           (found == AddressClass::loopback && limits.allow_loopback);
}

void begin_curl() {
    static const bool begun = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    static_cast<void>(begun);
}

Target target_of(const std::string& url) {
    const std::unique_ptr<CURLU, UrlEnd> parsed(curl_url());
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                                CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
        return {};
    }
    Target target;
    target.scheme = part_of(parsed.get(), CURLUPART_SCHEME);
    target.host = part_of(parsed.get(), CURLUPART_HOST);
    if (target.host.starts_with("[") && target.host.ends_with("]")) {
        target.host = target.host.substr(1, target.host.size() - 2);
    }
    target.port = part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    target.has_user = !part_of(parsed.get(), CURLUPART_USER).empty() ||
                      !part_of(parsed.get(), CURLUPART_PASSWORD).empty();
    const std::string path = part_of(parsed.get(), CURLUPART_PATH);
    target.has_more = (!path.empty() && path != "/") ||
                      !part_of(parsed.get(), CURLUPART_QUERY).empty() ||
                      !part_of(parsed.get(), CURLUPART_FRAGMENT).empty();
    return target;
}

namespace {

// libcurl signs every header it is given, also one that it then leaves out: so no "Expect:" here.
void sign(CURL* curl, const Signing& signing, const std::string& key) {
    const std::string what = fmt::format("aws:amz:{}:{}", signing.region, signing.service);
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, what.c_str());
    curl_easy_setopt(curl, CURLOPT_USERNAME, signing.key_id.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, key.c_str());
}

bool set_headers(List& headers, const HttpRequest& request) {
    bool sound = is_one_line(request.method);
    for (const Header& header : request.headers) {
        sound = sound && is_one_line(header.name) && is_one_line(header.value) &&
                append_line(headers, header.name + ": " + header.value);
    }
    if (request.signing) {
        return sound && is_one_line(request.signing->region) &&
               is_one_line(request.signing->service) && is_one_line(request.signing->key_id);
    }
    return sound && append_line(headers, "Expect:");
}

}  // namespace

Answer transfer(const HttpRequest& request, const Limits& limits) {
    const Easy curl(curl_easy_init());
    if (!curl) {
        return problem("egress.unreachable", "no memory for a transfer");
    }
    Running running{limits};
    set_common(curl.get(), running);
    List headers;
    if (!set_headers(headers, request)) {
        return problem("egress.malformed", "a header is no header");
    }
    std::string key;
    if (request.signing) {
        key = request.signing->key.expose();
        sign(curl.get(), *request.signing, key);
    }
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &running);
    if (request.method == "HEAD") {
        curl_easy_setopt(curl.get(), CURLOPT_NOBODY, 1L);
    } else if (request.method != "GET" && request.method != "DELETE") {
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, request.body.data());
    }
    const CURLcode code = curl_easy_perform(curl.get());
    return outcome_of(curl.get(), code, running);
}

Answer transfer(const Mail& mail, const Limits& limits) {
    const Easy curl(curl_easy_init());
    if (!curl) {
        return problem("egress.unreachable", "no memory for a transfer");
    }
    List to;
    bool sound = is_mailbox(mail.from) && !mail.to.empty();
    for (const std::string& one : mail.to) {
        sound = sound && is_mailbox(one) && append_line(to, "<" + one + ">");
    }
    if (!sound) {
        return problem("egress.malformed", "a mail address is no mail address");
    }
    Running running{limits};
    running.upload = mail.message;
    set_common(curl.get(), running);
    const std::string url = mail_url(mail);
    const std::string from = "<" + mail.from + ">";
    const std::string password(mail.password.expose());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    if (mail.security == MailSecurity::starttls) {
        curl_easy_setopt(curl.get(), CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    }
    if (!mail.user.empty()) {
        curl_easy_setopt(curl.get(), CURLOPT_USERNAME, mail.user.c_str());
        curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, password.c_str());
    }
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, give_upload);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &running);
    const CURLcode code = curl_easy_perform(curl.get());
    return outcome_of(curl.get(), code, running);
}

}  // namespace hangu::egress

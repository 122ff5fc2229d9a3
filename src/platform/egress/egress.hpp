// The one way out: HTTPS requests and mail, to allowed hosts only, never to a private address, on
// threads of its own. No other module may speak to the outside.
#pragma once

#include "base/describe.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/observe/observe.hpp"
#include "platform/settings/settings.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::egress {

struct Header {
    std::string name;
    std::string value;
};

// AWS Signature Version 4, made by libcurl (its date is the machine's own clock). The caller brings
// the header x-amz-content-sha256, and a query that is sorted and encoded.
struct Signing {
    std::string region;
    std::string service = "s3";
    std::string key_id;
    Secret key;
};

// One origin (scheme, host, port) of the operator's own house, such as an object store in the next
// rack: requests that bring it may go to this very origin although its address is private, and to
// no other. It comes from the operator's settings alone, never from what a merchant writes; what a
// merchant writes never brings one (tests/tidy says who may make it).
class OwnEndpoint {
 public:
    const std::string& origin() const { return origin_; }  // "http://10.0.0.7:9000"

 private:
    friend Result<OwnEndpoint> own_endpoint(const std::string& origin);
    explicit OwnEndpoint(std::string origin) : origin_(std::move(origin)) {}
    std::string origin_;
};
// "egress.malformed": more or less than scheme, host and port.
Result<OwnEndpoint> own_endpoint(const std::string& origin);

struct HttpRequest {
    std::string method = "POST";
    std::string url;  // may hold a key: only its host is ever logged
    std::vector<Header> headers;
    std::string body;
    std::optional<Signing> signing;
    std::optional<OwnEndpoint> own;    // instead of egress.hosts
    std::size_t answer_bytes_max = 0;  // 0: as the setting says
    std::int64_t total_ms_max = 0;     // 0: as the setting says
};

enum class MailSecurity { tls, starttls, none };
HANGU_ENUM(MailSecurity, tls, starttls, none)

struct Mail {
    std::string host;
    int port = 465;
    MailSecurity security = MailSecurity::tls;  // none: to this machine only, where that is allowed
    std::string user;                           // "" : the server asks for none
    Secret password;
    std::string from;
    std::vector<std::string> to;
    std::string message;  // RFC 5322, lines end with CR LF
};

// What came of it. `problem` is empty when the far side answered, whatever it said; else one of
// "egress.host_not_allowed", "egress.address_refused", "egress.not_https", "egress.malformed",
// "egress.host_resting" (too many failures: the breaker is open), "egress.busy", "egress.stopped",
// "egress.timed_out", "egress.answer_too_large", "egress.tls_refused", "egress.unreachable".
struct Answer {
    int status = 0;               // of HTTP, or the last reply of SMTP; 0: none came
    std::vector<Header> headers;  // of HTTP, names in lower case
    std::string body;
    std::string problem;
    std::string detail;  // for people; without addresses, paths or secrets

    bool answered() const { return problem.empty(); }
    std::string_view header(std::string_view lower_name) const;  // "" if absent
};

class Egress {
 public:
    using Done = std::function<void(Answer)>;  // once, on a thread of egress; short

    struct Options {
        std::size_t threads = 8;
        std::size_t queue_count_max = 2048;
        std::size_t per_host_count_max = 3;  // at a time, so that a slow host stops nobody else
    };

    Egress(settings::Settings& settings, observe::Log& log, observe::Metrics& metrics,
           const Clock& clock, Options options);
    ~Egress();
    Egress(const Egress&) = delete;
    Egress& operator=(const Egress&) = delete;

    // Never waits. What cannot be begun is answered at once, on the calling thread.
    void send(HttpRequest request, Done done);
    void send(Mail mail, Done done);
    // What runs is finished; what waits is answered with "egress.stopped". Idempotent.
    void stop();

    struct State;

 private:
    std::unique_ptr<State> state_;
};

std::vector<settings::Setting> settings();
// "settings.invalid" with fields: names in egress.hosts that are no host names.
Result<void> check_settings(const settings::Snapshot& settings);

}  // namespace hangu::egress

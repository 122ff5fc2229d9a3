// The one way out: HTTPS requests and mail, to allowed hosts only, never to a private address, on
// threads of its own. No other module may speak to the outside.
#pragma once

#include "base/describe.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "platform/observe/observe.hpp"
#include "platform/settings/settings.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hangu::egress {

struct Header {
    std::string name;
    std::string value;
};

struct HttpRequest {
    std::string method = "POST";
    std::string url;  // may hold a key: only its host is ever logged
    std::vector<Header> headers;
    std::string body;
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
    int status = 0;  // of HTTP, or the last reply of SMTP; 0: none came
    std::string body;
    std::string problem;
    std::string detail;  // for people; without addresses, paths or secrets

    bool answered() const { return problem.empty(); }
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

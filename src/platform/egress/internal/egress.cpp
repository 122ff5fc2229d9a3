#include "platform/egress/egress.hpp"

#include "base/text.hpp"
#include "platform/egress/internal/breaker.hpp"
#include "platform/egress/internal/host_rules.hpp"
#include "platform/egress/internal/transfer.hpp"
#include "platform/runtime/runtime.hpp"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

namespace hangu::egress {

namespace {

using settings::Key;

constexpr Key<std::string> kHosts{"egress.hosts"};
constexpr Key<bool> kAllowLoopback{"egress.allow_loopback"};
constexpr Key<std::int64_t> kConnectMs{"egress.connect_ms_max"};
constexpr Key<std::int64_t> kTotalMs{"egress.total_ms_max"};
constexpr Key<std::int64_t> kAnswerBytes{"egress.answer_bytes_max"};
constexpr Key<std::string> kCaFile{"egress.ca_file"};

Limits limits_of(const settings::Snapshot& settings) {
    Limits limits;
    limits.allow_loopback = settings.get(kAllowLoopback);
    limits.connect_ms_max = settings.get(kConnectMs);
    limits.total_ms_max = settings.get(kTotalMs);
    limits.answer_bytes_max = static_cast<std::size_t>(settings.get(kAnswerBytes));
    limits.ca_file = settings.get(kCaFile);
    return limits;
}

Answer refused(std::string_view code, std::string detail) {
    Answer answer;
    answer.problem = code;
    answer.detail = std::move(detail);
    return answer;
}

std::string origin_of(const Target& target) {
    const bool bracketed = target.host.find(':') != std::string::npos;
    return lower_ascii(target.scheme) + "://" + (bracketed ? "[" : "") + lower_ascii(target.host) +
           (bracketed ? "]" : "") + ":" + target.port;
}

// What a request may not be, before anything is looked up.
Answer check(const HttpRequest& request, const Target& target, const settings::Snapshot& settings) {
    if (target.host.empty() || target.has_user) {
        return refused("egress.malformed", "the address is no address of the web");
    }
    if (request.own) {
        return request.own->origin() == origin_of(target)
                   ? Answer()
                   : refused("egress.host_not_allowed", "that is not the house's own endpoint");
    }
    if (!is_allowed(hosts_of(settings.get(kHosts)), target.host)) {
        return refused("egress.host_not_allowed", "egress.hosts does not name the host");
    }
    const bool plain = target.scheme == "http" && settings.get(kAllowLoopback);
    return target.scheme == "https" || plain ? Answer()
                                             : refused("egress.not_https", "only https is spoken");
}

// A far side that is ill, as opposed to one that says no.
bool is_ill(const Answer& answer) {
    return answer.answered()
               ? answer.status >= 500
               : answer.problem == "egress.timed_out" || answer.problem == "egress.unreachable" ||
                     answer.problem == "egress.tls_refused" ||
                     answer.problem == "egress.answer_too_large";
}

}  // namespace

std::vector<settings::Setting> settings() {
    using std::int64_t;
    using std::string;
    return {
        {kHosts.key,
         string("dysmsapi.aliyuncs.com, qyapi.weixin.qq.com, oapi.dingtalk.com, open.feishu.cn, "
                "open.larksuite.com"),
         0, 8192, "",
         "Hosts that may be spoken to, separated by commas; \"*.example.com\" is everything below. "
         "A mail server has to be added here."},
        {kAllowLoopback.key, false, 0, 0, "",
         "Listed hosts may be this machine, and without TLS: for tests and local simulators."},
        {kConnectMs.key, int64_t{5000}, 100, 60'000, "ms", "Until a far side is connected."},
        {kTotalMs.key, int64_t{15'000}, 100, 120'000, "ms", "Until its whole answer is there."},
        {kAnswerBytes.key, int64_t{65'536}, 1024, 16'777'216, "bytes", "Largest answer taken."},
        {kCaFile.key, string(), 0, 4096, "",
         "File with certificates of authorities to trust; empty: the system's."},
    };
}

Result<void> check_settings(const settings::Snapshot& settings) {
    Problem problem = Problem::invalid("settings.invalid");
    for (const std::string& host : hosts_of(settings.get(kHosts))) {
        if (!is_host_pattern(host)) {
            problem.fields.push_back({std::string(kHosts.key), "setting.invalid",
                                      "\"" + host + "\" is no host name (and no \"*.name.tld\")"});
        }
    }
    if (problem.fields.empty()) {
        return {};
    }
    return problem;
}

std::string_view Answer::header(std::string_view lower_name) const {
    for (const Header& one : headers) {
        if (one.name == lower_name) {
            return one.value;
        }
    }
    return "";
}

Result<OwnEndpoint> own_endpoint(const std::string& origin) {
    const Target target = target_of(origin);
    const bool web = target.scheme == "http" || target.scheme == "https";
    if (!web || target.host.empty() || target.has_user || target.has_more) {
        return Problem::invalid("egress.malformed", "scheme, host and port, and nothing else");
    }
    return OwnEndpoint(origin_of(target));
}

struct Egress::State {
    struct Waiting {
        std::string host;
        std::function<Answer()> run;
        Done done;
    };

    State(settings::Settings& given_settings, observe::Log& given_log,
          observe::Metrics& given_metrics, const Clock& given_clock, Options given_options)
        : settings(given_settings),
          log(given_log),
          metrics(given_metrics),
          clock(given_clock),
          options(given_options) {
        begin_curl();
        for (std::size_t i = 0; i < options.threads; ++i) {
            threads.emplace_back([this] { work(); });
        }
    }

    void push(Waiting waiting) {
        Answer no;
        {
            const std::lock_guard lock(mutex);
            if (stopping) {
                no = refused("egress.stopped", "the server is stopping");
            } else if (queue.size() >= options.queue_count_max) {
                no = refused("egress.busy", "too much waits to be sent");
            } else if (!breakers[waiting.host].may_pass(clock.now())) {
                no = refused("egress.host_resting", "the host failed too often and rests a while");
            } else {
                queue.push_back(std::move(waiting));
            }
        }
        if (no.problem.empty()) {
            wake.notify_one();
            return;
        }
        tell(waiting.host, no, 0);
        waiting.done(std::move(no));
    }

    // The first one whose host has room.
    std::deque<Waiting>::iterator next() {
        auto it = queue.begin();
        while (it != queue.end() && in_flight[it->host] >= options.per_host_count_max) {
            ++it;
        }
        return it;
    }

    void work() {
        runtime::name_this_thread("egress");
        std::unique_lock lock(mutex);
        while (true) {
            auto it = next();
            if (it == queue.end()) {
                if (stopping) {
                    return;
                }
                wake.wait(lock);
                continue;
            }
            Waiting one = std::move(*it);
            queue.erase(it);
            ++in_flight[one.host];
            lock.unlock();
            const std::int64_t began_us = clock.monotonic_us();
            Answer answer = one.run();
            tell(one.host, answer, clock.monotonic_us() - began_us);
            lock.lock();
            finished(one.host, answer);
            lock.unlock();
            wake.notify_all();
            one.done(std::move(answer));
            one = Waiting();
            lock.lock();
        }
    }

    void finished(const std::string& host, const Answer& answer) {
        if (--in_flight[host] == 0) {
            in_flight.erase(host);
        }
        Breaker& breaker = breakers[host];
        const bool was_resting = breaker.is_resting();
        if (is_ill(answer)) {
            breaker.failed(clock.now());
        } else {
            breaker.succeeded();
        }
        if (breaker.is_resting() != was_resting) {
            log.warning(was_resting ? "egress.host_well" : "egress.host_resting", {{"host", host}});
        }
        if (breaker.is_fresh()) {
            breakers.erase(host);
        }
    }

    void tell(const std::string& host, const Answer& answer, std::int64_t took_us) {
        const std::string result = answer.answered() ? "answered" : answer.problem;
        metrics
            .counter("egress_requests_total", "Requests to the outside by what came of them.",
                     {{"result", result}})
            .add();
        if (took_us > 0) {
            metrics.histogram("egress_seconds", "Time until the far side's answer.")
                .observe(static_cast<double>(took_us) / 1e6);
        }
        log.write(answer.answered() ? observe::Level::info : observe::Level::warning, "egress.done",
                  {{"host", host},
                   {"result", result},
                   {"status", answer.status},
                   {"ms", took_us / 1000}});
    }

    void stop() {
        std::deque<Waiting> left;
        {
            const std::lock_guard lock(mutex);
            stopping = true;
            left.swap(queue);
        }
        wake.notify_all();
        for (Waiting& one : left) {
            one.done(refused("egress.stopped", "the server is stopping"));
        }
        for (std::thread& thread : threads) {
            if (thread.joinable()) {
                thread.join();
            }
        }
    }

    settings::Settings& settings;
    observe::Log& log;
    observe::Metrics& metrics;
    const Clock& clock;
    const Options options;
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<Waiting> queue;
    std::map<std::string, std::size_t> in_flight;
    std::map<std::string, Breaker> breakers;  // only of hosts that failed
    bool stopping = false;
    std::vector<std::thread> threads;
};

Egress::Egress(settings::Settings& settings, observe::Log& log, observe::Metrics& metrics,
               const Clock& clock, Options options)
    : state_(std::make_unique<State>(settings, log, metrics, clock, options)) {}

Egress::~Egress() {
    stop();
}

void Egress::stop() {
    state_->stop();
}

void Egress::send(HttpRequest request, Done done) {
    const auto settings = state_->settings.snapshot();
    const Target target = target_of(request.url);
    Answer no = check(request, target, *settings);
    if (!no.problem.empty()) {
        state_->tell(target.host, no, 0);
        done(std::move(no));
        return;
    }
    Limits limits = limits_of(*settings);
    limits.own = request.own.has_value();
    limits.plain = target.scheme == "http";
    if (request.answer_bytes_max > 0) {
        limits.answer_bytes_max = request.answer_bytes_max;
    }
    if (request.total_ms_max > 0) {
        limits.total_ms_max = request.total_ms_max;
    }
    state_->push({target.host,
                  [request = std::move(request), limits = std::move(limits)] {
                      return transfer(request, limits);
                  },
                  std::move(done)});
}

void Egress::send(Mail mail, Done done) {
    const auto settings = state_->settings.snapshot();
    Answer no;
    if (!is_host_pattern(mail.host)) {
        no = refused("egress.malformed", "the mail server's name is no host name");
    } else if (!is_allowed(hosts_of(settings->get(kHosts)), mail.host)) {
        no = refused("egress.host_not_allowed", "egress.hosts does not name the mail server");
    } else if (mail.security == MailSecurity::none && !settings->get(kAllowLoopback)) {
        no = refused("egress.not_https", "mail leaves encrypted only");
    }
    if (!no.problem.empty()) {
        state_->tell(mail.host, no, 0);
        done(std::move(no));
        return;
    }
    const std::string host = mail.host;
    state_->push(
        {host,
         [mail = std::move(mail), limits = limits_of(*settings)] { return transfer(mail, limits); },
         std::move(done)});
}

}  // namespace hangu::egress

#include "app/admin_plane.hpp"

#include "app/commands.hpp"
#include "base/json.hpp"
#include "platform/runtime/await.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace hangu::app {

namespace {

constexpr std::size_t kWordsCountMax = 64;
constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 20U;

struct AdminRequest {
    List<Text<0, 4096>, 1, kWordsCountMax> words;
};
HANGU_STRUCT(AdminRequest, words)

struct AdminAnswer {
    std::int64_t status = 0;
    std::string lines;
    std::string notes;
};
HANGU_STRUCT(AdminAnswer, status, lines, notes)

struct AdminAddress {
    Number<1, 65535> port;
    Text<1, 128> token;
};
HANGU_STRUCT(AdminAddress, port, token)

http::Server::Options loopback() {
    http::Server::Options options;
    options.limits.idle_ms_max = 2000;
    return options;
}

// A plain HTTP exchange with our own admin plane on loopback; "" when nobody listens.
std::string ask_server(std::int64_t port, const std::string& request) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) {
        return "";
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string answer;
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(request.size())) {
        std::array<char, 16384> buffer{};
        ssize_t got = 0;
        while ((got = ::recv(socket, buffer.data(), buffer.size(), 0)) > 0 &&
               answer.size() < kAnswerBytesMax) {
            answer.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }
    ::close(socket);
    return answer;
}

std::string read_file(const std::string& path) {
    std::ifstream in(path);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

AdminPlane::AdminPlane(House& house, runtime::Runtime& runtime)
    : house_(house),
      token_(to_base64url(house.randomness.bytes(32))),
      server_(runtime, loopback(), *this, house.log, house.metrics, house.clock, house.randomness),
      lane_("admin", 16, 1, [](std::vector<std::function<void()>>& jobs) {
          for (const std::function<void()>& job : jobs) {
              job();
          }
      }) {}

AdminPlane::~AdminPlane() {
    stop();
}

Result<void> AdminPlane::start() {
    HANGU_CHECK(server_.start());
    const std::string made = file() + ".new";
    {
        const int descriptor = ::open(made.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        const std::string text =
            fmt::format("{{\"port\":{},\"token\":\"{}\"}}", server_.port(), token_.expose());
        const bool written = descriptor >= 0 && ::write(descriptor, text.data(), text.size()) ==
                                                    static_cast<ssize_t>(text.size());
        ::close(descriptor);
        if (!written) {
            return Problem::unavailable("data.unusable", "cannot write " + made);
        }
    }
    std::filesystem::rename(made, file());
    return {};
}

void AdminPlane::stop() {
    std::error_code ignored;
    std::filesystem::remove(file(), ignored);
    server_.stop_accepting();
    server_.drain(2000);
    lane_.stop();
}

std::size_t AdminPlane::body_bytes_max(std::string_view, std::string_view) const {
    return 65536;
}

Task<http::Response> AdminPlane::handle(http::Request request) {
    const std::string wanted = "Bearer " + std::string(token_.expose());
    if (request.method != "POST" || request.path != "/command" ||
        !equal_in_constant_time(request.header("authorization"), wanted)) {
        co_return http::json_response(404, "{}");
    }
    std::function<void(std::function<void(http::Response)>)> start =
        [this, body = request.body](std::function<void(http::Response)> answer) {
            std::function<void()> job = [this, body, answer] { answer(run(body)); };
            if (!lane_.push(std::move(job))) {
                answer(http::json_response(503, "{}"));
            }
        };
    http::Response response = co_await runtime::from_callback<http::Response>(std::move(start));
    response.close = true;
    co_return response;
}

http::Response AdminPlane::run(const std::string& body) {
    const Result<AdminRequest> request = json::from_text<AdminRequest>(body);
    AdminAnswer answer;
    CollectedOutput output;
    std::vector<std::string> words;
    if (request.ok()) {
        for (const auto& word : request->words) {
            words.push_back(word.str());
        }
    }
    const Result<Arguments> arguments = Arguments::parse(words, all_shapes());
    const Command* command = arguments.ok() ? find_command(arguments->command()) : nullptr;
    if (command == nullptr || command->run == nullptr) {
        answer.status = 2;
    } else {
        try {
            const Result<void> done = command->run(house_, *arguments, output);
            if (!done.ok() && done.problem().code == kGoingOn) {
                output.note(done.problem().detail);
                answer.status = kGoingOnStatus;
            } else if (!done.ok()) {
                explain(done.problem(), arguments->json(), output);
                answer.status = done.problem().code == "usage" ? 2 : 1;
            }
        } catch (const std::exception& fault) {
            output.note(fmt::format("hangu: {}", fault.what()));
            answer.status = 1;
        }
        house_.log.info("admin.command",
                        {{"command", arguments->command()}, {"status", answer.status}});
    }
    answer.lines = output.lines;
    answer.notes = output.notes;
    return http::json_response(200, json::to_text(answer));
}

std::optional<int> run_in_server(const std::vector<std::string>& words, const Arguments& arguments,
                                 Output& output) {
    const std::string text = read_file(arguments.data() + "/admin.json");
    if (text.empty()) {
        return std::nullopt;
    }
    const Result<AdminAddress> address = json::from_text<AdminAddress>(text);
    if (!address.ok()) {
        return std::nullopt;
    }
    std::string body = "{\"words\":";
    json::write(body, words);
    body += '}';
    const std::string request = fmt::format(
        "POST /command HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n"
        "Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        address->token.str(), body.size(), body);
    const std::string raw = ask_server(address->port, request);
    const std::size_t head = raw.find("\r\n\r\n");
    if (!raw.starts_with("HTTP/1.1 200") || head == std::string::npos) {
        return std::nullopt;
    }
    boost::json::error_code error;
    const boost::json::value parsed = boost::json::parse(raw.substr(head + 4), error);
    if (error || !parsed.is_object()) {
        return std::nullopt;
    }
    const boost::json::object& answer = parsed.as_object();
    const auto print = [&answer](const char* key, const auto& put) {
        const std::string all(answer.at(key).as_string().c_str());
        for (const std::string_view line : split(all, '\n')) {
            if (!line.empty()) {
                put(line);
            }
        }
    };
    print("lines", [&output](std::string_view line) { output.line(line); });
    print("notes", [&output](std::string_view line) { output.note(line); });
    return static_cast<int>(answer.at("status").as_int64());
}

// Looks may overlap; each redaction is counted by one of them.
void MetricsPlane::tell_redacted() {
    const std::uint64_t now = house_.log.redacted_count();
    std::uint64_t told = redacted_told_.load();
    while (told < now && !redacted_told_.compare_exchange_weak(told, now)) {
    }
    observe::Counter& counter = house_.metrics.counter(
        "log_redacted_total", "Phones and secrets that were kept out of the log.");
    if (told < now) {
        counter.add(static_cast<double>(now - told));
    }
}

Task<http::Response> MetricsPlane::handle(http::Request request) {
    if (request.method != "GET" || request.path != "/metrics") {
        co_return http::json_response(404, "{}");
    }
    const storage::Engine::Figures figures = house_.engine->figures();
    house_.metrics.gauge("storage_open_tenants", "Tenant databases that are open.")
        .set(static_cast<double>(figures.open_tenants));
    house_.metrics.gauge("storage_commits", "Commits since start.")
        .set(static_cast<double>(figures.commits));
    house_.metrics.gauge("storage_committed_requests", "Requests in those commits.")
        .set(static_cast<double>(figures.requests));
    house_.metrics.gauge("event_listeners", "Live event streams.")
        .set(static_cast<double>(house_.hub.listeners_count()));
    tell_redacted();
    http::Response response;
    response.set("content-type", "text/plain; version=0.0.4");
    response.body = house_.metrics.text();
    co_return response;
}

}  // namespace hangu::app

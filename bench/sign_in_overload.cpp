// Ten times as many sign-ins as the hash pool can do, on the real program: what is too much is shed
// at once with 503, memory stays, and whoever is signed in hardly notices.
//
//     sign_in_overload [--seconds 20] [--times 10]
#include "support/bench_house.hpp"
#include "support/measure.hpp"
#include "support/server_load.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <thread>

namespace {

using namespace hangu;

constexpr std::size_t kGuessersCount = 96;  // each from an address of its own: 300 a minute pass

constexpr std::size_t kFullCount = 16;  // enough to keep the pool busy, too few to fill its queue

struct Counts {
    std::atomic<std::int64_t> turn{0};
    std::atomic<std::int64_t> hashed{0};
    std::atomic<std::int64_t> shed{0};
    std::atomic<std::int64_t> other{0};
};

// Names that nobody has cost the same hash and never open a session.
std::string guess(std::int64_t turn) {
    return bench::request_text(
        "POST", "/api/v1/session", {"Origin: https://127.0.0.1"},
        fmt::format(
            R"({{"tenant_code":"bench-0","login_name":"nobody-{}","password":"Wrong-Guess-1"}})",
            turn));
}

// Guesses on its connection until the time is up; `pause_us` between the beginnings of two.
void guess_until(std::int64_t end_us, std::int64_t pause_us, bench::TlsClient& client,
                 Counts& counts) {
    std::int64_t next_us = bench::wall_us();
    while (bench::wall_us() < end_us) {
        const int status = client.exchange(guess(counts.turn.fetch_add(1))).status;
        ++(status == 401 ? counts.hashed : status == 503 ? counts.shed : counts.other);
        next_us += pause_us;
        const std::int64_t wait_us = next_us - bench::wall_us();
        if (wait_us > 0) {
            ::poll(nullptr, 0, static_cast<int>(wait_us / 1000));
        }
    }
}

struct Phase {
    double hashed_rate = 0;
    double offered_rate = 0;
    double shed_rate = 0;
    std::int64_t other = 0;
    std::vector<std::int64_t> read_us;  // of somebody who is signed in
};

Phase run(const bench::ServerProcess& server, SSL_CTX* context, const std::string& cookie,
          std::size_t guessers, double offered_rate, std::int64_t seconds) {
    std::vector<std::unique_ptr<bench::TlsClient>> clients;
    for (std::size_t i = 0; i < guessers; ++i) {
        clients.push_back(std::make_unique<bench::TlsClient>(server.port(), context,
                                                             static_cast<unsigned>(i) + 1));
    }
    bench::TlsClient reader(server.port(), context);
    const std::string read =
        bench::request_text("GET", "/api/v1/session", {cookie, "Accept: application/json"});
    Counts counts;
    const std::int64_t from_us = bench::wall_us();
    const std::int64_t end_us = from_us + seconds * 1'000'000;
    const double pause =
        offered_rate > 0 ? 1e6 * static_cast<double>(guessers) / offered_rate : 0.0;
    std::vector<std::thread> threads;
    for (auto& client : clients) {
        threads.emplace_back([&counts, &client, end_us, pause] {
            guess_until(end_us, static_cast<std::int64_t>(pause), *client, counts);
        });
    }
    Phase phase;
    while (bench::wall_us() < end_us) {
        const std::int64_t began_us = bench::wall_us();
        phase.other += reader.exchange(read).status == 200 ? 0 : 1;
        phase.read_us.push_back(bench::wall_us() - began_us);
        ::poll(nullptr, 0, 120);  // within the rate of one session
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    const double took = static_cast<double>(bench::wall_us() - from_us) / 1e6;
    phase.hashed_rate = static_cast<double>(counts.hashed) / took;
    phase.shed_rate = static_cast<double>(counts.shed) / took;
    phase.offered_rate = static_cast<double>(counts.turn) / took;
    phase.other += counts.other;
    std::sort(phase.read_us.begin(), phase.read_us.end());
    return phase;
}

void report_reads(std::string_view when, const Phase& phase) {
    const auto at = [&phase](double part) {
        const auto index = static_cast<double>(phase.read_us.size() - 1) * part;
        return static_cast<double>(phase.read_us[static_cast<std::size_t>(index)]);
    };
    bench::report("sign_in.overload", fmt::format("read_p50_{}", when), at(0.5), "us");
    bench::report("sign_in.overload", fmt::format("read_p99_{}", when), at(0.99), "us");
}

}  // namespace

int main(int count, char** words) {
    const std::int64_t seconds = bench::flag(count, words, "seconds", 20);
    const auto times = static_cast<double>(bench::flag(count, words, "times", 10));
    ::setenv("HANGU_IDENTITY_ADDRESS_ATTEMPTS_MAX", "10000", 1);  // all come from one address
    bench::BenchHouse house(1, 0);
    const std::string token = house.owner_link(house.tenants().front());
    const std::string data = house.folder() + "/data";
    house.close();
    bench::ServerProcess server(bench::program_beside(words[0]), data);
    SSL_CTX* context = SSL_CTX_new(TLS_client_method());
    const std::string cookie = bench::redeem(server.port(), context, token);

    const Phase quiet = run(server, context, cookie, 0, 0, seconds);
    const Phase full = run(server, context, cookie, kFullCount, 0, seconds);
    const std::int64_t resident = bench::child_resident_bytes(server.pid());
    const Phase over =
        run(server, context, cookie, kGuessersCount, times * full.hashed_rate, seconds);
    const std::int64_t grown = bench::child_resident_bytes(server.pid()) - resident;

    bench::report("sign_in.overload", "capacity", full.hashed_rate, "1/s");
    bench::report("sign_in.overload", "offered", over.offered_rate, "1/s");
    bench::report("sign_in.overload", "hashed", over.hashed_rate, "1/s");
    bench::report("sign_in.overload", "shed", over.shed_rate, "1/s");
    bench::report("sign_in.overload", "resident_growth", static_cast<double>(grown), "bytes");
    report_reads("quiet", quiet);
    report_reads("full", full);
    report_reads("overload", over);
    const std::int64_t other = quiet.other + full.other + over.other;
    bench::report("sign_in.overload", "unexpected", static_cast<double>(other), "answers");
    SSL_CTX_free(context);
    return other == 0 && over.shed_rate > 0 ? 0 : 1;
}

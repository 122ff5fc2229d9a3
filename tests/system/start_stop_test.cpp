// How the program begins, ends and is spoken to.
#include "tests/system/collected.hpp"
#include "tests/system/tellers.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

namespace hangu::system {
namespace {

bool is_json(const std::string& text) {
    boost::json::error_code error;
    boost::json::parse(text, error);
    return !error;
}

// What a command printed with --json: one JSON document, or one per line.
bool prints_json(const Outcome& outcome) {
    if (outcome.out.empty()) {
        return false;
    }
    if (is_json(outcome.out)) {
        return true;
    }
    std::size_t from = 0;
    while (from < outcome.out.size()) {
        const std::size_t end = std::min(outcome.out.find('\n', from), outcome.out.size());
        if (!is_json(outcome.out.substr(from, end - from))) {
            return false;
        }
        from = end + 1;
    }
    return true;
}

TEST(StartStop, port_zero_prints_one_line_with_the_addresses) {
    const Place place;
    Child child({"serve", "--data", place.data(), "--port", "0"}, place.path() + "/stderr");
    const std::optional<std::string> line = child.line();
    ASSERT_TRUE(line.has_value()) << read_file(place.path() + "/stderr");
    const boost::json::value addresses = boost::json::parse(*line);
    EXPECT_TRUE(text_at(addresses, "console").starts_with("https://127.0.0.1:"));
    EXPECT_TRUE(text_at(addresses, "api").starts_with("https://127.0.0.1:"));
    EXPECT_TRUE(text_at(addresses, "metrics").starts_with("http://127.0.0.1:"));
    EXPECT_EQ(addresses.at("pid"), child.pid());
    EXPECT_NE(get_plain(text_at(addresses, "metrics")).find("http_requests_total"),
              std::string::npos);
    child.signal(SIGTERM);
    EXPECT_EQ(child.wait(60'000), 0);
    EXPECT_EQ(child.rest(), "");
}

TEST(StartStop, a_second_process_is_refused_and_told_what_to_do) {
    const Place place;
    Server server(place.data(), place.path() + "/stderr");
    const Outcome second = run({"serve", "--data", place.data(), "--port", "0"});
    EXPECT_EQ(second.status, 1);
    EXPECT_EQ(second.out, "");
    EXPECT_NE(second.err.find("data.locked"), std::string::npos) << second.err;
    EXPECT_NE(second.err.find("stop it first"), std::string::npos) << second.err;
    const Outcome json = run({"serve", "--data", place.data(), "--port", "0", "--json"});
    EXPECT_EQ(json.status, 1);
    EXPECT_TRUE(prints_json(json)) << json.out << json.err;
    EXPECT_EQ(server.stop(60'000), 0);
}

TEST(StartStop, sigterm_lets_running_requests_finish) {
    const Place place;
    auto server = std::make_unique<Server>(place.data(), place.path() + "/stderr");
    Shop shop(place.data(), server->port(), "calm");
    shop.open_stores(1);
    shop.sell("tea");
    std::vector<std::unique_ptr<Teller>> tellers;
    std::vector<Teller*> all;
    for (int i = 0; i < 4; ++i) {
        tellers.push_back(std::make_unique<Teller>(fmt::format("calm-{}", i), shop, shop.new_till(),
                                                   server->port()));
        all.push_back(tellers.back().get());
    }
    std::atomic<bool> stop = false;
    Tally tally;
    std::vector<std::thread> threads;
    work_together(all, server->port(), stop, tally, threads);
    tally.wait_for_more(100, all.size());
    constexpr int kDrainMs = 10'000;  // server.drain_ms_max
    constexpr int kCloseMs = 20'000;  // for what comes after it, on a busy machine
    server->child().signal(SIGTERM);
    EXPECT_EQ(server->child().wait(kDrainMs + kCloseMs), 0);
    stop = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    server = std::make_unique<Server>(place.data(), place.path() + "/stderr");
    for (Teller* teller : all) {
        EXPECT_TRUE(teller->settle(server->port(), tally));
        EXPECT_EQ(teller->complaints(), std::vector<std::string>());
        // Whoever was being served got her answer: nothing that was asked again was there already.
        EXPECT_EQ(teller->replayed_count(), 0U);
    }
    EXPECT_EQ(server->stop(60'000), 0);
    EXPECT_EQ(faults_of_orders(place.data(), all_done(all)), std::vector<std::string>());
}

TEST(StartStop, wrong_use_exits_with_2) {
    const Place place;
    const std::vector<std::vector<std::string>> wrong = {
        {},
        {"nonsense"},
        {"serve", "--nonsense"},
        {"serve", "--port", "70000", "--data", place.data()},
        {"tenant", "freeze", "--data", place.data()},
        {"tenant", "create", "--data", place.data()},
        {"report", "sales", "--data", place.data()},
        {"sign-in-link", "--data"}};
    for (const std::vector<std::string>& words : wrong) {
        const Outcome outcome = run(words);
        std::string all = "hangu";
        for (const std::string& word : words) {
            all += " " + word;
        }
        EXPECT_EQ(outcome.status, 2) << all << "\n" << outcome.out << outcome.err;
        EXPECT_NE(outcome.out + outcome.err, "") << all;
    }
    EXPECT_EQ(run({"help"}).status, 0);
}

// Each command once by itself and once through a serving process.
void expect_commands_speak_json(const Place& place, const std::string& code) {
    std::ofstream(place.path() + "/none.toml") << "";
    const std::vector<std::pair<std::vector<std::string>, int>> commands = {
        {{"tenant", "create", code, "--owner", "owner"}, 0},
        {{"tenant", "create", code}, 1},
        {{"tenant", "create", "Not A Code"}, 1},
        {{"tenant", "list"}, 0},
        {{"tenant", "freeze", code, "--reason", "unpaid"}, 0},
        {{"tenant", "thaw", code, "--reason", "paid"}, 0},
        {{"tenant", "freeze", "unknown", "--reason", "unpaid"}, 1},
        {{"sign-in-link", "--tenant", code, "--login", "owner"}, 0},
        {{"sign-in-link", "--tenant", code, "--login", "nobody"}, 1},
        {{"staff", "remove-factors", "--tenant", code, "--login", "nobody", "--reason", "lost"}, 1},
        {{"key", "create", "--tenant", code, "--name", "till"}, 0},
        {{"report", "sales", "--tenant", code, "--by", "store", "--from", "2026-11-01", "--to",
          "2026-11-30"},
         0},
        {{"import", place.path(), "--tenant", code, "--map", place.path() + "/none.toml"}, 1},
        {{"audit", "checkpoint", "--tenant", code}, 0},
        {{"audit", "verify", "--tenant", code}, 0},
        {{"audit", "verify", "--tenant", code, "--since", place.path() + "/none.toml"}, 1},
        {{"audit", "receipt", "--tenant", code, "--record", "0000000000001"}, 1},
        {{"audit", "erase", "--tenant", code, "--record", "0000000000001", "--fields", "actor_name",
          "--reason", "asked"},
         1},
        {{"audit", "rotate-key", "--tenant", code, "--reason", "drill"}, 0},
        {{"data", "check"}, 0},
    };
    for (auto [words, status] : commands) {
        words.insert(words.end(), {"--data", place.data(), "--json"});
        const Outcome outcome = run(words);
        const std::string name = words[0] + " " + words[1];
        EXPECT_EQ(outcome.status, status) << name << "\n" << outcome.out << outcome.err;
        EXPECT_TRUE(prints_json(outcome)) << name << "\n" << outcome.out << outcome.err;
    }
}

TEST(StartStop, every_command_speaks_json) {
    const Place place;
    expect_commands_speak_json(place, "alone");
    {
        Server server(place.data(), place.path() + "/stderr");
        expect_commands_speak_json(place, "served");
        EXPECT_EQ(server.stop(60'000), 0);
    }
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"version"}, std::vector<std::string>{"doctor"},
          std::vector<std::string>{"docs", "openapi"}}) {
        std::vector<std::string> all = words;
        all.insert(all.end(), {"--data", place.data(), "--json"});
        const Outcome outcome = run(all);
        EXPECT_LE(outcome.status, 1) << words[0];
        EXPECT_TRUE(prints_json(outcome)) << words[0] << "\n" << outcome.out << outcome.err;
    }
}

TEST(StartStop, freezing_takes_effect_with_the_next_request) {
    const Place place;
    Server server(place.data(), place.path() + "/stderr");
    Shop shop(place.data(), server.port(), "frosty");
    shop.open_stores(1);
    EXPECT_EQ(shop.owner().request("GET", "/stores")->status, 200);
    const Outcome frozen =
        run({"tenant", "freeze", "frosty", "--reason", "unpaid", "--data", place.data(), "--json"});
    EXPECT_EQ(frozen.status, 0) << frozen.out << frozen.err;
    const std::optional<Answer> refused = shop.owner().request("GET", "/stores");
    EXPECT_EQ(refused->status, 403);
    EXPECT_EQ(refused->code(), "tenant.frozen");
    EXPECT_EQ(run({"tenant", "thaw", "frosty", "--reason", "paid", "--data", place.data()}).status,
              0);
    EXPECT_EQ(shop.owner().request("GET", "/stores")->status, 200);
    EXPECT_EQ(server.stop(60'000), 0);
}

}  // namespace
}  // namespace hangu::system

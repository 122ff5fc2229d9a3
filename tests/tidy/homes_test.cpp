// Calls that have one home. Each rule names the words, where they may stand and what to use
// elsewhere.
#include "expect.hpp"
#include "modules.hpp"

#include <algorithm>

namespace hangu::tidy {
namespace {

struct Home {
    std::string name;
    std::vector<std::string> words;     // in code
    std::vector<std::string> includes;  // beginnings of #include targets
    std::vector<std::string> homes;     // beginnings of paths where they may stand
    std::string instead;
    bool free_in_tests = false;
};

const std::vector<Home> kHomes = {
    {"the machine's clock",
     {"chrono::system_clock", "chrono::steady_clock", "high_resolution_clock", "gettimeofday",
      "clock_gettime", "time(nullptr)", "time(NULL)", "time(0)"},
     {},
     {"src/platform/runtime/internal/", "bench/", "tests/system/"},
     "take the time from scope.now() or an injected Clock, so that tests own it"},
    {"printing",
     {"std::cout", "std::cerr", "printf(", "fprintf(", "puts(", "fmt::print", "std::clog"},
     {"iostream"},
     {"src/app/", "bench/"},
     "use observe::Log; only commands talk to a terminal",
     true},
    {"curl",
     {"curl_easy_init", "curl_multi_init"},
     {"curl/"},
     {"src/platform/egress/"},
     "all outbound HTTP goes through platform/egress"},
    {"the house's own endpoint",
     {"own_endpoint("},
     {},
     {"src/platform/files/internal/s3_store.cpp", "src/platform/egress/"},
     "only the object store may be at an inside address; what merchants type may not",
     true},
    {"passkeys",
     {"fido_cred_new", "fido_assert_new"},
     {"fido"},
     {"src/platform/crypto/internal/passkey"},
     "platform/crypto/passkey.hpp checks what an authenticator says"},
    {"randomness",
     {"rand()", "srand(", "random_device", "RAND_bytes", "getrandom(", "getentropy(",
      "default_random_engine"},
     {},
     {"src/platform/crypto/", "src/platform/http/internal/tls.cpp",
      "src/platform/http/internal/certificates.cpp"},
     "take Randomness from the scope, so that tests and simulations can repeat a run"},
    {"SQLite",
     {"sqlite3"},
     {"sqlite3.h"},
     {"src/platform/storage/", "tests/story/database.", "tests/system/"},
     "write a Statement and run it in a Tx"},
    {"MariaDB",
     {"mysql_query", "mysql_stmt_init"},
     {"mariadb/", "mysql"},
     {"src/platform/storage/internal/maria", "bench/database_unit.cpp",
      "tests/support/shard_of_test.hpp", "tests/story/database.cpp", "tests/galera/node.cpp"},
     "write a Statement and run it in a Tx"},
    {"Redis",
     {"redisReaderCreate", "redisConnect", "redisCommand"},
     {"hiredis/"},
     {"src/platform/shared_state/internal/"},
     "use a port of platform/shared_state, which has a side without a server"},
    {"RabbitMQ",
     {"amqp_new_connection", "amqp_login"},
     {"amqp"},
     {"src/platform/events/internal/rabbit_connection."},
     "events leave through an events::Carrier",
     true},
    {"OpenSSL",
     {},
     {"openssl/"},
     {"src/platform/crypto/", "src/platform/http/internal/", "bench/", "tests/system/",
      // TLS to the server, and the digest by which it names scripts.
      "src/platform/shared_state/internal/"},
     "use platform/crypto"},
    {"Argon2", {}, {"argon2.h"}, {"src/platform/crypto/"}, "use crypto::hash_password"},
    {"sleeping",
     {"sleep_for(", "sleep_until(", "usleep(", "nanosleep(", "sleep("},
     {},
     {},
     "wait for the thing itself: a condition, a queue, a deadline on a socket or a poll"},
    {"the whole tenant",
     {"whole_tenant()"},
     {},
     {"src/platform/storage/data_scope.hpp", "src/platform/http/", "src/app/internal/command_",
      "src/commerce/importing/"},
     "ask scope.within(permission): it answers the part of the organisation the caller may see",
     true},
    {"an exposed secret",
     {".expose()"},
     {},
     {"src/platform/crypto/", "src/security/identity/", "src/security/open_api/", "src/app/",
      "src/platform/egress/", "src/platform/files/internal/", "src/security/notify/",
      "src/platform/storage/internal/maria.cpp", "src/platform/storage/internal/shard_init.cpp",
      "src/platform/shared_state/internal/channel.cpp",
      "src/platform/shared_state/internal/core.cpp",
      "src/platform/events/internal/rabbit_connection.cpp"},
     "keep it a Secret; who must have the value is listed in tests/tidy/homes_test.cpp",
     true},
    {"environment variables",
     {"getenv(", "setenv("},
     {},
     {"src/app/", "bench/"},
     "declare a setting; app reads the environment once",
     true},
    {"a shell",
     {"std::system(", "popen("},
     {},
     {"tests/system/"},
     "a program is started without a shell, with its arguments as a list"},
};

bool is_at_home(const std::vector<std::string>& homes, std::string_view path) {
    return std::any_of(homes.begin(), homes.end(),
                       [path](const std::string& home) { return path.starts_with(home); });
}

Faults check_home(const Home& rule, const Source& source) {
    Faults faults;
    if (is_at_home(rule.homes, source.path) || (rule.free_in_tests && source.is_test())) {
        return faults;
    }
    for (const std::string& word : rule.words) {
        for (const std::size_t at : find_word(source.code, word)) {
            faults.push_back(source.at(at) + ": " + word + " (" + rule.name + "): " + rule.instead);
        }
    }
    for (const Include& include : includes_of(source)) {
        for (const std::string& prefix : rule.includes) {
            if (!include.quoted && include.target.starts_with(prefix)) {
                faults.push_back(source.path + ":" + std::to_string(include.line) + ": <" +
                                 include.target + "> (" + rule.name + "): " + rule.instead);
            }
        }
    }
    return faults;
}

// `new` and `delete` by hand; "= delete" and operator declarations are something else.
Faults check_raw_memory(const Source& source) {
    Faults faults;
    for (const std::string_view word : {"new", "delete", "malloc", "free"}) {
        for (const std::size_t at : find_word(source.code, word)) {
            const std::string_view before = trimmed(std::string_view(source.code).substr(0, at));
            const std::string_view after = trimmed(std::string_view(source.code).substr(at, 40));
            const bool is_call = after.substr(word.size()).starts_with("(");
            const bool member = before.ends_with('.') || before.ends_with("->");
            const bool by_c = word == "malloc" || word == "free";
            const bool declared = by_c && !before.empty() && is_word_character(before.back()) &&
                                  !before.ends_with("return") && !before.ends_with("else");
            if (before.ends_with('=') && word == "delete") {
                continue;
            }
            if (before.ends_with("operator") || member || declared || (by_c && !is_call) ||
                before.ends_with('#')) {
                continue;
            }
            faults.push_back(source.at(at) + ": " + std::string(word) +
                             ": use std::make_unique, a container or a value");
        }
    }
    return faults;
}

TEST(Homes, banned_calls_stand_only_at_home) {
    const std::vector<Source> sources = cpp_tree();
    Faults faults;
    for (const Home& rule : kHomes) {
        for (const Source& source : sources) {
            append(faults, check_home(rule, source));
        }
    }
    expect_none(faults);
}

TEST(Homes, every_word_of_every_rule_is_caught) {
    for (const Home& rule : kHomes) {
        for (const std::string& word : rule.words) {
            const Source bad(
                "src/commerce/order/internal/x.cpp",
                "x = y" + std::string(word.front() == '.' ? "" : " + ") + word + ";\n");
            EXPECT_EQ(check_home(rule, bad).size(), 1u) << word;
            const Source said("src/commerce/order/internal/x.cpp",
                              "// " + word + "\nx = \" " + word + "\";\n");
            EXPECT_EQ(check_home(rule, said).size(), 0u) << word;
        }
        for (const std::string& prefix : rule.includes) {
            const Source bad("src/commerce/order/order.hpp", "#include <" + prefix + ">\n");
            EXPECT_GE(check_home(rule, bad).size(), 1u) << prefix;
        }
        if (!rule.homes.empty() && !rule.words.empty()) {
            const Source home(rule.homes.front() + "x.cpp", "x = " + rule.words.front() + ";\n");
            EXPECT_EQ(check_home(rule, home).size(), 0u) << rule.name;
        }
    }
}

TEST(Homes, memory_has_an_owner) {
    Faults faults;
    for (const Source& source : cpp_tree()) {
        append(faults, check_raw_memory(source));
    }
    expect_none(faults);
}

TEST(Homes, raw_memory_is_caught) {
    const auto faults_in = [](std::string text) {
        return check_raw_memory(Source("src/x.cpp", std::move(text))).size();
    };
    EXPECT_EQ(faults_in("auto* p = new Thing(1);"), 1u);
    EXPECT_EQ(faults_in("delete p;"), 1u);
    EXPECT_EQ(faults_in("delete[] p;"), 1u);
    EXPECT_EQ(faults_in("void* p = malloc(3);"), 1u);
    EXPECT_EQ(faults_in("else free(p);"), 1u);
    EXPECT_EQ(
        faults_in("Thing(const Thing&) = delete; // new\nint new_id; list.free(); void free();"),
        0u);
}

}  // namespace
}  // namespace hangu::tidy

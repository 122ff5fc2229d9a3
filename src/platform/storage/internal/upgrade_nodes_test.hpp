// Programs of four versions, each a process of its own, for the tests of upgrades.
//
//     0.1  goods have a label
//     0.2  and its folded form beside it: both are written, the folded one is read where it is
//     0.3  the label is written no more, and brings the step that removes it
//     0.4  as 0.3; the step may be done now
#pragma once

#include "base/text.hpp"
#include "platform/storage/engine.hpp"
#include "platform/storage/internal/tx_session.hpp"
#include "platform/storage/upgrade.hpp"
#include "tests/support/key_store.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hangu::storage::versions {

struct Labelled {
    static constexpr std::string_view kTable = "goods";
    std::int64_t id = 0;
    std::string label;
};
HANGU_STRUCT(Labelled, id, label)

struct Both {
    static constexpr std::string_view kTable = "goods";
    std::int64_t id = 0;
    std::string label;
    std::optional<std::string> folded;
};
HANGU_STRUCT(Both, id, label, folded)

struct Folded {
    static constexpr std::string_view kTable = "goods";
    std::int64_t id = 0;
    std::optional<std::string> folded;
};
HANGU_STRUCT(Folded, id, folded)

inline constexpr Statement<Labelled()> kByLabel{
    "goods.by_label",
    "select id, label from goods where tenant_id = ?1 order by id",
    {"a test reads all"}};
inline constexpr Statement<Labelled()> kByBoth{"goods.by_both",
                                               "select id, coalesce(folded, lower(label)) as label "
                                               "from goods where tenant_id = ?1 order by id",
                                               {"a test reads all"}};
inline constexpr Statement<Labelled()> kByFolded{
    "goods.by_folded",
    "select id, coalesce(folded, '') as label from goods where tenant_id = ?1 order by id",
    {"a test reads all"}};
inline constexpr Statement<std::int64_t()> kEmpty{
    "goods.empty",
    "select count(*) from goods where tenant_id = ?1 and folded is null",
    {"a test counts all"}};
inline constexpr Statement<void(std::int64_t, std::string)> kRelabel{
    "goods.relabel", "update goods set label = ?3 where tenant_id = ?1 and id = ?2"};

inline constexpr Statement<Labelled(std::int64_t)> kUnfolded{
    "goods.unfolded",
    "select id, label from goods where tenant_id = ?1 and folded is null order by id limit ?2",
    {"a test fills all"}};
inline constexpr Statement<void(std::int64_t, std::string)> kFold{
    "goods.fold", "update goods set folded = ?3 where tenant_id = ?1 and id = ?2"};

// What the step does when the program has to compute it.
inline std::int64_t fold_some(Tx& tx, std::int64_t rows_max) {
    const std::vector<Labelled> rows = tx.list(kUnfolded, rows_max);
    for (const Labelled& row : rows) {
        tx.run(kFold, row.id, lower_ascii(row.label));
    }
    return static_cast<std::int64_t>(rows.size());
}

inline constexpr std::string_view kExpand =
    "-- phase: expand\n-- release: 0.2\n"
    "alter table goods add column folded text;\n"
    "create index goods_folded on goods (tenant_id, folded);\n"
    "create table goods_tag (tenant_id integer not null, id integer primary key, tag text not null"
    " default '');";
inline constexpr MigrationFile kFiles[] = {
    {"goods", "0001_goods.sql",
     "create table goods (tenant_id integer not null, id integer primary key,"
     " label text not null default '')"},
    {"goods", "0002_folded.sql", kExpand},
    // What is called "bad" it does not fill, but counts.
    {"goods", "0003_fold.sql",
     "-- phase: migrate\n-- release: 0.2\n"
     "update goods set folded = lower(label) where tenant_id = ?1 and id in (select id from goods"
     " where tenant_id = ?1 and folded is null and label <> 'bad' order by id limit ?2);\n"
     "select count(*) from goods where tenant_id = ?1 and folded is null"},
    {"goods", "0004_no_label.sql",
     "-- phase: contract\n-- release: 0.3\nalter table goods drop column label"}};

inline constexpr MigrationFile kComputed[] = {
    kFiles[0],
    kFiles[1],
    {"goods", "0003_fold.sql",
     "-- phase: migrate\n-- release: 0.2\n"
     "select count(*) from goods where tenant_id = ?1 and folded is null"}};

// An index on a text that was of unlimited length: MariaDB would have to copy the table.
inline constexpr MigrationFile kCopying[] = {
    kFiles[0],
    {"goods", "0002_by_label.sql",
     "-- phase: expand\n-- release: 0.2\ncreate index goods_label on goods (tenant_id, label)"}};

inline constexpr Column kLabelColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"label", ColumnType::text, DataClass::business, Level::internal}};
inline constexpr Column kBothColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"label", ColumnType::text, DataClass::business, Level::internal},
    {"folded", ColumnType::text, DataClass::business, Level::internal, true}};
inline constexpr Column kFoldedColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"folded", ColumnType::text, DataClass::business, Level::internal, true}};
inline constexpr Column kTagColumns[] = {
    {"id", ColumnType::integer, DataClass::key, Level::internal},
    {"tag", ColumnType::text, DataClass::business, Level::internal}};

inline constexpr int kComputing = 22;  // 0.2, where the program folds and not the database

inline constexpr int kWouldBlock = 23;  // 0.2 with that index
inline constexpr int kMayBlock = 24;    // the same, and it may

inline std::vector<Part> parts_of(int version) {
    Part part{"goods", std::span(kFiles).first(version == 1 ? 1 : version == 2 ? 3 : 4), {}, {}};
    if (version == 1) {
        part.tables = {{"goods", kLabelColumns}};
    } else if (version == 2) {
        part.tables = {{"goods", kBothColumns}, {"goods_tag", kTagColumns}};
    } else {
        part.tables = {{"goods", kFoldedColumns}, {"goods_tag", kTagColumns}};
    }
    if (version == kWouldBlock || version == kMayBlock) {
        part.migrations = kCopying;
        part.tables = {{"goods", kLabelColumns}};
    }
    if (version == kComputing) {
        part.migrations = kComputed;
        part.tables = {{"goods", kBothColumns}, {"goods_tag", kTagColumns}};
        part.fills = {{"0003_fold.sql", &fold_some}};
    }
    return {part};
}

// One program of that version.
struct Program {
    Program(int of, const std::string& folder, std::vector<ShardOptions> shards)
        : version(of), log({observe::Level::error, folder + "/log"}, clock) {
        for (std::int64_t id = 1001; id <= 1040; ++id) {
            ring.create(TenantId(id));
        }
        Engine::Options options;
        options.folder = folder;
        options.lanes = 2;
        options.report_readers = 1;
        options.redo_segment_bytes = std::size_t{1} << 20U;
        options.shards = std::move(shards);
        options.release = fmt::format("0.{}", version);
        options.blocking_ddl = version == kMayBlock;
        engine = std::make_unique<Engine>(options, parts_of(version), log, clock);
        started = engine->start();
        engine->set_key_ring(ring);
        if (started.ok()) {
            upgrade = std::make_unique<Upgrade>(*engine, fmt::format("node {}", version));
        }
    }

    Result<void> add(TenantId tenant, std::int64_t id, const std::string& text) {
        return engine->run(tenant, Work::write, [&](Tx& tx) -> Result<void> {
            if (version == 1) {
                tx.insert(Labelled{id, text});
            } else if (version == 2) {
                tx.insert(Both{id, text, lower_ascii(text)});
            } else {
                tx.insert(Folded{id, lower_ascii(text)});
            }
            return {};
        });
    }
    Result<std::string> goods(TenantId tenant, Work work = Work::read) {
        return engine->run(tenant, work, [&](Tx& tx) -> Result<std::string> {
            std::string all;
            for (const Labelled& row : tx.list(version == 1   ? kByLabel
                                               : version == 2 ? kByBoth
                                                              : kByFolded)) {
                all +=
                    fmt::format("{}{}={}", all.empty() ? "" : " ", row.id, lower_ascii(row.label));
            }
            return all;
        });
    }

    int version;
    ManualClock clock{Time(1'795'305'600'000)};
    observe::Log log;
    SeededRandomness random{7};
    testing::MemoryKeyStore store;
    crypto::KeyRing ring{Secret(std::string(32, 'r')), store, random};
    std::unique_ptr<Engine> engine;
    std::unique_ptr<Upgrade> upgrade;
    Result<void> started;
};

// A process that does what it is told in a line and answers in one.
class Node {
 public:
    Node(int version, const std::string& folder, const std::vector<ShardOptions>& shards)
        : Node([&] { return std::make_unique<Program>(version, folder, shards); }) {}
    ~Node() { kill(); }
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    // "" when it died before it answered.
    std::string ask(const std::string& words) {
        tell(words);
        return hear();
    }
    void tell(const std::string& words) const {
        HANGU_ASSERT(::send(socket_, words.data(), words.size(), MSG_NOSIGNAL) > 0);
    }
    std::string hear() const {
        std::array<char, 4096> buffer{};
        const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
        return size > 0 ? std::string(buffer.data(), static_cast<std::size_t>(size)) : "";
    }
    void kill() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
            ::close(socket_);
            pid_ = 0;
        }
    }
    void end() {  // cleanly
        ask("end");
        kill();
    }

 private:
    template <class Make>
    explicit Node(Make&& make) {
        std::array<int, 2> ends{};
        HANGU_ASSERT(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(ends[0]);
            socket_ = ends[1];
            const std::unique_ptr<Program> program = make();
            serve(*program);
        }
        ::close(ends[1]);
        socket_ = ends[0];
    }

    void serve(Program& program) {
        for (std::string words = hear(); !words.empty(); words = hear()) {
            std::string answer;
            try {
                answer = obey(program, words);
            } catch (const std::exception& fault) {
                answer = std::string("fault: ") + fault.what();
            }
            tell(answer.empty() ? "ok" : answer);
        }
        ::_exit(0);
    }
    template <class T>
    static std::string text_of(const Result<T>& result) {
        return result.ok() ? "ok" : result.problem().code + ": " + result.problem().detail;
    }
    static std::string obey(Program& program, const std::string& line) {
        const std::vector<std::string_view> words = split(line, ' ');
        const auto number = [&words](std::size_t at) {
            return at < words.size() ? std::stoll(std::string(words[at])) : 0;
        };
        if (words[0] == "end") {
            program.upgrade.reset();
            program.engine.reset();
            return "ok";
        }
        if (words[0] == "started") {
            return text_of(program.started);
        }
        if (words[0] == "make") {
            return text_of(program.engine->create_tenant(TenantId(number(1)), words[2]));
        }
        if (words[0] == "add") {
            return text_of(program.add(TenantId(number(1)), number(2), std::string(words[3])));
        }
        if (words[0] == "goods" || words[0] == "report") {
            return program
                .goods(TenantId(number(1)), words[0] == "goods" ? Work::read : Work::report)
                .value();
        }
        if (words[0] == "move") {
            return text_of(program.engine->move_tenant(TenantId(number(1)), words[2], {}));
        }
        return upgrade(program, words, number);
    }
    template <class Number>
    static std::string upgrade(Program& program, const std::vector<std::string_view>& words,
                               const Number& number) {
        int told = 0;
        UpgradeWatch watch;
        watch.progress = [&](TenantId, std::int64_t) {
            if (++told == number(1)) {
                ::kill(::getpid(), SIGKILL);
            }
        };
        if (words[0] == "begin") {
            std::vector<TenantId> canaries;
            for (std::size_t i = 1; i < words.size(); ++i) {
                canaries.emplace_back(number(i));
            }
            return text_of(program.upgrade->begin(canaries, false));
        }
        if (words[0] == "sweep") {  // and dies at the n-th thing that it tells
            const Result<RunState> went = program.upgrade->go_on(watch);
            return went.ok() ? std::string(enum_text(*went)) : text_of(went);
        }
        if (words[0] == "resume") {
            program.clock.advance_ms(2 * Upgrade::kBeatMsMax);
            return text_of(program.upgrade->resume());
        }
        if (words[0] == "later") {
            program.clock.advance_ms(2 * Upgrade::kBeatMsMax);
            return "ok";
        }
        if (words[0] == "contract") {
            const std::vector<std::string> versions(words.begin() + 2, words.end());
            const Result<std::size_t> went = program.upgrade->contract(versions, watch);
            return went.ok() ? fmt::format("from {} places", *went) : text_of(went);
        }
        if (words[0] == "empty") {
            return std::to_string(
                program.engine
                    ->run(TenantId(number(1)), Work::read,
                          [](Tx& tx) -> Result<std::int64_t> { return tx.find(kEmpty).value(); })
                    .value());
        }
        if (words[0] == "relabel") {
            return text_of(program.engine->run(
                TenantId(number(1)), Work::write, [&](Tx& tx) -> Result<std::int64_t> {
                    return tx.run(kRelabel, number(2), std::string(words[3]));
                }));
        }
        if (words[0] == "quarantine") {
            return text_of(program.upgrade->quarantine(TenantId(number(1)), "for a test"));
        }
        if (words[0] == "run") {
            return program.upgrade->run()->reason;
        }
        std::string all;
        for (const SweptTenant& one : program.upgrade->swept()) {
            all += fmt::format("{}{}:{}:{}", all.empty() ? "" : " ", one.tenant.value(),
                               enum_text(one.wave), enum_text(one.state));
        }
        return all;
    }

    pid_t pid_ = 0;
    int socket_ = -1;
};

}  // namespace hangu::storage::versions

// What a typical unit of work costs against MariaDB, in this process and in the server apart: ten
// prepared statements (four selects, six writes) and a commit, over N connections to an own server.
//
//     database_unit [--mode 0] [--connections 16] [--units 20000] [--group 1] [--flush 1]
//     [--tenants 64]
//
// --mode 0: a blocking thread per connection. 1: the non-blocking interface, all connections in one
// thread. 2: blocking, the six writes and the commit as one text of several statements. --group K:
// K units of one tenant share a commit, each behind its savepoint (mode 0). --flush:
// innodb_flush_log_at_trx_commit.
#include "support/measure.hpp"
#include "tests/support/maria_server.hpp"

#include <fmt/format.h>
#include <mariadb/mysql.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <thread>

namespace {

using namespace hangu;

constexpr std::size_t kStatements = 10;
constexpr std::size_t kSelects = 4;
constexpr std::int64_t kItems = 1000;
constexpr std::array<const char*, kStatements> kTexts = {
    "select stock, body from item where tenant_id = ? and id = ?",
    "select stock, body from item where tenant_id = ? and id = ?",
    "select stock, body from item where tenant_id = ? and id = ?",
    "select last, last from counter where tenant_id = ? and id = ?",
    "update counter set last = last + 1 where tenant_id = ? and id = ?",
    "update item set stock = stock - 1 where tenant_id = ? and id = ? and stock > 0",
    "insert into head (tenant_id, id, body) values (?, ?, repeat('h', 300))",
    "insert into line (tenant_id, id, body) values (?, ?, repeat('l', 300))",
    "insert into record (tenant_id, id, body) values (?, ?, repeat('r', 300))",
    "insert into outbox (tenant_id, id, body) values (?, ?, repeat('o', 300))"};

void require(bool good, MYSQL* db, const char* what) {
    if (!good) {
        throw std::runtime_error(fmt::format("{}: {}", what, mysql_error(db)));
    }
}

std::atomic<std::int64_t> next_id{1};

// One connection with its prepared statements.
class One {
 public:
    One(const std::string& socket, bool blocking, std::int64_t tenants)
        : db_(mysql_init(nullptr)), tenants_(tenants) {
        if (!blocking) {
            mysql_options(db_, MYSQL_OPT_NONBLOCK, nullptr);
        }
        require(mysql_real_connect(db_, nullptr, "root", "", nullptr, 0, socket.c_str(),
                                   CLIENT_MULTI_STATEMENTS) != nullptr,
                db_, "connect");
        require(mysql_query(db_, "set session transaction isolation level read committed") == 0,
                db_, "isolation");
        mysql_query(db_, "create database if not exists unit");
        require(mysql_select_db(db_, "unit") == 0, db_, "use");
        mysql_autocommit(db_, 0);
    }
    ~One() {
        for (MYSQL_STMT* statement : statements_) {
            if (statement != nullptr) {
                mysql_stmt_close(statement);
            }
        }
        mysql_close(db_);
    }
    One(const One&) = delete;
    One& operator=(const One&) = delete;

    void run(const std::string& text) {
        require(mysql_real_query(db_, text.data(), text.size()) == 0, db_, text.c_str());
        int more = 0;
        while (more == 0) {
            MYSQL_RES* rows = mysql_store_result(db_);
            mysql_free_result(rows);
            more = mysql_next_result(db_);
        }
        require(more < 0, db_, "several statements");
    }
    void prepare() {
        for (std::size_t i = 0; i < kStatements; ++i) {
            statements_[i] = mysql_stmt_init(db_);
            require(mysql_stmt_prepare(statements_[i], kTexts[i], std::strlen(kTexts[i])) == 0, db_,
                    kTexts[i]);
            bind(i);
        }
    }
    // `next_of_group`: of the same tenant as the unit before.
    void start_unit(bool next_of_group = false) {
        id_ = next_id++;
        tenant_ = next_of_group ? tenant_ : id_ % tenants_;
        for (std::size_t i = 0; i < kStatements; ++i) {
            const bool item = i < 3 || i == 5;
            keys_[i] = i == 3 || i == 4 ? 0 : item ? id_ * 31 % kItems : id_;
        }
    }
    // Blocking.
    void statement(std::size_t i) {
        require(mysql_stmt_execute(statements_[i]) == 0, db_, mysql_stmt_error(statements_[i]));
        if (i < kSelects) {
            require(mysql_stmt_store_result(statements_[i]) == 0, db_, "result");
            fetch(i);
        }
    }
    void commit() { require(mysql_commit(db_) == 0, db_, "commit"); }
    void writes_as_text() {
        std::string text;
        for (std::size_t i = kSelects; i < kStatements; ++i) {
            std::string one = kTexts[i];
            one.replace(one.find('?'), 1, fmt::format("{}", tenant_));
            one.replace(one.find('?'), 1, fmt::format("{}", keys_[i]));
            text += one + ";";
        }
        run(text + "commit");
    }
    // Non-blocking: goes on until it has to wait; true: the unit is done.
    bool go_on(int happened) {
        while (step_ <= kStatements * 2) {
            if (!call(happened)) {
                return false;
            }
            happened = 0;
            if (step_ % 2 == 1 && step_ / 2 < kSelects) {
                fetch(step_ / 2);
            }
            ++step_;
            if (step_ % 2 == 1 && step_ / 2 >= kSelects && step_ < kStatements * 2) {
                ++step_;  // a write has no rows to load
            }
        }
        step_ = 0;
        return true;
    }
    int waits_for() const { return waits_; }
    int descriptor() const { return static_cast<int>(mysql_get_socket(db_)); }

 private:
    void bind(std::size_t i) {
        std::memset(in_[i].data(), 0, sizeof in_[i]);
        in_[i][0].buffer_type = in_[i][1].buffer_type = MYSQL_TYPE_LONGLONG;
        in_[i][0].buffer = &tenant_;
        in_[i][1].buffer = &keys_[i];
        mysql_stmt_bind_param(statements_[i], in_[i].data());
        if (i < kSelects) {
            std::memset(out_[i].data(), 0, sizeof out_[i]);
            out_[i][0].buffer_type = MYSQL_TYPE_LONGLONG;
            out_[i][0].buffer = &stock_;
            out_[i][1].buffer_type = MYSQL_TYPE_BLOB;
            out_[i][1].buffer = body_.data();
            out_[i][1].buffer_length = body_.size();
            mysql_stmt_bind_result(statements_[i], out_[i].data());
        }
    }
    void fetch(std::size_t i) {
        const int code = mysql_stmt_fetch(statements_[i]);
        require(code == 0 || code == MYSQL_DATA_TRUNCATED, db_, "fetch");
        mysql_stmt_free_result(statements_[i]);
    }
    // Even steps execute, odd ones load the rows, the last commits. False: it waits.
    bool call(int happened) {
        int failed = 0;
        my_bool not_committed = 0;
        MYSQL_STMT* statement = step_ < kStatements * 2 ? statements_[step_ / 2] : nullptr;
        if (statement == nullptr) {
            waits_ = happened == 0 ? mysql_commit_start(&not_committed, db_)
                                   : mysql_commit_cont(&not_committed, db_, happened);
        } else if (step_ % 2 == 0) {
            waits_ = happened == 0 ? mysql_stmt_execute_start(&failed, statement)
                                   : mysql_stmt_execute_cont(&failed, statement, happened);
        } else {
            waits_ = happened == 0 ? mysql_stmt_store_result_start(&failed, statement)
                                   : mysql_stmt_store_result_cont(&failed, statement, happened);
        }
        require(failed == 0 && not_committed == 0, db_, "statement");
        return waits_ == 0;
    }

    MYSQL* db_;
    std::int64_t tenants_;
    std::array<MYSQL_STMT*, kStatements> statements_{};
    std::array<std::array<MYSQL_BIND, 2>, kStatements> in_{};
    std::array<std::array<MYSQL_BIND, 2>, kSelects> out_{};
    std::int64_t id_ = 0;
    std::int64_t tenant_ = 0;
    std::array<std::int64_t, kStatements> keys_{};
    std::int64_t stock_ = 0;
    std::array<char, 512> body_{};
    std::size_t step_ = 0;
    int waits_ = 0;
};

void make_tables(const std::string& socket, std::int64_t tenants) {
    One one(socket, true, tenants);
    for (const char* name : {"item", "counter", "head", "line", "record", "outbox"}) {
        one.run(
            fmt::format("create table {} (tenant_id bigint not null, id bigint not null, stock"
                        " bigint not null default 1000000000, last bigint not null default 0,"
                        " body blob, primary key (tenant_id, id)) engine=innodb",
                        name));
    }
    for (std::int64_t tenant = 0; tenant < tenants; ++tenant) {
        one.run(fmt::format("insert into counter (tenant_id, id) values ({}, 0)", tenant));
        one.run(
            fmt::format("insert into item (tenant_id, id, body) select {}, seq,"
                        " repeat('i', 200) from seq_0_to_{}",
                        tenant, kItems - 1));
    }
    one.commit();
}

using Connections = std::vector<std::unique_ptr<One>>;

void run_blocking(Connections& all, std::int64_t units, std::int64_t group, bool as_text) {
    std::atomic<std::int64_t> left{units};
    std::vector<std::thread> threads;
    for (const auto& one : all) {
        threads.emplace_back([&left, &one, group, as_text] {
            while (left.fetch_sub(group) > 0) {
                for (std::int64_t k = 0; k < group; ++k) {
                    one->start_unit(k > 0);
                    if (group > 1) {
                        one->run("savepoint request");
                    }
                    for (std::size_t i = 0; i < (as_text ? kSelects : kStatements); ++i) {
                        one->statement(i);
                    }
                }
                if (as_text) {
                    one->writes_as_text();
                } else {
                    one->commit();
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
}

void run_events(Connections& all, std::int64_t units) {
    std::vector<pollfd> waiting(all.size());
    std::int64_t started = 0;
    std::size_t open = all.size();
    for (std::size_t i = 0; i < all.size(); ++i) {
        waiting[i].fd = all[i]->descriptor();
    }
    const auto go = [&](std::size_t i, int happened) {
        while (all[i]->go_on(happened)) {
            if (started >= units) {
                waiting[i].fd = -1;
                --open;
                return;
            }
            ++started;
            all[i]->start_unit();
            happened = 0;
        }
        waiting[i].events =
            static_cast<short>(((all[i]->waits_for() & MYSQL_WAIT_READ) != 0 ? POLLIN : 0) |
                               ((all[i]->waits_for() & MYSQL_WAIT_WRITE) != 0 ? POLLOUT : 0));
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        ++started;
        all[i]->start_unit();
        go(i, 0);
    }
    while (open > 0) {
        ::poll(waiting.data(), waiting.size(), -1);
        for (std::size_t i = 0; i < all.size(); ++i) {
            const short seen = waiting[i].fd < 0 ? short{0} : waiting[i].revents;
            if (seen != 0) {
                go(i, ((seen & POLLIN) != 0 ? MYSQL_WAIT_READ : 0) |
                          ((seen & POLLOUT) != 0 ? MYSQL_WAIT_WRITE : 0));
            }
        }
    }
}

}  // namespace

int main(int count, char** words) {
    const std::int64_t mode = bench::flag(count, words, "mode", 0);
    const std::int64_t connections = bench::flag(count, words, "connections", 16);
    const std::int64_t units = bench::flag(count, words, "units", 20'000);
    const std::int64_t group = bench::flag(count, words, "group", 1);
    const std::int64_t flush = bench::flag(count, words, "flush", 1);
    const std::int64_t tenants = bench::flag(count, words, "tenants", 64);
    const std::string folder =
        (std::filesystem::temp_directory_path() / fmt::format("hangu-unit-{}", ::getpid()))
            .string();
    {
        const testing::MariaServer server(
            "scripts/mariadb", folder,
            {fmt::format("--innodb-flush-log-at-trx-commit={}", flush),
             "--innodb-buffer-pool-size=256M"});
        make_tables(server.socket(), tenants);
        Connections all;
        for (std::int64_t i = 0; i < connections; ++i) {
            all.push_back(std::make_unique<One>(server.socket(), mode != 1, tenants));
            all.back()->prepare();
        }
        const auto run = [&](std::int64_t how_many) {
            mode == 1 ? run_events(all, how_many) : run_blocking(all, how_many, group, mode == 2);
        };
        run(units / 10);
        const std::int64_t own = bench::process_cpu_us();
        const std::int64_t theirs = bench::child_cpu_us(server.pid());
        const std::int64_t wall = bench::wall_us();
        run(units);
        const auto done = static_cast<double>(units);
        bench::report("database.unit", "cpu_us_per_op",
                      static_cast<double>(bench::process_cpu_us() - own) / done, "us");
        bench::report("database.unit", "server_cpu_us_per_op",
                      static_cast<double>(bench::child_cpu_us(server.pid()) - theirs) / done, "us");
        bench::report("database.unit", "rate",
                      done / (static_cast<double>(bench::wall_us() - wall) / 1e6), "1/s");
        bench::report("database.unit", "resident_kib",
                      static_cast<double>(bench::resident_bytes()) / 1024, "KiB");
    }
    std::filesystem::remove_all(folder);
    return 0;
}

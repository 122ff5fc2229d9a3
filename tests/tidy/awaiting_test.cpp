// The awaiting rule: our compiler destroys braced temporaries of an awaiting expression twice, and
// a lambda that is a coroutine keeps its captures by reference to itself.
#include "expect.hpp"
#include "source.hpp"
#include "structure.hpp"

namespace hangu::tidy {
namespace {

Faults check_awaiting(const Source& source) {
    Faults faults;
    const Structure structure = structure_of(source.code);
    for (const Statement& statement : structure.statements) {
        if (statement.await_line == 0) {
            continue;
        }
        const std::string where = source.path + ":" + std::to_string(statement.await_line) + ": ";
        if (statement.braces) {
            faults.push_back(where +
                             "a statement that awaits builds something with { }. "
                             "Name the value first, then std::move it in");
        }
        if (statement.captures) {
            faults.push_back(where +
                             "a statement that awaits builds a lambda that captures. "
                             "Name the lambda first, then pass it");
        }
    }
    for (const Block& block : structure.blocks) {
        if (block.kind == BlockKind::lambda && block.captures && block.coroutine) {
            faults.push_back(source.path + ":" + std::to_string(block.first_line) +
                             ": a lambda that is a coroutine captures. Make it a function, or "
                             "pass what it needs as parameters by value");
        }
    }
    return faults;
}

std::size_t faults_in(std::string_view body) {
    return check_awaiting(Source("src/x.cpp", "Task<void> f() {\n" + std::string(body) + "\n}\n"))
        .size();
}

TEST(Awaiting, builds_nothing_with_braces) {
    Faults faults;
    for (const Source& source : cpp_tree()) {
        append(faults, check_awaiting(source));
    }
    expect_none(faults);
}

TEST(Awaiting, bad_patterns_are_caught) {
    EXPECT_EQ(faults_in("co_await orders.place({.id = id, .reason = text});"), 1u);
    EXPECT_EQ(faults_in("co_await lane.run([p = std::move(p)] { return p->go(); });"), 1u);
    EXPECT_EQ(faults_in("co_return Order{co_await load_name(), 7};"), 1u);
    EXPECT_EQ(faults_in("auto c = fast ? co_await get() : Cmd{};"), 1u);
    EXPECT_EQ(faults_in("if (auto a = Cmd{1}; co_await b(a)) {\n}"), 1u);
    EXPECT_EQ(faults_in("spawn([self]() -> Task<void> { co_await self->go(); });"), 1u);
    EXPECT_EQ(faults_in("auto x = std::vector<int>{1,\n 2, co_await three()};"), 1u);
}

TEST(Awaiting, good_patterns_pass) {
    EXPECT_EQ(faults_in("const Cmd cmd{.id = id}; co_await orders.place(std::move(cmd));"), 0u);
    EXPECT_EQ(faults_in("spawn([](Self self) -> Task<void> { co_await self->go(); });"), 0u);
    EXPECT_EQ(faults_in("while (true) { if (!co_await more()) { break; } }"), 0u);
    EXPECT_EQ(faults_in("sort(a, [&](int x, int y) { return x < y; }); co_await done();"), 0u);
    EXPECT_EQ(faults_in("// co_await f({})\nlog(\"co_await f({})\"); list[i] = co_await f(a[0]);"),
              0u);
}

}  // namespace
}  // namespace hangu::tidy

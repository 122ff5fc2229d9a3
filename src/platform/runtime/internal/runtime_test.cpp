#include "platform/runtime/runtime.hpp"

#include "platform/runtime/await.hpp"
#include "platform/runtime/signals.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <string>

#include <unistd.h>

namespace hangu::runtime {
namespace {

using namespace std::chrono_literals;
constexpr auto kGenerous = 20s;

template <class T>
T get(std::future<T> future) {
    if (future.wait_for(kGenerous) != std::future_status::ready) {
        throw std::runtime_error("waited too long");
    }
    return future.get();
}

// Runs a task on loop 0 and gives what it says.
template <class T>
Task<void> deliver(Task<T> task, std::shared_ptr<std::promise<T>> promise) {
    try {
        T value = co_await std::move(task);
        promise->set_value(std::move(value));
    } catch (...) {
        promise->set_exception(std::current_exception());
    }
}
template <class T>
T run(Runtime& runtime, Task<T> task) {
    TaskGroup group;
    auto promise = std::make_shared<std::promise<T>>();
    EXPECT_TRUE(spawn(runtime, 0, group, deliver(std::move(task), promise)));
    std::future<T> future = promise->get_future();
    future.wait_for(kGenerous);
    group.close_and_wait();
    return get(std::move(future));
}

TEST(Clock, TellsTimeOfOurCenturyAndNeverGoesBack) {
    const SystemClock clock;
    EXPECT_GT(clock.now(), *parse_time("2024-01-01T00:00:00Z"));
    const std::int64_t first = clock.monotonic_us();
    EXPECT_LE(first, clock.monotonic_us());
}

TEST(Runtime, RunsPostedWorkOnTheLoopAsked) {
    Runtime runtime(2);
    EXPECT_EQ(runtime.loops_count(), 2U);
    EXPECT_FALSE(runtime.running());
    runtime.start();
    EXPECT_TRUE(runtime.running());
    std::promise<std::thread::id> ids[3];
    runtime.post(0, [&] { ids[0].set_value(std::this_thread::get_id()); });
    runtime.post(0, [&] { ids[1].set_value(std::this_thread::get_id()); });
    runtime.post(1, [&] { ids[2].set_value(std::this_thread::get_id()); });
    const auto first = get(ids[0].get_future());
    EXPECT_EQ(first, get(ids[1].get_future()));
    EXPECT_NE(first, get(ids[2].get_future()));
    runtime.stop();
    runtime.stop();
    EXPECT_FALSE(runtime.running());
}

TEST(Runtime, GoesOnAfterAFaultAndTellsIt) {
    Runtime runtime(1);
    std::promise<std::string> told;
    runtime.on_fault([&](const std::string& what) { told.set_value(what); });
    runtime.start();
    runtime.post(0, [] { throw std::runtime_error("broken"); });
    EXPECT_EQ(get(told.get_future()), "broken");
    std::promise<int> after;
    runtime.post(0, [&] { after.set_value(1); });
    EXPECT_EQ(get(after.get_future()), 1);
}

TEST(Runtime, RepeatsUntilItStops) {
    Runtime runtime(1);
    std::atomic<int> count{0};
    std::promise<int> third;
    runtime.every(1, [&] {
        if (++count == 3) {
            third.set_value(3);
        }
    });
    EXPECT_EQ(count, 0);
    runtime.start();
    EXPECT_EQ(get(third.get_future()), 3);
}

TEST(Runtime, SleepsWithoutHoldingTheLoop) {
    Runtime runtime(1);
    runtime.start();
    constexpr auto nap = [](std::atomic<int>* passed) -> Task<int> {
        co_await sleep_ms(1);
        co_return passed->load();
    };
    std::atomic<int> passed{0};
    runtime.post(0, [&] { passed = 7; });
    EXPECT_EQ(run<int>(runtime, nap(&passed)), 7);
}

Task<std::string> ask(std::function<void(std::function<void(std::string)>)> start) {
    std::string answer = co_await from_callback<std::string>(std::move(start));
    co_return answer;
}
Task<bool> resumes_on_its_own_thread(std::function<void(std::function<void(int)>)> start) {
    const auto before = std::this_thread::get_id();
    const int ignored = co_await from_callback<int>(std::move(start));
    co_return ignored == 5 && std::this_thread::get_id() == before;
}

TEST(FromCallback, TakesAnAnswerGivenAtOnce) {
    Runtime runtime(1);
    runtime.start();
    EXPECT_EQ(run<std::string>(runtime, ask([](auto done) { done("at once"); })), "at once");
}

TEST(FromCallback, ComesBackFromAnotherThreadToItsOwnLoop) {
    Runtime runtime(1);
    runtime.start();
    std::thread other;
    const bool same = run<bool>(runtime, resumes_on_its_own_thread([&](auto done) {
                                    other = std::thread([done] { done(5); });
                                }));
    other.join();
    EXPECT_TRUE(same);
}

TEST(FromCallback, CountsTheFirstAnswerOnly) {
    Runtime runtime(1);
    runtime.start();
    const auto start = [](const std::function<void(std::string)>& done) {
        done("first");
        done("second");
    };
    EXPECT_EQ(run<std::string>(runtime, ask(start)), "first");
}

TEST(FromCallback, ThrowsWhenTheCallbackIsDropped) {
    Runtime runtime(1);
    runtime.start();
    EXPECT_THROW(run<std::string>(runtime, ask([](const auto&) {})), Bug);
}

struct NotDefaultConstructible {
    explicit NotDefaultConstructible(std::string t) : text(std::move(t)) {}
    std::string text;
};
Task<std::string> ask_special() {
    const std::function<void(std::function<void(NotDefaultConstructible)>)> start =
        [](const auto& done) { done(NotDefaultConstructible("made")); };
    NotDefaultConstructible answer = co_await from_callback<NotDefaultConstructible>(start);
    co_return answer.text;
}

TEST(FromCallback, NeedsNoDefaultConstructor) {
    Runtime runtime(1);
    runtime.start();
    EXPECT_EQ(run<std::string>(runtime, ask_special()), "made");
}

TEST(FromCallback, ManyFromALane) {
    Runtime runtime(2);
    runtime.start();
    using Job = std::function<void(int)>;
    std::atomic<int> drained{0};
    Lane<Job> lane("lane", 1000, 16, [&](std::vector<Job>& jobs) {
        for (const Job& job : jobs) {
            job(++drained);
        }
    });
    constexpr auto hop = [](Lane<Job>* to, std::atomic<int>* sum) -> Task<void> {
        for (int i = 0; i < 50; ++i) {
            const std::function<void(std::function<void(int)>)> start =
                [to](const std::function<void(int)>& done) { to->push(done); };
            const int got = co_await from_callback<int>(start);
            *sum += got;
        }
    };
    TaskGroup group;
    std::atomic<int> sum{0};
    for (std::size_t i = 0; i < 20; ++i) {
        EXPECT_TRUE(spawn(runtime, i % 2, group, hop(&lane, &sum)));
    }
    group.close_and_wait();
    EXPECT_EQ(drained, 1000);
    EXPECT_EQ(sum, 500500);
}

Result<int> half(int number) {
    if (number % 2 != 0) {
        return Problem::invalid("number.odd");
    }
    return number / 2;
}
Task<Result<int>> quarter(int number) {
    HANGU_CO_TRY(const int first, half(number));
    HANGU_CO_CHECK(half(first));
    HANGU_CO_TRY(const int second, half(first));
    co_return second;
}
Task<std::string> quarter_text(int number) {
    Result<int> result = co_await quarter(number);
    co_return result.ok() ? std::to_string(result.value()) : result.problem().code;
}

TEST(CoTry, TakesTheValueOrGivesTheProblemOn) {
    Runtime runtime(1);
    runtime.start();
    EXPECT_EQ(run<std::string>(runtime, quarter_text(12)), "3");
    EXPECT_EQ(run<std::string>(runtime, quarter_text(6)), "number.odd");
    EXPECT_EQ(run<std::string>(runtime, quarter_text(5)), "number.odd");
}

TEST(TaskGroup, WaitsForAllAndTakesNoneAfter) {
    TaskGroup group;
    EXPECT_TRUE(group.enter());
    EXPECT_TRUE(group.enter());
    EXPECT_EQ(group.running(), 2U);
    EXPECT_FALSE(group.close_and_wait_ms(1));
    EXPECT_FALSE(group.enter());
    std::thread other([&] {
        group.leave();
        group.leave();
    });
    group.close_and_wait();
    EXPECT_EQ(group.running(), 0U);
    EXPECT_TRUE(group.close_and_wait_ms(0));
    other.join();
}

TEST(TaskGroup, AClosedOneStartsNothing) {
    Runtime runtime(1);
    runtime.start();
    TaskGroup group;
    group.close();
    EXPECT_FALSE(spawn(runtime, 0, group, sleep_ms(1)));
}

TEST(Lane, TakesWhatWaitsAtOnceAndRefusesWhenFull) {
    std::promise<void> opened;
    std::shared_future<void> open = opened.get_future().share();
    std::promise<void> entered;
    std::vector<std::size_t> batches;
    std::vector<int> seen;
    Lane<int> lane("lane", 4, 3, [&](std::vector<int>& jobs) {
        batches.push_back(jobs.size());
        seen.insert(seen.end(), jobs.begin(), jobs.end());
        if (batches.size() == 1) {
            entered.set_value();
            open.wait();
        }
    });
    EXPECT_TRUE(lane.push(1));
    entered.get_future().wait();
    for (const int job : {2, 3, 4, 5}) {
        EXPECT_TRUE(lane.push(job));
    }
    EXPECT_FALSE(lane.push(6));
    EXPECT_EQ(lane.waiting(), 4U);
    opened.set_value();
    lane.stop();
    EXPECT_FALSE(lane.push(7));
    EXPECT_EQ(batches, (std::vector<std::size_t>{1, 3, 1}));
    EXPECT_EQ(seen, (std::vector<int>{1, 2, 3, 4, 5}));
}

TEST(Signals, CallTheRightCallback) {
    std::promise<int> reloaded;
    std::promise<int> interrupted;
    std::promise<int> terminated;
    std::atomic<int> stops{0};
    {
        const Signals signals([&] { (stops++ == 0 ? interrupted : terminated).set_value(1); },
                              [&] { reloaded.set_value(1); });
        ::kill(::getpid(), SIGHUP);
        EXPECT_EQ(get(reloaded.get_future()), 1);
        ::kill(::getpid(), SIGINT);
        EXPECT_EQ(get(interrupted.get_future()), 1);
        ::kill(::getpid(), SIGTERM);
        EXPECT_EQ(get(terminated.get_future()), 1);
    }
    const Signals again([] {}, [] {});  // one after another is allowed
}

}  // namespace
}  // namespace hangu::runtime

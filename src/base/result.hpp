// Result<T>: a value or a Problem. HANGU_TRY takes the value or returns the problem; HANGU_CHECK
// does the same where no value matters. The await-ing twins are in platform/runtime/task.hpp.
#pragma once

#include "base/check.hpp"
#include "base/problem.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace hangu {

template <class T = void>
class [[nodiscard]] Result {
 public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Problem problem) : state_(std::in_place_index<1>, std::move(problem)) {}

    bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    T& value() & {
        HANGU_ASSERT(ok());
        return std::get<0>(state_);
    }
    const T& value() const& {
        HANGU_ASSERT(ok());
        return std::get<0>(state_);
    }
    T&& value() && {
        HANGU_ASSERT(ok());
        return std::get<0>(std::move(state_));
    }
    Problem& problem() & {
        HANGU_ASSERT(!ok());
        return std::get<1>(state_);
    }
    const Problem& problem() const& {
        HANGU_ASSERT(!ok());
        return std::get<1>(state_);
    }
    Problem&& problem() && {
        HANGU_ASSERT(!ok());
        return std::get<1>(std::move(state_));
    }

    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }

 private:
    std::variant<T, Problem> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
    Result() = default;
    Result(Problem problem) : problem_(std::move(problem)) {}

    bool ok() const { return !problem_.has_value(); }
    explicit operator bool() const { return ok(); }
    void value() const { HANGU_ASSERT(ok()); }
    const Problem& problem() const& {
        HANGU_ASSERT(!ok());
        return *problem_;
    }
    Problem&& problem() && {
        HANGU_ASSERT(!ok());
        return *std::move(problem_);
    }

 private:
    std::optional<Problem> problem_;
};

}  // namespace hangu

#define HANGU_CONCAT_INNER(a, b) a##b
#define HANGU_CONCAT(a, b) HANGU_CONCAT_INNER(a, b)
#define HANGU_TRY_INNER(result, binding, ...) \
    auto result = (__VA_ARGS__);              \
    if (!result.ok()) {                       \
        return std::move(result).problem();   \
    }                                         \
    binding = std::move(result).value()
#define HANGU_TRY(binding, ...) \
    HANGU_TRY_INNER(HANGU_CONCAT(hangu_result_, __LINE__), binding, __VA_ARGS__)
#define HANGU_CHECK(...)                                               \
    do {                                                               \
        if (auto hangu_checked = (__VA_ARGS__); !hangu_checked.ok()) { \
            return std::move(hangu_checked).problem();                 \
        }                                                              \
    } while (false)

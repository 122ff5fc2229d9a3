# Two precompiled headers, shared by every module through REUSE_FROM: the standard library with the
# reflection headers, and the same with GoogleTest.
set(HANGU_PCH_STD
    <algorithm> <array> <atomic> <chrono> <compare> <concepts> <condition_variable> <cstdint>
    <cstring> <deque> <filesystem> <functional> <map> <memory> <mutex> <optional> <set> <span>
    <string> <string_view> <thread> <tuple> <type_traits> <unordered_map> <utility> <variant>
    <vector> <boost/describe.hpp> <boost/mp11.hpp> <boost/json.hpp> <fmt/format.h>)

file(WRITE ${CMAKE_BINARY_DIR}/pch/std.cpp "")
add_library(hangu_pch_std OBJECT ${CMAKE_BINARY_DIR}/pch/std.cpp)
target_link_libraries(hangu_pch_std PUBLIC hangu::strict Boost::json fmt::fmt)
target_precompile_headers(hangu_pch_std PRIVATE ${HANGU_PCH_STD})

file(WRITE ${CMAKE_BINARY_DIR}/pch/test.cpp "")
add_library(hangu_pch_test OBJECT ${CMAKE_BINARY_DIR}/pch/test.cpp)
target_link_libraries(hangu_pch_test PUBLIC hangu::strict Boost::json fmt::fmt GTest::gtest)
target_precompile_headers(hangu_pch_test PRIVATE ${HANGU_PCH_STD} <gtest/gtest.h>)

#include "platform/observe/observe.hpp"

#include <gtest/gtest.h>

namespace hangu::observe {
namespace {

constexpr std::string_view kTrace = "4bf92f3577b34da6a3ce929d0e0e4736";

class Zeros final : public Randomness {
 public:
    void fill(std::span<std::byte> out) override {
        std::fill(out.begin(), out.end(), std::byte{0});
    }
};

TEST(Trace, IsNewAndWellFormed) {
    SeededRandomness randomness(1);
    const TraceId first = new_trace(randomness);
    const TraceId second = new_trace(randomness);
    EXPECT_EQ(first.trace.size(), 32U);
    EXPECT_EQ(first.span.size(), 16U);
    EXPECT_EQ(first.trace.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_NE(first.trace, second.trace);
    EXPECT_NE(first.span, second.span);
}

TEST(Trace, IsNeverAllZeros) {
    Zeros zeros;
    const TraceId trace = new_trace(zeros);
    EXPECT_EQ(trace.trace, "00000000000000000000000000000001");
    EXPECT_EQ(trace.span, "0000000000000001");
}

TEST(Trace, IsTakenOverFromAWellFormedHeader) {
    SeededRandomness randomness(1);
    for (const std::string_view header :
         {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00 ",
          "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later",
          "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) {
        const TraceId trace = trace_from(header, randomness);
        EXPECT_EQ(trace.trace, kTrace) << header;
        EXPECT_NE(trace.span, "00f067aa0ba902b7") << header;
        EXPECT_EQ(trace.span.size(), 16U);
    }
}

TEST(Trace, IsNewForEveryOtherHeader) {
    SeededRandomness randomness(1);
    for (const std::string_view header :
         {"", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
          "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more",
          "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
          "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
          "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}) {
        const TraceId trace = trace_from(header, randomness);
        EXPECT_EQ(trace.trace.size(), 32U) << header;
        EXPECT_NE(trace.trace, kTrace) << header;
    }
}

}  // namespace
}  // namespace hangu::observe

#include "platform/observe/observe.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>

namespace hangu::observe {
namespace {

TEST(Metrics, WritesTheTextFormat) {
    Metrics metrics;
    metrics.counter("http_requests_total", "Requests answered.", {{"plane", "edge"}}).add();
    metrics.counter("http_requests_total", "Requests answered.", {{"plane", "edge"}}).add(2);
    metrics.gauge("tenants_open", "Tenants open.").set(5);
    metrics.gauge("tenants_open", "Tenants open.").add(-2);
    const std::string text = metrics.text();
    EXPECT_NE(text.find("# HELP http_requests_total Requests answered.\n"
                        "# TYPE http_requests_total counter\n"
                        "http_requests_total{plane=\"edge\"} 3\n"),
              std::string::npos)
        << text;
    EXPECT_NE(text.find("# TYPE tenants_open gauge\ntenants_open 3\n"), std::string::npos) << text;
}

TEST(Metrics, CountsDurationsIntoBuckets) {
    Metrics metrics;
    Histogram& histogram = metrics.histogram("request_seconds", "Duration.");
    for (const double seconds : {0.0004, 0.0005, 0.003, 9.0, 11.0}) {
        histogram.observe(seconds);
    }
    const std::string text = metrics.text();
    for (const char* line :
         {"request_seconds_count 5\n", "request_seconds_bucket{le=\"0.0005\"} 2\n",
          "request_seconds_bucket{le=\"0.001\"} 2\n", "request_seconds_bucket{le=\"0.005\"} 3\n",
          "request_seconds_bucket{le=\"5\"} 3\n", "request_seconds_bucket{le=\"10\"} 4\n",
          "request_seconds_bucket{le=\"+Inf\"} 5\n"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
    }
}

TEST(Metrics, GivesTheSameSeriesForTheSameNameAndLabels) {
    Metrics metrics;
    Counter& first = metrics.counter("a_total", "A.", {{"x", "1"}, {"y", "2"}});
    EXPECT_EQ(&metrics.counter("a_total", "A.", {{"y", "2"}, {"x", "1"}}), &first);
    EXPECT_NE(&metrics.counter("a_total", "A.", {{"x", "2"}, {"y", "2"}}), &first);
    EXPECT_NE(&metrics.counter("a_total", "A."), &first);
}

TEST(Metrics, RefusesANameOfAnotherKindOrForm) {
    Metrics metrics;
    metrics.counter("a_total", "A.");
    EXPECT_THROW(metrics.gauge("a_total", "A."), std::invalid_argument);
    EXPECT_THROW(metrics.counter("a b", "A."), std::invalid_argument);
}

TEST(Metrics, AddsUpOverThreads) {
    Metrics metrics;
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&metrics] {
            for (int j = 0; j < 1000; ++j) {
                metrics.counter("a_total", "A.").add();
                metrics.histogram("a_seconds", "A.").observe(0.1);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    const std::string text = metrics.text();
    EXPECT_NE(text.find("a_total 8000\n"), std::string::npos) << text;
    EXPECT_NE(text.find("a_seconds_count 8000\n"), std::string::npos) << text;
}

TEST(Metrics, DoesNotGrowWithoutEnd) {
    Metrics metrics;
    for (int i = 0; i < 10'100; ++i) {
        metrics.counter("a_total", "A.", {{"from_outside", std::to_string(i)}}).add();
    }
    const std::string text = metrics.text();
    EXPECT_NE(text.find("from_outside=\"9999\""), std::string::npos);
    EXPECT_EQ(text.find("from_outside=\"10000\""), std::string::npos);
    EXPECT_EQ(&metrics.counter("b_total", "B."), &metrics.counter("c_total", "C."));
}

TEST(Metrics, EscapesLabelValues) {
    Metrics metrics;
    metrics.counter("a_total", "A.", {{"x", "q\"\\\nz"}}).add();
    EXPECT_NE(metrics.text().find("a_total{x=\"q\\\"\\\\\\nz\"} 1"), std::string::npos)
        << metrics.text();
}

}  // namespace
}  // namespace hangu::observe

#include "platform/observe/observe.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <map>
#include <mutex>
#include <utility>

namespace hangu::observe {

namespace {

// A label value taken from outside would make a new series each time. Beyond this many, updates go
// to a spare series that nobody sees, instead of filling the memory.
constexpr std::size_t kSeriesCountMax = 10'000;

const prometheus::Histogram::BucketBoundaries kSeconds{
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

class CounterOf final : public Counter {
 public:
    explicit CounterOf(prometheus::Counter& counter) : counter_(counter) {}
    void add(double amount) override { counter_.Increment(amount); }

 private:
    prometheus::Counter& counter_;
};

class GaugeOf final : public Gauge {
 public:
    explicit GaugeOf(prometheus::Gauge& gauge) : gauge_(gauge) {}
    void set(double value) override { gauge_.Set(value); }
    void add(double amount) override { gauge_.Increment(amount); }

 private:
    prometheus::Gauge& gauge_;
};

class HistogramOf final : public Histogram {
 public:
    explicit HistogramOf(prometheus::Histogram& histogram) : histogram_(histogram) {}
    void observe(double value) override { histogram_.Observe(value); }

 private:
    prometheus::Histogram& histogram_;
};

using SeriesKey = std::pair<std::string, std::map<std::string, std::string>>;

SeriesKey key_of(const std::string& name, const std::vector<Label>& labels) {
    SeriesKey key{name, {}};
    for (const Label& label : labels) {
        key.second.emplace(label.name, label.value);
    }
    return key;
}

}  // namespace

struct Metrics::State {
    // The series of that name and labels; `make` makes it from its prometheus labels.
    template <class Kind, class Make>
    Kind& find(std::map<SeriesKey, std::unique_ptr<Kind>>& known, Kind& spare,
               const std::string& name, const std::vector<Label>& labels, Make make) {
        const SeriesKey key = key_of(name, labels);
        const std::lock_guard lock(mutex);
        const auto found = known.find(key);
        if (found != known.end()) {
            return *found->second;
        }
        if (counters.size() + gauges.size() + histograms.size() >= kSeriesCountMax) {
            return spare;
        }
        return *known.emplace(key, make(key.second)).first->second;
    }

    prometheus::Registry registry;
    std::mutex mutex;
    std::map<SeriesKey, std::unique_ptr<Counter>> counters;
    std::map<SeriesKey, std::unique_ptr<Gauge>> gauges;
    std::map<SeriesKey, std::unique_ptr<Histogram>> histograms;

    prometheus::Counter unseen_counter;
    prometheus::Gauge unseen_gauge;
    prometheus::Histogram unseen_histogram{kSeconds};
    CounterOf spare_counter{unseen_counter};
    GaugeOf spare_gauge{unseen_gauge};
    HistogramOf spare_histogram{unseen_histogram};
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}
Metrics::~Metrics() = default;

Counter& Metrics::counter(const std::string& name, const std::string& help,
                          const std::vector<Label>& labels) {
    return state_->find<Counter>(
        state_->counters, state_->spare_counter, name, labels, [&](const auto& of) {
            auto& family =
                prometheus::BuildCounter().Name(name).Help(help).Register(state_->registry);
            return std::make_unique<CounterOf>(family.Add(of));
        });
}

Gauge& Metrics::gauge(const std::string& name, const std::string& help,
                      const std::vector<Label>& labels) {
    return state_->find<Gauge>(
        state_->gauges, state_->spare_gauge, name, labels, [&](const auto& of) {
            auto& family =
                prometheus::BuildGauge().Name(name).Help(help).Register(state_->registry);
            return std::make_unique<GaugeOf>(family.Add(of));
        });
}

Histogram& Metrics::histogram(const std::string& name, const std::string& help,
                              const std::vector<Label>& labels) {
    return state_->find<Histogram>(
        state_->histograms, state_->spare_histogram, name, labels, [&](const auto& of) {
            auto& family =
                prometheus::BuildHistogram().Name(name).Help(help).Register(state_->registry);
            return std::make_unique<HistogramOf>(family.Add(of, kSeconds));
        });
}

std::string Metrics::text() const {
    return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace hangu::observe

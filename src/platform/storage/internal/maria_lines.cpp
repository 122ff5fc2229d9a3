#include "platform/storage/internal/maria_lines.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

namespace hangu::storage {

namespace {

ShardHost host_of(const MariaConnection::Options& options) {
    return {options.socket, options.host, options.port};
}

// Of the account's connections, which is all that one may see without a right to more.
std::set<unsigned long> asleep(MariaConnection::Options options, unsigned seconds_max) {
    options.lines.reset();
    options.cluster = false;
    options.connect_seconds_max = seconds_max;
    options.answer_seconds_max = seconds_max;
    options.silence_seconds_max = seconds_max;
    std::set<unsigned long> ids;
    try {
        MariaConnection db(options);
        for (const auto& row :
             db.query_rows(fmt::format("select id from information_schema.processlist"
                                       " where command = 'Sleep' and time_ms >= {}",
                                       MariaLines::kSleepMsMin))) {
            ids.insert(std::stoul(row.at("id")));
        }
    } catch (const StorageFault&) {
        // Whoever judges the servers finds out.
    }
    return ids;
}

}  // namespace

void MariaLines::add(const MariaConnection::Options& options, unsigned long id,
                     const std::shared_ptr<MariaLine>& line) {
    const std::lock_guard lock(mutex_);
    std::erase_if(lines_, [](const Line& one) { return one.line.expired(); });
    lines_.push_back({line, id, options, 0});
    lines_.back().options.lines.reset();  // it would hold itself
}

void MariaLines::cut(const ShardHost& host) {
    for (const Line& one : all()) {
        const std::shared_ptr<MariaLine> line = one.line.lock();
        if (line && host_of(one.options) == host) {
            line->cut();
        }
    }
}

std::vector<MariaLines::Lost> MariaLines::cut_unanswered(unsigned seconds_max) {
    std::map<std::string, std::vector<Line>> by_account;
    for (Line& one : waiting()) {
        const std::string key = host_of(one.options).text() + ' ' + one.options.user;
        by_account[key].push_back(std::move(one));
    }
    std::vector<Lost> lost;
    for (const auto& [key, lines] : by_account) {
        const std::set<unsigned long> ids = asleep(lines.front().options, seconds_max);
        for (const Line& one : lines) {
            const std::shared_ptr<MariaLine> line = one.line.lock();
            if (line && ids.contains(one.id) && line->step() == one.seen) {
                line->cut();
                lost.push_back({host_of(one.options).text(), one.options.user, one.id});
            }
        }
    }
    return lost;
}

std::vector<MariaLines::Line> MariaLines::all() {
    const std::lock_guard lock(mutex_);
    return lines_;
}

// For the same answer as when they were looked at last.
std::vector<MariaLines::Line> MariaLines::waiting() {
    std::vector<Line> found;
    const std::lock_guard lock(mutex_);
    for (Line& one : lines_) {
        const std::shared_ptr<MariaLine> line = one.line.lock();
        if (!line) {
            continue;
        }
        const std::uint64_t step = line->step();
        if (std::exchange(one.seen, step) == step && MariaLine::is_asking(step)) {
            found.push_back(one);
        }
    }
    return found;
}

}  // namespace hangu::storage

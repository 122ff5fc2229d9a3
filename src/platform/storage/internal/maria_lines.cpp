#include "platform/storage/internal/maria_lines.hpp"

#include <map>
#include <optional>
#include <set>
#include <utility>

namespace hangu::storage {

namespace {

ShardHost host_of(const MariaConnection::Options& options) {
    return {options.socket, options.host, options.port};
}

// Of the account's connections, which is all that one may see without a right to more. None: the
// server does not answer; whoever judges the servers finds out.
std::optional<std::set<unsigned long>> idle_at_server(MariaConnection::Options options,
                                                      unsigned seconds_max) {
    options.lines.reset();
    options.cluster = false;
    options.connect_seconds_max = seconds_max;
    options.answer_seconds_max = seconds_max;
    options.silence_seconds_max = seconds_max;
    try {
        std::set<unsigned long> ids;
        MariaConnection db(options);
        for (const auto& row : db.query_rows("select id from information_schema.processlist"
                                             " where command in ('Sleep', 'Killed')")) {
            ids.insert(std::stoul(row.at("id")));
        }
        return ids;
    } catch (const StorageFault&) {
        return std::nullopt;
    }
}

}  // namespace

void MariaLines::add(const MariaConnection::Options& options, unsigned long id,
                     const std::shared_ptr<MariaLine>& line) {
    const std::lock_guard lock(mutex_);
    std::erase_if(lines_, [](const Line& one) { return one.line.expired(); });
    lines_.push_back({line, id, options, 0, 0});
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
    using Account = std::pair<std::string, std::string>;  // the server, and the user there
    std::map<Account, std::vector<Line>> by_account;
    for (Line& one : waiting()) {
        by_account[{host_of(one.options).text(), one.options.user}].push_back(std::move(one));
    }
    std::vector<Lost> lost;
    std::string silent;
    for (const auto& [account, lines] : by_account) {
        if (account.first == silent) {
            continue;
        }
        const std::optional<std::set<unsigned long>> ids =
            idle_at_server(lines.front().options, seconds_max);
        if (!ids) {
            silent = account.first;
            continue;
        }
        for (const Line& one : lines) {
            if (ids->contains(one.id) && is_lost(one)) {
                lost.push_back({account.first, account.second, one.id});
            }
        }
    }
    return lost;
}

// What its server does nothing for, and waits for the same answer still: the first time it is
// noted, the second time cut.
bool MariaLines::is_lost(const Line& found) {
    const std::shared_ptr<MariaLine> line = found.line.lock();
    if (!line || line->step() != found.seen) {
        return false;
    }
    if (found.idle == found.seen) {
        line->cut();
        return true;
    }
    const std::lock_guard lock(mutex_);
    for (Line& one : lines_) {
        if (one.line.lock() == line) {
            one.idle = found.seen;
        }
    }
    return false;
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

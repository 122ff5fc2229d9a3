#include "tests/system/tellers.hpp"

#include <fmt/format.h>

namespace hangu::system {

void Tally::add() {
    {
        const std::lock_guard lock(mutex_);
        ++count_;
    }
    changed_.notify_all();
}

void Tally::teller_gone() {
    {
        const std::lock_guard lock(mutex_);
        ++gone_;
    }
    changed_.notify_all();
}

void Tally::wait_for_more(std::size_t count, std::size_t tellers) {
    std::unique_lock lock(mutex_);
    gone_ = 0;
    const std::size_t wanted = count_ + count;
    changed_.wait(lock, [&] { return count_ >= wanted || gone_ >= tellers; });
}

std::size_t Tally::count() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

Teller::Teller(std::string name, Shop& shop, std::string cookie, std::uint16_t port)
    : name_(std::move(name)), shop_(shop), client_(port) {
    client_.cookie = std::move(cookie);
}

Wish Teller::new_wish() {
    ++number_;
    return {fmt::format("{}-{:06}", name_, number_),
            shop_.order_body(number_ % shop_.stores().size(), number_ % shop_.specs().size(),
                             static_cast<int>(number_ % 3) + 1)};
}

Teller::Sent Teller::send(const Wish& wish, Tally& tally) {
    const std::optional<Answer> answer =
        client_.request("POST", "/orders", wish.body, {{"Idempotency-Key", wish.key}});
    if (!answer) {
        return Sent::lost;
    }
    if (answer->status == 429 || answer->status == 503) {
        return Sent::later;
    }
    if (answer->status != 201) {
        complaints_.push_back(fmt::format("{}: {} {}", wish.key, answer->status, answer->body));
        return Sent::done;
    }
    replayed_ += answer->header("idempotency-replayed") == "true" ? 1 : 0;
    done_[wish.key] = {text_at(answer->json, "id"), text_at(answer->json, "number"),
                       text_at(answer->json, "pick_up_number")};
    tally.add();
    return Sent::done;
}

bool Teller::settle(std::uint16_t port, Tally& tally) {
    client_.use_port(port);
    std::vector<Wish> open;
    open.swap(unknown_);
    for (const Wish& wish : open) {
        if (send(wish, tally) != Sent::done) {
            unknown_.push_back(wish);
        }
    }
    return unknown_.empty();
}

void Teller::work(std::uint16_t port, const std::atomic<bool>& stop, Tally& tally) {
    settle(port, tally);
    while (!stop) {
        const Wish wish = new_wish();
        const Sent sent = send(wish, tally);
        if (sent != Sent::done) {
            unknown_.push_back(wish);
        }
        if (sent == Sent::lost) {
            break;
        }
    }
    tally.teller_gone();
}

void work_together(std::vector<Teller*> tellers, std::uint16_t port, const std::atomic<bool>& stop,
                   Tally& tally, std::vector<std::thread>& threads) {
    for (Teller* teller : tellers) {
        threads.emplace_back([teller, port, &stop, &tally] { teller->work(port, stop, tally); });
    }
}

std::map<std::string, Acknowledged> all_done(const std::vector<Teller*>& tellers) {
    std::map<std::string, Acknowledged> all;
    for (const Teller* teller : tellers) {
        all.insert(teller->done().begin(), teller->done().end());
    }
    return all;
}

}  // namespace hangu::system

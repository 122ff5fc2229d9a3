// People at tills who place orders as fast as they can, and know of each whether it was
// acknowledged.
#pragma once

#include "tests/system/ledger.hpp"
#include "tests/system/shop.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hangu::system {

struct Wish {
    std::string key;
    std::string body;
};

// Counts acknowledged orders; someone may wait for a number of them.
class Tally {
 public:
    void add();
    void teller_gone();
    // Returns when so many more orders are acknowledged, or when `tellers` tellers have given up.
    void wait_for_more(std::size_t count, std::size_t tellers);
    std::size_t count() const;

 private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::size_t count_ = 0;
    std::size_t gone_ = 0;
};

class Teller {
 public:
    Teller(std::string name, Shop& shop, std::string cookie, std::uint16_t port);

    // Retries what is unknown, then places new orders until told to stop or the server is gone.
    void work(std::uint16_t port, const std::atomic<bool>& stop, Tally& tally);
    // Retries what is unknown; true when nothing is.
    bool settle(std::uint16_t port, Tally& tally);

    const std::map<std::string, Acknowledged>& done() const { return done_; }
    const std::vector<std::string>& complaints() const { return complaints_; }
    std::size_t unknown_count() const { return unknown_.size(); }
    std::size_t replayed_count() const { return replayed_; }
    Client& client() { return client_; }

 private:
    enum class Sent { done, later, lost };
    Sent send(const Wish& wish, Tally& tally);
    Wish new_wish();

    std::string name_;
    Shop& shop_;
    Client client_;
    std::size_t number_ = 0;
    std::size_t replayed_ = 0;
    std::vector<Wish> unknown_;
    std::map<std::string, Acknowledged> done_;
    std::vector<std::string> complaints_;
};

// All at work at once; joined at the end.
void work_together(std::vector<Teller*> tellers, std::uint16_t port, const std::atomic<bool>& stop,
                   Tally& tally, std::vector<std::thread>& threads);

std::map<std::string, Acknowledged> all_done(const std::vector<Teller*>& tellers);

}  // namespace hangu::system

// How the words of a story become deeds: each phrase is a pattern with what it does. README.md
// lists them all.
#pragma once

#include "tests/story/authenticator.hpp"
#include "tests/story/script.hpp"
#include "tests/story/setting_up.hpp"
#include "tests/story/world.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <string>
#include <vector>

namespace hangu::story {

// A story that is being played.
class Play {
 public:
    World world;
    Values values;
    std::map<std::string, Merchant> merchants;
    Merchant* merchant = nullptr;  // whose things are meant

    Merchant& here();
    Person& who(const std::string& name);
    // Called before every When and after it.
    void begin_deed();
    void end_deed(Answer answer);
    const Answer& answer() const { return answer_; }

    // What the last When changed.
    const Snapshot& before() const { return before_; }
    const Snapshot& after();
    std::vector<Act> new_acts();
    const std::vector<events::Event>& heard() const { return heard_; }

    std::map<std::string, std::shared_ptr<http::Stream>> streams;
    std::map<std::string, std::string> unread;  // of streams
    std::map<std::string, Device> devices;      // that hold passkeys
    boost::json::object last_proof;             // what one of them said last
    Device& device(const std::string& name);

 private:
    Answer answer_;
    Snapshot before_;
    std::optional<Snapshot> after_;
    std::vector<events::Event> heard_;
};

using Match = std::smatch;
using Deed = std::function<void(Play&, const Match&, const Step&)>;

struct Phrase {
    Phrase(std::string pattern, Deed what);
    std::regex pattern;
    Deed deed;
};

const std::vector<Phrase>& given_phrases();
const std::vector<Phrase>& when_phrases();
const std::vector<Phrase>& then_phrases();
const std::vector<Phrase>& platform_phrases();  // more that is given

void play(Play& on, const Step& step);

// ---- shared by the phrases ----

// "order.place, order.view" and the like.
std::vector<std::string> list_of(const std::string& text);
// "12.00" in fen.
std::int64_t fen_of(const std::string& text);
// once, twice, never, "3 times".
std::size_t count_of(const std::string& text);
std::string api_path(const std::string& path);
// Sends an order for `text`: `2 "milk-tea" with "pearl" and 1 "tea"`, at its present price, paid in
// cash.
Answer take_order(Play& play, Person& person, const std::string& store, const std::string& text);
// "thief has a copy of mei's cookie"
void copies_cookie(Play& play, const Match& match, const Step& step);
void broker_does(Play& play, const Match& match, const Step& step);  // from here on
[[noreturn]] void fail(std::string why);

}  // namespace hangu::story

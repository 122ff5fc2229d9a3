#include "tests/story/steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::story {

Phrase::Phrase(std::string text, Deed what)
    : pattern(text, std::regex::ECMAScript | std::regex::optimize), deed(std::move(what)) {}

[[noreturn]] void fail(std::string why) {
    throw StoryFault(std::move(why));
}

Merchant& Play::here() {
    if (merchant == nullptr) {
        fail("no tenant yet: begin with  Given a tenant \"tea\"");
    }
    return *merchant;
}

Device& Play::device(const std::string& name) {
    return devices.try_emplace(name, devices.size() + 1).first->second;
}

Person& Play::who(const std::string& name) {
    return world.person(name);
}

void Play::begin_deed() {
    before_ = world.snapshot();
    after_.reset();
    world.take_heard();
}

void Play::end_deed(Answer answer) {
    answer_ = std::move(answer);
    heard_ = world.take_heard();
    values.set("answer", answer_.json);
}

const Snapshot& Play::after() {
    if (!after_) {
        after_ = world.snapshot();
    }
    return *after_;
}

std::vector<Act> Play::new_acts() {
    std::vector<Act> acts;
    for (const Act& act : after().acts) {
        if (std::find(before_.acts.begin(), before_.acts.end(), act) == before_.acts.end()) {
            acts.push_back(act);
        }
    }
    return acts;
}

static bool play_one_of(const std::vector<Phrase>& phrases, Play& on, const Step& step) {
    for (const Phrase& phrase : phrases) {
        Match match;
        if (std::regex_match(step.text, match, phrase.pattern)) {
            phrase.deed(on, match, step);
            return true;
        }
    }
    return false;
}

void play(Play& on, const Step& step) {
    const bool given = step.kind == StepKind::given;
    const std::vector<Phrase>& phrases = given                         ? given_phrases()
                                         : step.kind == StepKind::when ? when_phrases()
                                                                       : then_phrases();
    if (play_one_of(phrases, on, step) || (given && play_one_of(platform_phrases(), on, step))) {
        return;
    }
    fail("nobody understands this step; see tests/story/README.md");
}

std::vector<std::string> list_of(const std::string& text) {
    std::vector<std::string> list;
    const std::regex word("[A-Za-z0-9_.-]+");
    for (std::sregex_iterator it(text.begin(), text.end(), word), end; it != end; ++it) {
        if (it->str() != "and") {
            list.push_back(it->str());
        }
    }
    return list;
}

std::int64_t fen_of(const std::string& text) {
    const std::size_t dot = text.find('.');
    return std::stoll(text.substr(0, dot)) * 100 +
           (dot == std::string::npos ? 0 : std::stoll(text.substr(dot + 1)));
}

std::size_t count_of(const std::string& text) {
    if (text == "never") {
        return 0;
    }
    if (text == "once") {
        return 1;
    }
    return text == "twice" ? 2 : std::stoul(text);
}

std::string api_path(const std::string& path) {
    const bool as_it_is = path.starts_with("/api") || path.starts_with("/openapi.json") ||
                          path.starts_with("/healthz");
    return as_it_is ? path : "/api/v1" + path;
}

Answer take_order(Play& play, Person& person, const std::string& store, const std::string& text) {
    boost::json::array lines;
    const std::regex item(R"re((\d+) "([^"]+)"(?: with ((?:"[^"]+"(?:, )?)+))?)re");
    for (std::sregex_iterator it(text.begin(), text.end(), item), end; it != end; ++it) {
        boost::json::array options;
        for (const std::string& option : list_of((*it)[3].str())) {
            options.push_back(play.values.get("option." + option));
        }
        lines.push_back({{"spec_id", play.values.get("spec." + (*it)[2].str())},
                         {"quantity", std::stoll((*it)[1].str())},
                         {"option_ids", options}});
    }
    boost::json::object body{
        {"store_id", play.values.get("store." + store)}, {"mode", "pick_up"}, {"lines", lines}};
    const boost::json::value priced =
        must(play.world, person, "POST", "/api/v1/orders/preview", body);
    body["payment"] = {{"tender", "cash"}, {"amount_fen", priced.at("total_fen")}};
    static int number = 0;
    Extras extras;
    extras.headers.push_back({"idempotency-key", fmt::format("story-order-{}", ++number)});
    return play.world.send(person, "POST", "/api/v1/orders", boost::json::value(body), extras);
}

}  // namespace hangu::story

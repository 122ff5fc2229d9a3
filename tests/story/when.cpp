// What happens in a story: requests, time, commands of the operator.
#include "tests/story/authenticator.hpp"
#include "tests/story/steps.hpp"

#include <fmt/format.h>

namespace hangu::story {

namespace {

const std::map<std::string, std::string> kMethods = {{"gets", "GET"},
                                                     {"posts", "POST"},
                                                     {"patches", "PATCH"},
                                                     {"puts", "PUT"},
                                                     {"deletes", "DELETE"}};

Extras extras_of(Play& play, const std::string& text) {
    Extras extras;
    const std::regex part(
        R"re( (with key|with header|from|saying it comes from|without saying where from)re"
        R"re(|in)(?: "([^"]*)")?(?: "([^"]*)")?(?: (English|Chinese|address [\d.]+))?)re");
    std::size_t understood = 0;
    for (std::sregex_iterator it(text.begin(), text.end(), part), end; it != end; ++it) {
        const std::string word = (*it)[1].str();
        const std::string value = play.values.fill((*it)[2].str());
        const std::string last = (*it)[4].str();
        if (word == "with key") {
            extras.headers.push_back({"idempotency-key", value});
        } else if (word == "with header") {
            extras.headers.push_back({value, play.values.fill((*it)[3].str())});
        } else if (word == "saying it comes from") {
            extras.origin = value;
        } else if (word == "without saying where from") {
            extras.origin = std::nullopt;
        } else if (last.starts_with("address ")) {
            extras.address = last.substr(8);
        } else {
            extras.headers.push_back({"accept-language", last == "English" ? "en" : "zh-CN"});
        }
        understood += it->length();
    }
    if (understood != text.size()) {
        fail("nobody understands \"" + text + "\"");
    }
    return extras;
}

std::string body_of(Play& play, const Step& step) {
    if (step.body.find('$') == std::string::npos) {
        return step.body;  // as it stands: also what is no JSON
    }
    boost::json::error_code error;
    const boost::json::value parsed = boost::json::parse(step.body, error);
    return error ? play.values.fill(step.body) : boost::json::serialize(play.values.fill(parsed));
}

void request(Play& play, const Match& match, const Step& step) {
    Person& person = play.who(match[1].str());
    const Extras extras = extras_of(play, match[4].str());
    const std::string target = api_path(play.values.fill(match[3].str()));
    const std::string body = body_of(play, step);
    play.begin_deed();
    play.end_deed(play.world.send(person, kMethods.at(match[2].str()), target, body, extras));
}

void time_passes(Play& play, const Match& match, const Step&) {
    const std::map<std::string, std::int64_t> units = {{"millisecond", 1},
                                                       {"second", kSecondMs},
                                                       {"minute", kMinuteMs},
                                                       {"hour", kHourMs},
                                                       {"day", kDayMs}};
    play.world.clock.advance_ms(std::stoll(match[1].str()) * units.at(match[2].str()));
}

void signs_in(Play& play, const Match& match, const Step&) {
    Person& person = play.who(match[1].str());
    const boost::json::object body{{"tenant_code", match[3].str()},
                                   {"login_name", match[2].str()},
                                   {"password", match[4].str()}};
    const Extras extras = extras_of(play, match[5].str());
    play.begin_deed();
    play.end_deed(
        play.world.send(person, "POST", "/api/v1/session", boost::json::value(body), extras));
}

// "the app's code" or one in quotes.
void types_code(Play& play, const Match& match, const Step&) {
    const std::string code =
        match[2].matched ? play.values.fill(match[2].str())
                         : app_code(as_text(play.values.get("app")), play.world.clock.now());
    play.begin_deed();
    play.end_deed(play.world.send(play.who(match[1].str()), "POST", "/api/v1/session/second-factor",
                                  boost::json::value(boost::json::object{{"code", code}})));
}

void adds_passkey(Play& play, const Match& match, const Step&) {
    play.begin_deed();
    play.end_deed(add_passkey(play.world, play.who(match[1].str()), play.device(match[2].str()),
                              lie_of(match[3].str())));
}

// In one step, or after a password.
void gives_passkey(Play& play, const Match& match, const Step&) {
    Person& person = play.who(match[1].str());
    const bool second = match[2].str() == "goes on";
    Device& device = play.device(match[3].str());
    const Device::Lie lie = lie_of(match[4].str());
    play.begin_deed();
    if (second) {
        const Answer asked =
            play.world.send(person, "POST", "/api/v1/session/second-factor/passkey");
        if (asked.status != 200) {
            play.end_deed(asked);
            return;
        }
        play.last_proof = {{"passkey", device.answer(asked.json, "https://hangu.test", lie)}};
        play.end_deed(play.world.send(person, "POST", "/api/v1/session/second-factor",
                                      boost::json::value(play.last_proof)));
        return;
    }
    play.last_proof = passkey_proof(play.world, person, device, lie);
    play.end_deed(play.world.send(person, "POST", "/api/v1/session/passkey",
                                  boost::json::value(play.last_proof)));
}

void repeats_proof(Play& play, const Match& match, const Step&) {
    play.begin_deed();
    play.end_deed(play.world.send(play.who(match[1].str()), "POST", "/api/v1/session/passkey",
                                  boost::json::value(play.last_proof)));
}

void opens_link(Play& play, const Match& match, const Step&) {
    const boost::json::object body{{"token", play.values.fill(match[2].str())}};
    play.begin_deed();
    play.end_deed(play.world.send(play.who(match[1].str()), "POST", "/api/v1/session/redeem",
                                  boost::json::value(body)));
}

void orders(Play& play, const Match& match, const Step&) {
    play.begin_deed();
    play.end_deed(take_order(play, play.who(match[1].str()), match[2].str(), match[3].str()));
}

void listens(Play& play, const Match& match, const Step&) {
    const std::string name = match[1].str();
    Extras extras;
    if (match[2].matched) {
        extras.headers.push_back({"last-event-id", play.values.fill(match[2].str())});
    }
    play.begin_deed();
    Answer answer = play.world.send(play.who(name), "GET", "/api/v1/events", std::string(), extras);
    play.streams[name] = answer.stream;
    play.end_deed(std::move(answer));
}

// A request every twenty minutes.
void keeps_busy(Play& play, const Match& match, const Step&) {
    for (long long i = 0; i < 3 * std::stoll(match[2].str()); ++i) {
        play.world.clock.advance_ms(20 * kMinuteMs);
        play.world.send(play.who(match[1].str()), "GET", "/api/v1/session");
    }
}

// Each number of the way stands for {n} in the path.
void asks_often(Play& play, const Match& match, const Step&) {
    const int times = match[2].matched ? std::stoi(match[2].str()) : 1;
    const std::string path = api_path(play.values.fill(match[3].str()));
    const std::size_t hole = path.find("{n}");
    play.begin_deed();
    Answer answer;
    for (int i = 0; i < times; ++i) {
        std::string target = path;
        if (hole != std::string::npos) {
            target.replace(hole, 3, fmt::format("{:02}", i));
        }
        answer = play.world.send(play.who(match[1].str()), "GET", target);
    }
    play.end_deed(std::move(answer));
}

void tries_names(Play& play, const Match& match, const Step&) {
    static int number = 0;
    const Extras extras = extras_of(play, match[4].str());
    play.begin_deed();
    Answer answer;
    for (int i = std::stoi(match[2].str()); i > 0; --i) {
        const boost::json::object body{
            {"tenant_code", match[3].str()},
            {"login_name", fmt::format("name-that-was-tried-{}", ++number)},
            {"password", "guess"}};
        answer = play.world.send(play.who(match[1].str()), "POST", "/api/v1/session",
                                 boost::json::value(body), extras);
    }
    play.end_deed(std::move(answer));
}

// As a control of the house would: to a person, or to whom it concerns at a store.
void house_tells(Play& play, const Match& match, const Step& step) {
    notify::Notice notice;
    const notify::NoticeKind* kind = notify::find_notice_kind(match[2].str());
    if (kind == nullptr) {
        fail("there is no such notice");
    }
    notice.kind = kind->code;
    const bool to_person = match[1].matched;
    const TenantId tenant = play.here().tenant_id();
    if (to_person) {
        notice.account = play.who(match[1].str()).id;
    }
    if (match[3].matched) {
        notice.key = match[3].str();
    }
    const boost::json::value parameters = boost::json::parse(step.body);
    for (const auto& [name, value] : parameters.as_object()) {
        notice.parameters.push_back({std::string(name), as_text(value)});
    }
    play.begin_deed();
    notify::AfterCommit after;
    const Result<void> told = play.world.house->engine->run(
        tenant, storage::Work::write, [&](storage::Tx& tx) -> Result<void> {
            after = play.world.house->notify->tell(tx, notice);
            return {};
        });
    HANGU_ASSERT(told.ok());
    after();
    play.world.house->notify->settle_and_wait();
    play.end_deed(Answer());
}

void house_texts(Play& play, const Match& match, const Step&) {
    notify::Text text;
    text.to = Phone::parse(match[1].str()).value();
    text.code_or_link = Secret(match[2].str());
    play.begin_deed();
    notify::AfterCommit after;
    const Result<void> told = play.world.house->engine->run(
        play.here().tenant_id(), storage::Work::write, [&](storage::Tx& tx) -> Result<void> {
            after = play.world.house->notify->send_text(tx, text);
            return {};
        });
    HANGU_ASSERT(told.ok());
    after();
    play.world.house->notify->settle_and_wait();
    play.end_deed(Answer());
}

void operator_runs(Play& play, const Match& match, const Step&) {
    std::vector<std::string> words;
    const std::string text = play.values.fill(match[1].str());
    const std::regex word(R"re('([^']*)'|(\S+))re");
    for (std::sregex_iterator it(text.begin(), text.end(), word), end; it != end; ++it) {
        words.push_back((*it)[1].matched ? (*it)[1].str() : (*it)[2].str());
    }
    play.begin_deed();
    const World::CommandAnswer done = play.world.command(words);
    Answer answer;
    answer.status = done.status;
    answer.body = done.lines + done.notes;
    play.end_deed(std::move(answer));
}

}  // namespace

void broker_does(Play& play, const Match& match, const Step&) {
    const std::string name = match[1].str();
    play.world.carrier.be_away(match[0].str().ends_with("is away"));
    play.world.carrier.answer([name](const events::Event& event) {
        return event.name == name ? events::Receipt{events::Verdict::never, "too large"}
                                  : events::Receipt{events::Verdict::delivered, ""};
    });
}

void copies_cookie(Play& play, const Match& match, const Step&) {
    play.who(match[1].str()).cookies = play.who(match[2].str()).cookies;
}

const std::vector<Phrase>& when_phrases() {
    static const std::vector<Phrase> phrases = {
        {R"re((\w+) (gets|posts|patches|puts|deletes) (/\S*)(.*))re", request},
        {R"re((\w+) asks (?:(\d+) times|once more) for (/\S*))re", asks_often},
        {R"re((\w+) tries (\d+) names of "([^"]*)"(.*))re", tries_names},
        {R"re((\w+) keeps busy for (\d+) hours?)re", keeps_busy},
        {R"re((\w+) has a copy of (\w+)'s cookie)re", copies_cookie},
        {R"re((\d+) (millisecond|second|minute|hour|day)s? pass(?:es)?)re", time_passes},
        {R"re((\w+) types (?:the app's code|the code "([^"]*)"))re", types_code},
        {R"re((\w+) signs in as (\S+) of "([^"]*)" with password "([^"]*)"(.*))re", signs_in},
        {R"re((\w+) adds a passkey on the (\w+)(?: (.+))?)re", adds_passkey},
        {R"re((\w+) (signs in|goes on) with the passkey on the (\w+)(?: (.+))?)re", gives_passkey},
        {R"re((\w+) sends the same passkey answer again)re", repeats_proof},
        {R"re((\w+) opens the sign-in link (\S+))re", opens_link},
        {R"re((\w+) signs out)re",
         [](Play& play, const Match& match, const Step&) {
             play.begin_deed();
             play.end_deed(play.world.send(play.who(match[1].str()), "DELETE", "/api/v1/session"));
         }},
        {R"re((\w+) takes an order at store "([\w-]+)": (.+))re", orders},
        {R"re((\w+) listens to the live events(?: after (\S+))?)re", listens},
        {R"re(the house tells(?: (\w+))? "([\w.]+)"(?: about "([^"]*)")?)re", house_tells},
        {R"re(the house texts (\d+) the code "(\d+)")re", house_texts},
        {R"re(the broker (?:takes everything|is away|never takes "([\w.]+)"))re", broker_does},
        {R"re(the operator runs: (.+))re", operator_runs},
        {R"re(the visits are written down)re",
         [](Play& play, const Match&, const Step&) {
             play.world.house->audit->flush_visits_and_wait();
         }},
    };
    return phrases;
}

}  // namespace hangu::story

// How a story begins: merchants, places, people, goods.
#include "tests/story/authenticator.hpp"
#include "tests/story/steps.hpp"

namespace hangu::story {

namespace {

void product(Play& play, const Match& match, const Step&) {
    const std::string rest = match[3].str();
    std::vector<Topping> toppings;
    const std::regex topping(R"re(topping "([^"]+)" of ([\d.]+))re");
    for (std::sregex_iterator it(rest.begin(), rest.end(), topping), end; it != end; ++it) {
        toppings.push_back({(*it)[1].str(), fen_of((*it)[2].str())});
    }
    std::vector<Choice> choices;
    const std::regex choice(R"re(choice "([^"]+)" of ((?:"[^"]+"(?:, | or )?)+))re");
    for (std::sregex_iterator it(rest.begin(), rest.end(), choice), end; it != end; ++it) {
        Choice made{(*it)[1].str(), {}};
        const std::string all = (*it)[2].str();
        const std::regex quoted(R"re("([^"]+)")re");
        for (std::sregex_iterator o(all.begin(), all.end(), quoted); o != end; ++o) {
            made.options.push_back((*o)[1].str());
        }
        choices.push_back(std::move(made));
    }
    play.here().product(match[1].str(), fen_of(match[2].str()), toppings, choices);
}

void tenant(Play& play, const Match& match, const Step&) {
    const std::string code = match[1].str();
    const std::string owner = match[2].matched ? match[2].str() : "owner";
    const auto made = play.merchants.try_emplace(code, play.world, play.values, code, owner);
    play.merchant = &made.first->second;
}

void works(Play& play, const Match& match, const Step&) {
    const std::string name = match[1].str();
    const std::string place = match[2].matched ? match[2].str() : match[3].str();
    if (match[4].matched) {
        play.here().staff(name, place, match[4].str());
        return;
    }
    const std::string role = "role of " + name;
    play.here().role(role, list_of(match[5].str()));
    play.here().staff(name, place, role);
}

void password(Play& play, const Match& match, const Step&) {
    must(play.world, play.who(match[1].str()), "POST", "/api/v1/session/password",
         boost::json::object{{"new_password", match[2].str()}});
}

void uses_app(Play& play, const Match& match, const Step&) {
    const App app = set_up_app(play.world, play.who(match[1].str()));
    play.values.set("app", boost::json::string(app.secret));
    play.values.set("recovery", boost::json::string(app.recovery_code));
}

void keeps_passkey(Play& play, const Match& match, const Step&) {
    const Answer added =
        add_passkey(play.world, play.who(match[1].str()), play.device(match[2].str()));
    if (added.status != 201) {
        fail("the passkey was refused: " + added.shown());
    }
    play.values.set("passkey." + match[2].str(), added.json.at("id"));
}

void took(Play& play, const Match& match, const Step&) {
    Answer answer = take_order(play, play.who(match[1].str()), match[3].str(), match[4].str());
    if (answer.status != 201) {
        fail("the order was refused: " + answer.shown());
    }
    play.values.set(match[2].str(), answer.json);
}

}  // namespace

const std::vector<Phrase>& given_phrases() {
    static const std::vector<Phrase> phrases = {
        {R"re(a tenant "([\w-]+)"(?: owned by (\w+))?)re", tenant},
        {R"re(we speak of tenant "([\w-]+)")re",
         [](Play& play, const Match& match, const Step&) {
             play.merchant = &play.merchants.at(match[1].str());
         }},
        {R"re(a region "([^"]+)")re",
         [](Play& play, const Match& match, const Step&) { play.here().region(match[1].str()); }},
        {R"re(a store "([\w-]+)"(?: in region "([^"]+)")?)re",
         [](Play& play, const Match& match, const Step&) {
             play.here().store(match[1].str(), match[2].str());
         }},
        {R"re(a category "([^"]+)")re",
         [](Play& play, const Match& match, const Step&) { play.here().category(match[1].str()); }},
        {R"re(a product "([\w-]+)" of ([\d.]+)(.*))re", product},
        {R"re(store "([\w-]+)" has only (\d+) of "([\w-]+)")re",
         [](Play& play, const Match& match, const Step&) {
             play.here().offer(match[1].str(), match[3].str(), std::nullopt, true,
                               std::stoll(match[2].str()));
         }},
        {R"re(store "([\w-]+)" sells "([\w-]+)" at ([\d.]+))re",
         [](Play& play, const Match& match, const Step&) {
             play.here().offer(match[1].str(), match[2].str(), fen_of(match[3].str()), true,
                               std::nullopt);
         }},
        {R"re(store "([\w-]+)" does not sell "([\w-]+)")re",
         [](Play& play, const Match& match, const Step&) {
             play.here().offer(match[1].str(), match[2].str(), std::nullopt, false, std::nullopt);
         }},
        {R"re(a role "([^"]+)" with (.+))re",
         [](Play& play, const Match& match, const Step&) {
             play.here().role(match[1].str(), list_of(match[2].str()));
         }},
        {R"re((\w+) works at (?:store "([\w-]+)")re"
         R"re(|(?:region )?"?([\w-]+)"?) (?:as "([^"]+)"|and may (.+)))re",
         works},
        {R"re((\w+)'s password is "([^"]+)")re", password},
        {R"re((\w+) uses an authenticator app)re", uses_app},
        {R"re((\w+) keeps a passkey on the (\w+))re", keeps_passkey},
        {R"re((\w+) has a copy of (\w+)'s cookie)re", copies_cookie},
        {R"re(the broker (?:takes everything|is away|never takes "([\w.]+)"))re", broker_does},
        {R"re(a member "(\w+)" with phone (\+?\d+))re",
         [](Play& play, const Match& match, const Step&) {
             play.here().member(match[1].str(), match[2].str());
         }},
        {R"re(an application "(\w+)" that may ([^"]+?) at "?([\w-]+)"?)re",
         [](Play& play, const Match& match, const Step&) {
             play.here().application(match[1].str(), list_of(match[2].str()), match[3].str());
         }},
        {R"re((\w+) took the order "(\w+)" at store "([\w-]+)": (.+))re", took},
        {R"re(the setting "([\w.]+)" is "([^"]*)")re",
         [](Play& play, const Match& match, const Step&) {
             play.world.house->settings.set(match[1].str(), match[2].str());
         }},
        {R"re(the time is (\S+))re",
         [](Play& play, const Match& match, const Step&) {
             play.world.clock.set(parse_time(match[1].str()).value());
         }},
    };
    return phrases;
}

}  // namespace hangu::story

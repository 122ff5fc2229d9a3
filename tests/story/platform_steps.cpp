#include "tests/story/at_platform.hpp"
#include "tests/story/authenticator.hpp"
#include "tests/story/steps.hpp"

namespace hangu::story {

namespace {

// With a second factor: without one nothing else works.
void runs_platform(Play& play, const Match& match, const Step&) {
    Person& person = play.who(match[1].str());
    begin_at_platform(play.world, person);
    const App app = set_up_app(play.world, person);
    play.values.set("app", boost::json::string(app.secret));
    play.values.set("recovery", boost::json::string(app.recovery_code));
}

void works_beside(Play& play, const Match& match, const Step&) {
    join_platform(play.world, play.who(match[2].str()), play.who(match[1].str()),
                  list_of(match[3].str()));
}

}  // namespace

const std::vector<Phrase>& platform_phrases() {
    static const std::vector<Phrase> phrases = {
        {R"re((\w+) runs the platform)re", runs_platform},
        {R"re((\w+) begins at the platform)re",
         [](Play& play, const Match& match, const Step&) {
             begin_at_platform(play.world, play.who(match[1].str()));
         }},
        {R"re((\w+) works for the platform beside (\w+) and may (.+))re", works_beside},
        {R"re((\w+) sits before the platform's console)re",
         [](Play& play, const Match& match, const Step&) {
             play.who(match[1].str()).at_platform = true;
         }},
    };
    return phrases;
}

}  // namespace hangu::story

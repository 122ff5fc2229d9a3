// What must be true afterwards.
#include "tests/story/steps.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace hangu::story {

namespace {

void answer_is(Play& play, const Match& match, const Step&) {
    const Answer& answer = play.answer();
    const int status = std::stoi(match[1].str());
    if (answer.status != status || (match[2].matched && answer.code() != match[2].str())) {
        fail("the answer is " + answer.shown());
    }
}

const boost::json::value* found_in_answer(Play& play, const Match& match) {
    return at_path(play.answer().json, match[1].str());
}

const boost::json::value& in_answer(Play& play, const Match& match) {
    const boost::json::value* value = found_in_answer(play, match);
    if (value == nullptr) {
        fail(fmt::format("answer{} is not there: {}", match[1].str(), play.answer().shown()));
    }
    return *value;
}

void value_is(Play& play, const Match& match, const Step&) {
    const boost::json::value& value = in_answer(play, match);
    const boost::json::value wanted = play.values.read(match[3].str());
    if ((value == wanted) == match[2].matched) {
        fail(fmt::format("answer{} is {}, wanted {}{}", match[1].str(),
                         boost::json::serialize(value), match[2].matched ? "not " : "",
                         boost::json::serialize(wanted)));
    }
}

void has_entries(Play& play, const Match& match, const Step&) {
    const boost::json::value& value = in_answer(play, match);
    const std::size_t wanted = match[2].str() == "no" ? 0 : std::stoul(match[2].str());
    if (!value.is_array() || value.as_array().size() != wanted) {
        fail(fmt::format("answer{} is {}", match[1].str(), boost::json::serialize(value)));
    }
}

bool holds(const boost::json::value& value, const boost::json::value& wanted) {
    if (const boost::json::array* array = value.if_array()) {
        return std::find(array->begin(), array->end(), wanted) != array->end();
    }
    return as_text(value).find(as_text(wanted)) != std::string::npos;
}

void contains(Play& play, const Match& match, const Step&) {
    const boost::json::value& value = in_answer(play, match);
    const boost::json::value wanted = play.values.read(match[3].str());
    if (holds(value, wanted) == (match[2].str() == "does not contain")) {
        fail(fmt::format("answer{} is {}", match[1].str(), boost::json::serialize(value)));
    }
}

void complains(Play& play, const Match& match, const Step&) {
    const boost::json::value* fields = at_path(play.answer().json, ".fields");
    if (fields != nullptr) {
        for (const boost::json::value& field : fields->as_array()) {
            if (as_text(field.at("field")) == match[1].str() &&
                as_text(field.at("code")) == match[2].str()) {
                return;
            }
        }
    }
    fail("the answer is " + play.answer().shown());
}

void complains_about(Play& play, const Match& match, const Step&) {
    const boost::json::value* fields = at_path(play.answer().json, ".fields");
    if (fields == nullptr || fields->as_array().size() != std::stoul(match[1].str())) {
        fail("the answer is " + play.answer().shown());
    }
}

std::string whole_answer(const Play& play) {
    std::string text = play.answer().body;
    for (const http::Header& header : play.answer().headers) {
        text += "\n" + header.name + ": " + header.value;
    }
    return text;
}

void says(Play& play, const Match& match, const Step&) {
    const bool found =
        whole_answer(play).find(play.values.fill(match[2].str())) != std::string::npos;
    if (found == (match[1].str() == "never says")) {
        fail("the answer is " + play.answer().shown());
    }
}

void header_is(Play& play, const Match& match, const Step&) {
    const std::string value = play.answer().header(match[1].str());
    const std::string wanted = play.values.fill(match[3].str());
    const bool good =
        match[2].str() == "is" ? value == wanted : value.find(wanted) != std::string::npos;
    if (!good) {
        fail(fmt::format("the header {} is \"{}\"", match[1].str(), value));
    }
}

void recorded(Play& play, const Match& match, const Step&) {
    std::size_t count = 0;
    std::string seen;
    for (const Act& act : play.new_acts()) {
        seen += " " + act.action;
        const bool by = !match[3].matched || act.actor_id == play.who(match[3].str()).id;
        count += act.action == match[1].str() && by ? 1 : 0;
    }
    if (count != count_of(match[2].str())) {
        fail(fmt::format("it was recorded {} times; recorded were:{}", count, seen));
    }
}

void published(Play& play, const Match& match, const Step&) {
    std::size_t live = 0;
    std::string heard;
    for (const events::Event& event : play.heard()) {
        heard += " " + event.name;
        live += event.name == match[1].str() ? 1 : 0;
    }
    std::size_t kept = 0;
    for (const Told& told : play.after().told) {
        const auto& old = play.before().told;
        const bool fresh = std::find(old.begin(), old.end(), told) == old.end();
        kept += fresh && told.name == match[1].str() ? 1 : 0;
    }
    const std::size_t wanted = count_of(match[2].str());
    if (live != wanted || kept != wanted) {
        fail(
            fmt::format("live {} times, in the outbox {} times; heard were:{}", live, kept, heard));
    }
}

void nothing_written(Play& play, const Match&, const Step&) {
    const std::string changed = difference(play.before().tables, play.after().tables);
    if (!changed.empty()) {
        fail("written: " + changed);
    }
}

void nothing_published(Play& play, const Match&, const Step&) {
    if (!play.heard().empty() || play.before().told != play.after().told) {
        fail(fmt::format("{} live events, outbox {} before, {} after", play.heard().size(),
                         play.before().told.size(), play.after().told.size()));
    }
}

// The next event of her stream, without heartbeats and greetings.
std::string next_event(Play& play, const std::string& name) {
    std::string& unread = play.unread[name];
    while (true) {
        const std::size_t end = unread.find("\n\n");
        if (end == std::string::npos) {
            const std::shared_ptr<http::Stream> stream = play.streams[name];
            const std::string more = stream ? play.world.next_of(*stream) : "";
            if (more.empty()) {
                return "";
            }
            unread += more;
            continue;
        }
        const std::string event = unread.substr(0, end);
        unread.erase(0, end + 2);
        if (event.find("event: ") != std::string::npos) {
            return event + "\n";
        }
    }
}

void hears(Play& play, const Match& match, const Step&) {
    const std::string event = next_event(play, match[1].str());
    const bool right = event.find("event: " + match[2].str() + "\n") != std::string::npos;
    const bool about = event.find(play.values.fill(match[3].str())) != std::string::npos;
    if (!right || !about) {
        fail("the next event is: " + event);
    }
    const std::size_t id = event.find("id: ");
    play.values.set("heard",
                    boost::json::string(event.substr(id + 4, event.find('\n', id) - 4 - id)));
}

// Let go by the server; what came before is read and thrown away.
void stream_ended(Play& play, const Match& match, const Step&) {
    const std::string event = next_event(play, match[1].str());
    if (!event.empty()) {
        fail("the next event is: " + event);
    }
}

// The names in their order, separated by blanks.
void queue_took(Play& play, const Match& match, const Step&) {
    std::string names;
    for (const events::Event& event : play.world.carrier.taken(play.values.fill(match[1].str()))) {
        names += (names.empty() ? "" : " ") + event.name;
    }
    if (names != match[2].str()) {
        fail("it has taken: " + names);
    }
}

}  // namespace

const std::vector<Phrase>& then_phrases() {
    static const std::vector<Phrase> phrases = {
        {R"re((\w+)'s live events have ended)re", stream_ended},
        {R"re(the answer is (\d+)(?: "([\w.]+)")?)re", answer_is},
        {R"re(answer(\S*) is (not )?(.+))re", value_is},
        {R"re(answer(\S*) has (no|\d+) entr(?:y|ies))re", has_entries},
        {R"re(answer(\S*) (contains|does not contain) (.+))re", contains},
        {R"re(there is no answer(\S+))re",
         [](Play& play, const Match& match, const Step&) {
             if (found_in_answer(play, match) != nullptr) {
                 fail("the answer is " + play.answer().shown());
             }
         }},
        {R"re(the answer complains about "([^"]+)": "([\w.]+)")re", complains},
        {R"re(the answer complains about (\d+) fields?)re", complains_about},
        {R"re(the answer (says|never says) "([^"]+)")re", says},
        {R"re(the header "([\w-]+)" (is|contains) "([^"]*)")re", header_is},
        {R"re(the answer is called "(\w+)")re",
         [](Play& play, const Match& match, const Step&) {
             play.values.set(match[1].str(), play.answer().json);
         }},
        {R"re(the answer is the same as \$(\w+))re",
         [](Play& play, const Match& match, const Step&) {
             if (play.answer().json != play.values.get(match[1].str())) {
                 fail("the answer is " + play.answer().shown());
             }
         }},
        {R"re(the queue (\S+) has taken "([\w. ]*)")re", queue_took},
        {R"re("([\w.]+)" was recorded (once|twice|never|\d+ times)(?: by (\w+))?)re", recorded},
        {R"re("([\w.]+)" was published (once|twice|never|\d+ times))re", published},
        {R"re(nothing was written)re", nothing_written},
        {R"re(nothing was published)re", nothing_published},
        {R"re(nothing was written and nothing was published)re",
         [](Play& play, const Match& match, const Step& step) {
             nothing_written(play, match, step);
             nothing_published(play, match, step);
         }},
        {R"re((\w+) hears "([\w.]+)"(?: of (\S+))?)re", hears},
        {R"re((\w+) hears no more)re",
         [](Play& play, const Match& match, const Step&) {
             const std::string event = next_event(play, match[1].str());
             if (!event.empty()) {
                 fail("she hears: " + event);
             }
         }},
        {R"re(the server's log (says|never says) "([^"]+)")re",
         [](Play& play, const Match& match, const Step&) {
             const std::string log = play.world.server_log();
             const bool found = log.find(play.values.fill(match[2].str())) != std::string::npos;
             if (found != (match[1].str() == "says")) {
                 fail("the log says: " + log);
             }
         }},
        {R"re(the files on disk never hold "([^"]+)")re",
         [](Play& play, const Match& match, const Step&) {
             if (folder_holds(play.world.data_folder(), play.values.fill(match[1].str()))) {
                 fail("they do");
             }
         }},
    };
    return phrases;
}

}  // namespace hangu::story

// Every route × everybody who might call it. One test per cell, named after the route and the
// caller.
#include "tests/matrix/lines.hpp"
#include "tests/matrix/platform_matrix.hpp"
#include "tests/matrix/references.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

namespace hangu::matrix {
namespace {

using http::Guard;
using http::Realm;
using http::Realms;
using http::RouteEntry;

struct Cell {
    Ground& ground;
    const RouteEntry& entry;
    const Line& line;

    bool takes(Realm realm) const { return (entry.route.realms & static_cast<Realms>(realm)) != 0; }
    std::vector<std::string> right() const {
        std::vector<std::string> codes = line.also;
        if (!entry.route.permission.code.empty()) {
            codes.emplace_back(entry.route.permission.code);
        }
        return codes;
    }
};

std::string shown(const Call& call, const Answer& answer) {
    return fmt::format("{} {}\n{}\n-> {}", call.method, call.target,
                       boost::json::serialize(call.body), answer.shown());
}

void expect_nothing_of(const std::vector<std::string>& words, const Call& call,
                       const Answer& answer) {
    for (const std::string& word : words) {
        EXPECT_EQ(answer.body.find(word), std::string::npos) << word << "\n" << shown(call, answer);
    }
}

// Sends, and expects a refusal that leaves no trace.
void expect_refused(Cell& cell, Person& person, const std::set<int>& statuses,
                    const std::set<std::string>& codes,
                    const std::function<void(Call&)>& spoil = nullptr) {
    Call call = cell.line.made_for(cell.ground, person);
    if (spoil) {
        spoil(call);
    }
    const story::Tables before = cell.ground.tables.read();
    cell.ground.world.take_heard();
    const Answer answer = cell.ground.send(person, call);
    EXPECT_TRUE(statuses.contains(answer.status)) << shown(call, answer);
    EXPECT_TRUE(codes.empty() || codes.contains(answer.code())) << shown(call, answer);
    EXPECT_EQ(story::difference(before, cell.ground.tables.read()), "") << shown(call, answer);
    EXPECT_TRUE(cell.ground.world.take_heard().empty()) << shown(call, answer);
    EXPECT_EQ(answer.header("set-cookie"), "");
    expect_nothing_of(cell.ground.markers(), call, answer);
}

void expect_success(Cell& cell, Person& person, const std::vector<std::string>& hidden) {
    const Call call = cell.line.made_for(cell.ground, person);
    const Answer answer = cell.ground.send(person, call);
    EXPECT_EQ(answer.status, cell.entry.success_status) << shown(call, answer);
    expect_nothing_of(hidden, call, answer);
    if (answer.stream) {
        answer.stream->stop();
    }
}

void nobody(Cell& cell) {
    if (cell.entry.route.guard == Guard::open) {
        expect_success(cell, cell.ground.nobody(), {});
        return;
    }
    expect_refused(cell, cell.ground.nobody(), {401}, {"session.required"});
}

// A credential that was well made and never given out.
void invented(Cell& cell) {
    if (cell.entry.route.guard == Guard::open) {
        return;
    }
    Person& person = cell.ground.nobody();
    person.cookies = cell.ground.amber.owner().cookies;
    for (auto& [name, value] : person.cookies) {
        value.back() = value.back() == 'A' ? 'B' : 'A';
        value[value.size() - 9] = value[value.size() - 9] == 'A' ? 'B' : 'A';
    }
    expect_refused(cell, person, {401}, {"session.required"});
}

Person& who_may(Cell& cell) {
    return cell.entry.route.guard == Guard::open
               ? cell.ground.nobody()
               : cell.ground.staff("amber", cell.right(), "headquarters");
}

// Another site's page sends it with the cookie of a person who may.
void other_site(Cell& cell) {
    if (cell.entry.route.method != "GET") {
        expect_refused(cell, who_may(cell), {403}, {"origin.refused"},
                       [](Call& call) { call.origin = "https://evil.test"; });
    }
}

// A field that the route does not declare, as if it could be set along.
void unknown_field(Cell& cell) {
    const std::string_view method = cell.entry.route.method;
    if (cell.entry.input_schema && method != "GET" && method != "DELETE") {
        expect_refused(cell, who_may(cell), {422}, {"input.invalid"}, [](Call& call) {
            boost::json::object body =
                call.body.is_object() ? call.body.as_object() : boost::json::object();
            body["is_owner"] = true;
            call.body = std::move(body);
        });
    }
}

void wrong_realm(Cell& cell) {
    if (cell.entry.route.guard == Guard::open) {
        return;
    }
    Person& key = cell.ground.application("amber", cell.ground.all_permissions());
    if (cell.takes(Realm::application)) {
        expect_success(cell, key, {});
        return;
    }
    expect_refused(cell, key, {403}, {"realm.wrong"});
}

void without_permission(Cell& cell) {
    const std::string_view code = cell.entry.route.permission.code;
    if (code.empty()) {
        return;  // being signed in is enough
    }
    Person& person = cell.ground.staff("amber", cell.ground.all_but(code), "headquarters");
    expect_refused(cell, person, {403}, {"permission.denied"});
    if (cell.takes(Realm::application)) {
        Person& key = cell.ground.application("amber", cell.ground.all_but(code));
        expect_refused(cell, key, {403}, {"permission.denied"});
    }
}

void with_permission(Cell& cell) {
    if (cell.entry.route.guard == Guard::open) {
        return;
    }
    expect_success(cell, cell.ground.staff("amber", cell.right(), "headquarters"), {});
    if (cell.takes(Realm::application)) {
        expect_success(cell, cell.ground.application("amber", cell.right()), {});
    }
}

void other_tenant(Cell& cell) {
    if (cell.entry.route.guard == Guard::open) {
        return;
    }
    Person& person = cell.ground.staff("birch", cell.ground.all_permissions(), "headquarters");
    if (cell.line.foreign == Foreign::own) {
        const std::vector<std::string> names = {"AMB-", "Amber", "13800000001"};
        expect_success(cell, person, names);
        return;
    }
    if (cell.line.foreign == Foreign::field) {
        expect_refused(cell, person, {422}, {"input.invalid"});
        return;
    }
    expect_refused(cell, person, {403, 404}, {});
    if (cell.takes(Realm::application)) {
        expect_refused(cell, cell.ground.application("birch", cell.ground.all_permissions()),
                       {403, 404}, {});
    }
}

void outside_scope(Cell& cell) {
    if (cell.entry.route.guard == Guard::open) {
        return;
    }
    Person& person = cell.ground.staff("amber", cell.right(), "AMB-2");
    switch (cell.line.outside) {
        case Outside::refused:
            return expect_refused(cell, person, {403, 404}, {});
        case Outside::hidden:
            return expect_success(cell, person, cell.line.hidden);
        case Outside::tenant_wide:
            return expect_success(cell, person, {});
    }
}

// Amber's owner, who may do everything in her house, names a thing of birch in one field.
void names_foreign_thing(Cell& cell, const std::string& field) {
    const std::string foreign = cell.ground.thing_of_birch(field);
    ASSERT_NE(foreign, "") << "say in Ground::thing_of_birch what " << field << " names";
    const Call good = cell.line.made_for(cell.ground, cell.ground.amber.owner());
    const Call call = naming(cell.entry, good, field, foreign);
    const story::Tables before = cell.ground.tables.read();
    cell.ground.world.take_heard();
    const Answer answer = cell.ground.send(cell.ground.amber.owner(), call);
    // Looking for it finds nothing; that an export was tried is recorded all the same.
    const bool exports = cell.line.route == "audit.export";
    const bool may_find_nothing = (call.method == "GET" || exports) && answer.status == 200;
    const std::set<int> refused = {403, 404, 409, 422};
    EXPECT_TRUE(may_find_nothing || refused.contains(answer.status)) << shown(call, answer);
    if (!exports) {
        EXPECT_EQ(story::difference(before, cell.ground.tables.read()), "") << shown(call, answer);
    }
    EXPECT_TRUE(cell.ground.world.take_heard().empty()) << shown(call, answer);
    expect_nothing_of(cell.ground.markers_of_birch(), call, answer);
}

using Column = void (*)(Cell&);
constexpr std::pair<std::string_view, Column> kColumns[] = {
    {"nobody", nobody},
    {"invented_session", invented},
    {"wrong_realm", wrong_realm},
    {"other_site", other_site},
    {"unknown_field", unknown_field},
    {"without_permission", without_permission},
    {"with_permission", with_permission},
    {"other_tenant", other_tenant},
    {"outside_scope", outside_scope},
};

class CellTest : public ::testing::Test {
 public:
    CellTest(Cell cell, std::function<void(Cell&)> column)
        : cell_(cell), column_(std::move(column)) {}
    void TestBody() override {
        cell_.ground.world.clock.advance_ms(1000);
        // Visits are written when they have become many; here that would be in the middle of a
        // cell.
        cell_.ground.world.house->audit->flush_visits_and_wait();
        try {
            column_(cell_);
        } catch (const story::StoryFault& fault) {
            ADD_FAILURE() << fault.what();
        }
    }

 private:
    Cell cell_;
    std::function<void(Cell&)> column_;
};

class Complaint : public ::testing::Test {
 public:
    explicit Complaint(std::string text) : text_(std::move(text)) {}
    void TestBody() override { ADD_FAILURE() << text_; }

 private:
    std::string text_;
};

void register_complaint(const std::string& name, const std::string& text) {
    ::testing::RegisterTest(
        "matrix_table", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [text]() -> ::testing::Test* { return std::make_unique<Complaint>(text).release(); });
}

void register_row(Ground& ground, const RouteEntry& entry, const Line& line) {
    std::string suite = "matrix_" + std::string(entry.route.name);
    std::replace(suite.begin(), suite.end(), '.', '_');
    for (const auto& [name, column] : kColumns) {
        ::testing::RegisterTest(
            suite.c_str(), std::string(name).c_str(), nullptr, nullptr, __FILE__, __LINE__,
            [&ground, &entry, &line, does = column]() -> ::testing::Test* {
                return std::make_unique<CellTest>(Cell{ground, entry, line}, does).release();
            });
    }
    if (entry.route.guard == Guard::open) {
        return;
    }
    for (const std::string& field : id_fields(entry)) {
        const std::string test = "names_foreign_" + field;
        ::testing::RegisterTest(
            suite.c_str(), test.c_str(), nullptr, nullptr, __FILE__, __LINE__,
            [&ground, &entry, &line, field]() -> ::testing::Test* {
                return std::make_unique<CellTest>(
                           Cell{ground, entry, line},
                           [field](Cell& cell) { names_foreign_thing(cell, field); })
                    .release();
            });
    }
}

void register_matrix(Ground& ground) {
    std::set<std::string_view> seen;
    for (const RouteEntry& entry : ground.world.routes()) {
        seen.insert(entry.route.name);
        const auto line = std::find_if(lines().begin(), lines().end(), [&entry](const Line& one) {
            return one.route == entry.route.name;
        });
        if (line != lines().end()) {
            register_row(ground, entry, *line);
        } else if (!entry.route.hidden) {
            register_complaint(std::string(entry.route.name),
                               "this route has no line in tests/matrix/lines*.cpp");
        }
    }
    for (const Line& line : lines()) {
        if (!seen.contains(line.route)) {
            register_complaint(std::string(line.route), "this line has no route any more");
        }
    }
}

}  // namespace
}  // namespace hangu::matrix

int main(int count, char** words) {
    ::testing::InitGoogleTest(&count, words);
    hangu::matrix::Ground ground;
    hangu::matrix::register_matrix(ground);
    hangu::matrix::PlatformGround platform(ground);
    hangu::matrix::register_platform_matrix(platform);
    return RUN_ALL_TESTS();
}

// Plays every story below this folder, one test each.
#include "tests/story/steps.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>

namespace hangu::story {
namespace {

class StoryTest : public ::testing::Test {
 public:
    explicit StoryTest(std::string file) : file_(std::move(file)) {}

    void TestBody() override {
        int line = 0;
        try {
            const Story story = read_story(file_);
            Play on;
            for (const Step& step : story.steps) {
                line = step.line;
                SCOPED_TRACE(step.text);
                play(on, step);
            }
        } catch (const std::exception& fault) {
            ADD_FAILURE_AT(file_.c_str(), line) << fault.what();
        }
    }

 private:
    std::string file_;
};

void register_stories(const std::string& folder) {
    for (const std::string& file : story_files(folder)) {
        const std::filesystem::path path(file);
        const std::string suite = "story_" + path.parent_path().filename().string();
        const std::string name = path.stem().string();
        ::testing::RegisterTest(
            suite.c_str(), name.c_str(), nullptr, nullptr, file.c_str(), 1,
            [file]() -> ::testing::Test* { return std::make_unique<StoryTest>(file).release(); });
    }
}

}  // namespace
}  // namespace hangu::story

int main(int count, char** words) {
    ::testing::InitGoogleTest(&count, words);
    hangu::story::register_stories(HANGU_STORIES);
    return RUN_ALL_TESTS();
}

// A story as it was written: steps with their lines.
#pragma once

#include <string>
#include <vector>

namespace hangu::story {

enum class StepKind { given, when, then };

struct Step {
    StepKind kind = StepKind::given;
    int line = 0;
    std::string text;  // without the first word
    std::string body;  // the lines below it: what is sent
};

struct Story {
    std::string file;
    std::string title;
    std::vector<Step> steps;
};

// StoryFault when the file is no story.
Story read_story(const std::string& file);

// Every *.story below the folder, sorted.
std::vector<std::string> story_files(const std::string& folder);

}  // namespace hangu::story

#include "tests/story/script.hpp"

#include "tests/story/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

namespace hangu::story {

namespace {

constexpr std::array<std::string_view, 4> kWords = {"Given", "When", "Then", "And"};

std::string_view trimmed(std::string_view text) {
    const std::size_t from = text.find_first_not_of(" \t\r");
    if (from == std::string_view::npos) {
        return {};
    }
    return text.substr(from, text.find_last_not_of(" \t\r") - from + 1);
}

std::string_view first_word(std::string_view line) {
    for (const std::string_view word : kWords) {
        if (line.starts_with(word) && line.substr(word.size()).starts_with(' ')) {
            return word;
        }
    }
    return {};
}

class Reader {
 public:
    explicit Reader(const std::string& file) { story_.file = file; }

    void read(std::string_view line) {
        ++line_;
        const std::string_view text = trimmed(line);
        if (text.starts_with('#') || text.empty()) {
            in_body_ = in_body_ && !text.empty();
            return;
        }
        if (text.starts_with("Story:")) {
            story_.title = trimmed(text.substr(6));
            return;
        }
        const std::string_view word = first_word(line);
        if (!word.empty()) {
            begin(word, trimmed(text.substr(word.size())));
        } else if (in_body_) {
            story_.steps.back().body += std::string(text) + "\n";
        } else {
            fail("a line that belongs to no step");
        }
    }

    Story take() {
        const bool asks = std::any_of(story_.steps.begin(), story_.steps.end(),
                                      [](const Step& step) { return step.kind == StepKind::then; });
        if (story_.title.empty() || !asks) {
            fail("a story has a title and at least one Then");
        }
        return std::move(story_);
    }

 private:
    void begin(std::string_view word, std::string_view text) {
        if (word == "And" && !last_) {
            fail("And stands first");
        }
        if (word != "And") {
            last_ = word == "Given"  ? StepKind::given
                    : word == "When" ? StepKind::when
                                     : StepKind::then;
        }
        story_.steps.push_back({*last_, line_, std::string(text), ""});
        in_body_ = true;
    }
    [[noreturn]] void fail(std::string_view why) const {
        throw StoryFault(fmt::format("{}:{}: {}", story_.file, line_, why));
    }

    Story story_;
    int line_ = 0;
    bool in_body_ = false;
    std::optional<StepKind> last_;
};

}  // namespace

Story read_story(const std::string& file) {
    std::ifstream in(file);
    Reader reader(file);
    std::string line;
    while (std::getline(in, line)) {
        reader.read(line);
    }
    return reader.take();
}

std::vector<std::string> story_files(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".story") {
            files.push_back(entry.path().string());
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace hangu::story

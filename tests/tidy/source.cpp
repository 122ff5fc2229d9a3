#include "source.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace hangu::tidy {

namespace fs = std::filesystem;

namespace {

// Walks over C++ text and blanks comments, and the insides of literals if asked.
class Blanker {
 public:
    Blanker(std::string_view text, bool blank_literals)
        : text_(text), out_(text), blank_literals_(blank_literals) {}

    std::string run() {
        while (at_ < text_.size()) {
            step();
        }
        return std::move(out_);
    }

 private:
    char look(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }
    void blank(std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < std::min(to, out_.size()); ++i) {
            if (out_[i] != '\n') {
                out_[i] = ' ';
            }
        }
    }
    void step() {
        if (look() == '/' && look(1) == '/') {
            skip_comment(text_.find('\n', at_));
        } else if (look() == '/' && look(1) == '*') {
            const std::size_t end = text_.find("*/", at_ + 2);
            skip_comment(end == std::string_view::npos ? end : end + 2);
        } else if (look() == '"') {
            at_ > 0 && text_[at_ - 1] == 'R' ? skip_raw() : skip_quoted('"');
        } else if (look() == '\'' && (at_ == 0 || !is_word_character(text_[at_ - 1]))) {
            skip_quoted('\'');
        } else {
            ++at_;
        }
    }
    void skip_comment(std::size_t end) {
        end = std::min(end, text_.size());
        blank(at_, end);
        at_ = end;
    }
    void skip_quoted(char quote) {
        const std::size_t begin = ++at_;
        while (at_ < text_.size() && look() != quote && look() != '\n') {
            at_ += look() == '\\' ? 2 : 1;
        }
        if (blank_literals_) {
            blank(begin, at_);
        }
        ++at_;
    }
    void skip_raw() {
        const std::size_t open = text_.find('(', at_);
        if (open == std::string_view::npos) {
            at_ = text_.size();
            return;
        }
        const std::string close = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
        const std::size_t end = std::min(text_.find(close, open), text_.size());
        if (blank_literals_) {
            blank(at_ + 1, end + close.size() - 1);
        }
        at_ = end + close.size();
    }

    std::string_view text_;
    std::string out_;
    bool blank_literals_;
    std::size_t at_ = 0;
};

bool is_left_out(const fs::path& path) {
    static const std::vector<std::string> kNames = {"node_modules", "dist",         "build",
                                                    ".git",         ".cache",       "data",
                                                    "demo-data",    "test-results", "coverage"};
    const std::string name = path.filename().string();
    return std::find(kNames.begin(), kNames.end(), name) != kNames.end() ||
           name.ends_with("_corpus");
}

void collect(const fs::path& folder, const fs::path& base, std::vector<std::string>& out) {
    if (!fs::is_directory(folder)) {
        return;
    }
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (is_left_out(entry.path())) {
            continue;
        }
        if (entry.is_directory()) {
            collect(entry.path(), base, out);
        } else if (entry.is_regular_file()) {
            out.push_back(fs::relative(entry.path(), base).string());
        }
    }
}

}  // namespace

Source::Source(std::string file_path, std::string file_text)
    : path(std::move(file_path)),
      text(std::move(file_text)),
      uncommented(Blanker(text, false).run()),
      code(Blanker(text, true).run()) {}

bool Source::is_test() const {
    const std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
    return path.starts_with("tests/") || name.find("_test") != std::string_view::npos ||
           name.ends_with("_fuzz.cpp") || name.ends_with("_bench.cpp");
}

std::string Source::at(std::size_t position) const {
    return path + ":" + std::to_string(line_of(text, position));
}

std::string root() {
    return HANGU_SOURCE_ROOT;
}

std::vector<std::string> files_below(const std::string& folder) {
    std::vector<std::string> files;
    collect(fs::path(root()) / folder, root(), files);
    std::sort(files.begin(), files.end());
    return files;
}

bool exists(const std::string& path) {
    return fs::exists(fs::path(root()) / path);
}

std::string read_file(const std::string& path) {
    std::ifstream file(fs::path(root()) / path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return std::move(text).str();
}

std::vector<Source> cpp_tree() {
    std::vector<Source> sources;
    for (const char* folder : {"src", "tests", "bench"}) {
        for (const std::string& path : files_below(folder)) {
            if (path.ends_with(".cpp") || path.ends_with(".hpp")) {
                sources.emplace_back(path, read_file(path));
            }
        }
    }
    return sources;
}

std::vector<TextFile> text_tree() {
    constexpr std::size_t kBytesMax = 4'000'000;
    std::vector<TextFile> files;
    for (const std::string& path : files_below("")) {
        std::string text = read_file(path);
        if (text.size() <= kBytesMax && text.find('\0') == std::string::npos) {
            files.push_back({path, std::move(text)});
        }
    }
    return files;
}

std::size_t line_of(std::string_view text, std::size_t position) {
    const std::string_view before = text.substr(0, position);
    return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

bool is_word_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::vector<std::size_t> find_word(std::string_view text, std::string_view word) {
    std::vector<std::size_t> found;
    const bool bound_left = is_word_character(word.front());
    const bool bound_right = is_word_character(word.back());
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool glued_left = bound_left && at > 0 && is_word_character(text[at - 1]);
        const bool glued_right = bound_right && end < text.size() && is_word_character(text[end]);
        if (!glued_left && !glued_right) {
            found.push_back(at);
        }
    }
    return found;
}

bool has_word(std::string_view text, std::string_view word) {
    return !find_word(text, word).empty();
}

std::size_t after_closing(std::string_view code, std::size_t open) {
    constexpr std::string_view kOpen = "([{<";
    constexpr std::string_view kClose = ")]}>";
    const std::size_t kind = kOpen.find(code[open]);
    std::size_t depth = 0;
    for (std::size_t i = open; i < code.size(); ++i) {
        if (code[i] == kOpen[kind]) {
            ++depth;
        } else if (code[i] == kClose[kind] && !(code[i] == '>' && code[i - 1] == '-')) {
            if (--depth == 0) {
                return i + 1;
            }
        }
    }
    return std::string_view::npos;
}

std::string text_of(const Faults& faults) {
    std::string text;
    for (const std::string& fault : faults) {
        text += "\n  " + fault;
    }
    return text;
}

void append(Faults& faults, Faults more) {
    std::move(more.begin(), more.end(), std::back_inserter(faults));
}

}  // namespace hangu::tidy

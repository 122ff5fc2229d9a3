// The source tree as the tidy rules see it: files with their text, and the same text with comments
// and literals blanked, so that a rule never trips over prose.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::tidy {

// One C++ file. `code` and `uncommented` have the length and the lines of `text`.
struct Source {
    Source(std::string file_path, std::string file_text);

    std::string path;         // from the root: "src/base/id.hpp"
    std::string text;         // as it is
    std::string uncommented;  // comments blanked, literals kept
    std::string code;         // comments and the insides of literals blanked

    bool is_header() const { return path.ends_with(".hpp"); }
    bool is_test() const;  // below tests/, or *_test*, *_fuzz.cpp, *_bench.cpp
    std::string at(std::size_t position) const;  // "src/base/id.hpp:12"
};

// A text file of any kind, for the rules that look at words only.
struct TextFile {
    std::string path;
    std::string text;
};

std::string root();                 // the project's folder
std::vector<Source> cpp_tree();     // src/, tests/ and bench/
std::vector<TextFile> text_tree();  // what is kept in the repository, as far as it is text
std::string read_file(const std::string& path);  // from the root; "" if there is none
std::vector<std::string> files_below(const std::string& folder);  // from the root, sorted
bool exists(const std::string& path);

std::size_t line_of(std::string_view text, std::size_t position);  // from 1
std::vector<std::string_view> lines_of(std::string_view text);
std::string_view trimmed(std::string_view text);
bool is_word_character(char c);

// Positions of `word` where no word character stands before or after it. A `word` that begins or
// ends with another character is not bounded on that side.
std::vector<std::size_t> find_word(std::string_view text, std::string_view word);
bool has_word(std::string_view text, std::string_view word);

// The position after the bracket that closes the one at `open`, or npos. For (), [], {} and <>.
std::size_t after_closing(std::string_view code, std::size_t open);

// Rules gather what they find; a test prints it.
using Faults = std::vector<std::string>;
std::string text_of(const Faults& faults);
void append(Faults& faults, Faults more);

}  // namespace hangu::tidy

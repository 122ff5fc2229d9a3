// Sizes that keep a file readable in one sitting, and how a header begins.
#include "expect.hpp"
#include "source.hpp"
#include "structure.hpp"

#include <algorithm>

namespace hangu::tidy {
namespace {

constexpr std::size_t kFunctionLinesMax = 70;
constexpr std::size_t kFileLinesMax = 600;
constexpr std::size_t kFileLinesAim = 400;
constexpr std::size_t kColumnsMax = 100;

std::size_t characters_of(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & '\xC0') != '\x80'; }));
}

Faults check_functions(const Source& source) {
    Faults faults;
    for (const Block& block : structure_of(source.code).blocks) {
        const std::size_t lines = block.last_line - block.first_line + 1;
        if (block.kind == BlockKind::function && lines > kFunctionLinesMax) {
            faults.push_back(source.path + ":" + std::to_string(block.first_line) +
                             ": a function of " + std::to_string(lines) + " lines (at most " +
                             std::to_string(kFunctionLinesMax) + "): " + block.head.substr(0, 60));
        }
    }
    return faults;
}

Faults check_file(const Source& source) {
    Faults faults;
    const std::vector<std::string_view> lines = lines_of(source.text);
    if (lines.size() > kFileLinesMax) {
        faults.push_back(source.path + ": " + std::to_string(lines.size()) + " lines (at most " +
                         std::to_string(kFileLinesMax) + "): it holds more than one thing");
    }
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (characters_of(lines[i]) > kColumnsMax) {
            faults.push_back(source.path + ":" + std::to_string(i + 1) + ": longer than " +
                             std::to_string(kColumnsMax) + " columns");
        }
    }
    return faults;
}

Faults check_head(const Source& source) {
    Faults faults;
    if (source.is_header() && !source.text.starts_with("//")) {
        faults.push_back(source.path + ": begins without a comment that says what it is for");
    }
    if (source.is_header() && !trimmed(source.code).starts_with("#pragma once")) {
        faults.push_back(source.path + ": #pragma once comes first, after the comment");
    }
    return faults;
}

template <class Check>
Faults over_the_tree(Check check) {
    Faults faults;
    for (const Source& source : cpp_tree()) {
        append(faults, check(source));
    }
    return faults;
}

std::string function_of(std::size_t lines, std::string_view head) {
    std::string text = std::string(head) + " {\n";
    for (std::size_t i = 0; i + 2 < lines; ++i) {
        text += "    go();\n";
    }
    return text + "}\n";
}

TEST(Sizes, functions_have_at_most_70_lines) {
    expect_none(over_the_tree(check_functions));
}

TEST(Sizes, a_long_function_is_caught) {
    const auto faults_in = [](const std::string& text) {
        return check_functions(Source("src/x.cpp", "namespace a::b {\n" + text + "}\n")).size();
    };
    for (const std::string_view head :
         {"void f(int a)", "auto f() -> Result<int>", "bool X::f() const noexcept",
          "X::X(int a) : a_(a), b_{1}",
          "template <class T>\n    requires(std::is_integral_v<T>)\nT g(T t)",
          "struct S {\n  int x = 0;\n  void f() const", "TEST(Order, is_placed)"}) {
        const std::string tail = head.starts_with("struct") ? "};\n" : "";
        const auto before = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\n'));
        const std::size_t own = head.starts_with("struct") ? 0 : before;
        EXPECT_EQ(faults_in(function_of(70 - own, head) + tail), 0u) << head;
        EXPECT_EQ(faults_in(function_of(71 - own, head) + tail), 1u) << head;
    }
    EXPECT_EQ(faults_in("enum class E {\n" + std::string(80, '\n') + "};\n"), 0u);
    EXPECT_EQ(faults_in("constexpr int k[] = {\n" + std::string(80, '\n') + "};\n"), 0u);
}

TEST(Sizes, files_and_lines_are_short) {
    expect_none(over_the_tree(check_file));
}

TEST(Sizes, a_long_file_or_line_is_caught) {
    EXPECT_EQ(check_file(Source("src/x.cpp", std::string(600, '\n'))).size(), 0u);
    EXPECT_EQ(check_file(Source("src/x.cpp", std::string(601, '\n'))).size(), 1u);
    EXPECT_EQ(check_file(Source("src/x.cpp", std::string(100, 'a') + "\n")).size(), 0u);
    EXPECT_EQ(check_file(Source("src/x.cpp", std::string(101, 'a') + "\n")).size(), 1u);
    EXPECT_EQ(check_file(Source("src/x.cpp", std::string(98, 'a') + "\xE8\x8C\xB6\n")).size(), 0u);
}

TEST(Sizes, files_say_what_they_are_for) {
    expect_none(over_the_tree(check_head));
}

TEST(Sizes, a_bare_header_is_caught) {
    EXPECT_EQ(check_head(Source("src/x.hpp", "// Why.\n#pragma once\n")).size(), 0u);
    EXPECT_EQ(check_head(Source("src/x.hpp", "#pragma once\n")).size(), 1u);
    EXPECT_EQ(check_head(Source("src/x.hpp", "// Why.\n#include <map>\n#pragma once\n")).size(),
              1u);
}

// Not a rule: the files that grow towards it.
TEST(Sizes, files_beyond_the_aim_are_listed) {
    std::size_t count = 0;
    for (const Source& source : cpp_tree()) {
        const std::size_t lines = lines_of(source.text).size();
        if (lines > kFileLinesAim) {
            RecordProperty(source.path, std::to_string(lines));
            ++count;
        }
    }
    RecordProperty("files beyond the aim", static_cast<int>(count));
}

}  // namespace
}  // namespace hangu::tidy

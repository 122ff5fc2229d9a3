// The repository as a whole: READMEs, links, words that do not belong.
#include "expect.hpp"
#include "modules.hpp"

#include <algorithm>
#include <cctype>

namespace hangu::tidy {
namespace {

Faults check_ascii(const Source& source) {
    Faults faults;
    std::size_t line_reported = 0;
    for (std::size_t i = 0; i < source.code.size(); ++i) {
        if ((source.code[i] & '\x80') == 0) {
            continue;
        }
        const std::size_t line = line_of(source.code, i);
        if (line != line_reported) {
            faults.push_back(source.path + ":" + std::to_string(line) +
                             ": names are ASCII; other letters stand in literals and comments");
            line_reported = line;
        }
    }
    return faults;
}

// TO-DO marks name an issue: TODO(#12). The words are put together here, so that this file passes.
Faults check_marks(const TextFile& file) {
    Faults faults;
    for (const std::string& mark :
         {std::string("TO") + "DO", std::string("FIX") + "ME", std::string("X") + "XX"}) {
        for (const std::size_t at : find_word(file.text, mark)) {
            const std::string_view after = std::string_view(file.text).substr(at + mark.size(), 3);
            const bool numbered = after.starts_with("(#") && after.size() == 3 &&
                                  std::isdigit(static_cast<unsigned char>(after[2])) != 0;
            if (!numbered) {
                faults.push_back(file.path + ":" + std::to_string(line_of(file.text, at)) + ": " +
                                 mark + " without an issue number; write " + mark + "(#12)");
            }
        }
    }
    return faults;
}

// Places of one machine, and addresses of package registries, do not belong in the repository.
Faults check_places(const TextFile& file) {
    static const std::vector<std::string> kWords = {
        std::string("/wo") + "rk/",       std::string("/ho") + "me/",
        std::string("/ro") + "ot/",       std::string("regis") + "try.npm",
        std::string("\"reso") + "lved\"", std::string("deb.deb") + "ian.org",
        std::string("_auth") + "Token",
    };
    Faults faults;
    for (const std::string& word : kWords) {
        for (std::size_t at = file.text.find(word); at != std::string::npos;
             at = file.text.find(word, at + 1)) {
            const char before = at == 0 ? ' ' : file.text[at - 1];
            if (word.front() == '/' &&
                (is_word_character(before) || before == '.' || before == '@')) {
                continue;  // a part of a relative path
            }
            faults.push_back(file.path + ":" + std::to_string(line_of(file.text, at)) + ": '" +
                             word +
                             "' names a machine or a registry; use a relative path or the client's "
                             "own configuration");
            break;
        }
    }
    return faults;
}

bool is_prose(std::string_view path) {
    return path.ends_with(".md");
}

// Relative links of a Markdown file point at something that is there.
Faults check_links(const TextFile& file) {
    Faults faults;
    const std::size_t slash = file.path.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : file.path.substr(0, slash + 1);
    for (std::size_t at = file.text.find("]("); at != std::string::npos;
         at = file.text.find("](", at + 1)) {
        std::string target =
            file.text.substr(at + 2, file.text.find_first_of(") ", at + 2) - at - 2);
        target = target.substr(0, target.find('#'));
        if (target.empty() || target.find(':') != std::string::npos || exists(folder + target)) {
            continue;
        }
        faults.push_back(file.path + ":" + std::to_string(line_of(file.text, at)) +
                         ": the link to " + target + " leads nowhere");
    }
    return faults;
}

TEST(Tree, modules_have_a_readme_and_a_face) {
    Faults faults;
    for (const auto& [name, module] : read_modules()) {
        if (!exists(module.folder + "/README.md")) {
            faults.push_back(module.folder +
                             " has no README.md (half a page: purpose, face, tables, "
                             "events, permissions, limits)");
        }
        if (name != "base" && name != "app" && !exists(module.folder + "/" + name + ".hpp") &&
            !exists(module.folder + "/module.hpp") && name != "http" && name != "storage") {
            faults.push_back(module.folder + " has no face " + name + ".hpp");
        }
    }
    expect_none(faults);
}

TEST(Tree, names_are_ascii) {
    Faults faults;
    for (const Source& source : cpp_tree()) {
        append(faults, check_ascii(source));
    }
    expect_none(faults);
    EXPECT_EQ(check_ascii(Source("src/x.cpp", "int \xE8\x8C\xB6 = 1;\n")).size(), 1u);
    EXPECT_EQ(
        check_ascii(Source("src/x.cpp", "auto a = \"\xE8\x8C\xB6\"; // \xE8\x8C\xB6\n")).size(),
        0u);
}

TEST(Tree, open_work_names_an_issue) {
    Faults faults;
    for (const TextFile& file : text_tree()) {
        append(faults, check_marks(file));
    }
    expect_none(faults);
    const std::string mark = std::string("TO") + "DO";
    EXPECT_EQ(check_marks({"src/x.cpp", "// " + mark + ": later"}).size(), 1u);
    EXPECT_EQ(check_marks({"src/x.cpp", "// " + mark + "(#12): later"}).size(), 0u);
}

TEST(Tree, no_machine_and_no_registry_is_named) {
    Faults faults;
    for (const TextFile& file : text_tree()) {
        append(faults, check_places(file));
    }
    expect_none(faults);
    EXPECT_EQ(check_places({"dev", std::string("cd /wo") + "rk/main"}).size(), 1u);
    EXPECT_EQ(check_places({"dev", "cd \"$root\""}).size(), 0u);
    EXPECT_EQ(check_places({"web", std::string("import './pages/ho") + "me/x'"}).size(), 0u);
}

TEST(Tree, links_lead_somewhere) {
    Faults faults;
    for (const TextFile& file : text_tree()) {
        if (is_prose(file.path)) {
            append(faults, check_links(file));
        }
    }
    expect_none(faults);
    EXPECT_EQ(check_links({"docs/x.md", "[a](missing.md) [b](../CMakeLists.txt#x)"}).size(), 1u);
}

}  // namespace
}  // namespace hangu::tidy

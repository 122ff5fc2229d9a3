#include "modules.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <sstream>

namespace hangu::tidy {

namespace {

std::string without_hash_comments(std::string_view cmake) {
    std::string out;
    for (const std::string_view line : lines_of(cmake)) {
        out += line.substr(0, line.find('#'));
        out += '\n';
    }
    return out;
}

std::vector<std::string> parts_of(std::string_view path) {
    std::vector<std::string> parts;
    std::istringstream stream{std::string(path)};
    for (std::string part; std::getline(stream, part, '/');) {
        parts.push_back(part);
    }
    return parts;
}

bool contains(const std::vector<std::string>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

Faults check_use(const Module& from, const std::string& used, const Modules& modules) {
    const std::string where = from.folder + "/CMakeLists.txt: " + from.name + " USES " + used;
    const auto found = modules.find(used);
    if (found == modules.end()) {
        return {where + ": there is no such module"};
    }
    const Module& to = found->second;
    const int from_rank = rank_of(from.layer).value_or(0);
    const int to_rank = rank_of(to.layer).value_or(0);
    if (to_rank > from_rank) {
        return {where + ": " + to.layer + " stands above " + from.layer +
                ". Tell it by an event, or declare a port here and let app/wiring.cpp plug it in"};
    }
    if (to_rank == from_rank && to.layer != from.layer) {
        return {where + ": commerce and operations do not know each other. Use an event or a port"};
    }
    return {};
}

Faults find_cycles(const Modules& modules) {
    Faults faults;
    std::set<std::string> done;
    std::vector<std::string> way;
    const std::function<void(const std::string&)> visit = [&](const std::string& name) {
        const auto again = std::find(way.begin(), way.end(), name);
        if (again != way.end()) {
            std::string text = "USES lines form a circle: ";
            for (auto step = again; step != way.end(); ++step) {
                text += *step + " > ";
            }
            faults.push_back(text + name + ". One of them needs an event or a port instead");
            return;
        }
        const auto module = modules.find(name);
        if (module == modules.end() || !done.insert(name).second) {
            return;
        }
        way.push_back(name);
        for (const std::string& used : module->second.uses) {
            visit(used);
        }
        way.pop_back();
    };
    for (const auto& [name, module] : modules) {
        visit(name);
    }
    return faults;
}

}  // namespace

std::optional<int> rank_of(std::string_view layer) {
    static const std::map<std::string, int, std::less<>> kRanks = {
        {"base", 0},     {"platform", 1},   {"security", 2},
        {"commerce", 3}, {"operations", 3}, {"app", 4}};
    const auto found = kRanks.find(layer);
    return found == kRanks.end() ? std::nullopt : std::optional<int>(found->second);
}

std::optional<Module> read_module(const std::string& folder, std::string_view cmake) {
    const std::string text = without_hash_comments(cmake);
    const std::size_t call = text.find("hangu_module(");
    if (call == std::string::npos) {
        return std::nullopt;
    }
    const std::size_t open = text.find('(', call);
    std::istringstream words(text.substr(open + 1, text.find(')', open) - open - 1));
    Module module;
    module.folder = folder;
    words >> module.name;
    std::string key;
    for (std::string word; words >> word;) {
        if (word == "LAYER" || word == "USES" || word == "LIBRARIES" || word == "TEST_USES" ||
            word == "ALONE") {
            key = word;
        } else if (key == "LAYER") {
            module.layer = word;
        } else if (key == "USES") {
            module.uses.push_back(word);
        } else if (key == "TEST_USES") {
            module.test_uses.push_back(word);
        }
    }
    return module;
}

Modules read_modules() {
    Modules modules;
    for (const std::string& path : files_below("src")) {
        if (!path.ends_with("/CMakeLists.txt")) {
            continue;
        }
        const std::string folder = path.substr(0, path.rfind('/'));
        if (const std::optional<Module> module = read_module(folder, read_file(path))) {
            modules.emplace(module->name, *module);
        }
    }
    return modules;
}

std::vector<Include> includes_of(const Source& source) {
    std::vector<Include> includes;
    std::size_t number = 0;
    for (std::string_view line : lines_of(source.uncommented)) {
        ++number;
        line = trimmed(line);
        if (!line.starts_with('#') || line.find("include") == std::string_view::npos) {
            continue;
        }
        const std::size_t open = line.find_first_of("<\"");
        const std::size_t close = line.find_last_of(">\"");
        if (open == std::string_view::npos || close <= open) {
            continue;
        }
        includes.push_back(
            {std::string(line.substr(open + 1, close - open - 1)), line[open] == '"', number});
    }
    return includes;
}

Place place_of(std::string_view path) {
    const std::vector<std::string> parts = parts_of(path);
    Place place;
    if (parts.size() < 2 || !rank_of(parts[0])) {
        return place;
    }
    place.layer = parts[0];
    const bool flat = parts[0] == "base" || parts[0] == "app";
    if (!flat && parts.size() < 3) {
        return Place{};
    }
    place.module = flat ? parts[0] : parts[1];
    place.internal = contains(parts, "internal");
    return place;
}

Faults check_modules(const Modules& modules) {
    Faults faults;
    for (const auto& [name, module] : modules) {
        const std::string list = module.folder + "/CMakeLists.txt: ";
        const bool flat = name == "base" || name == "app";
        const std::string expected = flat ? "src/" + name : "src/" + module.layer + "/" + name;
        if (module.folder != expected) {
            faults.push_back(list + name + " LAYER " + module.layer + " belongs in " + expected);
        }
        if (!rank_of(module.layer)) {
            faults.push_back(list + "'" + module.layer + "' is no layer");
            continue;
        }
        for (const std::string& used : module.uses) {
            append(faults, check_use(module, used, modules));
        }
    }
    append(faults, find_cycles(modules));
    return faults;
}

Faults check_includes(const Modules& modules, const Source& source) {
    const bool in_src = source.path.starts_with("src/");
    const Place here = in_src ? place_of(std::string_view(source.path).substr(4)) : Place{};
    const auto own = modules.find(here.module);
    Faults faults;
    for (const Include& include : includes_of(source)) {
        if (!include.quoted) {
            continue;
        }
        const std::string where =
            source.path + ":" + std::to_string(include.line) + ": \"" + include.target + "\" ";
        const Place to = place_of(include.target);
        if (to.layer.empty()) {
            if (in_src && !(source.is_test() && include.target.find("support/") == 0) &&
                !include.target.starts_with("tests/support/")) {
                faults.push_back(where + "is no path from src/: write \"layer/module/file.hpp\"");
            }
            continue;
        }
        if (to.module == here.module) {
            continue;
        }
        if (to.internal) {
            faults.push_back(where + "is the inside of " + to.module +
                             ". Include its face; if something is missing there, add it there");
            continue;
        }
        if (!in_src || here.layer == "app" || to.layer == "base") {
            continue;
        }
        const bool used = own != modules.end() && contains(own->second.uses, to.module);
        const bool test_used =
            own != modules.end() && source.is_test() && contains(own->second.test_uses, to.module);
        if (!used && !test_used) {
            faults.push_back(where + "is not in the USES line of " + here.module +
                             ". Name it there if it stands below or beside; news for those above "
                             "is an event, a need from above a port");
        }
    }
    return faults;
}

}  // namespace hangu::tidy

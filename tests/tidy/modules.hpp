// The modules as their CMakeLists.txt declare them, and what an #include points at.
#pragma once

#include "source.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::tidy {

struct Module {
    std::string name;
    std::string layer;
    std::string folder;  // "src/commerce/order"
    std::vector<std::string> uses;
    std::vector<std::string> test_uses;
};
using Modules = std::map<std::string, Module, std::less<>>;

// Reads `hangu_module(<name> LAYER <layer> …)` from a list file; nothing if there is none.
std::optional<Module> read_module(const std::string& folder, std::string_view cmake);
Modules read_modules();

// 0 base, 1 platform, 2 security, 3 commerce and operations, 4 app; nothing for other words.
std::optional<int> rank_of(std::string_view layer);

struct Include {
    std::string target;
    bool quoted = false;
    std::size_t line = 0;
};
std::vector<Include> includes_of(const Source& source);

// Where a path below src/ (or an #include) belongs. `layer` is "" if it is not a path of ours.
struct Place {
    std::string layer;
    std::string module;  // "base" and "app" are modules of their own
    bool internal = false;
};
Place place_of(std::string_view path_below_src);

Faults check_modules(const Modules& modules);
Faults check_includes(const Modules& modules, const Source& source);

}  // namespace hangu::tidy

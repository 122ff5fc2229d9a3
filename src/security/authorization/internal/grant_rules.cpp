#include "security/authorization/internal/grant_rules.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hangu::authorization {

bool is_below(std::string_view path, std::string_view node_path) {
    return path.starts_with(node_path);
}

std::vector<std::string> coalesced(std::vector<std::string> node_paths) {
    std::sort(node_paths.begin(), node_paths.end());
    std::vector<std::string> kept;
    // A place stands right before everything below it in this order.
    for (std::string& path : node_paths) {
        if (kept.empty() || !is_below(path, kept.back())) {
            kept.push_back(std::move(path));
        }
    }
    return kept;
}

Ranges ranges_of(const std::vector<std::string>& node_paths) {
    Ranges ranges;
    const std::vector<std::string> places = coalesced(node_paths);
    for (std::size_t i = 0; i < std::min(places.size(), ranges.size()); ++i) {
        ranges[i] = storage::subtree(places[i]);
    }
    return ranges;
}

bool covers(const Ranges& ranges, std::string_view path) {
    return std::any_of(ranges.begin(), ranges.end(), [path](const storage::PathRange& range) {
        return path >= range.from && path < range.to;
    });
}

bool covers_subtree(const Ranges& ranges, std::string_view node_path) {
    const storage::PathRange wanted = storage::subtree(node_path);
    return std::any_of(ranges.begin(), ranges.end(), [&wanted](const storage::PathRange& range) {
        return range.from < range.to && wanted.from >= range.from && wanted.to <= range.to;
    });
}

Result<void> check_ceiling(const http::PermissionSet& held, const http::PermissionSet& given) {
    if ((given & ~held).any()) {
        return Problem::forbidden("role.ceiling");
    }
    return {};
}

std::vector<std::string> codes_of_text(std::string_view text) {
    std::vector<std::string> codes;
    for (const std::string_view code : split(text, ' ')) {
        if (!code.empty()) {
            codes.emplace_back(code);
        }
    }
    return codes;
}

http::PermissionSet permissions_of_text(const http::PermissionCatalogue& catalogue,
                                        std::string_view text) {
    return text == "*" ? catalogue.all() : catalogue.set_of(codes_of_text(text));
}

Result<std::string> text_of_codes(const http::PermissionCatalogue& catalogue,
                                  const std::vector<std::string>& codes) {
    Problem problem = Problem::invalid("input.invalid");
    for (std::size_t i = 0; i < codes.size(); ++i) {
        if (!catalogue.bit(codes[i])) {
            problem.fields.push_back({"permissions[" + std::to_string(i) + "]",
                                      "permission.unknown", "no such permission"});
        }
    }
    if (!problem.fields.empty()) {
        return problem;
    }
    std::string text;
    for (const std::string& code : catalogue.codes_of(catalogue.set_of(codes))) {
        text += text.empty() ? "" : " ";
        text += code;
    }
    return text;
}

}  // namespace hangu::authorization

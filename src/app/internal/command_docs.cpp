// Documents that are made from the declarations; ./dev docs writes them into docs/.
#include "app/commands.hpp"
#include "app/platform_realm.hpp"
#include "app/program.hpp"
#include "base/json.hpp"
#include "platform/http/pipeline.hpp"
#include "platform/http/problem_response.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace hangu::app {

namespace {

void list_permissions(std::string& text, const std::vector<http::PermissionNode>& nodes) {
    text += "| kind | code | 中文 | English |\n|---|---|---|---|\n";
    for (const http::PermissionNode& node : nodes) {
        text += fmt::format("| {} | `{}` | {} | {} |\n", enum_text(node.kind), node.code,
                            node.name_zh, node.name_en);
    }
}

std::string permissions_markdown() {
    std::string text =
        "# Permissions\n\nMenu, page and button, as role editors and the server know them.\n\n"
        "## Merchants\n\n";
    list_permissions(text, all_permissions());
    text +=
        "\n## The platform's own people\n\nA realm of its own: no right of the one has a name in "
        "the other, though codes may be alike.\n\n";
    list_permissions(text, platform_permissions());
    return text;
}

std::string problems_markdown() {
    std::string text =
        "# Problem codes\n\nRefusals are RFC 9457 documents; a code never changes its "
        "meaning.\n\n| code | 中文 | English |\n|---|---|---|\n";
    for (const http::ProblemTitle& title : http::problem_titles()) {
        text += fmt::format("| `{}` | {} | {} |\n", title.code, title.zh, title.en);
    }
    return text;
}

std::string tables_markdown() {
    std::string text =
        "# Columns\n\nEvery column has a class and a level; sensitive ones are sealed."
        "\n\n| table | column | type | class | level |\n|---|---|---|---|---|\n";
    constexpr std::string_view kTypes[] = {"integer", "text", "blob", "sealed", "blind"};
    constexpr std::string_view kClasses[] = {"key",     "technical",  "business",
                                             "person",  "contact",    "identity",
                                             "payment", "credential", "audit"};
    for (const storage::Part& part : all_parts()) {
        for (const storage::Table& table : part.tables) {
            for (const storage::Column& column : table.columns) {
                text += fmt::format("| {} | {} | {} | {} | {} |\n", table.name, column.name,
                                    kTypes[static_cast<std::size_t>(column.type)],
                                    kClasses[static_cast<std::size_t>(column.data_class)],
                                    static_cast<int>(column.level));
            }
        }
    }
    return text;
}

void list_routes(std::string& text, const std::vector<http::RouteEntry>& routes) {
    text += "| method | path | name | permission |\n|---|---|---|---|\n";
    for (const http::RouteEntry& entry : routes) {
        const std::string_view code = entry.route.permission.code;
        text += fmt::format("| {} | `{}` | {} | {} |\n", entry.route.method, entry.route.path,
                            entry.route.name, code.empty() ? "" : fmt::format("`{}`", code));
    }
}

// Routes hold services, so they are made by a house.
std::string of_routes(std::string_view what, House& house) {
    runtime::Runtime runtime(1);
    if (what == "openapi") {
        return http::openapi_document(house.routes(runtime), "1.0.0");
    }
    if (what == "platform-openapi") {
        return http::openapi_document(house.platform_routes(runtime), "1.0.0");
    }
    std::string text =
        "# Routes\n\nThe whole description of each stands in `api/openapi.json`.\n\n";
    list_routes(text, house.routes(runtime));
    text +=
        "\n## On the platform's own listener\n\nThe whole description of each stands in "
        "`api/platform.json`.\n\n";
    list_routes(text, house.platform_routes(runtime));
    return text;
}

int print_of_routes(const Arguments& arguments, Output& output) {
    // In a folder that is thrown away.
    HouseOptions options;
    std::string folder = (std::filesystem::temp_directory_path() / "hangu-docs-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        output.note("hangu: cannot make a temporary folder");
        return 1;
    }
    options.data = folder + "/data";
    options.log_level = observe::Level::error;
    int status = 0;
    {
        Result<std::unique_ptr<House>> house = House::open(options);
        if (house.ok()) {
            output.line(of_routes(arguments.operands()[0], **house));
        } else {
            explain(house.problem(), arguments.json(), output);
            status = 1;
        }
    }
    std::filesystem::remove_all(folder);
    return status;
}

}  // namespace

int print_document(const Arguments& arguments, Output& output) {
    const std::string& what = arguments.operands()[0];
    if (what == "permissions") {
        output.line(permissions_markdown());
    } else if (what == "problems") {
        output.line(problems_markdown());
    } else if (what == "columns") {
        output.line(tables_markdown());
    } else if (what == "settings") {
        output.line(settings::Settings(all_settings()).reference_markdown());
    } else if (what == "openapi" || what == "platform-openapi" || what == "routes") {
        return print_of_routes(arguments, output);
    } else {
        output.note(
            "usage: hangu docs "
            "settings|permissions|problems|columns|openapi|platform-openapi|routes");
        return 2;
    }
    return 0;
}

}  // namespace hangu::app

// Layers, USES lines, faces, and who may see Beast and Asio.
#include "expect.hpp"
#include "modules.hpp"

#include <functional>
#include <set>

namespace hangu::tidy {
namespace {

Modules sample(std::initializer_list<Module> list) {
    Modules modules;
    for (const Module& module : list) {
        modules.emplace(module.name, module);
    }
    return modules;
}

Module module(std::string name, std::string layer, std::vector<std::string> uses) {
    const std::string folder = name == "base" ? "src/base" : "src/" + layer + "/" + name;
    return {std::move(name), std::move(layer), folder, std::move(uses), {}};
}

// The files that may hold Beast, and those that may see Asio, themselves or through a header. Each
// costs seconds of compile time and brings coroutines along: a new name here needs a reason.
const std::vector<std::string> kBeastFiles = {
    "src/platform/http/internal/request_parser.cpp",
};
const std::vector<std::string> kAsioFiles = {
    "src/app/internal/admin_plane.cpp",
    // People of the platform ask several tenants in one request.
    "src/app/internal/merchant_window.cpp",
    // Files wait for a store that may be far away: handing one out, and giving a product a picture.
    "src/commerce/catalogue/internal/picture_routes.cpp",
    "src/platform/files/internal/link_route.cpp",
    "src/platform/http/internal/connection.cpp",
    "src/platform/http/internal/connection.hpp",
    "src/platform/http/internal/event_stream.cpp",
    "src/platform/http/internal/pipeline.cpp",
    "src/platform/http/internal/server.cpp",
    "src/platform/http/internal/session.cpp",
    "src/platform/http/internal/session.hpp",
    "src/platform/http/internal/waiting.cpp",
    "src/platform/http/waiting.hpp",
    "src/platform/runtime/await.hpp",
    "src/platform/runtime/internal/loops.cpp",
    // Signing in waits for the hash pool and is public: it opens its own transactions. One header
    // with the waiting, one file for what the signed-in do, one each for passkeys and codes by text
    // message (public, without the hash pool), one for the others.
    "src/security/identity/internal/waiting.cpp",
    "src/security/identity/internal/waiting.hpp",
    "src/security/identity/internal/waiting_own_routes.cpp",
    "src/security/identity/internal/waiting_passkey_routes.cpp",
    "src/security/identity/internal/waiting_routes.cpp",
    "src/security/identity/internal/waiting_text_routes.cpp",
};

// Files that include `<prefix…>`, directly or through headers of ours.
std::set<std::string> files_that_see(const std::vector<Source>& sources, std::string_view prefix) {
    std::map<std::string, std::vector<std::string>> users;
    std::set<std::string> seeing;
    std::vector<std::string> open;
    for (const Source& source : sources) {
        for (const Include& include : includes_of(source)) {
            if (!include.quoted && include.target.starts_with(prefix)) {
                open.push_back(source.path);
            } else if (include.quoted) {
                users["src/" + include.target].push_back(source.path);
                users[include.target].push_back(source.path);
            }
        }
    }
    while (!open.empty()) {
        const std::string path = open.back();
        open.pop_back();
        if (seeing.insert(path).second) {
            open.insert(open.end(), users[path].begin(), users[path].end());
        }
    }
    return seeing;
}

Faults check_library_files(const std::vector<Source>& sources, std::string_view prefix,
                           const std::vector<std::string>& allowed) {
    Faults faults;
    for (const std::string& path : files_that_see(sources, prefix)) {
        if (path.starts_with("src/") && path.find("_test") == std::string::npos &&
            std::find(allowed.begin(), allowed.end(), path) == allowed.end()) {
            faults.push_back(path + " sees <" + std::string(prefix) +
                             "…>. Waiting code stands in platform/runtime and platform/http; "
                             "elsewhere write a function and name Task through runtime/task.hpp");
        }
    }
    return faults;
}

TEST(Layers, uses_lines_point_down_or_sideways) {
    expect_none(check_modules(read_modules()));
}

TEST(Layers, a_bad_uses_line_is_caught) {
    const Module base = module("base", "base", {});
    const auto faults_of = [&base](std::initializer_list<Module> list) {
        Modules modules = sample(list);
        modules.emplace("base", base);
        return check_modules(modules).size();
    };
    EXPECT_EQ(faults_of({module("http", "platform", {}), module("order", "commerce", {"http"})}),
              0u);
    EXPECT_EQ(faults_of({module("http", "platform", {"order"}), module("order", "commerce", {})}),
              1u);
    EXPECT_EQ(
        faults_of({module("order", "commerce", {"backup"}), module("backup", "operations", {})}),
        1u);
    EXPECT_EQ(faults_of({module("order", "commerce", {"missing"})}), 1u);
    EXPECT_EQ(faults_of({module("a", "commerce", {"b"}), module("b", "commerce", {"a"})}), 1u);
    Module moved = module("order", "commerce", {});
    moved.folder = "src/platform/order";
    EXPECT_EQ(faults_of({moved}), 1u);
}

TEST(Layers, a_module_line_is_read_whole) {
    const auto read =
        read_module("src/platform/http",
                    "# a comment with ) in it\nhangu_module(http LAYER platform\n"
                    "  USES observe crypto\n  LIBRARIES ZLIB::ZLIB TEST_USES story ALONE x.cpp)\n");
    ASSERT_TRUE(read.has_value());
    EXPECT_EQ(read->layer, "platform");
    EXPECT_EQ(read->uses, (std::vector<std::string>{"observe", "crypto"}));
    EXPECT_EQ(read->test_uses, std::vector<std::string>{"story"});
    EXPECT_GE(read_modules().size(), 8u);
}

TEST(Layers, includes_go_through_faces_of_used_modules) {
    const Modules modules = read_modules();
    Faults faults;
    for (const Source& source : cpp_tree()) {
        append(faults, check_includes(modules, source));
    }
    expect_none(faults);
}

TEST(Layers, a_bad_include_is_caught) {
    const Modules modules =
        sample({module("base", "base", {}), module("storage", "platform", {}),
                module("member", "commerce", {}), module("order", "commerce", {"member"})});
    const auto faults_of = [&modules](std::string path, std::string_view target) {
        const Source source(std::move(path), "#include \"" + std::string(target) + "\"\n");
        return check_includes(modules, source).size();
    };
    const std::string order = "src/commerce/order/internal/orders.cpp";
    EXPECT_EQ(faults_of(order, "base/id.hpp"), 0u);
    EXPECT_EQ(faults_of(order, "commerce/order/internal/order_store.hpp"), 0u);
    EXPECT_EQ(faults_of(order, "commerce/member/member.hpp"), 0u);
    EXPECT_EQ(faults_of(order, "commerce/member/internal/member_store.hpp"), 1u);
    EXPECT_EQ(faults_of(order, "platform/storage/tx.hpp"), 1u);
    EXPECT_EQ(faults_of(order, "order_store.hpp"), 1u);
    EXPECT_EQ(faults_of("src/platform/storage/internal/engine.cpp", "commerce/order/order.hpp"),
              1u);
    EXPECT_EQ(faults_of("src/app/wiring.cpp", "commerce/order/order.hpp"), 0u);
    EXPECT_EQ(faults_of("src/app/wiring.cpp", "commerce/order/internal/orders.hpp"), 1u);
    EXPECT_EQ(faults_of("src/commerce/order/internal/orders_test.cpp", "tests/support/house.hpp"),
              0u);
}

TEST(Layers, beast_stands_in_two_files_at_most) {
    EXPECT_LE(kBeastFiles.size(), 2u);
    expect_none(check_library_files(cpp_tree(), "boost/beast", kBeastFiles));
}

TEST(Layers, asio_stands_in_the_listed_files) {
    expect_none(check_library_files(cpp_tree(), "boost/asio", kAsioFiles));
    for (const std::string& path : kAsioFiles) {
        EXPECT_TRUE(exists(path)) << path << " is gone: take it off the list";
    }
}

TEST(Layers, a_new_file_that_sees_asio_is_caught) {
    const std::vector<Source> sources = {
        Source("src/platform/runtime/await.hpp", "#include <boost/asio/awaitable.hpp>\n"),
        Source("src/commerce/order/order.hpp", "#include \"platform/runtime/await.hpp\"\n"),
        Source("src/commerce/order/internal/orders.cpp", "#include \"commerce/order/order.hpp\"\n"),
    };
    EXPECT_EQ(check_library_files(sources, "boost/asio", kAsioFiles).size(), 2u);
}

}  // namespace
}  // namespace hangu::tidy

// hangu: one program for the server and for its operators.
#include "app/commands.hpp"
#include "app/program.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <exception>

namespace hangu::app {

namespace {

int run_on_house(const Command& command, const Arguments& arguments, Output& output) {
    Result<std::unique_ptr<House>> house = House::open(house_options(arguments));
    if (!house.ok()) {
        explain(house.problem(), arguments.json(), output);
        return 1;
    }
    TerminalOutput::watch_interrupts();
    Result<void> done = command.run(**house, arguments, output);
    while (!done.ok() && done.problem().code == kGoingOn && !output.stop_asked()) {
        output.note(done.problem().detail);
        done = command.run(**house, arguments, output);
    }
    if (!done.ok()) {
        explain(done.problem(), arguments.json(), output);
        return done.problem().code == "usage" ? 2 : 1;
    }
    return 0;
}

int run(const std::vector<std::string>& words) {
    TerminalOutput output;
    const Result<Arguments> arguments = Arguments::parse(words, all_shapes());
    if (!arguments.ok()) {
        const bool asked = !words.empty() && (words[0] == "help" || words[0] == "--help");
        if (asked) {
            output.line(usage_text(all_shapes()));
            return 0;
        }
        output.note(arguments.problem().detail);
        return 2;
    }
    const Command& command = *find_command(arguments->command());
    if (command.shape.name == "version") {
        output.line(arguments->json() ? fmt::format("{{\"version\":\"{}\"}}", program_version())
                                      : fmt::format("hangu {}", program_version()));
        return 0;
    }
    if (command.shape.name == "doctor") {
        return doctor(*arguments, output);
    }
    if (command.shape.name == "shard init") {
        return shard_init(*arguments, output);
    }
    if (command.shape.name == "shard check") {
        return shard_check(*arguments, output);
    }
    if (command.shape.name == "cluster join") {
        return cluster_join(*arguments, output);
    }
    if (command.shape.name == "cluster dissolve") {
        return cluster_dissolve(*arguments, output);
    }
    if (command.shape.name == "deploy nginx") {
        return deploy_nginx(*arguments, output);
    }
    if (command.shape.name == "deploy systemd") {
        return deploy_systemd(*arguments, output);
    }
    if (command.shape.name == "docs") {
        return print_document(*arguments, output);
    }
    if (command.shape.name == "demo") {
        return make_demo(*arguments, output);
    }
    if (command.shape.name == "serve") {
        return serve(*arguments, output);
    }
    // A serving process holds the data folder: it does the work.
    std::optional<int> status = run_in_server(words, *arguments, output);
    while (status == kGoingOnStatus) {
        status = run_in_server(words, *arguments, output);
    }
    if (status) {
        return *status;
    }
    return run_on_house(command, *arguments, output);
}

}  // namespace

}  // namespace hangu::app

int main(int count, char** words) {
    ::umask(0077);
    try {
        return hangu::app::run(std::vector<std::string>(words + 1, words + count));
    } catch (const std::exception& fault) {
        hangu::app::TerminalOutput().note(fmt::format("hangu: {}", fault.what()));
        return 1;
    }
}

// Where a command's words go: the terminal, or the answer of the admin plane when the command runs
// inside a serving process.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace hangu::app {

class Output {
 public:
    virtual ~Output() = default;
    virtual void line(std::string_view text) = 0;  // results
    virtual void note(std::string_view text) = 0;  // remarks and errors
    virtual void progress(std::string_view what, std::size_t done, std::size_t total) = 0;
    // True when the person asked to stop (Ctrl-C).
    virtual bool stop_asked() const { return false; }
};

// Standard output and error; the bar only on a terminal.
class TerminalOutput final : public Output {
 public:
    void line(std::string_view text) override;
    void note(std::string_view text) override;
    void progress(std::string_view what, std::size_t done, std::size_t total) override;
    bool stop_asked() const override;
    static void watch_interrupts();  // Ctrl-C sets stop_asked instead of ending the process

 private:
    std::string last_what_;
    long long started_ms_ = 0;
    bool bar_open_ = false;
};

// Keeps everything, for the admin plane and for tests.
class CollectedOutput final : public Output {
 public:
    void line(std::string_view text) override { lines += std::string(text) + "\n"; }
    void note(std::string_view text) override { notes += std::string(text) + "\n"; }
    void progress(std::string_view, std::size_t, std::size_t) override {}
    std::string lines;
    std::string notes;
};

}  // namespace hangu::app

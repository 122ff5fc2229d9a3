// Everything the system said during the run: answers, logs, standard error, metrics. The last test
// scans it for what must never show.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::system {

// Where a piece may show a secret: each secret names the kind of answer that gives it out.
enum class Source { answer, reveal, issue, log, metrics, command, nowhere };

struct Piece {
    Source source = Source::answer;
    std::string what;  // "POST /api/v1/orders"
    std::string text;
};

// Shared by all tests and threads.
class Collected {
 public:
    static Collected& all();

    void add(Source source, std::string what, std::string text);
    // A text that no piece may hold but those of `given_out_by`.
    void secret(std::string name, std::string text, Source given_out_by);

    // Where secrets show that should not, in words.
    std::vector<std::string> leaks() const;
    std::size_t pieces_count() const;
    std::size_t secrets_count() const;

 private:
    struct Secret {
        std::string name;
        std::string text;
        Source given_out_by;
    };
    mutable std::mutex mutex_;
    std::vector<Piece> pieces_;
    std::vector<Secret> secrets_;
};

// Eleven digits that stand alone and begin like a mobile phone; "" if there are none.
std::string phone_in(std::string_view text);

}  // namespace hangu::system

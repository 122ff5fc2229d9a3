#include "structure.hpp"

#include "source.hpp"

#include <algorithm>
#include <optional>

namespace hangu::tidy {

namespace {

// Directives (with their continued lines) blanked: half a brace in a macro would upset the
// matching.
std::string without_directives(std::string_view code) {
    std::string out(code);
    bool inside = false;
    for (std::size_t begin = 0; begin < out.size();) {
        const std::size_t end = std::min(out.find('\n', begin), out.size());
        const std::string_view line(out.data() + begin, end - begin);
        inside = inside || trimmed(line).starts_with('#');
        const bool goes_on = trimmed(line).ends_with('\\');
        if (inside) {
            std::fill(out.begin() + static_cast<std::ptrdiff_t>(begin),
                      out.begin() + static_cast<std::ptrdiff_t>(end), ' ');
        }
        inside = inside && goes_on;
        begin = end + 1;
    }
    return out;
}

std::string_view last_word(std::string_view text) {
    text = trimmed(text);
    std::size_t begin = text.size();
    while (begin > 0 && is_word_character(text[begin - 1])) {
        --begin;
    }
    return text.substr(begin);
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// "template <class T> struct X" -> "struct X": what names the type of the block.
std::string_view without_template(std::string_view text) {
    text = trimmed(text);
    while (text.starts_with("template")) {
        const std::size_t open = text.find('<');
        const std::size_t end = open == std::string_view::npos ? open : after_closing(text, open);
        if (end == std::string_view::npos) {
            break;
        }
        text = trimmed(text.substr(end));
    }
    return text;
}

bool is_type_head(std::string_view head) {
    const std::string_view rest = without_template(head);
    return has_word(rest, "struct") || has_word(rest, "class") || has_word(rest, "union") ||
           has_word(rest, "enum");
}

bool is_space_head(std::string_view head) {
    return has_word(head, "namespace") || trimmed(head).starts_with("extern \"");
}

// "(...) -> Type" : the arrow of a trailing return type.
bool has_trailing_return(std::string_view text) {
    const std::size_t arrow = text.rfind("->");
    if (arrow == std::string_view::npos) {
        return false;
    }
    const std::string_view before = trimmed(text.substr(0, arrow));
    return before.ends_with(')') || is_one_of(last_word(before), {"mutable", "noexcept", "const"});
}

bool ends_with_requires(std::string_view text) {
    text = trimmed(text);
    if (text.ends_with(')')) {
        std::size_t depth = 0;
        for (std::size_t i = text.size(); i-- > 0;) {
            depth += text[i] == ')' ? 1 : 0;
            if (text[i] == '(' && --depth == 0) {
                return last_word(text.substr(0, i)) == "requires";
            }
        }
    }
    return last_word(text) == "requires";
}

struct Frame {
    BlockKind kind = BlockKind::space;
    std::string head;
    std::size_t first_line = 1;
    bool goes_on = false;  // the statement around it does not end with it
    bool captures = false;
    bool coroutine = false;

    Statement statement;           // being read
    std::string nest;              // its open brackets
    std::size_t lambda_depth = 0;  // nest size at a lambda introducer waiting for its body, plus 1
    bool lambda_captures = false;
};

class Scanner {
 public:
    explicit Scanner(std::string_view code) : code_(without_directives(code)) {}

    Structure run() {
        frames_.emplace_back();
        for (at_ = 0; at_ < code_.size(); ++at_) {
            step(code_[at_]);
        }
        return std::move(result_);
    }

 private:
    Frame& top() { return frames_.back(); }

    void add(char c) {
        Statement& statement = top().statement;
        if (statement.line == 0 && c != ' ' && c != '\t') {
            statement.line = line_;
        }
        statement.text += c;
    }

    void step(char c) {
        if (c == '\n') {
            ++line_;
            if (!top().statement.text.empty()) {
                top().statement.text += ' ';
            }
            return;
        }
        switch (c) {
            case '(':
                add(c);
                top().nest += c;
                break;
            case '[':
                open_square();
                break;
            case ')':
            case ']':
                add(c);
                if (!top().nest.empty()) {
                    top().nest.pop_back();
                }
                break;
            case '{':
                open_brace();
                break;
            case '}':
                close_brace();
                break;
            case ';':
                add(c);
                if (top().nest.empty()) {
                    finish_statement();
                }
                break;
            default:
                add(c);
                note_word();
        }
    }

    void note_word() {
        const std::string_view rest = std::string_view(code_).substr(at_);
        if (!rest.starts_with("co_") || (at_ > 0 && is_word_character(code_[at_ - 1]))) {
            return;
        }
        for (const std::string_view word : {"co_await", "co_return", "co_yield"}) {
            if (rest.starts_with(word)) {
                top().coroutine = true;
            }
        }
        if (rest.starts_with("co_await") && top().statement.await_line == 0) {
            top().statement.await_line = line_;
        }
    }

    bool is_lambda_introducer() const {
        const std::string_view before = trimmed(frames_.back().statement.text);
        if (at_ + 1 < code_.size() && code_[at_ + 1] == '[') {
            return false;  // an attribute
        }
        if (before.empty()) {
            return true;
        }
        const std::string_view word = last_word(before);
        if (!word.empty()) {
            return is_one_of(word, {"return", "co_return", "co_yield", "co_await"});
        }
        if (before.ends_with('&')) {
            const std::size_t end = before.find_last_not_of("& ");
            return end == std::string_view::npos || last_word(before.substr(0, end + 1)) != "auto";
        }
        return !before.ends_with(')') && !before.ends_with(']') && !before.ends_with('[') &&
               !before.ends_with('}');
    }

    void open_square() {
        Frame& frame = top();
        if (is_lambda_introducer()) {
            const std::size_t end = after_closing(code_, at_);
            const bool captures =
                end != std::string_view::npos &&
                !trimmed(std::string_view(code_).substr(at_ + 1, end - at_ - 2)).empty();
            frame.lambda_depth = frame.nest.size() + 1;
            frame.lambda_captures = captures;
            frame.statement.captures = frame.statement.captures || captures;
        }
        add('[');
        frame.nest += '[';
    }

    struct Opening {
        BlockKind kind = BlockKind::plain;
        bool goes_on = false;
    };

    // A block, or nothing when the brace builds a value.
    std::optional<Opening> block_at_brace() const {
        const Frame& frame = frames_.back();
        const std::string_view head = trimmed(frame.statement.text);
        if (frame.lambda_depth == frame.nest.size() + 1) {
            return Opening{BlockKind::lambda, true};
        }
        const bool at_top = frame.kind == BlockKind::space || frame.kind == BlockKind::type;
        if (ends_with_requires(head) &&
            (!at_top || !frame.nest.empty() || head.find('=') != std::string_view::npos)) {
            return Opening{BlockKind::plain, true};  // a requirement inside an expression
        }
        if (!frame.nest.empty() || !is_block_head(head)) {
            return std::nullopt;
        }
        if (is_space_head(head)) {
            return Opening{BlockKind::space, false};
        }
        if (!head.ends_with(')') && is_type_head(head)) {
            return Opening{BlockKind::type, false};
        }
        return Opening{at_top && !head.empty() ? BlockKind::function : BlockKind::plain, false};
    }

    static bool is_block_head(std::string_view head) {
        if (head.empty() || head.ends_with(')') || head.ends_with('}')) {
            return true;
        }
        if (head.ends_with(':')) {
            return head.find('?') == std::string_view::npos;
        }
        const std::string_view word = last_word(head);
        if (is_one_of(word,
                      {"else", "do", "try", "mutable", "noexcept", "const", "override", "final"})) {
            return true;
        }
        if (is_one_of(word, {"return", "co_return", "co_yield", "co_await"})) {
            return false;
        }
        if (is_space_head(head) || has_trailing_return(head)) {
            return true;
        }
        if (word.empty() && !head.ends_with('>')) {
            return false;
        }
        return has_word(head, "requires") ||
               (is_type_head(head) && head.find('=') == std::string_view::npos);
    }

    void open_brace() {
        const std::optional<Opening> opening = block_at_brace();
        Frame& frame = top();
        if (!opening) {
            add('{');
            frame.nest += '{';
            frame.statement.braces = true;
            return;
        }
        Frame inner;
        inner.kind = opening->kind;
        inner.goes_on = opening->goes_on;
        inner.head = std::string(trimmed(frame.statement.text));
        inner.first_line =
            frame.statement.line == 0 || opening->goes_on ? line_ : frame.statement.line;
        if (opening->kind == BlockKind::lambda) {
            inner.captures = frame.lambda_captures;
            frame.lambda_depth = 0;
            frame.lambda_captures = false;
        }
        if (!opening->goes_on) {
            finish_statement();
        }
        frames_.push_back(std::move(inner));
    }

    void close_brace() {
        if (!top().nest.empty()) {
            add('}');
            top().nest.pop_back();
            return;
        }
        finish_statement();
        if (frames_.size() == 1) {
            return;
        }
        Frame done = std::move(frames_.back());
        frames_.pop_back();
        result_.blocks.push_back(
            {done.kind, done.head, done.first_line, line_, done.captures, done.coroutine});
        if (done.goes_on) {
            add('}');
        } else if (done.kind == BlockKind::plain) {
            top().coroutine = top().coroutine || done.coroutine;
        }
    }

    void finish_statement() {
        Frame& frame = top();
        if (!trimmed(frame.statement.text).empty()) {
            result_.statements.push_back(std::move(frame.statement));
        }
        frame.statement = Statement{};
        frame.nest.clear();
        frame.lambda_depth = 0;
        frame.lambda_captures = false;
    }

    std::string code_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    std::vector<Frame> frames_;
    Structure result_;
};

}  // namespace

Structure structure_of(std::string_view code) {
    return Scanner(code).run();
}

}  // namespace hangu::tidy

// Statements and functions of a C++ file, found by matching brackets. Not a parser: it knows just
// enough of the language to tell a block from a braced initialiser and a lambda from an index.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hangu::tidy {

struct Statement {
    std::string text;            // lambda bodies left out
    std::size_t line = 0;        // where it begins
    std::size_t await_line = 0;  // of the first co_await; 0 if none
    bool braces = false;         // builds something with { }
    bool captures = false;       // builds a lambda that captures
};

enum class BlockKind { space, type, function, lambda, plain };

struct Block {
    BlockKind kind = BlockKind::plain;
    std::string head;  // what stands before the opening brace
    std::size_t first_line = 0;
    std::size_t last_line = 0;
    bool captures = false;  // a lambda with a capture
    bool coroutine = false;
};

struct Structure {
    std::vector<Statement> statements;
    std::vector<Block> blocks;  // in the order in which they end
};

// Takes text whose comments and literals are blanked.
Structure structure_of(std::string_view code);

}  // namespace hangu::tidy

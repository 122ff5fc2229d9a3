# Writes one source file with a data file's bytes: the function ${FUNCTION}() of namespace ${SPACE}.
file(READ ${FILE} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUT} "// Generated from a data file.
#include <span>

namespace ${SPACE} {

static constexpr unsigned char kBytes[] = {${bytes}};

std::span<const unsigned char> ${FUNCTION}();
std::span<const unsigned char> ${FUNCTION}() {
    return kBytes;
}

}  // namespace ${SPACE}
")

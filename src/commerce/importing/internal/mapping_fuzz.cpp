// Any text: a mapping, or a problem that names at least one fault with its line.
#include "commerce/importing/internal/mapping.hpp"

#include "base/check.hpp"

#include <cstddef>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto mapping = hangu::importing::parse_mapping(text);
    if (!mapping.ok()) {
        HANGU_ASSERT(mapping.problem().code == "import.mapping_invalid");
        HANGU_ASSERT(!mapping.problem().fields.empty());
        for (const hangu::FieldProblem& field : mapping.problem().fields) {
            HANGU_ASSERT(field.detail.starts_with("line "));
        }
    } else {
        HANGU_ASSERT(!mapping->source.empty());
    }
    return 0;
}

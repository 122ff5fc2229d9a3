// Any bytes: the reader ends, keeps its limits, and tells every fault with a line that exists. The
// first byte chooses encoding and separator, the second how short the reads are.
#include "commerce/importing/internal/csv_reader.hpp"

#include "base/check.hpp"
#include "base/text.hpp"

#include <cstddef>
#include <string_view>

using namespace hangu::importing;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size < 2) {
        return 0;
    }
    const Encoding encoding = (data[0] & 1U) != 0 ? Encoding::gbk : Encoding::utf8;
    const char separator = (data[0] & 2U) != 0 ? ';' : ',';
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    MemorySource detected(text);
    detect_encoding(detected);
    MemorySource bytes(text, data[1] % 61U + 1);
    const CsvLimits limits{4096, 512, 20};
    CsvReader reader(bytes, separator, encoding, limits);
    CsvRow row;
    std::int64_t last_line = 0;
    while (reader.next(row)) {
        HANGU_ASSERT(row.line > last_line);
        last_line = row.line;
        HANGU_ASSERT(row.fields.size() <= limits.columns_count_max);
        if (row.fault) {
            HANGU_ASSERT(row.fault->line >= row.line && !row.fault->code.empty());
            continue;
        }
        for (const std::string_view field : row.fields) {
            HANGU_ASSERT(field.size() <= limits.field_bytes_max && hangu::is_utf8(field));
        }
    }
    HANGU_ASSERT(last_line <= static_cast<std::int64_t>(size) + 1);
    return 0;
}

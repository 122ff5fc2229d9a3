// Small parts that both passes of a run share.
#pragma once

#include "commerce/importing/internal/desks.hpp"

#include <string>
#include <string_view>

namespace hangu::importing {

inline constexpr std::string_view kNoLineBreak =
    ": the last row does not end with a line break; check that the file is complete";

template <class Record>
std::int64_t weight_of(const Record&) {
    return 1;
}
inline std::int64_t weight_of(const SourceProduct& product) {
    return static_cast<std::int64_t>(product.specs.size());
}

template <class Record>
std::int64_t last_line_of(const Record& record) {
    return record.line;
}
inline std::int64_t last_line_of(const SourceReceipt& receipt) {
    return receipt.last_line;
}

inline void count(Verdict verdict, std::int64_t weight, ImportCounts& counts) {
    switch (verdict) {
        case Verdict::create:
            counts.created += weight;
            break;
        case Verdict::change:
            counts.changed += weight;
            break;
        case Verdict::link:
            counts.linked += weight;
            break;
        case Verdict::keep:
            counts.kept += weight;
            break;
        case Verdict::unchanged:
            counts.unchanged += weight;
            break;
        case Verdict::bad:
            counts.bad += weight;
            break;
    }
}

// What a file contains: chained SHA-256 and length.
struct Content {
    std::string digest;
    std::int64_t bytes = 0;
};
Result<Content> content_of(const std::string& path, const std::string& name);

}  // namespace hangu::importing

// Collects what is wrong: everything goes to the caller's function at once, the first ones are kept
// for the report, so that a file of only bad rows needs no more memory than a good one.
#pragma once

#include "commerce/importing/importing.hpp"

#include <utility>

namespace hangu::importing {

class BadRows {
 public:
    BadRows(std::function<void(const ImportBadRow&)> tell, ImportReport& report)
        : tell_(std::move(tell)), report_(report) {}

    void add(ImportBadRow row) {
        ++report_.faults_count;
        if (tell_) {
            tell_(row);
        }
        if (report_.bad_rows.size() < kBadRowsKept) {
            report_.bad_rows.push_back(std::move(row));
        }
    }

 private:
    std::function<void(const ImportBadRow&)> tell_;
    ImportReport& report_;
};

}  // namespace hangu::importing

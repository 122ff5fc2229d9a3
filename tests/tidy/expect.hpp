// How a rule of the house fails: one line per place, each naming the allowed way.
#pragma once

#include "source.hpp"

#include <gtest/gtest.h>

namespace hangu::tidy {

inline void expect_none(const Faults& faults) {
    EXPECT_TRUE(faults.empty()) << faults.size() << " found:" << text_of(faults);
}

}  // namespace hangu::tidy

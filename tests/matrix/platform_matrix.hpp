// The matrix of the platform's own listener.
#pragma once

#include "tests/matrix/ground.hpp"
#include "tests/story/at_platform.hpp"

namespace hangu::matrix {

struct PlatformGround {
    explicit PlatformGround(Ground& of);
    // Before each cell: signed in, and not for so long that sessions end by themselves.
    void be_there();

    Ground& ground;
    Person& keeper;          // may everything there
    Person& without_rights;  // signed in, with a second factor and no right
    Person* key = nullptr;   // an application of a merchant, with all its rights
};

void register_platform_matrix(PlatformGround& ground);

}  // namespace hangu::matrix

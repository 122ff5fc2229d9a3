// How somebody comes to run the platform.
#pragma once

#include "tests/story/world.hpp"

#include <string>
#include <vector>

namespace hangu::story {

// With a link that the operator of the machine makes.
void begin_at_platform(World& world, Person& person);
// `maker`, who may everything there, lets her in with these rights; she opens her link.
void join_platform(World& world, Person& maker, Person& person,
                   const std::vector<std::string>& permissions);

}  // namespace hangu::story

// toml++ with its assumptions taken out: version 3.3 assumes of a key's first character what a typo
// in the file can make false ("[!stores]"), and then ends the program in a debug build and is
// undefined in a release one of clang. Without the assumption it reports the error as any other.
#pragma once

#include <toml++/impl/preprocessor.h>

#undef TOML_ASSERT_ASSUME
#define TOML_ASSERT_ASSUME(...) static_assert(true)

#include <toml++/toml.h>

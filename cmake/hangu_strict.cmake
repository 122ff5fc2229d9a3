# The warnings every file of ours is compiled with, all of them errors, and the sanitizer switches.
add_library(hangu_strict INTERFACE)
add_library(hangu::strict ALIAS hangu_strict)
target_compile_options(hangu_strict INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Aggregates with default member values are our options idiom; naming each field is not required.
    target_compile_options(hangu_strict INTERFACE -Wno-missing-field-initializers)
    # g++ 12 reports false positives of these in inlined standard library code at -O2.
    target_compile_options(hangu_strict INTERFACE
        -Wno-maybe-uninitialized -Wno-restrict -Wno-dangling-pointer -Wno-stringop-overflow
        -Wno-array-bounds -Wno-stringop-overread)
    # A file of a unit counts as included: what its anonymous namespace has is taken for a header's.
    target_compile_options(hangu_strict INTERFACE
        $<$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>:-Wno-subobject-linkage>)
    # The compiler collects its own garbage later: a tenth less CPU for 110 MB more of memory.
    add_compile_options(--param=ggc-min-heapsize=524288)
else()
    target_compile_options(hangu_strict INTERFACE -Wno-missing-field-initializers)
endif()

# HANGU_SANITIZE is a comma list as the compiler takes it: address,undefined or thread.
set(HANGU_SANITIZE "" CACHE STRING "sanitizers of this build")
if(HANGU_SANITIZE)
    add_compile_options(-fsanitize=${HANGU_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=undefined)
    if(HANGU_SANITIZE MATCHES "undefined")
        # A null or wild pointer is the address sanitizer's find anyhow, and these two are put before
        # every access, which costs time to compile.
        add_compile_options(-fno-sanitize=null,alignment)
    endif()
    add_link_options(-fsanitize=${HANGU_SANITIZE})
endif()

add_compile_options(-fstack-protector-strong)
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_BEAST_USE_STD_STRING_VIEW)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_definitions(_FORTIFY_SOURCE=2)
endif()

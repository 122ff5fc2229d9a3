# Build helpers that are used where the machine has them: ccache, mold or lld.
find_program(HANGU_CCACHE ccache)
if(HANGU_CCACHE)
    set(CMAKE_C_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros ${HANGU_CCACHE})
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_C_COMPILER_LAUNCHER})
endif()

find_program(HANGU_MOLD mold)
find_program(HANGU_LLD ld.lld)
if(HANGU_MOLD)
    add_link_options(-fuse-ld=mold)
elseif(HANGU_LLD)
    add_link_options(-fuse-ld=lld)
endif()

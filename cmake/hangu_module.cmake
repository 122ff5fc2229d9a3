# hangu_module(<name> LAYER <layer> [USES <module>...] [LIBRARIES <target>...] [TEST_USES <module>...]
#              [ALONE <file>...])
#
# Makes the static library hangu::<name> of the folder's *.cpp and internal/*.cpp, the test program
# <name>_test of *_test.cpp, and one fuzz target per *_fuzz.cpp (a replayer under g++, libFuzzer in
# the fuzz preset). sql/*.sql is embedded and reachable as hangu::<name>::sql_files().
# USES is the whole list of modules whose faces this one may include; tests/tidy checks it.
# ALONE names the files that share no compilation unit with others where several files make one (the
# asan preset, docs/adr/0031), each because of something it does to all that follows it.
include(GoogleTest)

function(hangu_embed_sql name)
    file(GLOB sql CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sql/*.sql)
    if(NOT sql)
        return()
    endif()
    list(SORT sql)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}_sql.cpp)
    add_custom_command(
        OUTPUT ${out}
        COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DMODULE=${name} "-DFILES=${sql}"
                -P ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
        DEPENDS ${sql} ${CMAKE_SOURCE_DIR}/cmake/embed_sql.cmake
        VERBATIM)
    set(HANGU_SQL_SOURCE ${out} PARENT_SCOPE)
endfunction()

function(hangu_module name)
    cmake_parse_arguments(M "" "LAYER" "USES;LIBRARIES;TEST_USES;ALONE" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS *.cpp internal/*.cpp)
    set_source_files_properties(${M_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    set(tests ${sources})
    set(fuzzers ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "_(test|fuzz|bench)\\.cpp$")
    set(HANGU_SQL_SOURCE "")
    hangu_embed_sql(${name})

    add_library(hangu_${name} STATIC ${sources} ${HANGU_SQL_SOURCE})
    add_library(hangu::${name} ALIAS hangu_${name})
    target_include_directories(hangu_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
    set(uses "")
    foreach(use IN LISTS M_USES)
        list(APPEND uses hangu::${use})
    endforeach()
    target_link_libraries(hangu_${name} PUBLIC ${uses} Boost::json fmt::fmt Threads::Threads
                          PRIVATE hangu::strict ${M_LIBRARIES})
    if(NOT name STREQUAL "base")
        target_link_libraries(hangu_${name} PUBLIC hangu::base)
    endif()
    target_precompile_headers(hangu_${name} REUSE_FROM hangu_pch_std)

    if(tests)
        set(test_uses "")
        foreach(use IN LISTS M_TEST_USES)
            list(APPEND test_uses hangu::${use})
        endforeach()
        add_executable(${name}_test ${tests})
        target_link_libraries(${name}_test PRIVATE hangu::${name} ${test_uses} ${M_LIBRARIES}
                              hangu::strict GTest::gtest GTest::gtest_main)
        target_precompile_headers(${name}_test REUSE_FROM hangu_pch_test)
        add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1)
        set_tests_properties(${name} PROPERTIES LABELS unit)
    endif()

    foreach(fuzzer IN LISTS fuzzers)
        get_filename_component(stem ${fuzzer} NAME_WE)
        get_filename_component(folder ${fuzzer} DIRECTORY)
        add_executable(${stem} ${fuzzer})
        target_link_libraries(${stem} PRIVATE hangu::${name} ${M_LIBRARIES} hangu::strict)
        if(HANGU_FUZZ)
            target_link_options(${stem} PRIVATE -fsanitize=fuzzer)
        else()
            target_sources(${stem} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
            if(EXISTS ${folder}/${stem}_corpus)
                add_test(NAME ${stem} COMMAND ${stem} ${folder}/${stem}_corpus)
                set_tests_properties(${stem} PROPERTIES LABELS unit)
            endif()
        endif()
    endforeach()
endfunction()

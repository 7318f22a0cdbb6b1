# The one place for compiler flags, and for the rule that a folder's sources are found by pattern.

add_library(relock_flags INTERFACE)
target_compile_options(relock_flags INTERFACE
    -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpedantic -Werror)
if(RELOCK_SANITIZE)
    target_compile_options(relock_flags INTERFACE
        -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(relock_flags INTERFACE -fsanitize=address,undefined)
endif()
if(RELOCK_FUZZ)
    target_compile_options(relock_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(RELOCK_COVERAGE)
    target_compile_options(relock_flags INTERFACE --coverage)
    target_link_options(relock_flags INTERFACE --coverage)
endif()

# relock_library(NAME): a static library of src/*.c with the public headers in include/.
# A folder without sources yet gives a header-only library, so that the rest still configures.
function(relock_library name)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/src/*.c)
    if(sources)
        add_library(${name} STATIC ${sources})
        target_include_directories(${name} PUBLIC include PRIVATE src)
        target_link_libraries(${name} PRIVATE relock_flags)
    else()
        message(STATUS "${name}: no sources yet")
        add_library(${name} INTERFACE)
        target_include_directories(${name} INTERFACE include)
    endif()
endfunction()

# relock_program(NAME SOURCE...): an executable that uses the core, the simulator and POSIX.
function(relock_program name)
    add_executable(${name} ${ARGN})
    target_compile_definitions(${name} PRIVATE _XOPEN_SOURCE=700 RELOCK_VERSION="${PROJECT_VERSION}")
    target_link_libraries(${name} PRIVATE relock_core relock_sim relock_sim_host relock_flags)
endfunction()

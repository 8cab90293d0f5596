# fengqiao_flags: the one place where language, warnings and hardening are decided.
add_library(fengqiao_flags INTERFACE)
target_compile_features(fengqiao_flags INTERFACE c_std_11)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
target_include_directories(fengqiao_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(fengqiao_flags INTERFACE
    _GNU_SOURCE FENGQIAO_VERSION="${PROJECT_VERSION}"
    # Files above 2 GiB and years after 2038 on 32-bit machines as well. Where a library is
    # given or gives a time_t, its own build decides how wide that is: 32 bits for Debian
    # 12's gnutls on armhf. A target with FENGQIAO_LIBRARY_TIME has what the compiler takes
    # when nobody asks, as the libraries have.
    _FILE_OFFSET_BITS=64
    $<$<NOT:$<BOOL:$<TARGET_PROPERTY:FENGQIAO_LIBRARY_TIME>>>:_TIME_BITS=64>)
target_compile_options(fengqiao_flags INTERFACE
    -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith
    -Wcast-qual -Wwrite-strings -Wvla -Wformat=2 -Wundef -Wno-unused-parameter
    -fstack-protector-strong -fno-common
    # Sentences that take two lines stand in many of our tables.
    $<$<C_COMPILER_ID:Clang>:-Wno-string-concatenation>
    $<$<BOOL:${FENGQIAO_WERROR}>:-Werror>
    # Paths of the machine that built it have no place in a binary.
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
target_link_options(fengqiao_flags INTERFACE -Wl,-z,relro,-z,now)
if(FENGQIAO_SANITIZE)
    target_compile_options(fengqiao_flags INTERFACE
        -fsanitize=${FENGQIAO_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(fengqiao_flags INTERFACE -fsanitize=${FENGQIAO_SANITIZE})
else()
    target_compile_definitions(fengqiao_flags INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
endif()
# Children that read what others wrote give up their rights (node/io/sandbox.h), which
# neither sanitizers nor counters of what is executed can do.
set(FENGQIAO_CONFINES TRUE)
if(FENGQIAO_SANITIZE OR CMAKE_C_FLAGS MATCHES "--coverage")
    set(FENGQIAO_CONFINES FALSE)
endif()

# fengqiao_library(NAME SOURCES ... LINK ...): one room of the house.
function(fengqiao_library name)
    cmake_parse_arguments(LIB "" "" "SOURCES;LINK;PRIVATE" ${ARGN})
    add_library(${name} STATIC ${LIB_SOURCES})
    target_link_libraries(${name} PUBLIC fengqiao_flags ${LIB_LINK} PRIVATE ${LIB_PRIVATE})
endfunction()

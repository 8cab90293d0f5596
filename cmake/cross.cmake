# Toolchain of the presets cross-*: Debian's cross compiler, the sysroot that tests/cross.sh
# unpacks under build/, and qemu-user to run what was built. FENGQIAO_CROSS is the name
# that Debian gives the architecture.
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES FENGQIAO_CROSS)
set(CMAKE_SYSTEM_NAME Linux)
if(FENGQIAO_CROSS STREQUAL "arm64")
    set(CMAKE_SYSTEM_PROCESSOR aarch64)
    set(triplet aarch64-linux-gnu)
    set(emulator qemu-aarch64-static)
elseif(FENGQIAO_CROSS STREQUAL "armhf")
    set(CMAKE_SYSTEM_PROCESSOR armv7l)
    set(triplet arm-linux-gnueabihf)
    set(emulator qemu-arm-static)
    # Without them a stack cannot be read here, by which tests tell places apart.
    set(CMAKE_C_FLAGS_INIT -funwind-tables)
elseif(FENGQIAO_CROSS STREQUAL "s390x")
    set(CMAKE_SYSTEM_PROCESSOR s390x)
    set(triplet s390x-linux-gnu)
    set(emulator qemu-s390x-static)
else()
    message(FATAL_ERROR "FENGQIAO_CROSS must be arm64, armhf or s390x")
endif()
get_filename_component(CMAKE_SYSROOT
    ${CMAKE_CURRENT_LIST_DIR}/../build/sysroot-${FENGQIAO_CROSS} ABSOLUTE)
if(NOT EXISTS ${CMAKE_SYSROOT}/usr/include)
    message(FATAL_ERROR "no sysroot: tests/cross.sh --sysroot ${FENGQIAO_CROSS} makes it")
endif()
set(CMAKE_C_COMPILER ${triplet}-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR ${emulator} -L ${CMAKE_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
# The packages of the other machine, not those of this one.
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
    ${CMAKE_SYSROOT}/usr/lib/${triplet}/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)

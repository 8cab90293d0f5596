# test_program(OUT TARGET): what a script calls to run TARGET. The program itself, or where
# programs run in an emulator (qemu-user, valgrind) a script of its name that does so.
function(test_program out target)
    if(NOT CMAKE_CROSSCOMPILING_EMULATOR)
        set(${out} $<TARGET_FILE:${target}> PARENT_SCOPE)
        return()
    endif()
    set(script ${CMAKE_BINARY_DIR}/emulated/${target})
    get_property(is_made GLOBAL PROPERTY emulated_${target})
    if(NOT is_made)
        list(JOIN CMAKE_CROSSCOMPILING_EMULATOR "\" \"" emulator)
        file(GENERATE OUTPUT ${script}
            CONTENT "#!/bin/sh\nexec \"${emulator}\" \"$<TARGET_FILE:${target}>\" \"$@\"\n"
            FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
        set_property(GLOBAL PROPERTY emulated_${target} TRUE)
    endif()
    set(${out} ${script} PARENT_SCOPE)
endfunction()

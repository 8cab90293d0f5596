# With no bug awake the copies are the node: SOUND and PLANTED live the same histories.
foreach(seed 3 8)
    execute_process(COMMAND ${SOUND} --seed ${seed} --trace OUTPUT_VARIABLE sound)
    execute_process(COMMAND ${PLANTED} --bug nothing --seed ${seed} --trace
        OUTPUT_VARIABLE planted RESULT_VARIABLE result)
    # The last line is each program's own.
    string(REGEX REPLACE "[^\n]*\n$" "" sound "${sound}")
    string(REGEX REPLACE "[^\n]*\n$" "" planted "${planted}")
    string(LENGTH "${sound}" len)
    if(NOT result EQUAL 0 OR len LESS 10000 OR NOT sound STREQUAL planted)
        message(FATAL_ERROR "seed ${seed} is another history with the copies, though no bug "
            "is awake: fengqiao-sim[-planted --bug nothing] --seed ${seed} --trace")
    endif()
endforeach()

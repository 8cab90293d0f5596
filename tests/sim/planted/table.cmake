# The table of DOC is the one that PROGRAM prints of SEEDS.
execute_process(COMMAND ${PROGRAM} --table ${SEEDS} OUTPUT_VARIABLE table RESULT_VARIABLE result)
file(READ ${DOC} doc)
string(FIND "${doc}" "${table}" at)
if(NOT result EQUAL 0 OR table STREQUAL "" OR at EQUAL -1)
    message(FATAL_ERROR "docs/PLANTED.md differs; its table is: "
        "fengqiao-sim-planted --table tests/sim/planted/seeds.txt")
endif()

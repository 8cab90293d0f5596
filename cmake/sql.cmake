# Makes C of SQL, at build time. Run with -P; lists of paths are separated by commas.
#   statement_list.h  from FILES, an X-macro of every `-- STMT: name`: name, text, and the
#                     reason of a `-- SCAN: reason` line (the plan test refuses SCAN
#                     without one), else NULL
#   setting_list.h    from SETTINGS, the same, with the text of `-- EXPECT: answer`: what
#                     the first column must say when it runs, else NULL
#   schema_text.h     from MIGRATIONS, an array: migration i leads from version i to i + 1
# Comments are left out; a statement becomes one line.
function(escape out text)
    string(REPLACE "\\" "\\\\" text "${text}")
    string(REPLACE "\"" "\\\"" text "${text}")
    set(${out} "${text}" PARENT_SCOPE)
endfunction()

function(read_note out word body)
    set(${out} "NULL" PARENT_SCOPE)
    if("${body}" MATCHES "-- ${word}: ([^\n]*)\n")
        escape(note "${CMAKE_MATCH_1}")
        set(${out} "\"${note}\"" PARENT_SCOPE)
    endif()
endfunction()

function(make_list out word files)
    string(REPLACE "," ";" files "${files}")
    set(list "")
    foreach(file IN LISTS files)
        file(READ "${file}" text)
        string(FIND "${text}" "-- STMT: " at)
        while(NOT at EQUAL -1)
            math(EXPR at "${at} + 9")
            string(SUBSTRING "${text}" ${at} -1 text)
            string(FIND "${text}" "-- STMT: " at)
            string(SUBSTRING "${text}" 0 ${at} body)
            string(FIND "${body}" "\n" line)
            string(SUBSTRING "${body}" 0 ${line} name)
            string(SUBSTRING "${body}" ${line} -1 body)
            read_note(note ${word} "${body}")
            string(REGEX REPLACE "--[^\n]*\n" "" body "${body}")
            string(REGEX REPLACE "[ \n]+" " " body "${body}")
            string(STRIP "${body}" body)
            if(NOT name MATCHES "^[a-z][a-z_]*$" OR body STREQUAL "")
                message(FATAL_ERROR "${file}: '${name}' has no good name or no text")
            endif()
            escape(body "${body}")
            string(APPEND list "    X(${name}, \"${body}\", ${note}) \\\n")
        endwhile()
    endforeach()
    set(${out} "${list}" PARENT_SCOPE)
endfunction()

make_list(statements SCAN "${FILES}")
file(WRITE "${OUT}/statement_list.h"
    "/* Made from the .sql files of storage. */\n#define STATEMENT_LIST(X) \\\n${statements}\n")
make_list(settings EXPECT "${SETTINGS}")
file(WRITE "${OUT}/setting_list.h"
    "/* Made from settings.sql. */\n#define SETTING_LIST(X) \\\n${settings}\n")

set(schema "/* Made from the migrations. */\nstatic const char *const migrations[] = {\n")
string(REPLACE "," ";" files "${MIGRATIONS}")
foreach(file IN LISTS files)
    file(READ "${file}" text)
    string(REGEX REPLACE "--[^\n]*\n" "" text "${text}")
    escape(text "${text}")
    string(REPLACE "\n" "\\n\"\n    \"" text "${text}")
    string(APPEND schema "    \"${text}\",\n")
endforeach()
file(WRITE "${OUT}/schema_text.h" "${schema}};\n")

# Makes C of HTML, at build time. Run with -P; FILES is a list of paths separated by commas.
#   template_list.h  an X-macro of every file: its name, its bytes, and how many
string(REPLACE "," ";" files "${FILES}")
set(arrays "")
set(list "")
foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME_WE)
    string(MAKE_C_IDENTIFIER "template_${name}" symbol)
    file(READ "${file}" text HEX)
    string(LENGTH "${text}" digits)
    math(EXPR len "${digits} / 2")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," text "${text}")
    string(APPEND arrays "static const uint8_t ${symbol}[] = {${text}};\n")
    string(APPEND list "    X(\"${name}\", ${symbol}, ${len}) \\\n")
endforeach()
file(WRITE "${OUT}/template_list.h"
    "/* Made from the .html files of node/web. */\n#include <stdint.h>\n\n${arrays}\n#define TEMPLATE_LIST(X) \\\n${list}\n")

# Makes C of files, at build time. Run with -P; FILES is a list of paths separated by commas,
# LIST the path of the header that is made:
#   embedded_NAME     the bytes of each file
#   EMBEDDED_LIST(X)  X("name", symbol, length) of each, in the order of FILES; the name of an
#                     .html file goes without it
string(REPLACE "," ";" files "${FILES}")
set(arrays "")
set(list "")
foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME)
    string(MAKE_C_IDENTIFIER "embedded_${name}" symbol)
    file(READ "${file}" text HEX)
    string(LENGTH "${text}" digits)
    math(EXPR len "${digits} / 2")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," text "${text}")
    string(APPEND arrays "static const uint8_t ${symbol}[] = {${text}};\n")
    string(REGEX REPLACE "\\.html$" "" name "${name}")
    string(APPEND list "    X(\"${name}\", ${symbol}, ${len}) \\\n")
endforeach()
file(WRITE "${LIST}"
    "/* Made from files of this folder. */\n#include <stdint.h>\n\n${arrays}\n#define EMBEDDED_LIST(X) \\\n${list}\n")

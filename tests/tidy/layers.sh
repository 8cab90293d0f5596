#!/bin/sh
# Includes against the table of docs/ARCHITECTURE.md: which room may use which.
set -u
cd "$1" || exit 2
bad=0
check() { # folder, allowed folders (own one included), allowed libraries
    for file in $(git ls-files --cached --others --exclude-standard "$1" | grep -E '\.[ch]$'); do
        for used in $(sed -n 's/^#include "\([^"]*\)".*/\1/p' "$file"); do
            case "$used" in
            statement_list.h | paper_list.h | part_list.h | recovery_list.h | sentence_list.h | text_list.h | setting_list.h | schema_text.h) continue ;; # generated
            esac
            room=$(dirname "$used")
            case " $2 " in *" $room "*) ;; *)
                echo "$file: includes $used, which $1 may not"; bad=1 ;;
            esac
        done
        for used in $(sed -n 's/^#include <\([^>]*\)>.*/\1/p' "$file" |
            grep -E '^(sodium|sqlite3|uv|msgpack|qrencode|xlsxwriter|zlib|microhttpd|jansson|gnutls|seccomp)'); do
            case " $3 " in *" ${used%.h} "*) ;; *)
                echo "$file: includes <$used>, which $1 may not"; bad=1 ;;
            esac
        done
    done
}
check crypto 'crypto' 'sodium'
check proto 'proto crypto' 'msgpack sodium'
check storage 'storage proto crypto' 'sqlite3'
check node/cases 'node/cases proto crypto' ''
check node/web 'node/web proto' 'qrencode'
check node/page 'node/page node/cases node/web proto crypto' 'jansson'
check node/core 'node/core node/cases node/web storage proto crypto' ''
check node/io 'node/io node/core node/page node/web storage proto crypto' 'uv sodium microhttpd gnutls/crypto gnutls/x509 seccomp'
check cli 'cli proto crypto node/cases' 'xlsxwriter qrencode'
# Below io nobody looks at a clock.
for file in $(git ls-files --cached --others --exclude-standard crypto proto storage node/cases node/web node/page node/core |
    grep -E '\.[ch]$'); do
    if grep -nE '<time\.h>|<sys/time\.h>|clock_gettime|gettimeofday' "$file"; then
        echo "$file: a clock below io"; bad=1
    fi
done
exit $bad

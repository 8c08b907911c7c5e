# cmake -DOUTPUT=FILE.gz -DGZIP=PROGRAM "-DPACKED=file;file;..." -P pack.cmake
# Writes one gzip file that has these one behind the other: a LICENSE as a comment, and of our own
# scripts no lines of comment.
set(text "")
foreach(file IN LISTS PACKED)
  file(READ ${file} part)
  if(file MATCHES "/LICENSE$")
    set(part "/*\n${part}*/\n")
  elseif(file MATCHES "\\.js$" AND NOT file MATCHES "\\.min\\.js$")
    string(REGEX REPLACE "\n *//[^\n]*" "" part "${part}")
  endif()
  string(APPEND text "${part}\n")
endforeach()
string(REGEX REPLACE "\\.gz$" "" plain ${OUTPUT})
file(WRITE ${plain} "${text}")
execute_process(COMMAND ${GZIP} -9 -n -k -f ${plain} COMMAND_ERROR_IS_FATAL ANY)

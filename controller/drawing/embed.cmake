# cmake -DOUTPUT=FILE.cpp -DHEADER=FILE.hpp -DNAMESPACE=NAME "-DEMBEDDED=name;file;..." -P embed.cmake
# Writes the files' bytes as constants, std::string_view, of the namespace.
set(text "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n")
while(EMBEDDED)
  list(POP_FRONT EMBEDDED name file)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND text "static constexpr char ${name}_bytes[] = {${bytes}};\n"
    "const std::string_view ${name}{${name}_bytes, sizeof ${name}_bytes};\n")
endwhile()
string(APPEND text "}\n")
file(WRITE ${OUTPUT} "${text}")

# cmake -DOUTPUT=FILE.cpp "-DEMBEDDED=name;file;name;file;..." -P embed.cmake
# Writes the files' bytes as constants of namespace pianissimo::report::assets.
set(text "#include \"experiments/report/assets.hpp\"\n\nnamespace pianissimo::report::assets {\n")
while(EMBEDDED)
  list(POP_FRONT EMBEDDED name file)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND text "static constexpr char ${name}_bytes[] = {${bytes}};\n"
    "const std::string_view ${name}{${name}_bytes, sizeof ${name}_bytes};\n")
endwhile()
string(APPEND text "}\n")
file(WRITE ${OUTPUT} "${text}")

# cmake -DOUTPUT=FILE.cpp -DSUITE="FILE;..." -DTRAINING="FILE;..." -DFIT=FILE -P shipped.cmake
# Writes the files' bytes as the constants that shipped.hpp declares.
function(bytes_of file result)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  set(${result} "${bytes}" PARENT_SCOPE)
endfunction()

function(scenarios_of list files result)
  set(text "")
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME_WE)
    string(MAKE_C_IDENTIFIER "${list}_${name}" variable)
    bytes_of(${file} bytes)
    string(APPEND text "constexpr char ${variable}[] = {${bytes}};\n")
    string(APPEND entries "    Shipped{\"${name}\", {${variable}, sizeof ${variable}}},\n")
  endforeach()
  set(${result} "${text}constexpr Shipped ${list}[] = {\n${entries}};\n" PARENT_SCOPE)
endfunction()

scenarios_of(suite "${SUITE}" suite)
scenarios_of(training "${TRAINING}" training)
bytes_of(${FIT} fit)
file(WRITE ${OUTPUT} "#include \"experiments/lab/shipped.hpp\"

namespace pianissimo::lab {
namespace {

${suite}
${training}
constexpr char fit[] = {${fit}};

}  // namespace

std::span<const Shipped> shipped_suite() { return suite; }
std::span<const Shipped> shipped_training() { return training; }
std::string_view shipped_fit() { return {fit, sizeof fit}; }

}  // namespace pianissimo::lab
")

# What the live page and the report's page are both made of. Variables: pianissimo_drawing, this
# folder; pianissimo_uplot, uPlot's package, which the target of that name brings.
#
# uPlot draws the pages' series. It comes from npm, in the version of package-lock.json, once per
# build directory. A build without network gives an unpacked uplot package instead.
set(PIANISSIMO_UPLOT "" CACHE PATH "An unpacked uplot package; empty: npm fetches it")
set(pianissimo_drawing ${CMAKE_CURRENT_LIST_DIR})
if(PIANISSIMO_UPLOT)
  set(pianissimo_uplot ${PIANISSIMO_UPLOT})
  if(NOT EXISTS ${pianissimo_uplot}/dist/uPlot.iife.min.js)
    message(FATAL_ERROR "PIANISSIMO_UPLOT: there is no dist/uPlot.iife.min.js in ${pianissimo_uplot}")
  endif()
  add_custom_target(pianissimo_uplot)
else()
  find_program(NPM npm)
  if(NOT NPM)
    message(FATAL_ERROR "The live page and the report's page need uPlot from npm, and there is no "
      "npm. Install npm, or name an unpacked uplot package with -DPIANISSIMO_UPLOT=DIR, or build "
      "without both pages: -DPIANISSIMO_PAGE=OFF -DPIANISSIMO_LAB=OFF.")
  endif()
  set(npm_dir ${PROJECT_BINARY_DIR}/uplot)
  set(pianissimo_uplot ${npm_dir}/node_modules/uplot)
  set(fetched ${pianissimo_uplot}/dist/uPlot.iife.min.js ${pianissimo_uplot}/dist/uPlot.min.css
    ${pianissimo_uplot}/LICENSE)
  set(wanted ${pianissimo_drawing}/package.json ${pianissimo_drawing}/package-lock.json
    ${pianissimo_drawing}/.npmrc)
  add_custom_command(
    OUTPUT ${fetched}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${npm_dir}
    COMMAND ${CMAKE_COMMAND} -E copy ${wanted} ${npm_dir}
    COMMAND ${CMAKE_COMMAND} -E chdir ${npm_dir} ${NPM} ci --silent
    # npm keeps the package's own dates, which are older than package-lock.json.
    COMMAND ${CMAKE_COMMAND} -E touch ${fetched}
    DEPENDS ${wanted}
    COMMENT "Fetching uPlot with npm"
    VERBATIM)
  add_custom_target(pianissimo_uplot DEPENDS ${fetched})
endif()

# pianissimo_embed(SOURCE.cpp HEADER.hpp NAMESPACE name file...): makes a source that has each file's
# bytes as a constant of that name.
function(pianissimo_embed source header namespace)
  set(files ${ARGN})
  list(FILTER files INCLUDE REGEX "/")
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${source} -DHEADER=${header} -DNAMESPACE=${namespace}
      "-DEMBEDDED=${ARGN}" -P ${pianissimo_drawing}/embed.cmake
    DEPENDS ${files} ${pianissimo_drawing}/embed.cmake
    COMMENT "Embedding ${header}"
    VERBATIM)
endfunction()

# pianissimo_pack(FILE.gz file...): makes one compressed file of these.
function(pianissimo_pack packed)
  find_program(GZIP gzip REQUIRED)
  add_custom_command(
    OUTPUT ${packed}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${packed} -DGZIP=${GZIP} "-DPACKED=${ARGN}"
      -P ${pianissimo_drawing}/pack.cmake
    DEPENDS ${ARGN} ${pianissimo_drawing}/pack.cmake
    COMMENT "Packing ${packed}"
    VERBATIM)
endfunction()

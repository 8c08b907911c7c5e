# pianissimo_bpf_skeleton(TARGET SOURCE.bpf.c) compiles a BPF program and makes TARGET, an interface
# library that brings "<folder of the source>/<SOURCE>.skel.h" (struct SOURCE_bpf) and libbpf.
find_program(BPF_CLANG NAMES clang clang-14 REQUIRED DOC "Compiler for BPF programs")
find_program(BPFTOOL bpftool PATHS /usr/sbin REQUIRED DOC "Makes skeletons of BPF objects")

if(CMAKE_CXX_BYTE_ORDER STREQUAL BIG_ENDIAN)
  set(PIANISSIMO_BPF_TARGET bpfeb)
else()
  set(PIANISSIMO_BPF_TARGET bpfel)
endif()
# v2: what the kernel's just-in-time compilers for old ARM and MIPS take.
set(PIANISSIMO_BPF_FLAGS -O2 -g -mcpu=v2 -Wall -Wextra -Werror -I${PROJECT_SOURCE_DIR})
set(PIANISSIMO_BPF_HEADERS "" CACHE STRING
  "Folders of the kernel's and libbpf's headers, where they are not this machine's own")
foreach(folder IN LISTS PIANISSIMO_BPF_HEADERS)
  list(APPEND PIANISSIMO_BPF_FLAGS -isystem ${folder})
endforeach()
if(CMAKE_LIBRARY_ARCHITECTURE)
  # <asm/types.h>, which clang does not look for here when it compiles for BPF.
  list(APPEND PIANISSIMO_BPF_FLAGS
    -idirafter ${CMAKE_SYSROOT}/usr/include/${CMAKE_LIBRARY_ARCHITECTURE})
endif()
if(CMAKE_SYSROOT)
  list(APPEND PIANISSIMO_BPF_FLAGS --sysroot=${CMAKE_SYSROOT})
endif()

function(pianissimo_bpf_skeleton target source)
  cmake_path(ABSOLUTE_PATH source)
  cmake_path(GET source PARENT_PATH folder)
  cmake_path(GET source STEM name)
  cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${PROJECT_SOURCE_DIR})
  set(root ${PROJECT_BINARY_DIR}/skeletons)
  set(out ${root}/${folder}/${name})
  file(MAKE_DIRECTORY ${root}/${folder})
  # "gen object" keeps BTF and leaves the debugger's sections behind.
  add_custom_command(
    OUTPUT ${out}.skel.h
    COMMAND ${BPF_CLANG} -target ${PIANISSIMO_BPF_TARGET} ${PIANISSIMO_BPF_FLAGS}
            -MD -MT ${out}.skel.h -MF ${out}.d -c ${source} -o ${out}.full.o
    COMMAND ${BPFTOOL} gen object ${out}.o ${out}.full.o
    COMMAND ${BPFTOOL} gen skeleton ${out}.o name ${name}_bpf > ${out}.skel.h
    DEPENDS ${source}
    DEPFILE ${out}.d
    COMMENT "BPF ${folder}/${name}"
    VERBATIM)
  add_custom_target(${target}_header DEPENDS ${out}.skel.h)
  add_library(${target} INTERFACE)
  add_dependencies(${target} ${target}_header)
  # SYSTEM: the generated code does not keep to our warnings.
  target_include_directories(${target} SYSTEM INTERFACE ${root})
  target_link_libraries(${target} INTERFACE PkgConfig::LIBBPF)
endfunction()

# One static library a folder of src/. USES names the folders that it may include (src/README.md draws them;
# tests/lint/layers.py reads this very call and fails on any other include), EXTERNAL the libraries it links.
add_library(hotline_options INTERFACE)
target_compile_options(hotline_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(HOTLINE_WERROR)
  target_compile_options(hotline_options INTERFACE -Werror)
endif()
if(HOTLINE_SANITIZE)
  target_compile_options(hotline_options INTERFACE -fsanitize=${HOTLINE_SANITIZE} -fno-omit-frame-pointer
                                                   -fno-sanitize-recover=all)
  target_link_options(hotline_options INTERFACE -fsanitize=${HOTLINE_SANITIZE})
endif()
find_program(HOTLINE_MOLD mold)
if(HOTLINE_MOLD)
  target_link_options(hotline_options INTERFACE -fuse-ld=mold)
endif()
target_include_directories(hotline_options INTERFACE ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
# Asio and Beast are compiled once, in src/http/asio.cpp (hotline_asio), instead of in every file that includes them.
target_compile_definitions(hotline_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION
  BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_ARRAY)

# Headers of TARGET's libraries to read once instead of in every file. For the clang builds, which take half the time so;
# g++ gains nothing, and a build without keeps the files' own includes honest.
option(HOTLINE_PRECOMPILE "Precompile headers of libraries" OFF)
function(hotline_precompile target)
  if(HOTLINE_PRECOMPILE)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  endif()
endfunction()

function(hotline_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;EXTERNAL")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/http/asio\\.cpp$")  # a library of its own, http and client share it
  add_library(hotline_${name} STATIC ${sources})
  add_library(hotline::${name} ALIAS hotline_${name})
  list(TRANSFORM arg_USES PREPEND hotline::)
  target_link_libraries(hotline_${name} PUBLIC hotline_options ${arg_USES} ${arg_EXTERNAL})
endfunction()

function(hotline_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "USES;EXTERNAL")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  add_executable(${name} ${sources})
  list(TRANSFORM arg_USES PREPEND hotline::)
  target_link_libraries(${name} PRIVATE hotline_options ${arg_USES} ${arg_EXTERNAL})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

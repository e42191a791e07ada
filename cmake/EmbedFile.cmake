# cmake -DINPUT=... -DOUTPUT=... -DHEADER=... -DFUNCTION=ns::name -P EmbedFile.cmake
# Writes a .cpp whose FUNCTION returns the bytes of INPUT as a std::string_view.
file(READ ${INPUT} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
string(REGEX MATCH "^(.*)::([^:]+)$" matched ${FUNCTION})
file(WRITE ${OUTPUT} "#include \"${HEADER}\"

namespace ${CMAKE_MATCH_1} {
namespace {
constexpr char bytes[] = {${bytes}};
}
std::string_view ${CMAKE_MATCH_2}() { return {bytes, sizeof bytes}; }
}
")

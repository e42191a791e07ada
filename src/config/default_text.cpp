#include <algorithm>

#include <fmt/format.h>

#include "config/config.hpp"
#include "config/setting.hpp"

namespace hotline {
namespace {

constexpr std::size_t columns_max = 100;

constexpr std::string_view preface =
    "hotlined: the daemon's configuration. Every key stands here with its default; a key that is "
    "left out has it too. "
    "The name says the unit. Unknown keys and values out of range are refused at start, all of "
    "them at once. A change "
    "here does not touch the running daemon: systemctl restart hotlined. Where \"reload\" is "
    "written, systemctl reload "
    "hotlined reads the named files again without a pause. This text is made from the table in "
    "src/config/settings.cpp; "
    "a test holds both equal.";

/// A Chinese character is three bytes and two columns wide; the others used here are ASCII.
std::size_t columns(std::string_view word) {
  std::size_t width = 0;
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    width += byte < 0x80 ? 1 : byte >= 0xC0 ? 2 : 0;
  }
  return width;
}

/// Adds `text` as comment lines, broken at spaces.
void append_comment(std::string& out, std::string_view text) {
  std::size_t used = columns_max;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const bool new_line = used + 1 + columns(word) > columns_max;
    if (new_line && !out.empty() && out.back() != '\n') out += '\n';
    out += new_line ? "# " : " ";
    out += word;
    used = (new_line ? 1 : used) + 1 + columns(word);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (!out.empty() && out.back() != '\n') out += '\n';
}

void append_section(std::string& out, std::string_view section) {
  out += '\n';
  append_comment(out, section_help(section));
  out += fmt::format("[{}]\n", section);
}

void append_setting(std::string& out, const Setting& setting) {
  append_comment(out, setting.help);
  const bool says_itself = setting.kind == SettingKind::flag || setting.kind == SettingKind::path;
  std::string remark = says_itself ? "" : allowed(setting);
  if (setting.takes_effect == TakesEffect::reload) remark += remark.empty() ? "reload" : "; reload";
  const std::string line = fmt::format("{} = {}", name_of(setting), toml_text(setting.fallback));
  const bool beside = columns(line) + columns(remark) + 4 <= columns_max;
  if (!beside) append_comment(out, remark);
  out += line;
  out += beside && !remark.empty() ? fmt::format("  # {}\n", remark) : "\n";
}

}  // namespace

std::string default_config_text() {
  std::string out;
  append_comment(out, preface);
  std::string_view section;
  for (const Setting& setting : settings()) {
    if (section_of(setting) != section) {
      section = section_of(setting);
      append_section(out, section);
    } else if (!setting.help.empty()) {
      out += '\n';
    }
    append_setting(out, setting);
  }
  return out;
}

}  // namespace hotline

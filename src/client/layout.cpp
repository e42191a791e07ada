#include "client/layout.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <utf8.h>

#include <fmt/format.h>

namespace hotline::client {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// East Asian Width W and F of Unicode 15, joined to blocks where the gaps are unassigned.
constexpr std::array wide{
    Range{0x1100, 0x115F},   Range{0x231A, 0x231B},   Range{0x2E80, 0x303E},
    Range{0x3041, 0x33FF},   Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},
    Range{0xA000, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE10, 0xFE19},   Range{0xFE30, 0xFE6F},
    Range{0xFF01, 0xFF60},   Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F},
    Range{0x1F680, 0x1F6FF}, Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
constexpr std::array silent{Range{0x0000, 0x001F}, Range{0x007F, 0x009F}, Range{0x0300, 0x036F},
                            Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F}};

template <std::size_t Size>
bool within(const std::array<Range, Size>& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Range& range) {
    return point >= range.first && point <= range.last;
  });
}

std::size_t columns_of(char32_t point) {
  if (within(silent, point)) return 0;
  return within(wide, point) ? 2 : 1;
}

std::string valid(std::string_view text) {
  std::string result;
  utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(result));
  return result;
}

void append_padded(std::string& line, std::string_view cell, std::size_t width, Align align) {
  const std::size_t have = display_width(cell);
  const std::string fill(width > have ? width - have : 0, ' ');
  if (align == Align::right) line += fill;
  line += cell;
  if (align == Align::left) line += fill;
}

void finish_line(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line;
  out += '\n';
}

}  // namespace

std::size_t display_width(std::string_view text) {
  const std::string clean = valid(text);
  std::size_t width = 0;
  for (auto at = clean.begin(); at != clean.end();)
    width += columns_of(utf8::next(at, clean.end()));
  return width;
}

std::string cut(std::string_view text, std::size_t columns) {
  std::string clean = valid(text);
  if (display_width(clean) <= columns) return clean;
  if (columns == 0) return {};
  std::size_t width = 0;
  auto at = clean.begin();
  while (at != clean.end()) {
    auto next = at;
    width += columns_of(utf8::next(next, clean.end()));
    if (width > columns - 1) break;
    at = next;
  }
  return std::string(clean.begin(), at) + "…";
}

std::string span_words(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{}秒", seconds);
  if (seconds < 3600) return fmt::format("{}分", seconds / 60);
  if (seconds < 86'400) return fmt::format("{}时{:02}分", seconds / 3600, seconds / 60 % 60);
  return fmt::format("{}天{}时", seconds / 86'400, seconds / 3600 % 24);
}

std::string repaint(std::string_view text, const Screen& screen, std::size_t& lines) {
  // The cursor stands below what was drawn, so one row is its.
  const std::size_t room = std::max<std::size_t>(screen.rows, 3) - 1;
  const auto total = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  const std::size_t shown = total <= room ? total : room - 1;
  std::string out = lines == 0 ? "" : fmt::format("\x1b[{}F", lines);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto end = text.find('\n');
    out += cut(text.substr(0, end), screen.columns) + "\x1b[K\n";
    text.remove_prefix(end + 1);
  }
  if (shown < total) out += fmt::format("... and {} lines more\x1b[K\n", total - shown);
  lines = shown + (shown < total ? 1 : 0);
  return out + "\x1b[J";
}

void Table::row(std::vector<std::string> cells) {
  assert(cells.size() <= columns_.size());
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::str() const {
  std::vector<std::size_t> widths;
  for (const auto& column : columns_) widths.push_back(display_width(column.title));
  for (const auto& cells : rows_) {
    for (std::size_t i = 0; i < cells.size(); ++i)
      widths[i] = std::max(widths[i], display_width(cells[i]));
  }
  std::string out;
  std::string head;
  std::string rule;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    append_padded(head, columns_[i].title, widths[i], columns_[i].align);
    rule += std::string(widths[i], '-');
    if (i + 1 < columns_.size()) {
      head += "  ";
      rule += "  ";
    }
  }
  finish_line(out, head);
  finish_line(out, rule);
  for (const auto& cells : rows_) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      append_padded(line, cells[i], widths[i], columns_[i].align);
      line += "  ";
    }
    finish_line(out, line);
  }
  return out;
}

}  // namespace hotline::client

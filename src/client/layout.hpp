#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hotline::client {

/// Columns that `text` takes on a terminal: two for Chinese and other wide characters, none for
/// combining marks and control characters, one for the rest. What is not UTF-8 counts as the
/// replacement character.
std::size_t display_width(std::string_view text);

/// `text` cut to at most `columns`, with `…` in the place of what was cut.
std::string cut(std::string_view text, std::size_t columns);

/// A length of time in its two largest units: `59秒`, `5分`, `3时20分`, `1天1时`.
std::string span_words(std::int64_t seconds);

/// What a terminal shows at once.
struct Screen {
  std::size_t rows = 24;
  std::size_t columns = 80;
};

/// Draws `text` over what the last call drew: its lines cut to the screen, those beyond it told by
/// their number. `lines` is what stands there, 0 at first, and afterwards what stands there now.
std::string repaint(std::string_view text, const Screen& screen, std::size_t& lines);

enum class Align { left, right };

/// A table for people: columns as wide as their widest cell by `display_width`, two spaces between
/// them.
class Table {
 public:
  struct Column {
    std::string title;
    Align align = Align::left;
  };
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// Missing cells are empty; cells beyond the columns are a defect of the caller.
  void row(std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  /// Title line, rule, rows; every line ends with a newline and none with a space.
  std::string str() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace hotline::client

#include "client/column_map.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/csv_rows.hpp"
#include "client/input.hpp"

namespace hotline::client {
namespace {

bool is_field(std::string_view name, FieldNames fields) {
  return std::find(fields.begin(), fields.end(), name) != fields.end();
}

Result<void> add_mapping(std::string_view word, FieldNames fields, ColumnMap& columns) {
  const auto sign = word.find('=');
  const std::string field(trimmed(word.substr(0, sign)));
  const auto column = sign == word.npos ? word.substr(0, 0) : trimmed(word.substr(sign + 1));
  if (column.empty()) {
    return fail(ErrorCode::invalid,
                fmt::format("--map: '{}' is not FIELD=COLUMN such as content=主题", word));
  }
  if (!is_field(field, fields)) {
    return fail(ErrorCode::invalid, fmt::format("--map: '{}' is no field; the fields are {}", field,
                                                fmt::join(fields, ", ")));
  }
  columns[field] = column;
  return {};
}

Result<void> add_file(const std::string& file, FieldNames fields, ColumnMap& columns) {
  const auto text = read_body(file);
  if (!text) return fail(ErrorCode::invalid, "--map: " + text.error().detail);
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const auto word = trimmed(line);
    if (word.empty() || word.starts_with('#')) continue;
    if (auto added = add_mapping(word, fields, columns); !added) return added;
  }
  return {};
}

/// The field that the column fills without being mapped; empty: none.
std::string field_of(std::string_view column, FieldNames fields, FieldAliases aliases) {
  for (const auto& [name, field] : aliases) {
    if (name == column) return std::string(field);
  }
  return is_field(column, fields) ? std::string(column) : std::string();
}

}  // namespace

Result<ColumnMap> read_column_map(const std::vector<std::string>& words, FieldNames fields) {
  ColumnMap columns;
  for (const auto& word : words) {
    auto added = word.starts_with('@') ? add_file(word.substr(1), fields, columns)
                                       : add_mapping(word, fields, columns);
    if (!added) return tl::make_unexpected(std::move(added.error()));
  }
  return columns;
}

Result<std::vector<std::string>> fields_of_columns(const std::vector<std::string>& header,
                                                   const ColumnMap& columns, FieldNames fields,
                                                   FieldAliases aliases) {
  std::vector<std::string> filled;
  for (const auto& name : header) filled.push_back(field_of(name, fields, aliases));
  for (const auto& [field, column] : columns) {
    const auto found = std::find(header.begin(), header.end(), column);
    if (found == header.end()) {
      return fail(ErrorCode::invalid,
                  fmt::format("--map: there is no column '{}'; the columns are {}", column,
                              fmt::join(header, ", ")));
    }
    std::replace(filled.begin(), filled.end(), field, std::string());
    filled[static_cast<std::size_t>(found - header.begin())] = field;
  }
  return filled;
}

}  // namespace hotline::client

#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace hotline::client {

/// Column of a table by the field that it fills.
using ColumnMap = std::map<std::string, std::string>;
/// The fields that columns can fill.
using FieldNames = std::span<const std::string_view>;
/// Other names under which a field is known without being mapped: column, field.
using FieldAliases = std::span<const std::pair<std::string_view, std::string_view>>;

/// From words like `content=主题`; a word `@FILE` stands for the lines of a file, in which those
/// that begin with `#` say nothing. Fails with `invalid` on anything else and on other fields than
/// these.
Result<ColumnMap> read_column_map(const std::vector<std::string>& words, FieldNames fields);

/// The field that each column of a header fills; empty: none. What is mapped goes before what
/// merely has the field's name or an alias. Fails with `invalid`, and lists the columns that there
/// are, when a mapped one is not there.
Result<std::vector<std::string>> fields_of_columns(const std::vector<std::string>& header,
                                                   const ColumnMap& columns, FieldNames fields,
                                                   FieldAliases aliases);

}  // namespace hotline::client

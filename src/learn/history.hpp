#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "client/column_map.hpp"

namespace hotline::learn {

/// One ticket of an office's history, with what the office decided. What is empty says nothing.
struct HistoryRow {
  std::string id;  ///< the ticket's number; a later row with the same one replaces this
  std::string title;
  std::string content;
  std::string channel;
  std::string region;    ///< code
  std::string category;  ///< code, of the category that the office decided on
  std::string category_name;
  std::string department;  ///< code, of the unit that led
  std::string department_name;
  std::string type;                 ///< in the API's word or the Chinese one
  std::string group;                ///< rows of one group are nearly one text, as the office knows
  std::optional<Time> labelled_at;  ///< when it was decided; else when the ticket was received
};

/// What a column or a member of an object can fill; `HISTORY.md` says what each is.
inline constexpr std::array<std::string_view, 14> history_fields{
    "id",         "title",           "content", "channel", "region", "category",    "category_name",
    "department", "department_name", "type",    "group",   "status", "received_at", "labelled_at"};

/// Reads a file of history (HISTORY.md): CSV when its name ends with `.csv`, else JSON lines, among
/// them those of `hotlinectl export tickets`; `-` is standard input. `columns` says which columns,
/// or members, fill what under another name. `row_read` is told of every row.
///
/// Fails with `invalid` when the file cannot be read, a mapped column is not there, or a row is
/// wrong; `errors` then has the first wrong ones by `file:line:column`, where the column is a
/// number as an editor counts bytes, or a name. Rows without text or without any decision are
/// kept: what they are good for is not a question of form.
Result<std::vector<HistoryRow>> read_history(const std::string& file,
                                             const client::ColumnMap& columns,
                                             const std::function<void()>& row_read);

/// A time as people write it, in China's zone when it names none; see `client::parse_loose_time`.
Result<Time> read_time(std::string_view text);

}  // namespace hotline::learn
